import json
import os

import pytest

from pellucid import initializers
from pellucid.errors import UnknownNameError

ALL = [
    initializers.Zeros(),
    initializers.Ones(),
    initializers.Constant(0.25),
    initializers.RandomNormal(0.5, 2.0, seed=1),
    initializers.RandomUniform(0.5, 2.0),
    initializers.TruncatedNormal(0.5, 2.0),
    initializers.VarianceScaling(3.0, "fan_out", "uniform"),
    initializers.GlorotUniform(seed=2),
    initializers.GlorotNormal(),
    initializers.HeUniform(),
    initializers.HeNormal(),
    initializers.LecunUniform(),
    initializers.LecunNormal(),
]


@pytest.mark.parametrize("initializer", ALL, ids=repr)
def test_descriptions_survive_json_and_keras_reads_them(initializer):
    description = json.loads(json.dumps(initializers.serialize(initializer)))
    assert repr(initializers.get(description)) == repr(initializer)
    os.environ["KERAS_BACKEND"] = "jax"
    keras = pytest.importorskip("keras")
    theirs = keras.initializers.get(description)
    assert type(theirs).__name__ == type(initializer).__name__
    assert repr(initializers.get(keras.initializers.serialize(theirs))) == repr(initializer)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("glorot_uniform", initializers.GlorotUniform),
        ("GlorotUniform", initializers.GlorotUniform),
        ("he_normal", initializers.HeNormal),
        ("lecun_normal", initializers.LecunNormal),
        ("uniform", initializers.RandomUniform),
        ("normal", initializers.RandomNormal),
        ("zeros", initializers.Zeros),
        ("zero", initializers.Zeros),
        ("one", initializers.Ones),
    ],
)
def test_names(name, kind):
    assert type(initializers.get(name)) is kind


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        initializers.get("glorot_unifrom")
    assert str(error.value) == "There is no initializer 'glorot_unifrom': did you mean 'glorot_uniform'?"


def test_every_public_initializer_is_tested_here():
    public = {name for name in initializers.__all__ if isinstance(getattr(initializers, name), type)}
    assert public - {"Initializer"} == {type(initializer).__name__ for initializer in ALL}
