"""The table that README shows, and all else that was found, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from comparison.results import by_kind, failures, training
from pellucid.bench.ranking import best_peer, speed_up
from pellucid.bench.variants import VARIANTS


def markdown(data: Mapping[str, Any]) -> str:
    """Return everything that was found."""
    parts = [
        _circumstances(data),
        _training(data),
        _first_steps(data),
        _prediction(data),
        _costs(data),
        _failures(data),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def is_ours(contender: str) -> bool:
    """Return whether that is pellucid, in whatever circumstances."""
    return contender.startswith("pellucid")


def _circumstances(data: Mapping[str, Any]) -> str:
    machine, settings = data["machine"], data["settings"]
    lines = [
        f"{machine['cpu']['name']}, {machine['cpu']['count']} processors; {settings['threads']} threads each "
        f"where nothing else is said; {machine['system']}; Python {machine['python']}. Every figure is the "
        "median over rounds; in each round a process of its own is timed for "
        f"{settings['seconds']:g} s after what it does once."
    ]
    versions: dict[str, str] = {}
    for entry in by_kind(data, "training").values():
        for rounds in entry.values():
            for name, version in rounds[-1]["versions"].items():
                versions.setdefault(name, version)
    if versions:
        lines.append(
            "Versions: " + ", ".join(f"{name} {version}" for name, version in sorted(versions.items())) + "."
        )
    for name, rounds in by_kind(data, "machine").get("-", {}).items():
        ceiling = median(one["ceiling"] for one in rounds)
        blas = ", ".join(
            f"{one['internal_api']} {one['version']} ({one['architecture']})" for one in rounds[-1]["blas"]
        )
        kernels = rounds[-1]["compiled_kernels"] or "none"
        lines.append(
            f"{name}: {blas}, matrix product {ceiling / 1e9:,.0f} GFLOP/s, compiled kernels: {kernels}."
        )
    if machine["variables"]:
        names = ", ".join(f"{name}={value}" for name, value in machine["variables"].items())
        lines.append(f"Set on this machine, and unset unless said otherwise: {names}.")
    return "\n\n".join(lines)


def _training(data: Mapping[str, Any]) -> str:
    rates = training(data)
    if not rates:
        return ""
    best = {network: best_peer(entry) for network, entry in rates.items()}

    def cell(contender: str, network: str) -> str:
        rate = rates[network].get(contender)
        if rate is None:
            return ""
        return f"**{rate:,.0f}**" if contender == best[network] else f"{rate:,.0f}"

    table = _table("training, images/s", rates, _contenders(rates), cell)
    ours = [name for name in _contenders(rates) if is_ours(name)]
    ratios = _table("over the best peer", rates, ours, lambda name, network: _ratio(rates[network], name))
    shares = _table(
        "of ceiling", rates, ours, lambda name, network: _share(data, rates[network], name, network)
    )
    note = (
        "Bold: the best peer, of those that compute in float32. *Italic* names compute with less precision. "
        "Of ceiling: the operations of direct arithmetic at that rate, over those of NumPy's large matrix "
        "product; it may pass 100 %, as Winograd's convolution needs fewer operations."
    )
    return "\n\n".join([table, ratios, shares, note])


def _ratio(rates: Mapping[str, float], ours: str) -> str:
    found = speed_up(rates, ours)
    return "" if found is None else f"{found[1]:.2f}"


def _share(data: Mapping[str, Any], rates: Mapping[str, float], ours: str, network: str) -> str:
    plain = ours.partition(",")[0]
    ceilings = by_kind(data, "machine").get("-", {}).get(plain)
    if ours not in rates or not ceilings or ours != plain:
        return ""
    operations = by_kind(data, "training")[network][ours][-1]["operations_per_image"]
    return f"{rates[ours] * operations / median(one['ceiling'] for one in ceilings):.0%}"


def _first_steps(data: Mapping[str, Any]) -> str:
    found = by_kind(data, "training")
    if not found:
        return ""

    def cell(contender: str, network: str) -> str:
        rounds = found[network].get(contender)
        return f"{median(one['first_seconds'] for one in rounds):.1f}" if rounds else ""

    return _table("first steps, compiling included, s", found, _contenders(found), cell)


def _prediction(data: Mapping[str, Any]) -> str:
    tables = []
    for network, found in by_kind(data, "prediction").items():
        heads = {"one image, ms": _one_image, "batches of 256, images/s": _batches}
        tables.append(
            _table(
                f"prediction, {network}",
                heads,
                list(found),
                lambda contender, head: heads[head](found[contender]),  # noqa: B023 - called at once
            )
        )
    return "\n\n".join(tables)


def _one_image(rounds: Sequence[Mapping[str, Any]]) -> str:
    milliseconds = median(median(one["one"]["milliseconds"]) for one in rounds)
    return f"{milliseconds:.3f} ({rounds[-1]['one']['way']})"


def _batches(rounds: Sequence[Mapping[str, Any]]) -> str:
    rate = median(median(one["batches"]["images_per_second"]) for one in rounds)
    return f"{rate:,.0f} ({rounds[-1]['batches']['way']})"


def _costs(data: Mapping[str, Any]) -> str:
    """Memory at its peak, and what it costs to have the library at all."""
    memory, imports = by_kind(data, "memory"), by_kind(data, "import").get("-", {})
    heads: dict[str, Callable[[str], str]] = {
        f"peak memory training {network}, MB": lambda name, entry=entry: _megabytes(entry.get(name, []))
        for network, entry in memory.items()
    }
    if imports:
        heads["import, s"] = lambda name: (
            f"{median(imports[name][0]['seconds']):.2f}" if name in imports else ""
        )
    names = list(dict.fromkeys([*imports, *(name for entry in memory.values() for name in entry)]))
    if not names:
        return ""
    sizes = {name: made["bytes"] for name, made in data["environments"].items()}
    heads["installed, MB"] = lambda name: f"{sizes[_environment(name)] / 1e6:,.0f}"
    return _table("costs", heads, names, lambda name, head: heads[head](name))


def _megabytes(rounds: Sequence[Mapping[str, Any]]) -> str:
    peaks = [one["peak_bytes"] for one in rounds if one["peak_bytes"]]
    return f"{median(peaks) / 1e6:,.0f}" if peaks else ""


def _environment(contender: str) -> str:
    return VARIANTS[contender].family if contender in VARIANTS and not is_ours(contender) else contender


def _failures(data: Mapping[str, Any]) -> str:
    return "\n".join(f"- {key} failed: {why}" for key, why in failures(data).items())


def _contenders(by_network: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return who was measured: pellucid first, then the peers in the order of their variants."""
    there = {name for entry in by_network.values() for name in entry}
    ours = sorted(name for name in there if is_ours(name))
    return ours + [name for name in VARIANTS if name in there and not is_ours(name)]


def _table(
    corner: str,
    heads: Sequence[str] | Mapping[str, Any],
    names: Sequence[str],
    cell: Callable[[str, str], str],
) -> str:
    """Return a Markdown table with a row for each of ``names`` that has anything to show."""
    lines = [f"| {corner} | {' | '.join(heads)} |", "|---" + "|---:" * len(heads) + "|"]
    for name in names:
        cells = [cell(name, head) for head in heads]
        if any(cells):
            lower = name in VARIANTS and VARIANTS[name].lower_precision
            lines.append(f"| {f'*{name}*' if lower else name} | {' | '.join(cells)} |")
    return "\n".join(lines)
