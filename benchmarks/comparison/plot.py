"""The plot that README shows: each library in its best form, one panel a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from comparison.results import training
from comparison.tables import is_ours
from pellucid.bench.variants import VARIANTS

OURS, THEIRS = "#0b6e4f", "#9aa5b1"
COLUMNS = 3


def bars(rates: Mapping[str, float]) -> dict[str, float]:
    """Return one rate for each library, that of its fastest form in float32, fastest library first.

    pellucid is there with its compiled kernels and without, but not on fewer threads or held back.
    """
    best: dict[str, float] = {}
    for name, rate in rates.items():
        if "," in name or (name in VARIANTS and VARIANTS[name].lower_precision):
            continue
        library = library_of(name)
        best[library] = max(rate, best.get(library, 0.0))
    return dict(sorted(best.items(), key=lambda item: -item[1]))


def library_of(contender: str) -> str:
    """Return the library without its form: keras-jax of keras-jax-steps, torch of torch-compile."""
    if is_ours(contender):
        return contender
    words = contender.split("-")
    return "-".join(words[:2] if words[0] == "keras" else words[:1])


def plot(data: Mapping[str, Any], path: Path) -> None:
    """Write the plot to ``path``; nothing where nothing was trained."""
    rates = training(data)
    if not rates:
        return
    with mpl.rc_context({"svg.hashsalt": "pellucid", "font.size": 9}):
        figure = drawn(rates)
        metadata = {"Date": None} if path.suffix == ".svg" else None
        figure.savefig(path, bbox_inches="tight", metadata=metadata)


def drawn(rates: Mapping[str, Mapping[str, float]]) -> Figure:
    """Return the figure: horizontal bars, labelled with their rates."""
    rows = -(-len(rates) // COLUMNS)
    figure = Figure(figsize=(11, 2.4 * rows), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, squeeze=False).flat
    for (network, entry), panel in zip(rates.items(), panels, strict=False):
        found = bars(entry)
        colours = [OURS if is_ours(name) else THEIRS for name in found]
        drawn_bars = panel.barh(list(found), list(found.values()), color=colours)
        panel.bar_label(drawn_bars, labels=[f"{rate:,.0f}" for rate in found.values()], padding=3)
        panel.invert_yaxis()
        panel.set_title(network, loc="left", fontweight="bold")
        panel.set_xlim(0, 1.25 * max(found.values()))
        panel.set_xticks([])
        panel.spines[["top", "right", "bottom"]].set_visible(False)
    for panel in list(panels):
        panel.set_visible(False)
    figure.supxlabel("training, images per second (more is better)")
    return figure
