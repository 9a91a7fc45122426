"""Plots and one self-contained HTML file from a run folder, independent of how it was trained."""

from __future__ import annotations

from pellucid.report.html import write_report as write_report
from pellucid.report.png import write_figures as write_figures

__all__ = ["write_figures", "write_report"]
