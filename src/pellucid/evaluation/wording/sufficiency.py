"""Whether predictions suffice for a use: the conclusion, its reason, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted
from pellucid.evaluation.reject import LEAST_READ, fields_to_pass
from pellucid.evaluation.wording.fields import field_sentence
from pellucid.evaluation.writer_guarantee import writers_to_pass

if TYPE_CHECKING:
    from pellucid.evaluation.cost import Cost
    from pellucid.evaluation.field_assessment import FieldAssessment
    from pellucid.evaluation.reject import Guarantee
    from pellucid.evaluation.sufficiency import Assessment


CHEAPEST = "On the calibration fields it was cheapest"
UNCONDITIONAL = ("alone", "with a person")
NO_THRESHOLD = ("not sufficient", "cannot be guaranteed", "by arithmetic if errors are independent")


def verdict_sentence(assessment: Assessment) -> str:
    """Return the use, the conclusion and the reason in one line.

    Examples
    --------
    >>> from pellucid.evaluation import assess, own_use, predictions_of
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> verdict_sentence(assess(own_use(1, 0.01), run, run))
    'a field of 1 digit: cannot be guaranteed with this much data: 100 fields can guarantee no target below
    2.95 %, whatever the network; for 1 % it takes at least 299 fields (299 images).'
    """
    mark = ":" if assessment.verdict in NO_THRESHOLD else ";"
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
    if verdict == "by arithmetic if errors are independent":
        return "cannot be guaranteed by counting; sufficient by arithmetic if errors are independent"
    if verdict == "cannot be guaranteed":
        alone = "; the machine alone certainly does not suffice" if assessment.alone_refuted else ""
        return f"cannot be guaranteed with this much data{alone}"
    if verdict == "not sufficient":
        return "not sufficient"
    condition = "" if verdict in UNCONDITIONAL else " if errors are independent"
    if verdict.startswith("alone"):
        return f"sufficient alone{condition}"
    fields = assessment.decisive if verdict in UNCONDITIONAL else assessment.independent
    return f"sufficient with a person checking {_to_person(fields)} of the fields{condition}"


def reason(assessment: Assessment) -> str:
    """Return why, in estimates.

    Examples
    --------
    >>> from pellucid.evaluation import assess, own_use, predictions_of
    >>> run = predictions_of("digits", [0, 1] * 50, [[0.9, 0.1], [0.2, 0.8]] * 50)
    >>> reason(assess(own_use(1, 0.01), run, run))
    '100 fields can guarantee no target below 2.95 %, whatever the network; for 1 % it takes at least 299
    fields (299 images)'
    """
    verdict = assessment.verdict
    if verdict == "not sufficient":
        return f"{_refuted(assessment)}; {_needed_accuracy(assessment)}"
    if verdict == "cannot be guaranteed":
        return _no_guarantee(assessment.decisive, assessment)
    if verdict == "by arithmetic if errors are independent":
        return f"{_by_arithmetic(assessment)}; counted, {_no_guarantee(assessment.decisive, assessment)}"
    if verdict in UNCONDITIONAL:
        return _promise(assessment.decisive, "fields of new writers")
    promise = _promise(assessment.independent, "fields of digits drawn at random")
    if assessment.by_writer is None:
        return f"{promise}; who wrote the images is not known, so the condition is not tested"
    by_writer = _no_guarantee(assessment.by_writer, assessment)
    return f"{promise}; for fields by one writer that cannot be guaranteed with this much data: {by_writer}"


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


def _promise(assessed: FieldAssessment, fields: str) -> str:
    """Return what is guaranteed, for which fields, and what the test fields showed."""
    found, result = assessed.guarantee, assessed.outcome
    seen = "" if result is None else f"; of the test fields {result.error.percent()} were"
    return (
        f"of those it reads at most {_share(found.target)} are wrong ({_share(found.confidence)} sure, by "
        f"itself), for {fields} from the source of the test images{seen}"
    )


def _no_guarantee(assessed: FieldAssessment, assessment: Assessment) -> str:
    """Return why these fields have no guarantee that is of use."""
    found, result = assessed.guarantee, assessed.outcome
    if result is not None and not result.kept:
        return (
            f"of the test fields read {result.error.percent()} are wrong, more than {_share(found.target)}: "
            "they are not like the fields that the threshold was chosen on"
        )
    if result is not None:
        return (
            f"at the guaranteed threshold the machine would read only {result.read.percent()} of the fields"
        )
    return _too_little_data(assessed, assessment.use.digits)


def _too_little_data(assessed: FieldAssessment, digits: int) -> str:
    found, by_writer = assessed.guarantee, assessed.kind == "one hand"
    thing = "writer" if by_writer else "field"
    if found.beyond_reach:
        needed = _least(found.target, found.confidence, by_writer=by_writer)
        return (
            f"{counted(found.tested, thing)} can guarantee no target below {100 * found.floor:.3g} %, "
            f"whatever the network; for {_share(found.target)} it takes at least "
            f"{_of_images(needed, thing, digits)}"
        )
    if found.fields_needed is None or found.fields_needed <= found.tested:
        return f"{counted(found.tested, thing)} leave the error too uncertain"
    return (
        f"at the error seen it would take at least {_of_images(found.fields_needed, thing, digits)}, and "
        f"there are {found.tested:,}"
    )


def _least(target: float, confidence: float, *, by_writer: bool) -> int:
    """Return how many writers or fields a network without an error would need."""
    if by_writer:
        return writers_to_pass(target, confidence)
    return fields_to_pass(0, target, confidence)


def _of_images(needed: int, thing: str, digits: int) -> str:
    """Return how many fields or writers, and of how many images."""
    if thing == "writer":
        return f"{counted(needed, thing)} whom the network was not trained on"
    return f"{counted(needed, thing)} ({counted(needed * digits, 'image')})"


def _refuted(assessment: Assessment) -> str:
    found = assessment.decisive.guarantee
    return (
        f"at every threshold at which the machine would read {_share(LEAST_READ)} of the fields or more, "
        f"over {_share(found.target)} of those read are wrong ({_share(found.confidence)} sure)"
    )


def _by_arithmetic(assessment: Assessment) -> str:
    found = assessment.undetected
    if found is None:
        return ""
    return (
        f"of the fields that pass the check {10_000 * found.accepted_error:.2g} in 10,000 are wrong (at most "
        f"{10_000 * found.bound:.2g}, 95 % sure), where {10_000 * assessment.use.target:g} may be, and "
        f"{100 * found.caught:.2g} % of all fields fail it and go to a person"
    )


def _share(value: float) -> str:
    return f"{100 * value:g} %"


def _needed_accuracy(assessment: Assessment) -> str:
    needed, have = assessment.needed_accuracy, assessment.accuracy.value
    way = "alone" if assessment.use.check is None else "with its check"
    return (
        f"{way} it would take an accuracy of {100 * needed:.3f} % a character if errors were independent, "
        f"and it is {100 * have:.2f} %"
    )


def _guaranteed(assessed: FieldAssessment) -> str:
    found = assessed.guarantee
    by_writer = assessed.kind == "one hand"
    kind = "fields by one writer" if by_writer else "independent fields"
    if found.threshold is None:
        return f"On {kind}: with {_tested(found)} no threshold can be guaranteed."
    ahead = "over new writers " if by_writer else ""
    threshold = (
        f"On {kind}: of {_tested(found)} {found.accepted:,} reach the threshold {found.threshold:.6g}, "
        f"{found.errors:,} of these wrong, so {ahead}at most {100 * found.bound:.3g} % are "
        f"({100 * found.confidence:g} % sure)"
    )
    if assessed.outcome is None:
        return f"{threshold}."
    read, error = assessed.outcome.read, assessed.outcome.error
    fields = f"the fields of {read.n:,} test writers" if by_writer else counted(read.n, "test field")
    return f"{threshold}; of {fields} {read.percent()} do, {error.percent()} of these wrong."


def _tested(found: Guarantee) -> str:
    """Return how many calibration fields there were, and by how many writers."""
    if found.fields is None:
        return counted(found.tested, "calibration field")
    return f"{counted(found.fields, 'calibration field')} of {counted(found.tested, 'writer')}"


def _check_sentences(assessment: Assessment) -> list[str]:
    found, check = assessment.undetected, assessment.use.check
    if found is None or check is None:
        return []
    return [
        f"The check ({check.name}) catches {100 * (1 - found.undetected_rate):.2f} % of the misread fields "
        f"if errors are independent; of 10,000 fields {10_000 * found.undetected:.2f} pass it undetected."
    ]


def _cost_sentences(assessment: Assessment) -> list[str]:
    guaranteed, cheapest = assessment.decisive.cost, assessment.decisive.cheapest
    sentences = []
    if guaranteed is not None:
        sentences.append(f"At the guaranteed threshold 1,000 fields cost {_priced(guaranteed)}.")
    if cheapest is not None:
        way = _cheapest_way(cheapest, checked=assessment.use.check is not None)
        sentences.append(f"{way} 1,000 fields cost {_priced(cheapest)}.")
    return sentences


def _cheapest_way(cost: Cost, *, checked: bool) -> str:
    if cost.threshold == float("inf"):
        return f"{CHEAPEST} to have a person read all; on the test fields"
    if cost.threshold == 0:
        passing = " that pass the check" if checked else ""
        return f"{CHEAPEST} to have the machine read all{passing}; on the test fields"
    return f"{CHEAPEST} to accept from {cost.threshold:.6g}; on the test fields"


def _priced(cost: Cost) -> str:
    total = cost.total
    return (
        f"{total.value:,.2f} euros ({total.low:,.2f} to {total.high:,.2f}): {cost.of_errors:,.2f} for "
        f"errors, {cost.of_checks:,.2f} for checks ({cost.seconds / 60:.0f} minutes)"
    )
