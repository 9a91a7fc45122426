"""How well a network generalises, in sentences with their evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted
from pellucid.evaluation.curves import LEAST_EPOCHS, difference
from pellucid.evaluation.wording.values import points_text

if TYPE_CHECKING:
    from pellucid.evaluation.generalisation import Accuracies, Generalisation, LossCurve
    from pellucid.evaluation.intervals import Estimate


def generalisation_sentences(found: Generalisation) -> tuple[str, ...]:
    """Say how far training and validation are apart, since when, what more epochs would do, and the fit.

    Examples
    --------
    >>> from pellucid.evaluation import read_curves
    >>> history = {
    ...     "train_loss": [0.30, 0.15, 0.08, 0.04, 0.02, 0.01, 0.005, 0.003],
    ...     "train_accuracy": [0.91, 0.95, 0.97, 0.985, 0.993, 0.997, 0.999, 0.9995],
    ...     "val_loss": [0.31, 0.17, 0.12, 0.11, 0.115, 0.125, 0.135, 0.145],
    ...     "val_accuracy": [0.908, 0.948, 0.963, 0.966, 0.967, 0.966, 0.967, 0.967],
    ... }
    >>> print(generalisation_sentences(read_curves(history, n_train=12000, n_validation=12000))[1])
    The gap is open since epoch 3: from there on its 95 % interval stays above zero.
    """
    if found.end is None or found.train_loss is None or found.val_loss is None:
        return (_why_nothing_can_be_told(found),)
    return (
        _accuracies(found.kept or found.epochs, found.end),
        _since_when(found, found.end.gap),
        _best_epoch(found, found.val_loss),
        _more_epochs(found, found.val_loss),
        _convergence(found, found.train_loss),
        _fit(found, found.end),
    )


def what_changed(name_a: str, a: Generalisation, name_b: str, b: Generalisation) -> str:
    """Say what run b (with dropout, for example) changed in generalisation against run a (without).

    The two gaps are taken as independent, which on the same images makes the interval too wide rather than
    too narrow.

    Examples
    --------
    >>> from pellucid.evaluation import read_curves
    >>> def history(train, validation):
    ...     columns = {"train_accuracy": train, "val_accuracy": validation, "train_loss": 1, "val_loss": 1}
    ...     return {name: [value] for name, value in columns.items()}
    >>> plain, dropout = (
    ...     read_curves(history(*accuracies), n_train=12000, n_validation=12000)
    ...     for accuracies in [(0.998, 0.983), (0.992, 0.989)]
    ... )
    >>> print(what_changed("plain", plain, "dropout", dropout))
    The gap of dropout is 0.3 points (0.1 to 0.5), that of plain 1.5 points (1.3 to 1.8): smaller by 1.2
    points (0.9 to 1.6). Validation accuracy went from 98.30 to 98.90 %, training accuracy from 99.80 to
    99.20 %.
    """
    before, after = a.end, b.end
    if before is None or after is None:
        unmeasured = name_a if before is None else name_b
        return (
            f"What changed between {name_a} and {name_b} cannot be told: {unmeasured} has no training and "
            "validation accuracy measured alike."
        )
    change = _change_of_gap(difference(after.gap, before.gap))
    validation = f"{100 * before.validation.value:.2f} to {100 * after.validation.value:.2f} %"
    training = f"{100 * before.train.value:.2f} to {100 * after.train.value:.2f} %"
    return (
        f"The gap of {name_b} is {points_text(after.gap)}, that of {name_a} {points_text(before.gap)}: "
        f"{change}. Validation accuracy went from {validation}, training accuracy from {training}."
    )


def _change_of_gap(change: Estimate) -> str:
    if change.low > 0:
        return f"larger by {points_text(change)}"
    if change.high < 0:
        return f"smaller by {points_text(-change)}"
    return f"a change of {points_text(change)}, which may be noise"


def _why_nothing_can_be_told(found: Generalisation) -> str:
    if not found.missing:
        return "The history holds NaN or infinity: training broke down."
    reason = f"Generalisation cannot be read off this history: it has no {', '.join(found.missing)}."
    if not found.running_mean:
        return reason
    return (
        f"{reason} Its accuracy is a running mean over the epoch, with dropout on and the weights still "
        "moving, and cannot be set against a validation accuracy measured after the epoch."
    )


def _accuracies(epochs: int, end: Accuracies) -> str:
    return (
        f"After epoch {epochs} the network reads {100 * end.train.value:.2f} % of {end.train.n:,} training "
        f"and {100 * end.validation.value:.2f} % of {end.validation.n:,} validation images right, both "
        f"measured alike: a gap of {points_text(end.gap)}."
    )


def _since_when(found: Generalisation, last: Estimate) -> str:
    opened = found.opened
    if opened is None and last.high < 0:
        return (
            "Validation lies above training although both were measured alike: the validation images are "
            "easier ones, by chance or by the way they were split."
        )
    if opened is None:
        after = f"epoch {found.kept}" if found.kept else "the last epoch"
        return f"After {after} the gap cannot be told from zero with {last.n:,} images."
    if opened == 1:
        return "The gap is open from the first epoch on: its 95 % interval stays above zero."
    return f"The gap is open since epoch {opened}: from there on its 95 % interval stays above zero."


def _best_epoch(found: Generalisation, loss: LossCurve) -> str:
    if found.kept:
        return (
            f"Validation loss was lowest after epoch {found.kept} ({loss.lowest:.4f}): the network of that "
            "epoch was kept."
        )
    if found.best_epoch == found.epochs:
        return f"Validation loss is at its lowest after the last epoch ({loss.last:.4f})."
    since = {
        True: "more than its noise from epoch to epoch, so stopping there would have been better",
        False: "no more than its noise from epoch to epoch",
        None: f"whether that is noise cannot be told from fewer than {LEAST_EPOCHS} epochs",
    }[loss.rose]
    return (
        f"Validation loss was lowest after epoch {found.best_epoch} ({loss.lowest:.4f}) and ends at "
        f"{loss.last:.4f}: {since}."
    )


def _more_epochs(found: Generalisation, loss: LossCurve) -> str:
    if found.kept and found.kept < found.epochs:
        later = counted(found.epochs - found.kept, "more epoch")
        return f"{later[0].upper()}{later[1:]} did not lower the validation loss."
    if loss.trend is None:
        return f"Whether more epochs would help cannot be told: {_too_short(found.epochs)}"
    return {
        "no change": "More epochs would change little: validation loss changes by less than matters.",
        "help": f"More epochs would help: validation loss still falls by {_pace(loss.trend)}.",
        "harm": f"More epochs would harm: validation loss rises by {_pace(loss.trend)}.",
        "cannot tell": (
            f"Whether more epochs would help cannot be told: validation loss changes by {_range(loss.trend)}."
        ),
    }[found.more_epochs]


def _convergence(found: Generalisation, loss: LossCurve) -> str:
    if loss.trend is None:
        return f"Whether training has converged cannot be told: {_too_short(found.epochs)}"
    if found.converged == "yes":
        return f"Training has converged: its loss, {loss.last:.4f}, changes by less than matters."
    if found.converged == "cannot tell":
        return f"Whether training has converged cannot be told: its loss changes by {_range(loss.trend)}."
    if loss.trend.high < 0:
        return f"Training has not converged: its loss still falls by {_pace(loss.trend)}."
    pace = _pace(loss.trend)
    return f"Training has not converged: its loss rises by {pace}; the learning rate may be too high."


def _fit(found: Generalisation, end: Accuracies) -> str:
    misread = f"{100 * (1 - end.train.value):.1f} % of the training images"
    if found.val_loss is not None and found.val_loss.rose:
        return "Over-fitted: validation loss has risen from its lowest while training went on."
    return {
        "well": f"Well fitted: the gap is small, validation loss has not risen, and {misread} are misread.",
        "under": (
            f"Under-fitted: {misread} themselves are misread, and most errors on new images are of that "
            "kind; a larger network, other layers or longer training may help."
        ),
        "over": (
            f"Over-fitted: most errors on new images come with the gap, for only {misread} are misread; "
            "more data, dropout or a smaller network may help."
        ),
        "cannot tell": (
            f"Whether the network is over- or under-fitted cannot be told: with {end.gap.n:,} images the gap "
            f"may be anything from {100 * end.gap.low:z.1f} to {100 * end.gap.high:z.1f} points."
        ),
    }[found.fit]


def _pace(slope: Estimate) -> str:
    return f"{abs(slope.value):.2g} an epoch over the last {slope.n}"


def _range(slope: Estimate) -> str:
    margin = slope.high - slope.value
    return f"{slope.value:.2g} an epoch over the last {slope.n}, give or take {margin:.2g}"


def _too_short(epochs: int) -> str:
    return f"{LEAST_EPOCHS} epochs are needed, and there are {epochs}."
