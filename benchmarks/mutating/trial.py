"""Run the tests of one module against a changed copy of the project, in a forked process."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LOADED = "ignore::pytest.PytestAssertRewriteWarning"  # hypothesis is loaded before the fork
PEERS = ("keras", "jax", "torch", "tensorflow")  # seconds to import; hidden at the first try


@dataclass
class Trial:
    """A process that runs tests, and where its output goes."""

    process: int
    log: Path
    until: float

    def outcome(self) -> str | None:
        """Return "killed", "survived" or "timeout", None while the tests still run."""
        done, status = os.waitpid(self.process, os.WNOHANG)
        if not done:
            if time.monotonic() < self.until:
                return None
            os.killpg(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            return "timeout"
        if os.WIFSIGNALED(status):
            return "timeout" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "killed"
        return "survived" if os.WEXITSTATUS(status) in (0, 5) else "killed"  # 5: no test was left


def copy_of_project(root: Path, to: Path) -> Path:
    """Copy what tests need, without compiled files."""
    for name in ("src", "tests"):
        shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "ARCHITECTURE.md", "README.md"):
        shutil.copy(root / name, to / name)
    return to


def tests_of(module: Path, root: Path) -> list[str]:
    """Return the tests that are there for a module: its mirror, else those of its name; and its examples."""
    name = "test_init.py" if module.name == "__init__.py" else f"test_{module.name}"
    mirror = Path("tests") / module.parent / name
    room = root / "tests" / module.parts[0]
    same = [one.relative_to(root) for one in sorted(room.rglob(name))]
    chosen = [mirror] if (root / mirror).exists() else same
    beside = Path("tests") / module.parent / "test_init.py"
    if (root / beside).exists() and beside not in chosen:
        chosen.append(beside)
    return [f"src/pellucid/{module}", *map(str, chosen)]  # the quickest first


def start(project: Path, tests: list[str], *, peers: bool, seconds: float) -> Trial:
    """Start the tests in a forked process that may compute for so many seconds."""
    log = project / "log.txt"
    process = os.fork()
    if process:
        return Trial(process, log, time.monotonic() + 30 * seconds + 60)
    os.setsid()
    _run(project, tests, log, peers=peers, seconds=seconds)
    raise SystemExit  # not reached: _run ends the process


def _run(project: Path, tests: list[str], log: Path, *, peers: bool, seconds: float) -> None:
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.chdir(project)
        sys.path.insert(0, str(project / "src"))
        sys.dont_write_bytecode = True
        if not peers:
            sys.modules.update(dict.fromkeys(PEERS))  # importing them fails, and such tests are skipped
        import pytest

        import pellucid
        import pellucid.evaluation
        import pellucid.functions  # before pytest imports their modules anew, for the examples

        if not pellucid.__file__.startswith(str(project)):
            raise RuntimeError(f"pellucid came from {pellucid.__file__}")
        code = int(
            pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", LOADED, *tests])
        )
    except BaseException as error:
        print(f"{type(error).__name__}: {error}")
    finally:
        sys.stdout.flush()
        os._exit(code)
