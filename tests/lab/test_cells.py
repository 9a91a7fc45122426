import pytest
from matplotlib.figure import Figure

from pellucid.lab.cells import run_cell


def test_a_cell_keeps_its_variables_and_what_it_prints():
    names = {}
    assert run_cell("import sys\na = 1\nprint('out')\nprint('err', file=sys.stderr)", names) == (
        "out\nerr\n",
        None,
    )
    assert run_cell("a + 1", names) == ("2\n", None)
    assert run_cell("None", names) == ("", None)
    assert run_cell("", names) == ("", None)


def test_a_cell_that_ends_in_a_figure_gives_it():
    printed, figure = run_cell("from matplotlib.figure import Figure\nFigure()", {})
    assert (printed, type(figure)) == ("", Figure)


def test_an_error_in_a_cell_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run_cell("1 / 0", {})
