"""Marks of honest submissions are the same with the walls and without."""

import pytest

from pellucid.examiner.examining import examine
from pellucid.examiner.host_process import Host
from pellucid.examiner.walls.walls import WALLS

HONEST = {
    "plots, reads and writes": """
        import os
        import shutil
        import tempfile
        import warnings
        import matplotlib.pyplot as plt
        LOW = float(open("low.txt").read())
        plt.hist(np.arange(9))
        plt.savefig("plot.png")
        shutil.copy("plot.png", "copy.png")
        os.makedirs("out", exist_ok=True)
        np.save(os.path.join("out", "maps.npy"), np.zeros(3))
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
        print(os.listdir("out"), np.load("out/maps.npy"))

        def relu(maps):
            return np.maximum(maps, LOW)
    """,
    "SciPy and threads": """
        import threading
        from scipy.signal import correlate2d
        done = []
        thread = threading.Thread(target=done.append, args=(1,))
        thread.start()
        thread.join()

        def relu(maps):
            return np.where(correlate2d(maps, [[1.0]]) > 0, maps, 0) if maps.ndim == 2 else maps * (maps > 0)
    """,
    "wrong, in place, with loops": """
        def relu(maps):
            for i in range(maps.shape[0]):
                for j in range(maps.shape[1]):
                    maps[i, j] = abs(maps[i, j])
            return maps
    """,
    "stops": """
        import helper
        raise SystemExit(helper.CODE)

        def relu(maps):
            return helper.cut(maps)
    """,
    "Numba": """
        from numba import njit

        @njit
        def one(value):
            return value if value > 0 else 0.0

        def relu(maps):
            return np.maximum(maps, one(-1.0))
    """,
}


@pytest.fixture(scope="module")
def without_walls():
    with Host(without=WALLS) as warm:
        yield warm


@pytest.mark.parametrize("name", HONEST)
def test_walls_change_no_mark_of_an_honest_submission(name, host, without_walls, marks_of, tmp_path):
    if name == "Numba":
        pytest.importorskip("numba")
    (tmp_path / "low.txt").write_text("0")
    (tmp_path / "helper.py").write_text(
        "import numpy\nCODE = 3\ndef cut(maps):\n    return numpy.maximum(maps, 0)\n"
    )
    within = marks_of(HONEST[name], questions=[21], seconds=60)
    without = examine(tmp_path / "lowlevel.py", questions=[21], seconds=60, host=without_walls)
    assert within.answers == without.answers
    assert within.notes == without.notes
    assert (within.points == 2) == ("wrong" not in name)
