"""All figures together."""

import subprocess
import sys

import pellucid.figures

PUBLIC = set(pellucid.figures.__all__)


def test_every_figure_has_a_text():
    for name in PUBLIC:
        if name.startswith("plot_") and name != "plot_history_panel":  # one half of plot_history
            assert name.removeprefix("plot_") + "_text" in PUBLIC


def test_no_figure_needs_a_screen_or_pyplot():
    code = "import pellucid.figures, sys; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
