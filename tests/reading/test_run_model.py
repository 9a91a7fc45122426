import shutil
from dataclasses import replace

import pytest

from pellucid.errors import FileFormatError
from pellucid.experiments.experiment import Program
from pellucid.reading.recognizer import Recognizer
from pellucid.runs import RunFolder


def test_an_unfinished_run_has_no_model(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    copy = RunFolder.open(tmp_path / "copy")
    copy.interrupt()
    with pytest.raises(
        FileFormatError, match=r"is interrupted, not finished .*: continue with `pellucid resume"
    ):
        Recognizer.open(tmp_path / "copy")


def test_a_model_that_is_not_by_hand_is_refused(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    copy = RunFolder.open(tmp_path / "copy")
    configuration = copy.configuration
    experiment = replace(configuration.experiment, program=Program.BY_HAND)
    copy.write_configuration(replace(configuration, experiment=experiment))
    copy.finish()
    with pytest.raises(FileFormatError, match=r"does not hold the weights of mnist-by-hand"):
        Recognizer.open(tmp_path / "copy")
