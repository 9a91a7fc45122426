"""The public door of the figures."""

import ast
import subprocess
import sys
from pathlib import Path

import pellucid.figures

PUBLIC = {name for name in vars(pellucid.figures) if name[0].isalpha() and name != "annotations"}


def test_what_is_public_is_what_is_listed():
    assert sorted(PUBLIC) == pellucid.figures.__all__


def test_every_figure_has_a_text():
    for name in PUBLIC:
        if name.startswith("plot_") and name != "plot_history_panel":  # one half of plot_history
            assert name.removeprefix("plot_") + "_text" in PUBLIC


def test_no_figure_needs_a_screen_or_pyplot():
    code = "import pellucid.figures, sys; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_nothing_of_the_report_knows_of_training():
    for file in Path(pellucid.figures.__file__).parent.glob("report/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[:2] not in (
                    ["pellucid", floor] for floor in ("training", "layers", "cli")
                )
