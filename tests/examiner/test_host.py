import pytest

from pellucid.errors import ArgumentError, UnknownNameError
from pellucid.examiner import examine, host, student
from pellucid.examiner.examining import Host

SOURCE = "import numpy as np\ndef relu(maps):\n    print('hello')\n    return np.maximum(maps, 0)\n"
JOB = {
    "name": "x.py",
    "source": SOURCE,
    "seed": 0,
    "seconds": 10,
    "megabytes": 2048,
    "definitions_only": False,
    "question": 21,
}


def points(outcome):
    return sum(one["points"] for one in outcome["answer"]["outcomes"])


@pytest.fixture
def no_fork(monkeypatch):
    monkeypatch.setattr(student, "hasattr", lambda thing, name: False, raising=False)


def test_where_there_is_no_fork_a_process_is_started_for_each_job(no_fork):
    outcome = host.run(JOB, host.Launchers())
    assert outcome["output"].startswith("hello")
    assert points(outcome) == 2


def test_a_process_that_ends_itself_is_told_where_there_is_no_fork(no_fork):
    outcome = host.run({**JOB, "source": "import os; os._exit(3)"}, host.Launchers())
    assert outcome["trouble"] == "It ended the whole process (os._exit)."


def test_a_job_that_does_not_end_is_ended_where_there_is_no_fork(no_fork):
    source = "import signal, time\nsignal.alarm(0); signal.setitimer(signal.ITIMER_REAL, 0)\ntime.sleep(60)"
    outcome = host.run({**JOB, "source": source, "seconds": 1}, host.Launchers())
    assert outcome["trouble"] == "It had not come to an end after 1 s, and was ended."


def test_a_host_that_dies_is_started_again():
    with Host() as warm:
        assert points(warm.ask(JOB)) == 2
        warm._process.kill()
        warm._process.wait()
        assert points(warm.ask(JOB)) == 2


def test_too_much_memory_is_refused():
    with Host() as warm:
        outcome = warm.ask(
            {**JOB, "megabytes": 1024, "source": SOURCE.replace("'hello'", "np.ones(2 * 10**8)[0]")}
        )
    assert "MemoryError" in outcome["answer"]["outcomes"][0]["message"]


def test_what_cannot_be_asked(tmp_path):
    with pytest.raises(ArgumentError, match=r"seconds must be positive. Received: seconds=-1"):
        examine(tmp_path / "x.py", seconds=-1)
    with pytest.raises(UnknownNameError, match="There is no question 12"):
        examine(tmp_path / "x.py", questions=[12])
