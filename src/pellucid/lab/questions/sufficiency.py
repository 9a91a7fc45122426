"""Q6 and Q13: whether the accuracy is enough, and for which uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.percents import percent
from pellucid.evaluation.wording import with_sentences
from pellucid.lab.questions.convolutional import CNN
from pellucid.lab.questions.mnist import LINEAR
from pellucid.lab.questions.question import Question, training_lines
from pellucid.report.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.evaluation.sufficiency import Assessment
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale, Training

ENOUGH = ("with a person", "with a person if errors are independent")
ALONE = ("alone", "alone if errors are independent")
CHECKED = ("by arithmetic if errors are independent",)
SHORT = 4  # digits of the short number that the conclusion names
WORDS = (*ALONE, *ENOUGH, *CHECKED, "not sufficient", "cannot be guaranteed")
# The short verdicts of the table, and what each means.
MEANINGS = {
    "yes, alone": "the machine may read all fields by itself",
    "yes, with a person": "a person reads that share of the fields, those of which the machine is least sure",
    "yes, by its check": (
        "the check digit finds nearly all misread numbers, and a person reads these (by arithmetic from the "
        "accuracy per digit, not counted on whole fields)"
    ),
    "not alone": (
        "without a person it is certainly not enough, and {images} test images are too few to show whether "
        "it is with one"
    ),
    "not shown": "{images} test images are too few to show that few enough errors pass the check",
    "no": "not even if a person reads all but the surest twentieth of the fields",
}


def short_verdict(one: Assessment) -> str:
    """Return whether it is enough in a few words; :data:`MEANINGS` says what they mean."""
    if one.verdict in ALONE:
        return "yes, alone"
    if one.verdict in ENOUGH:
        fields = one.decisive if one.verdict == "with a person" else one.independent
        share = 1.0 if fields.outcome is None else fields.outcome.to_person.value
        return f"yes, with a person for {percent(share, 0)}"
    if one.verdict in CHECKED:
        return "yes, by its check"
    if one.verdict == "not sufficient":
        return "no"
    return "not alone" if one.alone_refuted else "not shown"


def assess(q: Section, scale: Scale, name: str, training: Training) -> list[Assessment]:
    """Run the code that compares a network with each use, record the results and return them."""
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
    for one in verdicts:
        q.record(**{one.use.name: _results(one)})
    return verdicts


def linear(q: Section, scale: Scale) -> None:
    """Q6."""
    verdicts = assess(q, scale, "linear", LINEAR)
    q.conclude(in_short(q, verdicts))
    q.table(
        ("use", "digits", "accuracy needed per digit", "fields right", "is it enough?", "what an error does"),
        [
            (
                one.use.title, str(one.use.digits), percent(one.needed_accuracy, 3),
                percent(one.field.independent.value), short_verdict(one), one.use.error,
            )
            for one in verdicts
        ],
    )  # fmt: skip
    _explain_verdicts(q, verdicts)
    q.explain(
        "What an error does decides how many are allowed: a letter that went astray comes back, and a wrong "
        "mark is found by its student, but money in another account is hard to get back and a wrong dose "
        "harms a patient. The accuracy needed per digit is that without a person; of numbers with a check "
        "digit, only the errors that it does not find count."
    )
    q.explain(
        "The threshold below which a person looks is chosen on one half of the test images and checked on "
        "the other, so that the promise is not made on the images it was fitted to. Errors are taken as "
        "independent; digits by one writer fail together, so real forms are better *and* worse than this: "
        "more fields are wholly right, and those of a bad hand are wrong again and again."
    )


def _explain_verdicts(q: Section, *assessed: list[Assessment]) -> None:
    """Say what the short verdicts mean, those that occur."""
    given = {short_verdict(one).partition(" for ")[0] for verdicts in assessed for one in verdicts}
    images = len(q["judge"].labels)
    q.record(images=images)
    said = "; ".join(f"*{word}* – {meaning}" for word, meaning in MEANINGS.items() if word in given)
    q.say(f"{said.format(images=count(images))}.")


def in_short(q: Section, verdicts: list[Assessment]) -> str:
    """Return for how many uses the network is enough, and what its accuracy means for whole fields."""
    having = {word: sum(one.verdict == word for one in verdicts) for word in WORDS}
    images, easiest = len(q["judge"].labels), min(verdicts, key=lambda one: one.needed_accuracy)
    by_digits = sorted(verdicts, key=lambda one: one.use.digits)
    short, long = next(one for one in by_digits if one.use.digits >= SHORT), by_digits[-1]
    q.record(
        verdicts=having, uses=len(verdicts), images=images, enough=_enough(verdicts),
        of_digits=[[one.use.digits, one.field.independent.value] for one in (short, long)],
        least=easiest.needed_accuracy, ways=_ways(having),
    )  # fmt: skip
    right = (
        f"It reads {verdicts[0].accuracy.percent()} of {count(images)} test images right. If errors are "
        f"independent, a number of {short.use.digits} digits is then wholly right in "
        f"{percent(short.field.independent.value, 1)} of all cases and one of {long.use.digits} digits in "
        f"{percent(long.field.independent.value, 1)}."
    )
    if not _enough(verdicts):
        needed = percent(easiest.needed_accuracy, 1)
        return (
            f"No: the network is not shown to be enough for any of the {len(verdicts)} uses. {right} Even "
            f"the use that asks for least (“{easiest.use.title}”) needs {needed} per digit."
        )
    counts = " and ".join(f"for {number} {how}" for how, number in _ways(having).items() if number)
    return f"The network is enough for {_enough(verdicts)} of the {len(verdicts)} uses: {counts}. {right}"


def _enough(verdicts: list[Assessment]) -> int:
    return sum(one.verdict in (*ALONE, *ENOUGH, *CHECKED) for one in verdicts)


def _ways(having: dict[str, int]) -> dict[str, int]:
    """Return for how many uses a network is enough in each way."""
    ways = {"alone": ALONE, "with a person for the doubtful fields": ENOUGH, "by the check digit": CHECKED}
    return {how: sum(having[word] for word in words) for how, words in ways.items()}


def since_linear(q: Section, scale: Scale) -> None:
    """Q13: the same for the convolutional network, and what has changed since Q6."""
    now = assess(q, scale, "cnn", CNN)
    q.conclude(in_short(q, now))
    q.explain("The same uses with the network of Q6, which has one hidden layer of linear units:")
    q.code(
        training_lines(scale, linear=LINEAR)
        + """

