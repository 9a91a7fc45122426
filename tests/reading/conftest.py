"""A finished run that the tests of reading share."""

import dataclasses

import pytest

from pellucid.experiments import find
from pellucid.runs import Settings, run


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "digits"
    run(dataclasses.replace(find("digits-perceptron"), epochs=2), folder, Settings(), verbose=0)
    return folder
