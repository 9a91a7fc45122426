"""Q6 and Q13: whether the accuracy is enough, and for which uses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pellucid.core.wording.percents import percent
from pellucid.evaluation.wording import with_sentences
from pellucid.evaluation.wording.sufficiency import conclusion, reason
from pellucid.lab.questions.question import Question, training_lines
from pellucid.report.words import count

if TYPE_CHECKING:
    from pellucid.evaluation.sufficiency import Assessment
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale, Training

WORDS = (
    "alone",
    "with a person",
    "with a person if errors are independent",
    "not sufficient",
    "cannot be guaranteed",
)


def sufficiency(q: Section, scale: Scale, name: str, training: Training) -> None:
    """Hold a network against each use."""
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
        verdict = f"{conclusion(one)}: {reason(one)}."
        rows.append((one.use.title, str(one.use.digits), percent(one.field.independent.value), verdict))
    q.table(("use", "digits", "fields right if independent", "verdict"), rows)
    having = {word: sum(one.verdict == word for one in verdicts) for word in WORDS}
    accuracy = verdicts[0].accuracy
    q.record(verdicts=having, uses=len(verdicts), images=len(q["judge"].labels))
    q.say(
        f"With {accuracy.percent()} of digits right on these {count(len(q['judge'].labels))} images, of "
        f"{len(verdicts)} uses the network suffices alone for {_count(having['alone'])} and with a person "
        f"checking the doubtful fields for {_count(having['with a person'])}; for "
        f"{_count(having['not sufficient'])} it does not, and for {_count(having['cannot be guaranteed'])} "
        "that cannot be guaranteed with this much data."
    )
    q.explain(
        "The threshold below which a person looks is chosen on one half of the test images and checked on "
        "the other, so that the promise is not made on the images it was fitted to. Errors are taken as "
        "independent; digits by one writer fail together, so real forms are better *and* worse than this: "
        "more fields are wholly right, and those of a bad hand are wrong again and again."
    )


def _count(number: int) -> str:
    return str(number) if number else "none"


def _results(one: Assessment) -> dict[str, object]:
    found = with_sentences(one)
    needed = one.decisive.guarantee.fields_needed
    images = None if needed is None else needed * one.use.digits
    return {**found, "check": one.use.digits, "images_needed": images}


def questions(linear: Training, cnn: Training) -> tuple[Question, Question]:
    """Return Q6 on the first network and Q13 on the convolutional one."""
    asked = "For which uses is that accuracy enough?"
    return (
        Question(
            "Q6", "Is it enough?", asked, partial(sufficiency, name="linear", training=linear), (linear,)
        ),
        Question("Q13", "Is it enough now?", asked, partial(sufficiency, name="cnn", training=cnn), (cnn,)),
    )
