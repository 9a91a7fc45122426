"""What a measuring process answers: a dataclass for each kind of task. It travels as JSON, a key a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from pellucid.bench.task import What


@dataclass(frozen=True, kw_only=True)
class TrainingRates:
    """Images per second in each round; and the seconds of the first steps, compiling included."""

    images_per_second: tuple[float, ...]
    first_seconds: float


@dataclass(frozen=True, kw_only=True)
class TrainingSpeed(TrainingRates):
    """How fast a network trains, and what it is.

    Attributes
    ----------
    operations_per_image
        Multiplications and additions of direct arithmetic.
    versions
        Of the packages that affect speed.
    """

    what: ClassVar[What] = "training"

    batch_size: int
    parameters: int
    operations_per_image: float
    versions: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class CallTimes:
    """The fastest way to predict, and how long a call of it takes in each round."""

    way: str
    milliseconds: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class BatchRates:
    """The fastest way to predict in batches, and its images per second in each round."""

    way: str
    images_per_second: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class PredictionSpeed:
    """How fast a network predicts ``one`` image, and many in ``batches``."""

    what: ClassVar[What] = "prediction"

    one: CallTimes
    batches: BatchRates


@dataclass(frozen=True, kw_only=True)
class PeakMemory:
    """The most memory while training an epoch of so many images; None where the system does not report it."""

    what: ClassVar[What] = "memory"

    peak_bytes: int | None
    images: int


@dataclass(frozen=True, kw_only=True)
class BlasLibrary:
    """A BLAS library that is loaded, in threadpoolctl's words."""

    internal_api: str | None
    version: str | None
    architecture: str | None
    num_threads: int | None


@dataclass(frozen=True, kw_only=True)
class Machine:
    """The machine, and its ``ceiling``: operations per second of a large matrix product in float32."""

    what: ClassVar[What] = "machine"

    python: str
    system: str
    versions: dict[str, str]
    blas: tuple[BlasLibrary, ...]
    compiled_kernels: str | None
    threads: int
    ceiling: float


Measured: TypeAlias = TrainingSpeed | PredictionSpeed | PeakMemory | Machine
KINDS: dict[What, type[Measured]] = {
    kind.what: kind for kind in (TrainingSpeed, PredictionSpeed, PeakMemory, Machine)
}
