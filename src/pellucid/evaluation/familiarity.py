"""How familiar an image is: how near it is to the images that a network learned from.

The distance is to the nearest known image, by the angle between their pixels and by the angle between their
features, the inputs of the network's last layer; each is divided by its median for held-out images, and both
are added. Nearest neighbours among last features find images of another kind without a model of how features
are distributed (Y. Sun, Y. Ming, X. Zhu and Y. Li (2022), "Out-of-distribution detection with deep nearest
neighbors", ICML); the pixels find noise, which many networks map near known features.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pellucid.errors import DataError

Array = npt.NDArray[Any]

FALSE_ALARMS = 0.01  # share of held-out images that count as unfamiliar
LEAST_HELD_OUT = 100  # images, of which the threshold is a quantile
AT_ONCE = 256  # images compared at a time, to bound memory


@dataclass(frozen=True)
class Familiarity:
    """Known images, and the distance from which on an image is unfamiliar.

    Attributes
    ----------
    pixels, features
        Of the known images, (R, P) and (R, D).
    medians
        The median distance of held-out images, by pixels and by features.
    threshold
        The distance that one in a hundred held-out images exceeds.
    """

    pixels: Array
    features: Array
    medians: tuple[float, float]
    threshold: float

    @classmethod
    def fit(cls, pixels: Array, features: Array, held_pixels: Array, held_features: Array) -> Familiarity:
        """Return the measure for known images, with its threshold from held-out ones.

        Raises
        ------
        DataError
            When fewer than 100 images are held out.

        Examples
        --------
        >>> values = np.random.default_rng(0).normal(3, 1, (300, 4))
        >>> measure = Familiarity.fit(values[:150], values[:150], values[150:], values[150:])
        >>> measure.unfamiliar(-values[:1], -values[:1]).tolist()
        [True]
        """
        if len(held_pixels) < LEAST_HELD_OUT:
            raise DataError(
                f"How familiar an image is, is measured against at least {LEAST_HELD_OUT} held-out images. "
                f"Received: {len(held_pixels)} images"
            )
        by_pixels, by_features = _nearest(pixels, held_pixels), _nearest(features, held_features)
        medians = (max(float(np.median(by_pixels)), 1e-9), max(float(np.median(by_features)), 1e-9))
        together = by_pixels / medians[0] + by_features / medians[1]
        return cls(pixels, features, medians, float(np.quantile(together, 1 - FALSE_ALARMS)))

    def distances(self, pixels: Array, features: Array) -> npt.NDArray[np.float64]:
        """Return the distance of each image, (N,), given its pixels (N, P) and features (N, D)."""
        by_pixels, by_features = _nearest(self.pixels, pixels), _nearest(self.features, features)
        together: npt.NDArray[np.float64] = by_pixels / self.medians[0] + by_features / self.medians[1]
        return together

    def unfamiliar(self, pixels: Array, features: Array) -> npt.NDArray[np.bool_]:
        """Return which images are unlike all known ones, (N,)."""
        return self.distances(pixels, features) > self.threshold


def _nearest(known: Array, new: Array) -> npt.NDArray[np.float64]:
    """Return 1 minus the largest cosine between each new row (N, D) and the known rows (R, D)."""
    directions = _directions(known)
    cosines = [
        (_directions(new[start : start + AT_ONCE]) @ directions.T).max(axis=1)
        for start in range(0, len(new), AT_ONCE)
    ]
    return 1 - np.concatenate([np.zeros(0, np.float32), *cosines]).astype(np.float64)


def _directions(rows: Array) -> npt.NDArray[np.float32]:
    values = rows.reshape(len(rows), -1).astype(np.float32)
    directions: npt.NDArray[np.float32] = values / np.maximum(
        np.linalg.norm(values, axis=1, keepdims=True), 1e-9
    )
    return directions
