"""The digests of weights: the same for the same weights, and differences are found."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import weights  # noqa: E402 - the folder has to be on the path first


def saved(path, **tensors):
    save_file({name: np.float32(values) for name, values in tensors.items()}, path)
    return weights.digest_of(path)


def test_a_digest_is_of_the_weights_alone(tmp_path):
    digest = saved(tmp_path / "a", kernel=[1, 2], bias=[3])
    assert saved(tmp_path / "b", bias=[3], kernel=[1, 2], optimizer_step=[7]) == digest
    assert saved(tmp_path / "c", kernel=[1, 2], bias=[np.nextafter(np.float32(3), 4)]) != digest


def test_a_network_that_changed_is_reported(tmp_path, monkeypatch, capsys):
    before = tmp_path / "before.json"
    before.write_text(json.dumps({"digits-cnn plain": "aa", "digits-cnn numpy": "bb"}))
    monkeypatch.setattr(
        weights, "weights_digest", lambda name, engine, *_: {"plain": "aa", "numpy": "cc"}[engine]
    )
    common = ["weights.py", "--networks", "digits-cnn", "--against", str(before)]
    monkeypatch.setattr(sys, "argv", [*common, "--engines", "plain,numpy"])
    assert weights.main() == 1
    assert [line.split()[1:] for line in capsys.readouterr().out.splitlines()] == [
        ["plain", "aa"],
        ["numpy", "cc", "DIFFERS", "from", "bb"],
    ]
    monkeypatch.setattr(sys, "argv", [*common, "--engines", "plain"])
    assert weights.main() == 0


def test_an_unknown_engine_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["weights.py", "--engines", "gpu"])
    with pytest.raises(SystemExit):
        weights.main()
    assert "choose from plain, numpy, compiled. Received: gpu" in capsys.readouterr().err
