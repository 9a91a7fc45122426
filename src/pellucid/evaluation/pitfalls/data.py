"""Pitfalls in the data: images in two parts, classes missing from one, validation that is no sample."""

from __future__ import annotations

import hashlib
import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.core.wording.plurals import counted
from pellucid.datasets.splits import ValidationSource
from pellucid.evaluation.checked_arrays import checked_labels, class_name
from pellucid.evaluation.intervals import proportion
from pellucid.evaluation.pitfalls.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt


ENOUGH_TO_TEST = 100  # images: from there on the interval of 90 % right is at most 12 points wide


def shared_images(parts: Mapping[str, npt.NDArray[Any]]) -> list[Finding]:
    """Find images that are, bit for bit, in two parts of the data (training, validation, test).

    Parameters
    ----------
    parts
        A name to images (N, …); an empty part is left out.

    Examples
    --------
    >>> train, test = np.array([[0, 0], [1, 1]], np.uint8), np.array([[1, 1], [2, 2]], np.uint8)
    >>> [finding] = shared_images({"training": train, "test": test})
    >>> print(finding.evidence)
    1 of the 2 test images is also among the training images (exact copies, by hash).
    """
    kind = np.result_type(*(images.dtype for images in parts.values())) if parts else np.dtype(np.uint8)
    hashes = {name: _hashes(images.astype(kind, copy=False)) for name, images in parts.items() if len(images)}
    findings = []
    for (first, of_first), (second, of_second) in itertools.combinations(hashes.items(), 2):
        seen = set(of_first)
        shared = sum(one in seen for one in of_second)
        if shared:
            findings.append(_shared(first, second, shared, len(of_second)))
    return findings


def few_test_images(images: int) -> list[Finding]:
    """Find that the test images are too few to tell how good a network is.

    Examples
    --------
    >>> [finding] = few_test_images(13)
    >>> print(finding.evidence)
    Of 13 images, 12 right would be 92.3 %, with a 95 % interval from 66.7 to 98.6 %.
    """
    if not 0 < images < ENOUGH_TO_TEST:
        return []
    right = round(0.9 * images)
    seen = proportion(right, images)
    return [
        Finding(
            "few-test-images",
            f"With only {counted(images, 'test image')} the accuracy is known roughly.",
            f"Of {counted(images, 'image')}, {right} right would be {100 * seen.value:.1f} %, "
            f"with a 95 % interval from {100 * seen.low:.1f} to {100 * seen.high:.1f} %.",
            "Collect more images, or look at several splits: pellucid run NAME --seeds 5 --vary-split.",
        )
    ]


def absent_classes(
    labels: Mapping[str, npt.ArrayLike], classes: int, class_names: Sequence[str] | None = None
) -> list[Finding]:
    """Find classes that have no image in a part of the data.

    Examples
    --------
    >>> [finding] = absent_classes({"training": [0, 1, 2], "validation": [0, 0, 2]}, classes=3)
    >>> print(finding.message)
    The validation images hold no image of class 1.
    """
    findings = []
    for part, of_part in labels.items():
        present = checked_labels(of_part, classes, name=f"{part} labels")
        absent = np.setdiff1d(np.arange(classes), present)
        if absent.size:
            names = ", ".join(
                class_name(int(i), None if class_names is None else list(class_names)) for i in absent
            )
            findings.append(
                Finding(
                    "absent-class",
                    f"The {part} images hold no image of class {names}.",
                    f"{len(absent)} of {classes} classes are missing among {counted(len(present), 'image')}.",
                    "Split stratified and shuffled, so that every class is in every part.",
                )
            )
    return findings


def unsound_validation(source: ValidationSource | None, share: float | None = None) -> list[Finding]:
    """Find validation data that is the test set, or the last samples.

    Parameters
    ----------
    source, share
        Where the validation images come from, and which share of the training images they are.

    Examples
    --------
    >>> [finding] = unsound_validation(ValidationSource.TEST)
    >>> print(finding.code)
    validation-is-test
    """
    if source is ValidationSource.TEST:
        return [
            Finding(
                "validation-is-test",
                "The validation data is the test set: whatever was chosen by it, the test set has been used.",
                "The split says validation: 'the test images'.",
                "Hold out a part of the training images for validation, and open the test set once, at the "
                "end.",
            )
        ]
    if source is ValidationSource.LAST:
        last = "the last" if share is None else f"the last {share:.0%}"
        return [
            Finding(
                "validation-is-last-samples",
                "The validation data is the last part of the training images as they lay, not a random "
                "sample.",
                f"The split says validation: '{last} of the training images'.",
                "Shuffle and stratify the split; Keras's validation_split takes the last samples.",
            )
        ]
    return []


def _shared(first: str, second: str, shared: int, total: int) -> Finding:
    verb = "is" if shared == 1 else "are"
    evidence = (
        f"{shared:,} of the {total:,} {second} images {verb} also among the {first} images "
        "(exact copies, by hash)."
    )
    if {first, second} == {"validation", "test"} and shared == total:
        return Finding(
            "validation-is-test",
            "The validation data is the test set: whatever was chosen by it, the test set has been used.",
            evidence,
            "Hold out a part of the training images for validation, and open the test set once, at the end.",
        )
    return Finding(
        "shared-images",
        f"The {first} and {second} images overlap, so results on the {second} images are too good.",
        evidence,
        f"Take the copies out of one of them, or split again; results on {second} images count new images "
        "only.",
    )


def _hashes(images: npt.NDArray[Any]) -> list[bytes]:
    return [hashlib.blake2b(image.tobytes(), digest_size=16).digest() for image in images]
