"""The campaign of kills notices a run that differs, and what is left of a kill."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from pellucid.runs import run

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked"),
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
    pytest.mark.filterwarnings(r"ignore:os.fork\(\) was called:RuntimeWarning"),  # where JAX is loaded
]


@pytest.fixture(scope="module")
def kills():
    sys.path.insert(0, str(BENCHMARKS))
    import kills

    return kills


@pytest.fixture(scope="module")
def whole(tmp_path_factory, declare):
    return run(declare(), tmp_path_factory.mktemp("runs") / "whole", verbose=0).path


@pytest.fixture
def copy(whole, tmp_path):
    return Path(shutil.copytree(whole, tmp_path / "run"))


def test_the_same_run_does_not_differ(kills, whole, copy):
    assert kills.differences(copy, kills.kept(whole)) == []
    assert kills.left_in(copy) == []


def test_another_weight_is_noticed(kills, whole, copy, declare):
    shutil.rmtree(copy)
    run(declare(batch_size=63), copy, verbose=0)
    assert "model.safetensors differs" in kills.differences(copy, kills.kept(whole))
    assert "history differs" in kills.differences(copy, kills.kept(whole))


def test_a_run_that_is_not_finished_is_noticed(kills, whole, copy):
    kills.RunFolder.open(copy).interrupt()
    assert kills.differences(copy, kills.kept(whole)) == ["is not finished"]


@pytest.mark.parametrize("name", ["lock.json", ".history.json.0-1-.x.part"])
def test_what_is_left_is_noticed(kills, copy, name):
    (copy / name).write_text("")
    assert kills.left_in(copy) == [f"{name} is left"]


def test_a_process_is_killed_and_its_run_finished(kills, tmp_path, whole):
    campaign = kills.Campaign(tmp_path, kills.random.Random(0), 0)
    campaign.seconds = dict.fromkeys(("begin_run", "resume_run", "report_run", "fetch", "start"), 0.5)
    campaign.undisturbed(kills.begin_run, tmp_path / "undisturbed")
    expected = kills.kept(tmp_path / "undisturbed")
    for number in range(20):
        campaign.trial(number, expected)
        if campaign.kills:
            break
    assert campaign.kills
    assert campaign.faults == []
