"""The sentences of :mod:`pellucid.evaluation.sufficiency`: the one-line verdict, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted

if TYPE_CHECKING:
    from pellucid.evaluation.cost import Cost
    from pellucid.evaluation.reject import Outcome
    from pellucid.evaluation.sufficiency import Assessment, Reading


def verdict_sentence(assessment: Assessment) -> str:
    """Return the verdict on a use in one line, with its estimates.

    >>> from pellucid.evaluation.predictions import predictions_of
    >>> from pellucid.evaluation.sufficiency import assess
    >>> from pellucid.evaluation.uses import own_use
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> verdict_sentence(assess(own_use(1, 0.01), run, run))
    'a field of 1 digit: cannot be guaranteed with this much data: at the error seen it would take about 299
    fields (299 images), and there are 100.'
    """
    result = assessment.decisive.outcome
    if assessment.verdict == "alone" and result is not None:
        told = f"sufficient alone; {_kept(assessment, result)}"
    elif assessment.verdict == "with a person" and result is not None:
        told = (
            f"sufficient with a person checking {result.to_person.percent()} of the fields; "
            f"{_kept(assessment, result)}"
        )
    elif assessment.verdict == "with a person if errors are independent":
        share = (
            assessment.independent.outcome.to_person.percent() if assessment.independent.outcome else "all"
        )
        told = (
            f"sufficient with a person checking {share} of the fields if errors are independent; for fields "
            f"of one hand that cannot be guaranteed with this much data: {_too_little(assessment)}"
        )
    elif assessment.verdict == "cannot be guaranteed":
        told = f"cannot be guaranteed with this much data: {_too_little(assessment)}"
    else:
        told = f"not sufficient: {_why_not(assessment, result)}; {_needed(assessment)}"
    return f"{assessment.use.title}: {told}."


def detail_sentences(assessment: Assessment) -> list[str]:
    """Return what the verdict rests on: field accuracy, guarantee, check and cost, a sentence each.

    >>> from pellucid.evaluation.predictions import predictions_of
    >>> from pellucid.evaluation.sufficiency import assess
    >>> from pellucid.evaluation.uses import own_use
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> detail_sentences(assess(own_use(1, 0.1), run, run))[1]
    'On independent fields: of 100 calibration fields 100 reach the threshold 0, 0 of these wrong, so at most
    2.95 % are (95 % sure); of 100 test fields 100.0 % (96.3 to 100.0) do, 0.0 % (0.0 to 3.6) of these wrong.'
    """
    told = [assessment.field.sentence()]
    for reading in (assessment.independent, assessment.by_writer):
        if reading is not None:
            told.append(_guaranteed(reading))
    if assessment.slip is not None and assessment.use.check is not None:
        slip = assessment.slip
        told.append(
            f"The check ({assessment.use.check.name}) catches {100 * (1 - slip.slip_rate):.2f} % of the "
            f"misread fields if errors are independent; {10_000 * slip.slipped:.2f} in 10,000 slip through."
        )
    reading, checked = assessment.decisive, assessment.use.check is not None
    if reading.cost is not None:
        told.append(f"At the guaranteed threshold 1,000 fields cost {_priced(reading.cost)}.")
    if reading.cheapest is not None:
        told.append(f"{_cheapest(reading.cheapest, checked)}: 1,000 fields cost {_priced(reading.cheapest)}.")
    return told


def _kept(assessment: Assessment, result: Outcome) -> str:
    found = assessment.decisive.guarantee
    return (
        f"of those it reads at most {100 * found.target:g} % are wrong ({100 * found.confidence:g} % sure), "
        f"of the test fields {result.error.percent()} were"
    )


def _too_little(assessment: Assessment) -> str:
    found = assessment.decisive.guarantee
    needed = found.fields_needed
    hands = ", each by another person" if assessment.decisive.kind == "one hand" else ""
    if needed is None or needed <= found.tested:
        return f"{counted(found.tested, 'field')} leave the error too uncertain{hands and ' (one a person)'}"
    return (
        f"at the error seen it would take about {counted(needed, 'field')}{hands} "
        f"({counted(needed * assessment.use.digits, 'image')}), and there are {found.tested:,}"
    )


def _why_not(assessment: Assessment, result: Outcome | None) -> str:
    target = f"{100 * assessment.use.target:g} %"
    if result is None and assessment.decisive.guarantee.fields_needed is not None:
        right = (assessment.field.measured or assessment.field.independent).value
        return (
            f"of all fields about {100 * (1 - right):.2g} % are wrong, where {target} may be, and no "
            f"threshold can be guaranteed to keep to that ({_too_little(assessment)})"
        )
    if result is None:
        return f"at no threshold was the error of the accepted fields below {target}"
    if not result.kept:
        return (
            f"of the test fields read {result.error.percent()} are wrong, more than {target}: they are not "
            "like the fields that the threshold was chosen on"
        )
    return f"the machine would read only {result.read.percent()} of the fields"


def _needed(assessment: Assessment) -> str:
    needed, have = assessment.needed_accuracy, assessment.accuracy.value
    return (
        f"alone it would take an accuracy of {100 * needed:.3f} % a character, and it is {100 * have:.2f} %"
    )


def _guaranteed(reading: Reading) -> str:
    found = reading.guarantee
    kind = "independent fields" if reading.kind == "independent" else "fields of one hand, one a writer"
    if found.threshold is None:
        return f"On {kind}: with {counted(found.tested, 'calibration field')} no threshold can be guaranteed."
    told = (
        f"On {kind}: of {counted(found.tested, 'calibration field')} {found.accepted:,} reach the threshold "
        f"{found.threshold:.6g}, {found.errors:,} of these wrong, so at most {100 * found.bound:.3g} % are "
        f"({100 * found.confidence:g} % sure)"
    )
    if reading.outcome is None:
        return f"{told}."
    read, error = reading.outcome.read, reading.outcome.error
    return (
        f"{told}; of {counted(read.n, 'test field')} {read.percent()} do, {error.percent()} of these wrong."
    )


def _cheapest(cost: Cost, checked: bool) -> str:
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
