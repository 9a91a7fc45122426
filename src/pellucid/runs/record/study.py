"""``summary.json``: a study, which is one experiment run with several seeds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pellucid.evaluation.intervals import Estimate
from pellucid.runs.record.configuration import ExperimentDescription
from pellucid.runs.settings import Settings

FORMAT, VERSION = "pellucid-seeds", 2


class StudyStatus(StrEnum):
    """Status of a study."""

    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True)
class StudyResults:
    """The accuracies of one experiment over several seeds.

    Attributes
    ----------
    n
        Number of test images per run.
    mean, deviation, range
        Statistics of the accuracies; ``range`` is the lowest and the highest.
    seed_deviation, test_deviation, seed_share
        Standard deviation due to the seed alone, that due to the choice of test images, and the seed's share
        of the variance; None if each run has different test images, since the two cannot then be separated.
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
        Settings of the first run.
    vary_split
        Whether each run also has a different split seed.
    folders
        The run folders, in order.
    study
        Statistics of the accuracies, once the study is finished.
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
