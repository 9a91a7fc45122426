"""``summary.json``: a study, that is one experiment run with several seeds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pellucid.evaluation.intervals import Estimate
from pellucid.runs.record.configuration import ExperimentDescription
from pellucid.runs.settings import Settings

FORMAT, VERSION = "pellucid-seeds", 2


class StudyStatus(StrEnum):
    """How far a study is."""

    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True)
class StudyResults:
    """The accuracies of one experiment over several seeds.

    Attributes
    ----------
    n
        Test images of a run.
    mean, deviation, range
        Of the accuracies; ``range`` is the lowest and the highest.
    seed_deviation, test_deviation, seed_share
        What the seed alone does to an accuracy, what the choice of test images does, and the seed's share of
        the variance; None where each run has test images of its own, so that the two cannot be told apart.
    sentence
        All of it in words.
    """

    name: str
    accuracies: tuple[float, ...]
    n: int
    mean: Estimate
    deviation: float
    range: tuple[float, float]
    seed_deviation: float | None = None
    test_deviation: float | None = None
    seed_share: float | None = None
    sentence: str


@dataclass(frozen=True, kw_only=True)
class StudyInfo:
    """A study.

    Attributes
    ----------
    name, experiment
        The experiment's name, and the experiment as declared.
    settings
        Of the first run.
    vary_split
        Whether the split has another seed in each run as well.
    folders
        Of the runs, in order.
    study
        What the accuracies come to, once it is finished.
    """

    format: str = FORMAT
    version: int = VERSION
    name: str
    status: StudyStatus
    command: str = ""
    experiment: ExperimentDescription
    settings: Settings
    vary_split: bool
    folders: tuple[str, ...]
    study: StudyResults | None = None
