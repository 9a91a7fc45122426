"""Kill runs at random moments, resume them until they are finished, and compare them with an undisturbed run.

    nice python benchmarks/kills.py --kills 500 --out kills.json

Each trial begins the same small run, and ends its process by SIGKILL, SIGTERM, SIGHUP or SIGINT at a random
moment, perhaps several times, also while it is resumed, reported, or its data are fetched. Then it is run or
resumed until it is finished, as a user would. At the end the weights, the predictions and the history (all
but its seconds) must be the bits of the undisturbed run, and there may be no temporary file and no lock.

The processes are forked from this one, which has made a run, so that a kill hits the work and not the
imports, during which nothing is on the disk. ``--whole`` starts that many of them as commands of their own
instead. Data are fetched, from the mirror that PELLUCID_DATA names, if it is set.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from pellucid.cli.main import main as pellucid_command
from pellucid.core import settings
from pellucid.experiments import Experiment
from pellucid.layers import Dense, Dropout
from pellucid.report import write_figures, write_report
from pellucid.runs import RunFolder, resume, run

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
EXACT = ("model.safetensors", "predictions.csv", "validation.csv", "pictures.npz", "uses.json")
TINY = Experiment(
    "tiny",
    "A small network with dropout and an optimizer with state, so that there is much to lose",
    "digits",
    [Dense(16, activation="relu"), Dropout(0.25), Dense(10, activation="softmax")],
    batch_size=128,
    epochs=6,
    flat=True,
)
DECLARED = """
from pellucid.experiments import Experiment
from pellucid.layers import Dense, Dropout
tiny = Experiment(
    "tiny", "", "digits", [Dense(16, activation="relu"), Dropout(0.25), Dense(10, activation="softmax")],
    batch_size=128, epochs=6, flat=True,
)
"""


def begin_run(folder: Path) -> None:
    run(TINY, folder, verbose=0)


def resume_run(folder: Path) -> None:
    resume(folder, verbose=0)


def report_run(folder: Path) -> None:
    write_figures(folder)
    write_report(folder)


def fetch(folder: Path) -> None:
    os.environ["PELLUCID_CACHE"] = str(folder / "cache")
    pellucid_command(["data", "fetch", "mnist"])


def command_of(work, folder: Path) -> list[str]:
    """Return the command line that does the same in a process of its own."""
    begin = {
        begin_run: ["run", "tiny.py", "--out", str(folder)],
        resume_run: ["resume", str(folder)],
        report_run: ["report", str(folder)],
    }
    return [sys.executable, "-m", "pellucid", *begin[work]]


@dataclass
class Campaign:
    """What is done, and what came of it."""

    place: Path
    chance: random.Random
    whole: int
    kills: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    seconds: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)

    def start(self, work, folder: Path, *, whole: bool) -> int:
        """Start a process that does ``work`` on ``folder``; return its id."""
        if whole:
            log = (self.place / "log.txt").open("ab")
            return subprocess.Popen(
                command_of(work, folder), cwd=self.place, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            ).pid
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            log = os.open(self.place / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            work(folder)
            code = 0
        except KeyboardInterrupt:
            code = 130
        except SystemExit as end:
            code = end.code or 0
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(code)

    def disturbed(self, work, folder: Path) -> bool:
        """Do ``work`` in a process, which is killed at a random moment; return whether it was."""
        whole = self.whole > 0 and work is not fetch and self.chance.random() < 0.2
        self.whole -= whole
        expected = self.seconds[work.__name__] + (self.seconds["start"] if whole else 0)
        child = self.start(work, folder, whole=whole)
        ends = time.monotonic() + self.chance.uniform(0, expected)
        while time.monotonic() < ends:
            if os.waitpid(child, os.WNOHANG)[0]:
                return False
            time.sleep(0.001)
        how = self.chance.choice(SIGNALS)
        os.kill(child, how)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            return False
        kind = f"{work.__name__}{' (command)' if whole else ''}"
        self.kills[f"{how.name} during {kind}"] += 1
        return True

    def undisturbed(self, work, folder: Path) -> int:
        """Do ``work`` in a process; return its exit code."""
        return os.waitstatus_to_exitcode(os.waitpid(self.start(work, folder, whole=False), 0)[1])

    def go_on(self, folder: Path) -> str:
        """Do what a user would after a kill; return "" if the run is finished, or what stands in the way."""
        if not (folder / "run.json").exists():
            self.found["nothing there"] += 1
            work = begin_run
        else:
            status = RunFolder.open(folder).status
            self.found[str(status)] += 1
            if status == "finished":
                return ""
            work = resume_run
        if self.chance.random() < 0.92 and self.disturbed(work, folder):
            return self.go_on(folder)
        if (folder / "run.json").exists() and RunFolder.open(folder).status == "finished":
            return ""
        work = resume_run if (folder / "run.json").exists() else begin_run
        code = self.undisturbed(work, folder)
        return "" if code == 0 else f"{work.__name__} ended with {code}"

    def trial(self, number: int, expected: dict[str, bytes]) -> None:
        """One run that is disturbed, and finished."""
        folder = self.place / f"run-{number}"
        fault = ""
        if self.chance.random() < 0.06 and settings.DATA.value() is not None:
            folder.mkdir()
            if self.disturbed(fetch, folder) and self.undisturbed(fetch, folder):
                fault = "data could not be fetched"
            fault = fault or "; ".join(left_in(folder))
        else:
            self.disturbed(begin_run, folder)
            fault = self.go_on(folder)
            if not fault and self.chance.random() < 0.03:
                self.disturbed(report_run, folder)
                if self.undisturbed(report_run, folder):
                    fault = "no report could be made"
            fault = fault or "; ".join([*differences(folder, expected), *left_in(folder)])
        beside = [path.name for path in self.place.glob(".*.part")]
        if fault or beside:
            self.faults.append(f"trial {number}: {fault} {beside or ''}".rstrip())
            print(self.faults[-1], flush=True)
        else:
            shutil.rmtree(folder)


def kept(folder: Path) -> dict[str, bytes]:
    """Return what must be the same bits: the files, and the history without its seconds."""
    history = json.loads((folder / "history.json").read_text())
    rows = [{name: value for name, value in row.items() if name != "seconds"} for row in history]
    return {
        **{file: (folder / file).read_bytes() for file in EXACT},
        "history": json.dumps(rows).encode(),
        "rows of history.csv": str(len((folder / "history.csv").read_text().splitlines())).encode(),
    }


def differences(folder: Path, expected: dict[str, bytes]) -> list[str]:
    """Return which files differ from those of the undisturbed run."""
    if RunFolder.open(folder).status != "finished":
        return ["is not finished"]
    RunFolder.open(folder).check()
    found = kept(folder)
    return [f"{name} differs" for name in expected if found[name] != expected[name]]


def left_in(folder: Path) -> list[str]:
    """Return which temporary files and locks are left."""
    left = [*folder.rglob(".*.part"), *folder.rglob("lock.json")]
    return [f"{path.relative_to(folder)} is left" for path in left]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--whole", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("PELLUCID_ENGINE", "numpy")  # nothing is compiled, so that processes begin at once
    began = time.monotonic()
    place = Path(tempfile.mkdtemp(prefix="pellucid-kills-"))
    (place / "tiny.py").write_text(DECLARED)
    campaign = Campaign(place, random.Random(options.seed), options.whole)
    warm, reference = place / "warm", place / "undisturbed"
    begin_run(warm)  # here, so that everything is imported that a process needs
    report_run(warm)
    for work in (begin_run, report_run, *([fetch] if settings.DATA.value() is not None else [])):
        start = time.monotonic()
        code = campaign.undisturbed(work, reference)
        assert code == 0, (place / "log.txt").read_text()
        campaign.seconds[work.__name__] = time.monotonic() - start
    campaign.seconds["resume_run"] = campaign.seconds["begin_run"]
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", "import pellucid.runs, pellucid.cli.main"], check=True)
    campaign.seconds["start"] = time.monotonic() - start
    print({name: round(value, 2) for name, value in campaign.seconds.items()}, place, flush=True)
    expected, trials = kept(reference), 0
    while campaign.kills.total() < options.kills and time.monotonic() - began < 60 * options.minutes:
        campaign.trial(trials, expected)
        trials += 1
        if trials % 20 == 0:
            print(
                f"{trials} trials, {campaign.kills.total()} kills, {len(campaign.faults)} faults", flush=True
            )
    result = {
        "kills": campaign.kills.total(),
        "trials": trials,
        "by signal and work": dict(sorted(campaign.kills.items())),
        "status found after a kill": dict(campaign.found),
        "faults": campaign.faults,
        "minutes": round((time.monotonic() - began) / 60, 1),
    }
    print(json.dumps(result, indent=2))
    if options.out:
        options.out.write_text(json.dumps(result, indent=2) + "\n")
    if not campaign.faults:
        shutil.rmtree(place)
    return 1 if campaign.faults else 0


if __name__ == "__main__":
    sys.exit(main())
