"""Possible causes of wrong values in rectification."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pellucid.examiner.cases import Array, Suspect


def _of_maps(name: str, compute: Callable[[Array], Array], says: str) -> Suspect:
    return Suspect(name, lambda case, _: np.asarray(compute(case.arrays["maps"])), says)


def _leaky(slope: float) -> Suspect:
    return _of_maps(
        f"leaky, {slope:g}",
        lambda x: np.where(x > 0, x, slope * x),
        f"Negative values are multiplied by {slope:g} (a leaky rectifier): the lab's threshold makes them 0.",
    )


def _threshold(value: float) -> Suspect:
    return _of_maps(
        f"threshold {value:g}",
        lambda x: np.where(x > value, x, 0),
        f"Values up to {value:g} become 0: the threshold should be 0.",
    )


SUSPECTS = [
    *[_leaky(slope) for slope in (0.001, 0.05, 0.1, 0.2, 0.25, 0.3, 0.5)],
    *[_threshold(value) for value in (-1.0, 0.1, 0.2, 0.5, 2.0)],
    _of_maps(
        "negated",
        lambda x: np.maximum(-x, 0),
        "The negative values are kept, with the sign turned: it should be max(x, 0), not max(-x, 0).",
    ),
    _of_maps(
        "elu",
        lambda x: np.where(x > 0, x, np.exp(x) - 1),
        "Negative values follow an exponential (ELU, another activation): the lab's threshold makes them 0.",
    ),
    _of_maps(
        "softplus",
        lambda x: np.log1p(np.exp(x)),
        "This is softplus, log(1 + exp(x)), a smooth relative: rectification is max(x, 0).",
    ),
    _of_maps("tanh", np.tanh, "This is tanh, another activation: rectification is max(x, 0)."),
    _of_maps(
        "sign",
        np.sign,
        "Only the sign of each value comes back (-1, 0, 1): values above zero must stay as they are.",
    ),
    _of_maps(
        "clipped at 6",
        lambda x: np.clip(x, 0, 6),
        "Values above 6 are cut off: rectification has no upper limit.",
    ),
    _of_maps(
        "ones",
        lambda x: np.where(x > 0, x, 1),
        "Negative values become 1: the lab's threshold makes them 0.",
    ),
    _of_maps(
        "ones below zero",
        lambda x: np.where(x < 0, 1, x),
        "Negative values become 1: the lab's threshold makes them 0.",
    ),
    _of_maps(
        "mean taken off",
        lambda x: np.maximum(x - x.mean(), 0),
        "The mean of the map is taken off first: that belongs to normalisation. The threshold is 0.",
    ),
    _of_maps(
        "above the mean",
        lambda x: np.where(x > x.mean(), x, 0),
        "Values below the map's mean become 0: the threshold is 0, not the mean.",
    ),
    _of_maps(
        "square",
        lambda x: np.maximum(x, 0) ** 2,
        "Values above zero are squared: they must stay as they are.",
    ),
]
