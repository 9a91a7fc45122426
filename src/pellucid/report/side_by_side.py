"""Runs side by side: their results, significant differences, and what is not comparable."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.wording.durations import duration
from pellucid.errors import ArgumentError, DataError
from pellucid.evaluation import (
    Comparison,
    Predictions,
    TimedRun,
    compare_all,
    compare_seconds,
    epoch_seconds,
    predictions_of,
    read_curves,
    sentence,
    study_seeds,
    training_accuracies_differ_in_kind,
    what_changed,
    with_sentences,
)
from pellucid.evaluation.pitfalls.finding import but_one_seed
from pellucid.evaluation.predictions import check_same_test_set
from pellucid.figures.overlay import plot_histories
from pellucid.report.rundata import RunData
from pellucid.report.words import count, setting
from pellucid.runs.record.json_form import to_json

if TYPE_CHECKING:
    import os

    from matplotlib.figure import Figure

    from pellucid.runs.record.environment import Environment

Runs = Mapping[str, RunData]


@dataclass(frozen=True)
class SideBySide:
    """Runs compared with each other.

    Attributes
    ----------
    runs
        The runs, by name.
    comparisons
        Comparisons of each two runs with the same test images.
    findings
        Conclusions from the comparison, in sentences.
    cautions
        What must not be compared, and why.
    """

    runs: Runs
    comparisons: list[Comparison]
    findings: list[str]
    cautions: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON-able data."""
        return {
            "runs": [
                {
                    "name": name,
                    "folder": str(run.folder.path),
                    "figures": summary_of(run),
                    "results": to_json(run.results),
                }
                for name, run in self.runs.items()
            ],
            "comparisons": [with_sentences(pair) for pair in self.comparisons],
            "findings": self.findings,
            "cautions": self.cautions,
        }

    @property
    def each(self) -> str:
        """What is compared, in the plural."""
        return "runs"

    @property
    def unit(self) -> str:
        """Name of what a history row covers: "epoch" or "cycle"."""
        return " or ".join(sorted({run.unit for run in self.runs.values()}, reverse=True))

    def histories(self) -> dict[str, Any]:
        """Return the histories, by run name, of the runs that have one."""
        return {name: run.history.columns() for name, run in self.runs.items() if run.history}

    def summaries(self) -> dict[str, dict[str, str]]:
        """Return each run's results and settings as texts, by name."""
        return {name: summary_of(run) for name, run in self.runs.items()}

    def plot(self) -> Figure:
        """Return the histories on the same axes."""
        return plot_histories(self.histories(), unit=self.unit)


def in_rows(
    summaries: Mapping[str, Mapping[str, str]], names: Iterable[str] | None = None
) -> dict[str, list[str]]:
    """Return the texts of runs, by default of all, for each label that any run has; "–" where one lacks it.

    Examples
    --------
    >>> in_rows({"one": {"seed": "0"}, "two": {"seed": "1", "loss": "0.1"}})
    {'seed': ['0', '1'], 'loss': ['–', '0.1']}
    """
    shown = [summaries[name] for name in (summaries if names is None else names)]
    labels = dict.fromkeys(label for of_run in summaries.values() for label in of_run)
    return {label: [of_run.get(label, "–") for of_run in shown] for label in labels}


def side_by_side(paths: Sequence[str | os.PathLike[str]]) -> SideBySide:
    """Return the comparison of the runs in these folders.

    Raises as :func:`read_runs`.
    """
    runs = read_runs(paths)
    comparisons, untested = compare_accuracies(runs)
    seconds, not_seconds = compare_times(runs)
    findings = [*_sentences(comparisons), *what_dropout_changed(runs), *seconds, *seed_studies(runs)]
    return SideBySide(runs, comparisons, findings, [*warnings_of(runs), *untested, *not_seconds])


def read_runs(paths: Sequence[str | os.PathLike[str]]) -> dict[str, RunData]:
    """Return the runs by name: the experiment's, or the folder's if names repeat.

    Raises
    ------
    ArgumentError
        When there are fewer than two, or one is given twice.
    FileFormatError
        When a folder is not a run folder, or is damaged.
    """
    if len(paths) < 2:
        raise ArgumentError(f"A comparison needs two runs or more. Received: {len(paths)}")
    folders = [Path(path) for path in paths]
    if len({folder.resolve() for folder in folders}) < len(folders):
        raise ArgumentError(
            f"A run is compared with others, not with itself. Received: {', '.join(map(str, paths))}"
        )
    runs = [RunData.read(folder) for folder in folders]
    names = [run.info.name for run in runs]
    labels = names if len(set(names)) == len(names) else [str(folder) for folder in folders]
    return dict(zip(labels, runs, strict=True))


