"""A campaign of damaged and hostile inputs for every reader: files, images, archives, arrays, run folders.

    python benchmarks/fuzz.py [--inputs N] [--seconds T] [--seed S] [--readers PART,…] [--keep FOLDER]

Whatever a file holds, the answer is a result or one of pellucid's own errors, within five seconds of the
processor and in bounded memory. Anything else is a defect: it is counted by kind, its first input is kept in
the folder of ``--keep``, and the exit code is 1. An input depends on the seed and its number alone. Without
``--seconds`` all N inputs are tried (default 2,000).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from fuzzing.readers import Reader, WrongAnswer, all_readers

from pellucid.errors import PellucidError

SECONDS = 5  # of the processor, for one input
MEMORY = 3 << 30  # bytes of address space beyond what the campaign has when it starts


class TooSlow(BaseException):
    """An input that took longer than it may."""


@dataclass
class Outcomes:
    """What readers made of their inputs.

    Attributes
    ----------
    counts
        For each reader, how many inputs had which outcome: "read", the name of an error, or "DEFECT".
    defects
        For each kind of defect, how often it was seen and the number of its first input.
    """

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    defects: dict[str, list[int]] = field(default_factory=dict)

    @property
    def inputs(self) -> int:
        """How many inputs were tried."""
        return sum(sum(of_reader.values()) for of_reader in self.counts.values())


def campaign(
    readers: list[Reader],
    folder: Path,
    *,
    inputs: int,
    seed: int,
    seconds: float | None = None,
    limit: float = SECONDS,
    keep: Path | None = None,
) -> Outcomes:
    """Try the inputs, one reader after another in turn, and return what came of them.

    Each may take ``limit`` seconds of the processor.
    """
    outcomes = Outcomes()
    start = time.monotonic()
    for number in range(inputs):
        if seconds is not None and time.monotonic() - start > seconds:
            break
        reader = readers[number % len(readers)]
        random = np.random.default_rng([seed, number])
        content = reader.make(random)
        outcome, defect = outcome_of(reader, content, folder / reader.file, limit)
        outcomes.counts[reader.name][outcome] += 1
        if defect:
            seen = outcomes.defects.setdefault(f"{reader.name}: {defect}", [0, number])
            seen[0] += 1
            if keep is not None and seen[0] == 1:
                (keep / f"{number}-{reader.file}").write_bytes(content)
    return outcomes


def outcome_of(reader: Reader, content: bytes, path: Path, limit: float = SECONDS) -> tuple[str, str]:
    """Return the outcome of one input, and the defect that it shows, or an empty text."""
    path.write_bytes(content)
    try:
        with _limited(limit), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader.read(path)
    except PellucidError as error:
        return type(error).__name__, "" if str(error).strip() else "an error without a text"
    except TooSlow:
        return "DEFECT", f"more than {limit:g} s of the processor"
    except (Exception, RecursionError) as error:
        return "DEFECT", _described(error)
    finally:
        path.unlink(missing_ok=True)
    return "read", ""


def _described(error: BaseException) -> str:
    """Return the kind of an unexpected error and the line of pellucid that raised it."""
    if isinstance(error, WrongAnswer):
        return f"WRONG ANSWER: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}pellucid{os.sep}" in frame.filename]
    frame = (ours or frames)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} ({str(error)[:80]})"


@contextlib.contextmanager
def _limited(limit: float) -> Iterator[None]:
    """Raise TooSlow in the block once it has used too much of the processor."""

    def stop(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def report(outcomes: Outcomes, seconds: float) -> str:
    """Return the outcomes as a table."""
    lines = [f"{outcomes.inputs:,} inputs in {seconds:.0f} s; largest memory {_peak()} MB"]
    for name, counts in outcomes.counts.items():
        parts = ", ".join(f"{outcome} {count:,}" for outcome, count in counts.most_common())
        lines.append(f"  {name:32} {sum(counts.values()):>8,}  {parts}")
    lines += [
        f"DEFECT {kind}: {count:,} inputs, first {first}" for kind, (count, first) in outcomes.defects.items()
    ]
    return "\n".join([*lines, f"{len(outcomes.defects)} kinds of defect"])


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    """Run the campaign that the command line asks for."""
    options = _options()
    os.environ["PELLUCID_THREADS"] = "1"
    with tempfile.TemporaryDirectory(prefix="pellucid-fuzz-") as name:
        scratch = Path(name)
        os.environ["PELLUCID_CACHE"], os.environ["PELLUCID_DATA"] = (
            str(scratch / "cache"),
            str(scratch / "mirror"),
        )
        wanted = options.readers.split(",") if options.readers else [""]
        readers = [one for one in all_readers(scratch) if any(part in one.name for part in wanted)]
        _limit_memory()
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
        start = time.monotonic()
        outcomes = campaign(
            readers,
            scratch,
            inputs=options.inputs,
            seed=options.seed,
            seconds=options.seconds,
            keep=options.keep,
        )
        print(report(outcomes, time.monotonic() - start), flush=True)
        if options.out:
            options.out.write_text(
                json.dumps({"counts": outcomes.counts, "defects": outcomes.defects}, indent=1) + "\n"
            )
    return 1 if outcomes.defects else 0


def _limit_memory() -> None:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, resource.RLIM_INFINITY))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, help="stop after so many, whatever was tried")
    parser.add_argument("--readers", help="only those whose name contains one of these texts")
    parser.add_argument("--keep", type=Path, help="a folder for the first input of each kind of defect")
    parser.add_argument("--out", type=Path, help="a file for the outcomes, as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
