import subprocess
import sys
from pathlib import Path

import pytest

LEAVES_A_PROCESS = """
import os, subprocess
from pellucid.examiner import launcher
from pellucid.examiner.walls.system_calls import SET_SUBREAPER, process_control
process_control(SET_SUBREAPER, 1)
child = os.fork()
if child == 0:
    subprocess.Popen(["sleep", "77.25"], start_new_session=True)
    os._exit(3)
print(launcher.end(child, 5))
"""


def _command(process):
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux gives orphans to a subreaper")
def test_a_process_in_a_session_of_its_own_does_not_outlive_the_examination():
    done = subprocess.run(
        [sys.executable, "-c", LEAVES_A_PROCESS], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == f"{3 << 8}\n"
    assert [process for process in Path("/proc").glob("[0-9]*") if "77.25" in _command(process)] == []


def test_the_warm_process_holds_no_library_that_has_the_answers():
    code = (
        "import sys; import pellucid.examiner.launcher; from pellucid.examiner.trust import LIBRARIES\n"
        "others = [name for name in sys.modules if name.partition('.')[0] in LIBRARIES]\n"
        "known = ('pellucid.examiner', 'pellucid.errors', 'pellucid.core')\n"
        "print([name for name in others if name != 'pellucid' and not name.startswith(known)])\n"
        "judges = ('pellucid.examiner.exams', 'pellucid.examiner.cases')\n"
        "print([name for name in others if name.startswith(judges)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"


def test_matplotlib_can_be_imported_and_draws(marks_of):
    source = """
        import matplotlib.pyplot as plt
        plt.plot([1, 2])
        plt.savefig("plot.png")
        def relu(maps):
            return np.maximum(maps, 0)
    """
    marks = marks_of(source, questions=[21])
    assert marks.points == 2
    assert marks.notes == ()
