"""Q6 and Q13: whether the accuracy is enough, and for which uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.percents import percent
from pellucid.evaluation.wording import with_sentences
from pellucid.evaluation.wording.sufficiency import conclusion
from pellucid.lab.questions.convolutional import CNN
from pellucid.lab.questions.mnist import LINEAR
from pellucid.lab.questions.question import Question, training_lines
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.evaluation.sufficiency import Assessment
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale, Training

ENOUGH = ("with a person", "with a person if errors are independent")
ALONE = ("alone", "alone if errors are independent")
WORDS = (
    *ALONE,
    *ENOUGH,
    "by arithmetic if errors are independent",
    "not sufficient",
    "cannot be guaranteed",
)


def sufficiency(q: Section, scale: Scale, name: str, training: Training) -> None:
    """Compare a network with each use."""
    q.code(
        training_lines(scale, **{name: training})
        + f"""

from pellucid.evaluation import assess_all, load_uses
from pellucid.lab import halves

choose, judge = halves({name})  # of the test images: to choose a threshold, and to judge it
verdicts = assess_all(load_uses().values(), choose, judge)
"""
    )
    verdicts: list[Assessment] = q["verdicts"]
    rows = []
    for one in verdicts:
        q.record(**{one.use.name: _results(one)})
        needed = percent(one.needed_accuracy, 3)
        fields = percent(one.field.independent.value)
        rows.append((one.use.title, str(one.use.digits), needed, fields, conclusion(one), one.use.error))
    q.conclude(_in_short(q, verdicts))
    q.table(
        ("use", "digits", "accuracy needed per digit", "fields right", "is it enough?", "what an error does"),
        rows,
    )


def linear(q: Section, scale: Scale) -> None:
    """Q6."""
    sufficiency(q, scale, "linear", LINEAR)
    q.explain(
        "What an error does decides how many are allowed: a letter that went astray comes back, and a wrong "
        "mark is found by its student, but money in another account is hard to get back and a wrong dose "
        "harms a patient. The accuracy needed per digit is that without a person; of numbers with a check "
        "digit, only the errors that it does not find count. "
        "The share of fields that are right assumes independent errors."
    )
    q.explain(
        "The threshold below which a person looks is chosen on one half of the test images and checked on "
        "the other, so that the promise is not made on the images it was fitted to. Errors are taken as "
        "independent; digits by one writer fail together, so real forms are better *and* worse than this: "
        "more fields are wholly right, and those of a bad hand are wrong again and again."
    )


def _in_short(q: Section, verdicts: list[Assessment]) -> str:
    """Return for how many uses the network is enough."""
    having = {word: sum(one.verdict == word for one in verdicts) for word in WORDS}
    images = len(q["judge"].labels)
    q.record(verdicts=having, uses=len(verdicts), images=images)
    alone = sum(having[word] for word in ALONE)
    enough = alone + sum(having[word] for word in ENOUGH)
    condition = "if errors are independent, as is assumed here without knowing the writers"
    some = f"enough for {enough} of the {len(verdicts)} uses, {alone} of them without a person, {condition}"
    refused = having["not sufficient"]
    rest = len(verdicts) - refused
    none = f"not enough for any of the {len(verdicts)} uses"
    if rest:
        none = (
            f"not shown to be enough for any of the {len(verdicts)} uses: for {refused} it is not "
            f"sufficient, and for the other {rest} this much data cannot show that it is"
        )
    q.record(rest=rest)
    return (
        f"The network is {some if enough else none}. It reads "
        f"{verdicts[0].accuracy.percent()} of the digits right on the half of the test images that is used "
        f"to judge ({count(images)} images)."
    )


def since_linear(q: Section, scale: Scale) -> None:
    """Q13: the same for the convolutional network, and what has changed since Q6."""
    sufficiency(q, scale, "cnn", CNN)
    now: list[Assessment] = q["verdicts"]
    q.explain("What has changed since Q6, where the network had one hidden layer of linear units:")
    q.code(
        training_lines(scale, linear=LINEAR)
        + """

before = assess_all(load_uses().values(), *halves(linear))
"""
    )
    before: list[Assessment] = q["before"]
    q.record(fields_before={old.use.name: old.field.independent.value for old in before})
    q.table(
        ("use", "fields right in Q6", "fields right now", "verdict in Q6", "verdict now"),
        [
            (
                new.use.title, percent(old.field.independent.value), percent(new.field.independent.value),
                old.verdict, new.verdict,
            )
            for old, new in zip(before, now, strict=True)
        ],
    )  # fmt: skip
    changed = [new.use.title for old, new in zip(before, now, strict=True) if old.verdict != new.verdict]
    accuracy = [before[0].accuracy.value, now[0].accuracy.value]
    q.record(before=accuracy[0], now=accuracy[1], changed=len(changed))
    told = f"for {len(changed)} of the uses: {', '.join(changed)}" if changed else "for none of the uses"
    q.conclude(
        f"On these images the accuracy is {percent(accuracy[0])} with the network of Q6 and "
        f"{percent(accuracy[1])} with this one. The verdict changes {told}."
    )


def _results(one: Assessment) -> dict[str, object]:
    found = with_sentences(one)
    needed = one.decisive.guarantee.fields_needed
    images = None if needed is None else needed * one.use.digits
    return {**found, "check": one.use.digits, "images_needed": images}


ASKED = "For which uses is that accuracy enough?"
QUESTIONS = (
    Question("Q6", "Is it enough?", ASKED, linear, (LINEAR,)),
    Question("Q13", "Is it enough now?", ASKED, since_linear, (CNN, LINEAR)),
)
