"""What several questions conclude alike: how a history runs, and which of two networks is better."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.percents import percent
from pellucid.evaluation import compare, with_sentences
from pellucid.evaluation.curves import difference
from pellucid.lab.adapters import column, known, predictions, tested
from pellucid.lab.conclusions import (
    conclusion,
    curves_of,
    gap_verdict,
    generalisation,
    lead_words,
    learning,
    verdict,
)
from pellucid.report.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pellucid.lab.document import Section
    from pellucid.report.rundata import RunData


def say_history(q: Section, run: RunData, *, generalises: bool = False) -> None:
    """Conclude how loss and accuracy went; ``generalises`` adds what that says about new images."""
    found, train_loss = curves_of(run), column(run, "train_loss")
    q.record(history=found.results(), epochs=len(run.history), first_epoch=1, train_loss=train_loss)
    said = [learning(found, train_loss)]
    if generalises and not found.at_chance:
        said.append(generalisation(found)[0])
    q.conclude(" ".join(said))
    if not generalises:
        q.say(
            f"Measured in the same way after the last epoch, training accuracy is {percent(found.train[-1])} "
            f"and validation accuracy {percent(found.val[-1])}."
        )


def say_generalisation(q: Section, run: RunData) -> None:
    """Conclude how the curves run, and what that says about generalisation and why."""
    found = curves_of(run)
    q.record(curves=found.results())
    q.conclude(conclusion(found))


def say_comparison(q: Section, one: RunData, other: RunData, *, gap_first: bool = False) -> None:
    """Conclude which of two networks generalises better, where both learned from the same images."""
    names = [run.info.name for run in (one, other)]
    images = [known(run.configuration.dataset.counts.train) for run in (one, other)]
    epochs = [len(run.history) for run in (one, other)]
    test = {name: tested(run) for name, run in zip(names, (one, other), strict=True)}
    q.record(images=images, epochs=epochs, test=test)
    if images[0] != images[1]:
        q.watch(
            f"This is not a comparison of the networks: `{names[0]}` learned from {count(images[0])} images "
            f"in {epochs[0]} epochs and `{names[1]}` from {count(images[1])} in {epochs[1]}. More images "
            f"alone make a network better. The test accuracies, {percent(test[names[0]]['accuracy'])} and "
            f"{percent(test[names[1]]['accuracy'])}, can be compared once both have learned from the same "
            "images."
        )
        return
    pair = compare(predictions(one), predictions(other))
    a, b = (curves_of(run) for run in (one, other))
    change = difference(b.gap, a.gap)
    q.record(comparison=with_sentences(pair), change=change.as_dict(), both=[a.results(), b.results()])
    better, gap = verdict(pair), gap_verdict(names, (a, b), change)
    lead = lead_words(names, (a.val, b.val))
    q.record(epochs_of_lead=[1, *range(2, 1 + min(epochs))])
    q.conclude(f"{gap} {better}" if gap_first else f"{better} {lead} {gap}")
    long = (
        f" in {epochs[0]} epochs"
        if epochs[0] == epochs[1]
        else f", `{names[0]}` in {epochs[0]} epochs and `{names[1]}` in {epochs[1]}"
    )
    train, val = ([getattr(one, key) for one in (a, b)] for key in ("train", "val"))
    q.say(
        f"Both learned from the same {count(images[0])} images{long}. Over the epochs training accuracy "
        f"goes {_from_to(train[0])} with `{names[0]}` and {_from_to(train[1])} with `{names[1]}`, validation "
        f"accuracy {_from_to(val[0])} and {_from_to(val[1])}. Test loss is {test[names[0]]['loss']:.4f} and "
        f"{test[names[1]]['loss']:.4f}."
    )


def _from_to(values: Sequence[float]) -> str:
    """Return where a curve of shares begins and ends.

    Examples
    --------
    >>> _from_to([0.8, 0.9, 0.95])
    'from 80.00 % to 95.00 %'
    """
    return f"from {percent(values[0])} to {percent(values[-1])}"
