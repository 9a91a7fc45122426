"""Whether predictions suffice for a use: the conclusion, its reason, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted
from pellucid.evaluation.wording.fields import field_sentence

if TYPE_CHECKING:
    from pellucid.evaluation.cost import Cost
    from pellucid.evaluation.reject import ThresholdOutcome
    from pellucid.evaluation.sufficiency import Assessment, FieldAssessment


def verdict_sentence(assessment: Assessment) -> str:
    """Return the use, the conclusion and the reason in one line.

    Examples
    --------
    >>> from pellucid.evaluation import assess, own_use, predictions_of
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> verdict_sentence(assess(own_use(1, 0.01), run, run))
    'a field of 1 digit: cannot be guaranteed with this much data: at the error seen it would take about 299
    fields (299 images), and there are 100.'
    """
    mark = ":" if assessment.verdict in ("not sufficient", "cannot be guaranteed") else ";"
    return f"{assessment.use.title}: {conclusion(assessment)}{mark} {reason(assessment)}."


def conclusion(assessment: Assessment) -> str:
    """Return the conclusion in a few words, such as "not sufficient".

    Examples
    --------
    >>> from pellucid.evaluation import assess, own_use, predictions_of
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> conclusion(assess(own_use(1, 0.01), run, run))
    'cannot be guaranteed with this much data'
    """
    verdict = assessment.verdict
    if verdict == "alone":
        return "sufficient alone"
    if verdict == "with a person":
        return f"sufficient with a person checking {_to_person(assessment.decisive)} of the fields"
    if verdict == "with a person if errors are independent":
        return (
            f"sufficient with a person checking {_to_person(assessment.independent)} of the fields if errors "
            "are independent"
        )
    if verdict == "cannot be guaranteed":
        return "cannot be guaranteed with this much data"
    return "not sufficient"


def reason(assessment: Assessment) -> str:
    """Return why, in estimates.

    Examples
    --------
    >>> from pellucid.evaluation import assess, own_use, predictions_of
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> reason(assess(own_use(1, 0.01), run, run))
    'at the error seen it would take about 299 fields (299 images), and there are 100'
    """
    result = assessment.decisive.outcome
    if assessment.verdict in ("alone", "with a person") and result is not None:
        return _kept(assessment, result)
    if assessment.verdict == "with a person if errors are independent":
        return (
            "for fields by one writer that cannot be guaranteed with this much data: "
            f"{_too_little_data(assessment)}"
        )
    if assessment.verdict == "cannot be guaranteed":
        return _too_little_data(assessment)
    return f"{_why_not(assessment, result)}; {_needed_accuracy(assessment)}"


def detail_sentences(assessment: Assessment) -> list[str]:
    """Return what the verdict rests on: field accuracy, guarantee, check and cost, a sentence each.

    Examples
    --------
    >>> from pellucid.evaluation import assess, own_use, predictions_of
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> detail_sentences(assess(own_use(1, 0.1), run, run))[1]
    'On independent fields: of 100 calibration fields 100 reach the threshold 0, 0 of these wrong, so at most
    2.95 % are (95 % sure); of 100 test fields 100.0 % (96.3 to 100.0) do, 0.0 % (0.0 to 3.6) of these wrong.'
    """
    kinds = (assessment.independent, assessment.by_writer)
    return [
        field_sentence(assessment.field),
        *(_guaranteed(one) for one in kinds if one is not None),
        *_check_sentences(assessment),
        *_cost_sentences(assessment),
    ]


def _to_person(assessed: FieldAssessment) -> str:
    return "all" if assessed.outcome is None else assessed.outcome.to_person.percent()


def _kept(assessment: Assessment, result: ThresholdOutcome) -> str:
    found = assessment.decisive.guarantee
    return (
        f"of those it reads at most {100 * found.target:g} % are wrong ({100 * found.confidence:g} % sure), "
        f"of the test fields {result.error.percent()} were"
    )


def _too_little_data(assessment: Assessment) -> str:
    found = assessment.decisive.guarantee
    needed, by_writer = found.fields_needed, assessment.decisive.kind == "one hand"
    if needed is None or needed <= found.tested:
        one_each = " (one a writer)" if by_writer else ""
        return f"{counted(found.tested, 'field')} leave the error too uncertain{one_each}"
    writers = ", each by another person" if by_writer else ""
    return (
        f"at the error seen it would take about {counted(needed, 'field')}{writers} "
        f"({counted(needed * assessment.use.digits, 'image')}), and there are {found.tested:,}"
    )


def _why_not(assessment: Assessment, result: ThresholdOutcome | None) -> str:
    target = f"{100 * assessment.use.target:g} %"
    if result is None and assessment.decisive.guarantee.fields_needed is not None:
        right = (assessment.field.measured or assessment.field.independent).value
        return (
            f"of all fields about {100 * (1 - right):.2g} % are wrong, where {target} may be, and no "
            f"threshold can be guaranteed to keep to that ({_too_little_data(assessment)})"
        )
    if result is None:
        return f"at no threshold was the error of the accepted fields below {target}"
    if not result.kept:
        return (
            f"of the test fields read {result.error.percent()} are wrong, more than {target}: they are not "
            "like the fields that the threshold was chosen on"
        )
    return f"the machine would read only {result.read.percent()} of the fields"


def _needed_accuracy(assessment: Assessment) -> str:
    needed, have = assessment.needed_accuracy, assessment.accuracy.value
    return (
        f"alone it would take an accuracy of {100 * needed:.3f} % a character, and it is {100 * have:.2f} %"
    )


def _guaranteed(assessed: FieldAssessment) -> str:
    found = assessed.guarantee
    kind = "independent fields" if assessed.kind == "independent" else "fields by one writer, one for each"
    if found.threshold is None:
        return f"On {kind}: with {counted(found.tested, 'calibration field')} no threshold can be guaranteed."
    threshold = (
        f"On {kind}: of {counted(found.tested, 'calibration field')} {found.accepted:,} reach the threshold "
        f"{found.threshold:.6g}, {found.errors:,} of these wrong, so at most {100 * found.bound:.3g} % are "
        f"({100 * found.confidence:g} % sure)"
    )
    if assessed.outcome is None:
        return f"{threshold}."
    read, error = assessed.outcome.read, assessed.outcome.error
    return (
        f"{threshold}; of {counted(read.n, 'test field')} {read.percent()} do, {error.percent()} of these "
        "wrong."
    )


def _check_sentences(assessment: Assessment) -> list[str]:
    found, check = assessment.undetected, assessment.use.check
    if found is None or check is None:
        return []
    return [
        f"The check ({check.name}) catches {100 * (1 - found.undetected_rate):.2f} % of the misread fields "
        f"if errors are independent; {10_000 * found.undetected:.2f} in 10,000 pass it undetected."
    ]


def _cost_sentences(assessment: Assessment) -> list[str]:
    guaranteed, cheapest = assessment.decisive.cost, assessment.decisive.cheapest
    sentences = []
    if guaranteed is not None:
        sentences.append(f"At the guaranteed threshold 1,000 fields cost {_priced(guaranteed)}.")
    if cheapest is not None:
        way = _cheapest_way(cheapest, checked=assessment.use.check is not None)
        sentences.append(f"{way}: 1,000 fields cost {_priced(cheapest)}.")
    return sentences


def _cheapest_way(cost: Cost, *, checked: bool) -> str:
    if cost.threshold == float("inf"):
        return "It is cheapest to have a person read all"
    if cost.threshold == 0:
        return "It is cheapest to have the machine read all" + (" that pass the check" if checked else "")
    return f"It is cheapest to accept from {cost.threshold:.6g}"


def _priced(cost: Cost) -> str:
    total = cost.total
    return (
        f"{total.value:,.2f} euros ({total.low:,.2f} to {total.high:,.2f}): {cost.of_errors:,.2f} for "
        f"errors, {cost.of_checks:,.2f} for checks ({cost.seconds / 60:.0f} minutes)"
    )
