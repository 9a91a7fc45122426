import numpy as np
import pytest

from pellucid import Sequential, layers, models
from pellucid.errors import ArgumentError, UnknownNameError

X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)


@pytest.fixture(params=[True, False], ids=["compiled", "not compiled"])
def saved(request, tmp_path):
    network = Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")], seed=0)
    if request.param:
        network.compile("adam", "sparse_categorical_crossentropy", engine="numpy")
    network.save(tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


@pytest.mark.parametrize("engine", ["plain", "numpy"])
def test_the_engine_is_chosen_when_a_network_is_loaded(saved, engine):
    network = models.load_model(saved, engine=engine)
    assert network.engine == engine
    np.testing.assert_allclose(network.predict(X).sum(axis=1), 1, rtol=1e-6)


def test_a_file_does_not_choose_the_engine(saved, monkeypatch):
    monkeypatch.setenv("PELLUCID_ENGINE", "plain")
    assert models.load_model(saved).engine == "plain"


def test_an_engine_that_is_not_known_is_refused(saved):
    with pytest.raises(UnknownNameError) as error:
        models.load_model(saved, engine="nump")
    assert str(error.value) == "There is no such engine: did you mean 'numpy'? Received: engine='nump'"


def test_custom_objects_are_not_taken_for_compile(saved):
    with pytest.raises(
        ArgumentError, match="load_model takes compile as True or False; custom_objects are not"
    ):
        models.load_model(saved, {"relu6": object})
