"""Plots and one self-contained HTML file from a run folder, independent of how it was trained."""

from __future__ import annotations

from pellucid.report.html import write_report as write_report
from pellucid.report.index_page import index_folder as index_folder
from pellucid.report.index_page import write_index as write_index
from pellucid.report.png import write_figures as write_figures
from pellucid.report.study_page import write_study_report as write_study_report

__all__ = ["index_folder", "write_figures", "write_index", "write_report", "write_study_report"]
