"""The line that a run begins with: what is trained, on what, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted
from pellucid.runs.record.configuration import ImageCounts

if TYPE_CHECKING:
    from pellucid.runs.folder import RunFolder


def overview(run: RunFolder) -> str:
    """Return what a run trains, on how many images, and its folder, in one line."""
    configuration = run.configuration
    parameters = counted(configuration.parameters or 0, "parameter")
    parts = [images(configuration.dataset.counts), parameters]
    if not configuration.minimises_what_is_tested:
        parts.append(f"loss: {configuration.objective}")
    return f"{run.info.name}: {'; '.join([*parts, str(run.path)])}"


def images(counts: ImageCounts) -> str:
    """Return what the images of a run are for.

    Examples
    --------
    >>> images(ImageCounts(train=48_000, validation=12_000, test=10_000))
    '48,000 images to train on, 12,000 to validate, 10,000 to test'
    >>> images(ImageCounts(train=50_000, validation=0, test=10_000))
    '50,000 images to train on, none to validate, 10,000 to test'
    """
    train, held_out, test = counts.train or 0, counts.validation or 0, counts.test or 0
    validated = f"{held_out:,}" if held_out else "none"
    return f"{counted(train, 'image')} to train on, {validated} to validate, {test:,} to test"
