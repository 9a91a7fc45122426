"""``environment.json``: where a run ran."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Processor:
    """A processor and the machine's number of cores."""

    name: str
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Blas:
    """The library that computes NumPy's matrix products, and the type of core that it is built for."""

    name: str | None = None
    version: str | None = None
    architecture: str | None = None
    threads: int | None = None


@dataclass(frozen=True, kw_only=True)
class GitState:
    """The commit of the working directory; ``dirty`` if files differed from it."""

    commit: str
    dirty: bool = False


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Where a run ran.

    Attributes
    ----------
    packages
        Package versions by name.
    compiled_kernels
        The compiler of the compiled functions, with its version; None if only NumPy was used.
    variables
        Relevant environment variables that are set.
    """

    python: str
    platform: str
    cpu: Processor | None = None
    packages: dict[str, str]
    blas: Blas | None = None
    compiled_kernels: str | None = None
    threads: int | None = None
    variables: dict[str, str] | None = None
    git: GitState | None = None
