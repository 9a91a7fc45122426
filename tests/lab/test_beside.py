"""Processes beside this one give the same bits, and end with it."""

import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import pytest

from pellucid.core.processes import ProcessIdentity, start_of
from pellucid.figures import plot_seconds
from pellucid.figures.plot import png
from pellucid.lab.beside import draw_beside, processes_beside, train_beside
from pellucid.lab.scale import Scale
from pellucid.lab.trainings import TrainingStore, training, using_store
from pellucid.lab.writing import write_lab

PARENT = """
import os, sys, time
from pellucid.lab.beside import processes_beside
if __name__ == "__main__":
    with processes_beside(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(600)
"""


@pytest.fixture(scope="module")
def pool():
    with processes_beside(2) as pool:
        yield pool


def test_trainings_beside_are_those_that_are_done_here(pool, tmp_path):
    asked = [("digits-perceptron", {"seed": seed, "epochs": 2}) for seed in (0, 1)]
    begun = [train_beside(pool, tmp_path / "beside", *one) for one in asked]
    told = [future.result() for future in begun]
    assert all("training digits-perceptron" in progress and "2/2" in progress for progress, _ in told)
    assert [len(seconds) for _, seconds in told] == [1, 1]
    with using_store(TrainingStore(tmp_path / "here", io.StringIO())):
        for name, chosen in asked:
            training(name, **chosen)
    here = sorted(path.name for path in (tmp_path / "here").iterdir())
    assert here == sorted(folder for _, seconds in told for folder in seconds)
    for folder in here:
        one, other = (tmp_path / place / folder for place in ("here", "beside"))
        assert (one / "model.safetensors").read_bytes() == (other / "model.safetensors").read_bytes()
        assert json.loads((other / "configuration.json").read_text())["training"]["threads"] == 1


def test_the_error_of_a_training_is_raised(pool, tmp_path):
    with pytest.raises(Exception, match="no experiment 'nosuch'"):
        train_beside(pool, tmp_path, "nosuch", {}).result()


def test_a_figure_is_drawn_as_it_is_when_it_is_given(pool):
    figure = plot_seconds({"seconds": [1, 2]})
    before = png(figure)
    drawn = draw_beside(pool, figure)
    figure.clear()
    assert drawn.result() == before


def test_an_interruption_ends_them():
    before = multiprocessing.active_children()
    with pytest.raises(KeyboardInterrupt):
        wait_and_interrupt()
    assert set(multiprocessing.active_children()) <= set(before)


def wait_and_interrupt():
    with processes_beside(1) as pool:
        pool.submit(os.getpid).result()
        pool.submit(time.sleep, 600)
        raise KeyboardInterrupt


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_they_end_when_the_process_that_started_them_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        child = ProcessIdentity("", pid, start_of(pid))
        parent.send_signal(signal.SIGKILL)
    while start_of(pid) == child.started:
        time.sleep(0.05)


def test_the_document_is_the_same(tmp_path):
    scale = Scale("small", epochs={"digits-cnn": 2, "digits-perceptron": 2, "digits-cnn-64": 2})
    progress = io.StringIO()
    beside = write_lab(tmp_path / "a", scale=scale, only="D5,D11", pdf=False, progress=progress, processes=2)
    here = write_lab(tmp_path / "b", scale=scale, only="D5,D11", pdf=False)
    assert "2 are done at a time, with one thread each." in progress.getvalue()
    answers = [json.loads(written.results.read_text())["questions"] for written in (beside, here)]
    assert answers[0] == answers[1]
    assert "2 at a time, with one thread each" in beside.html.read_text()
    assert beside.markdown.with_name("figures").is_dir()
