"""Whether new images come from the source of the test images, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted
from pellucid.evaluation.sources import BY_FEW, FALSE_ALARMS, LEAST_IMAGES
from pellucid.evaluation.wording.values import p_text

if TYPE_CHECKING:
    from pellucid.evaluation.sources import SourceComparison


def source_sentence(compared: SourceComparison) -> str:
    """Say whether new images are like the test images, and what that means for what was promised.

    Examples
    --------
    >>> import numpy as np
    >>> from pellucid.evaluation import compare_sources
    >>> source_sentence(compare_sources(np.full((100, 2), 0.5), np.full((5, 2), 0.5)))
    'Whether these 5 images are from the source of the test images cannot be told: 20 are needed.'
    """
    images = counted(compared.images, "image")
    if compared.p_value is None:
        return (
            f"Whether these {images} are from the source of the test images cannot be told: {LEAST_IMAGES} "
            "are needed."
        )
    if not compared.differs:
        return (
            f"No difference in source between these {images} and the test images is shown "
            f"({p_text(compared.p_value)}; with 200 images most other sources are noticed, not all)."
        )
    return (
        f"These {images} are unlike the run's test images ({p_text(compared.p_value)}; "
        f"{100 * FALSE_ALARMS:g} % false alarms, {100 * BY_FEW:g} % where few people wrote): the network "
        f"{_how(compared)}. They are from another source, or by a writer unlike the others. What was found "
        "on the test images, and any guarantee, does not hold for them. Label 100 to 300 of them, and judge "
        "the network on these: pellucid suffices RUN --labelled mine.csv."
    )


def _how(compared: SourceComparison) -> str:
    sure = "surer of them" if compared.surer > 0.5 else "less sure of them"
    strange = "its answers are more unusual" if compared.stranger > 0.5 else "its answers are less unusual"
    more_sure = abs(compared.surer - 0.5) >= abs(compared.stranger - 0.5)
    return f"is {sure} than of the test images" if more_sure else f"answers differently: {strange}"
