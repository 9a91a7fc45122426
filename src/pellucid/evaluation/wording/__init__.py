"""What results say, in plain sentences: a file for each kind of result.

The rest of :mod:`pellucid.evaluation` computes numbers and knows no sentences.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from pellucid.errors import ArgumentError
from pellucid.evaluation.calibration import Calibration
from pellucid.evaluation.comparison import Comparison
from pellucid.evaluation.fields import FieldAccuracy
from pellucid.evaluation.generalisation import Generalisation
from pellucid.evaluation.seconds import SecondsCompared
from pellucid.evaluation.seeds import SeedComparison, SeedStudy
from pellucid.evaluation.sources import SourceComparison
from pellucid.evaluation.sufficiency import Assessment
from pellucid.evaluation.wording.calibration import calibration_sentence
from pellucid.evaluation.wording.comparison import comparison_sentence
from pellucid.evaluation.wording.fields import field_sentence
from pellucid.evaluation.wording.generalisation import generalisation_sentences
from pellucid.evaluation.wording.seconds import seconds_sentence
from pellucid.evaluation.wording.seeds import seed_comparison_sentence, seed_study_sentence
from pellucid.evaluation.wording.sources import source_sentence
from pellucid.evaluation.wording.sufficiency import conclusion, detail_sentences, reason, verdict_sentence


@singledispatch
def sentence(result: object) -> str:
    """Say in one plain sentence what a result says.

    Parameters
    ----------
    result
        A comparison of runs, seeds, seconds or sources, a seed study, a calibration, a field accuracy, an
        assessment, or what the curves say of generalisation.

    Raises
    ------
    ArgumentError
        Another kind of object.

    Examples
    --------
    >>> from pellucid.evaluation import TimedRun, compare_seconds
    >>> two, one = (TimedRun(name, [9, 5.0, 5.1], {"threads": n}) for name, n in (("A", 2), ("B", 1)))
    >>> sentence(compare_seconds(two, one))
    'The seconds of A and B are not comparable: threads differs (2 and 1).'
    """
    raise ArgumentError(f"There is no sentence for this kind of result. Received: result={result!r}")


sentence.register(Assessment, verdict_sentence)
sentence.register(Calibration, calibration_sentence)
sentence.register(Comparison, comparison_sentence)
sentence.register(FieldAccuracy, field_sentence)
sentence.register(SecondsCompared, seconds_sentence)
sentence.register(SeedComparison, seed_comparison_sentence)
sentence.register(SeedStudy, seed_study_sentence)
sentence.register(SourceComparison, source_sentence)


@sentence.register
def _(result: Generalisation) -> str:
    return " ".join(generalisation_sentences(result))


def with_sentences(
    result: Calibration
    | Comparison
    | FieldAccuracy
    | Generalisation
    | SeedComparison
    | SeedStudy
    | SourceComparison
    | Assessment,
) -> dict[str, Any]:
    """Return a result for JSON, with what it says in words beside the numbers.

    Examples
    --------
    >>> from pellucid.evaluation import compare, predictions_of
    >>> a, b = (predictions_of(name, [0, 1], [[0.9, 0.1], [0.2, 0.8]]) for name in "AB")
    >>> found = with_sentences(compare(a, b))
    >>> found["p_value"], found["sentence"][:30]
    (1.0, 'No difference between A and B ')
    """
    if isinstance(result, Generalisation):
        return {**result.as_dict(), "sentences": list(generalisation_sentences(result))}
    if isinstance(result, Assessment):
        return {
            **result.as_dict(),
            "field": with_sentences(result.field),
            "conclusion": conclusion(result),
            "reason": reason(result),
            "sentence": verdict_sentence(result),
            "details": detail_sentences(result),
        }
    return {**result.as_dict(), "sentence": sentence(result)}