before = assess_all(load_uses().values(), *halves(linear))
"""
    )
    before: list[Assessment] = q["before"]
    both = list(zip(before, now, strict=True))
    q.record(fields_before={old.use.name: old.field.independent.value for old in before})
    q.table(
        (
            "use", "fields right in Q6", "fields right now", "enough in Q6?", "is it enough?",
            "what an error does",
        ),
        [
            (
                new.use.title, percent(old.field.independent.value), percent(new.field.independent.value),
                short_verdict(old), short_verdict(new), new.use.error,
            )
            for old, new in both
        ],
    )  # fmt: skip
    _explain_verdicts(q, before, now)
    accuracy = [before[0].accuracy.value, now[0].accuracy.value]
    enough = [_enough(before), _enough(now)]
    q.record(before=accuracy[0], now=accuracy[1], enough_of_each=enough)
    q.conclude(f"{changed_words(accuracy, enough)} Each use is compared in the table.")


def changed_words(accuracy: Sequence[float], enough: Sequence[int]) -> str:
    """Return what has changed between two networks, from their accuracies and how many uses they suffice for.

    Examples
    --------
    >>> changed_words([0.92, 0.99], [0, 6])
    'On the same images the network of Q6 reads 92.00 % of the digits right and this one 99.00 %, so that it
    is enough for 6 uses instead of 0.'
    """
    then, now = enough
    read = (
        f"On the same images the network of Q6 reads {percent(accuracy[0])} of the digits right and this one "
        f"{percent(accuracy[1])}"
    )
    if then == now:
        same = "neither is enough for any use" if not now else f"each is enough for {now} uses"
        return f"{read}; {same}."
    return f"{read}, so that it is enough for {now} uses instead of {then}."


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