def _objective(run: RunData) -> str | None:
    """Return what was minimised, if that is not the cross-entropy that is measured on the test images."""
    return None if run.configuration.minimises_what_is_tested else run.configuration.objective


def summary_of(run: RunData) -> dict[str, str]:
    """Return the run's results and settings as texts, by name."""
    dataset, training = run.configuration.dataset, run.configuration.training
    unit = f"{run.unit}s"
    optimizer, measured = training.optimizer, run.history.column("val_accuracy")
    pairs: list[tuple[str, Any, Callable[[Any], str]]] = [
        ("data", dataset.name, str),
        ("trained on", dataset.counts.train, lambda n: f"{count(n)} images"),
        ("parameters", run.configuration.parameters, count),
        ("objective", _objective(run), str),
        ("optimizer", optimizer and optimizer.name, str),
        ("learning rate", optimizer and optimizer.config.get("learning_rate"), _rate),
        ("batch size", training.batch_size, count),
        ("epochs", len(run.history), lambda n: f"{n}" if unit == "epochs" else f"{n} {unit}"),
        ("seed", training.seed, setting),
        *_results_of(run),
        (
            "val. accuracy",
            measured[-1] if run.history.measured("val_accuracy") else None,
            lambda share: f"{share:.4f}",
        ),
        *_times_of(run),
        ("threads", run.environment.threads, str),
        ("status", run.folder.status, str),
    ]
    return {name: show(value) for name, value, show in pairs if value is not None}


def _results_of(run: RunData) -> list[tuple[str, Any, Callable[[Any], str]]]:
    if run.results is None:
        return []
    test = run.results.test
    return [
        ("test accuracy", test.accuracy, lambda share: f"{share:.4f}"),
        ("  95 % interval", test.accuracy_interval, lambda ends: f"{ends[0]:.4f} to {ends[1]:.4f}"),
        ("  test images", test.n, count),
        ("test loss", test.loss, lambda loss: f"{loss:.4f}"),
    ]


def _times_of(run: RunData) -> list[tuple[str, Any, Callable[[Any], str]]]:
    if run.results is None or run.results.seconds is None:
        return []
    seconds = run.results.seconds
    each = epoch_seconds(seconds.epochs) if seconds.epochs else None
    return [
        ("training time", seconds.training, duration),
        ("seconds an epoch", each, lambda found: f"{found.median:.3g}"),
        ("  first epoch", each, lambda found: f"{found.first:.3g}"),
        ("images/s", run.results.images_per_second, count),
    ]


