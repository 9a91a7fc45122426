"""A small finished run, a folder of images, and the command line called in this process."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from pellucid.cli.main import app
from pellucid.experiments import find
from pellucid.runs import Settings, run

DRAWINGS = Path(__file__).parent / "drawings"


@pytest.fixture
def pellucid(tmp_path, monkeypatch):
    """Return a function that calls the command line in an empty folder; it returns code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PELLUCID_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PELLUCID_DATA", raising=False)

    def call(*arguments):
        result = CliRunner().invoke(app, [str(one) for one in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def process(tmp_path):
    """Return a function that calls the command line in a process of its own, as a user does."""

    def call(*arguments, **options):
        return subprocess.run(
            [sys.executable, "-m", "pellucid", *map(str, arguments)],
            cwd=tmp_path,
            capture_output="stdout" not in options,
            timeout=120,
            **{"text": True, **options},
        )

    return call


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Return the folder of a finished run on scikit-learn's digits; nobody writes to it."""
    folder = tmp_path_factory.mktemp("runs") / "digits-perceptron"
    experiment = dataclasses.replace(find("digits-perceptron"), epochs=40, scaled=True).with_recipe(
        learning_rate=0.02
    )
    run(experiment, folder, Settings(), verbose=0, command="pellucid run digits-perceptron")
    return folder


@pytest.fixture(scope="session")
def another(tmp_path_factory):
    """Return the folder of the same with another seed, trained less."""
    folder = tmp_path_factory.mktemp("runs") / "another"
    experiment = dataclasses.replace(find("digits-perceptron"), epochs=40, scaled=True).with_recipe(
        learning_rate=0.02
    )
    run(experiment, folder, Settings(seed=1), verbose=0)
    return folder


@pytest.fixture
def photographs(tmp_path):
    """Return a folder of two classes of colour images, 24 each."""
    generator = np.random.default_rng(0)
    for name, colour in (("red things", (200, 30, 30)), ("синее", (30, 30, 200))):
        (tmp_path / "photographs" / name).mkdir(parents=True)
        for number in range(24):
            pixels = np.clip(np.array(colour) + generator.normal(0, 20, (12, 16, 3)), 0, 255)
            picture = Image.fromarray(pixels.astype(np.uint8))
            picture.save(tmp_path / "photographs" / name / f"{number}.png")
    return tmp_path / "photographs"


@pytest.fixture
def own_file(tmp_path, photographs):
    """Return a user's file that declares an experiment on that folder."""
    path = tmp_path / "my_experiment.py"
    path.write_text(
        "from pellucid.experiments import Experiment\n"
        "from pellucid.layers import Conv2D, Dense, Flatten\n"
        "mine = Experiment(\n"
        "    name='mine', summary='Red or blue', dataset='photographs', image_size=(8, 8), epochs=3,\n"
        "    batch_size=8,\n"
        "    layers=[Conv2D(4, 3, activation='relu'), Flatten(), Dense(2, activation='softmax')],\n"
        ")\n"
    )
    return path


@pytest.fixture
def drawings():
    """Return the folder of digit drawings."""
    return DRAWINGS


@pytest.fixture
def no_report(monkeypatch):
    """Let a run write no figures and no report: they take longer than training, and are not asked for."""
    monkeypatch.setattr("pellucid.report.write_figures", lambda _: [])
    monkeypatch.setattr("pellucid.report.write_report", lambda path: path / "report.html")
    monkeypatch.setattr("pellucid.report.write_study_report", lambda path: path / "report.html")
