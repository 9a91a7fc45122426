"""The split of the images, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.datasets.splits import ValidationSource
from pellucid.report.words import setting
from pellucid.runs.record.configuration import TestSource

if TYPE_CHECKING:
    from pellucid.runs.record.configuration import SplitDescription


def split_in_words(split: SplitDescription) -> str:
    """Return how the images were split, in one line; unknown facts are left out.

    Examples
    --------
    >>> from pellucid.runs.record.configuration import SplitDescription
    >>> split_in_words(SplitDescription(seed=0, validation=ValidationSource.LAST, validation_share=0.2))
    'seed: 0; validation: the last 20% of the training images'
    """
    pairs = {
        "seed": "" if split.seed is None else setting(split.seed),
        "test": _test(split),
        "limit": "" if split.limit is None else setting(split.limit),
        "validation": _validation(split),
        "missing_from_validation": setting(split.missing_from_validation),
    }
    return "; ".join(f"{name}: {value}" for name, value in pairs.items() if value)


def _test(split: SplitDescription) -> str:
    if split.test is TestSource.OWN:
        return "the dataset's own"
    return "" if split.test is None else f"{split.test_share or 0:.0%} of all images, stratified, shuffled"


def _validation(split: SplitDescription) -> str:
    share = f"{split.validation_share or 0:.0%}"
    sentences = {
        None: "",
        ValidationSource.TEST: "the test images",
        ValidationSource.NONE: "none: all of the training images are learned from",
        ValidationSource.LAST: f"the last {share} of the training images",
        ValidationSource.STRATIFIED: f"{share} of the training images, stratified, shuffled",
    }
    return sentences[split.validation]