def _rate(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else "a schedule"


def compare_accuracies(runs: Runs) -> tuple[list[Comparison], list[str]]:
    """Return the comparisons of runs with the same test images, and why the others are not compared."""
    tested = {
        name: predictions_of(
            name,
            run.predictions.labels,
            run.predictions.probabilities,
            index=run.predictions.index,
            dataset=run.configuration.dataset.sha256,
        )
        for name, run in runs.items()
        if run.predictions is not None
    }
    reasons = [
        f"{name} is {run.folder.status} and has no test results yet."
        for name, run in runs.items()
        if name not in tested
    ]
    groups: list[list[Predictions]] = []
    for one in tested.values():
        group = next((group for group in groups if _why_not(group[0], one) is None), None)
        if group is None:
            reasons += [str(_why_not(group[0], one)) for group in groups]
            groups.append([one])
        else:
            group.append(one)
    found = [pair for group in groups if len(group) > 1 for pair in compare_all(group)]
    return found, reasons


def _why_not(a: Predictions, b: Predictions) -> str | None:
    try:
        check_same_test_set([a, b])
    except DataError as error:
        return str(error)
    return None


def seed_studies(runs: Runs) -> list[str]:
    """Return the effect of the seed, for each experiment with runs of several seeds."""
    groups: dict[str, list[RunData]] = {}
    for run in runs.values():
        if run.predictions is not None:
            groups.setdefault(_all_but_seed(run), []).append(run)
    found = []
    for group in groups.values():
        seeds = {run.configuration.training.seed for run in group}
        if 1 < len(group) == len(seeds):
            name = group[0].info.name
            tested = [
                predictions_of(
                    name,
                    run.predictions.labels,
                    run.predictions.probabilities,
                    index=run.predictions.index,
                )
                for run in group
                if run.predictions is not None
            ]
            found.append(f"{name}: {sentence(study_seeds(tested, name=name))}")
    if not found and any(run.predictions is not None for run in runs.values()):
        found.append(
            "Each of these is one run with one seed. What another seed would do is not in the intervals: run "
            "each with several seeds before you call one network better."
        )
    return found


def _all_but_seed(run: RunData) -> str:
    configuration = run.configuration
    training = replace(configuration.training, seed=None, threads=None)
    return repr((configuration.experiment, configuration.dataset.split, training))


def warnings_of(runs: Runs) -> list[str]:
    """Return the runs' own warnings, and whose training accuracies are not comparable."""
    found = [f"{name}: {warning}" for name, run in runs.items() for warning in _warnings(run)]
    histories = {name: run.history.columns() for name, run in runs.items() if run.history}
    kinds = [
        training_accuracies_differ_in_kind(a, histories[a], b, histories[b]) for a, b in _pairs(histories)
    ]
    return [*found, *filter(None, kinds)]


def _warnings(run: RunData) -> list[str]:
    """Return a run's warnings, without the one about a single seed, which is given once for all runs."""
    findings = () if run.results is None else run.results.findings
    return list(map(str, but_one_seed(findings)))


def what_dropout_changed(runs: Runs) -> list[str]:
    """Return the effect of dropout on generalisation, for each run without it and each with it."""
    measured = {
        name: read_curves(run.history.columns(), n_train=n, n_validation=n)
        for name, run in runs.items()
        if run.history and (n := run.configuration.dataset.sampled)
    }
    without = [name for name in measured if not runs[name].configuration.has_dropout]
    with_it = [name for name in measured if runs[name].configuration.has_dropout]
    return [
        what_changed(a, measured[a], b, measured[b])
        for a, b in itertools.product(without, with_it)
        if runs[a].configuration.dataset.name == runs[b].configuration.dataset.name
    ]


def compare_times(runs: Runs) -> tuple[list[str], list[str]]:
    """Return comparisons of training times, and why others are invalid."""
    times = {
        name: seconds
        for name, run in runs.items()
        if (seconds := [one.seconds for one in run.history if one.seconds is not None])
    }
    found: list[str] = []
    reasons: list[str] = []
    for a, b in _pairs(times):
        images = {name: _images_per_row(runs[name]) for name in (a, b)}
        if images[a] != images[b]:
            told = [f"{_an(runs[name].unit)} of {name} is {_count(images[name])} images" for name in images]
            reasons.append(f"The seconds of {a} and {b} are not comparable: {', '.join(told)}.")
            continue
        here, there = where_different(runs[a].environment, runs[b].environment)
        compared = compare_seconds(TimedRun(a, times[a], here), TimedRun(b, times[b], there))
        (reasons if compared.ratio is None else found).append(sentence(compared))
    return found, reasons


def _sentences(comparisons: Sequence[Comparison]) -> list[str]:
    if len(comparisons) == 1:
        return [sentence(comparisons[0])]
    return [  # "better" without a name is unambiguous only between two runs
        f"Against {pair.a}: {sentence(pair)}" if pair.significant() else sentence(pair)
        for pair in comparisons
    ]


def _pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return all pairs of up to three names; of more, the first with each other one."""
    names = list(names)
    pairs = list(itertools.combinations(names, 2))
    return pairs if len(names) <= 3 else pairs[: len(names) - 1]


def _images_per_row(run: RunData) -> Any:
    return run.images_per_cycle or run.configuration.dataset.counts.train


def _count(images: Any) -> str:
    return "an unknown number of" if images is None else count(images)


def _an(unit: str) -> str:
    return f"an {unit}" if unit == "epoch" else f"a {unit}"


def where_different(a: Environment, b: Environment) -> tuple[dict[str, str], dict[str, str]]:
    """Return two environments in words; of mappings, such as packages, only entries that differ.

    Examples
    --------
    >>> from pellucid.runs.record.environment import Environment, Blas
    >>> a = Environment(python="3.12", platform="Linux", packages={}, blas=Blas(name="a", version="2"))
    >>> b = replace(a, blas=Blas(name="a", version="3"))
    >>> [one["blas"] for one in where_different(a, b)]
    ['version 2', 'version 3']
    """
    here, there = {}, {}
    before, after = asdict(a), asdict(b)
    for key, one in before.items():
        other = after[key]
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            parts = [part for part in dict.fromkeys([*one, *other]) if one.get(part) != other.get(part)]
            one, other = ({part: whole.get(part) for part in parts} for whole in (one, other))
        here[key], there[key] = setting(one), setting(other)
    return here, there
