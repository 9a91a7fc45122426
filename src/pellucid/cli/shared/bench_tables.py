"""What ``pellucid bench`` prints, from what it measured."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from pellucid.bench.measured import PredictionSpeed
from pellucid.bench.ranking import speed_up
from pellucid.bench.results import Absent, BenchResults, Failed, NetworkTraining
from pellucid.bench.variants import OURS, VARIANTS
from pellucid.cli.shared.layout import table
from pellucid.core.wording.percents import percent
from pellucid.core.wording.plurals import counted
from pellucid.core.wrapping import wrapped
from pellucid.runs.record.environment import Processor

ABOUT_THE_SHARE = (
    "Of ceiling: the operations of direct arithmetic, over those of NumPy's large matrix product. It may "
    "pass 100 %: Winograd's convolution needs fewer operations than direct arithmetic."
)
ABOUT_PEERS = (
    "× is how many times as fast pellucid is. First: seconds for the first steps, compiling included; "
    "the rates leave them out. Variants in brackets compute with less precision than float32: not compared."
)


def shown(found: BenchResults, columns: int) -> str:
    """Return everything that was measured, as text."""
    paragraphs = [
        *_machine(found),
        _training(found),
        ABOUT_THE_SHARE,
        *_prediction(found.prediction),
        *_peers(found.training),
        *(_absent(entry) for entry in found.absent),
    ]
    return "\n\n".join(
        "\n".join(wrapped(line, columns) if not _is_row(line) else line for line in text.splitlines())
        for text in paragraphs
    )


def _is_row(line: str) -> bool:
    return "   " in line  # wrapping would end the alignment


def _machine(found: BenchResults) -> list[str]:
    machine = found.machine
    ceiling = f"{_giga(machine.ceiling)} GFLOP/s on {counted(machine.threads, 'thread')}"
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    blas = "; ".join(
        f"{one.internal_api} {one.version}, core type {one.architecture}" for one in machine.blas
    )
    lines = [
        f"{_processor(machine.cpu)}, {machine.threads} used; {machine.system}",
        f"Python {machine.python}; {versions}",
        f"BLAS: {blas or 'not known to threadpoolctl'}",
        f"Compiled kernels: {machine.compiled_kernels or 'none in use'}",
        f"Ceiling, NumPy's matrix product: {ceiling}",
    ]
    return ["\n".join(lines), *_variables(found)]


def _processor(cpu: Processor | None) -> str:
    return "a processor that is not known" if cpu is None else f"{cpu.name}, {cpu.count} processors"


def _variables(found: BenchResults) -> list[str]:
    """Return what the environment variables that slow OpenBLAS down do, where they are set."""
    if not found.variables:
        return []
    names = " and ".join(f"{name}={value}" for name, value in found.variables.items())
    are, it = ("are", "them") if len(found.variables) > 1 else ("is", "it")
    slower, full = found.ceiling_with_variables, found.machine.ceiling
    if slower is None:
        return [f"{names} {are} set, and left so: OpenBLAS may not use this processor's own kernels."]
    return [
        f"{names} {are} set here; measured without. Set so, the matrix product reaches {_giga(slower)} "
        f"GFLOP/s, {percent(slower / full, 0)} of what it reaches without, and training suffers likewise: "
        f"unset {it}. (--keep-environment measures so.)"
    ]


def _training(found: BenchResults) -> str:
    ceiling, threads = found.machine.ceiling, found.machine.threads
    head = ["network", "batch", "images/s", "slowest", "fastest", "of ceiling"]
    rows = []
    for name, entry in found.training.items():
        ours = entry.speeds[OURS.name]
        rates = ours.images_per_second
        share = median(rates) * ours.operations_per_image / ceiling
        row = [
            name,
            str(ours.batch_size),
            *map(_count, (median(rates), min(rates), max(rates))),
            percent(share, 0),
        ]
        if entry.one_thread is not None:
            alone = median(entry.one_thread.images_per_second)
            row += [_count(alone), f"{median(rates) / alone:.2f} ×"]
        rows.append(row)
    if threads > 1:
        head += ["1 thread", f"{threads} threads"]
    return "Training, pellucid\n" + table(head, rows, "l" + "r" * (len(head) - 1))


def _prediction(found: Mapping[str, PredictionSpeed | Failed]) -> list[str]:
    if not found:
        return []
    rows = []
    for name, entry in found.items():
        if isinstance(entry, Failed):
            rows.append([_title(name), "failed", "", "", ""])
            continue
        rows.append(
            [
                _title(name),
                f"{median(entry.one.milliseconds):.2f}",
                entry.one.way,
                _count(median(entry.batches.images_per_second)),
                entry.batches.way,
            ]
        )
    head = ["mnist-cnn", "one image, ms", "by", "batches of 256, images/s", "by"]
    return ["Prediction\n" + table(head, rows, "lrlrl")]


def _peers(training: Mapping[str, NetworkTraining]) -> list[str]:
    if all(list(entry.variants) == [OURS.name] for entry in training.values()):
        return []
    paragraphs = [_beside(name, entry) for name, entry in training.items()]
    return [*paragraphs, ABOUT_PEERS]


def _beside(name: str, training: NetworkTraining) -> str:
    speeds = training.speeds
    rates = {variant: median(speed.images_per_second) for variant, speed in speeds.items()}
    rows = []
    for variant in sorted(rates, key=rates.__getitem__, reverse=True):
        times = "" if variant == OURS.name else f"{rates[OURS.name] / rates[variant]:.2f} ×"
        first = f"{speeds[variant].first_seconds:.1f}"
        rows.append([_title(variant), _count(rates[variant]), times, first])
    lines = [f"Training {name}", table(["", "images/s", "×", "first, s"], rows, "lrrr")]
    lines += [f"{variant} failed: {why}" for variant, why in training.failures.items()]
    best = speed_up(rates)
    if best is not None:
        lines.append(f"pellucid over the best peer, {best[0]}: {best[1]:.2f} ×")
    return "\n".join(lines)


def _absent(entry: Absent) -> str:
    packages = " and ".join(entry.packages)
    are = "are" if len(entry.packages) > 1 else "is"
    variants = ", ".join(entry.variants)
    return f"Not measured: {variants}. {packages} {are} not installed here: {entry.install}"


def _title(variant: str) -> str:
    return f"({variant})" if VARIANTS[variant].lower_precision else variant


def _count(number: float) -> str:
    return f"{number:,.0f}"


def _giga(operations: float) -> str:
    return f"{operations / 1e9:,.0f}"
