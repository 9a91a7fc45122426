"""``environment.json``: what a run ran on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Processor:
    """A processor and how many cores the machine has."""

    name: str
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Blas:
    """The library behind NumPy's matrix products, and the kind of core that it was built for."""

    name: str | None = None
    version: str | None = None
    architecture: str | None = None
    threads: int | None = None


@dataclass(frozen=True, kw_only=True)
class GitState:
    """The commit of the folder that the run was started in; ``dirty`` where files differed from it."""

    commit: str
    dirty: bool = False


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What a run ran on.

    Attributes
    ----------
    packages
        Their versions by name.
    compiled_kernels
        What compiles them, with its version; None where NumPy works alone.
    variables
        The environment variables that matter, and are set.
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
