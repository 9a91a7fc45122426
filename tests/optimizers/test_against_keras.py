"""Every optimizer and option against real Keras: the same gradients, the same numbers."""

import inspect
import itertools

import numpy as np
import pytest

from pellucid import optimizers
from pellucid.errors import PellucidNote
from pellucid.optimizers import schedules

STEPS = 15
SIZE = 257

OPTIONS = {
    "SGD": [{"momentum": [0.0, 0.9], "nesterov": [False, True], "weight_decay": [None, 0.01]}],
    "RMSprop": [
        {"rho": [0.9, 0.5], "momentum": [0.0, 0.8], "centered": [False, True], "weight_decay": [None, 0.01]},
        {"epsilon": [1e-3]},
    ],
    "Adadelta": [{"rho": [0.95, 0.5], "epsilon": [1e-7, 1e-3], "weight_decay": [None, 0.01]}],
    "Adam": [
        {"amsgrad": [False, True], "weight_decay": [None, 0.01]},
        {"beta_1": [0.5], "beta_2": [0.9], "epsilon": [1e-3]},
    ],
    "AdamW": [{"amsgrad": [False, True], "weight_decay": [0.004, 0.1]}],
}
SCHEDULES = {
    "ExponentialDecay": {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5},
    "InverseTimeDecay": {"initial_learning_rate": 0.1, "decay_steps": 1, "decay_rate": 0.5},
    "PiecewiseConstantDecay": {"boundaries": [3, 7], "values": [0.1, 0.05, 0.01]},
    "PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10, "power": 2.0},
    "CosineDecay": {
        "initial_learning_rate": 0.01,
        "decay_steps": 8,
        "warmup_target": 0.1,
        "warmup_steps": 4,
    },
}


def combinations():
    for name, grids in OPTIONS.items():
        for grid in grids:
            for values in itertools.product(*grid.values()):
                yield name, dict(zip(grid, values, strict=True))


def some_gradients(dtype):
    generator = np.random.default_rng(1)
    scale = 10.0 ** generator.uniform(-4, 1, SIZE)  # as far apart as those of a real network
    gradients = [(scale * generator.standard_normal(SIZE)).astype(dtype) for _ in range(STEPS)]
    for gradient in gradients:
        gradient[:3] = 0  # a dead pixel
    return gradients


START = np.random.default_rng(0).uniform(-1, 1, SIZE)


@pytest.fixture
def keras_training(keras):
    """``keras_training(make, dtype)``: the row after STEPS steps of the optimizer that ``make`` makes."""
    import jax

    def steps(make, dtype):
        with jax.enable_x64(dtype == np.float64):
            floatx = keras.config.floatx()
            keras.config.set_floatx(np.dtype(dtype).name)
            try:
                optimizer = make()
                variable = keras.Variable(START.astype(dtype), dtype=np.dtype(dtype).name)
                for gradient in some_gradients(dtype):
                    optimizer.apply([jax.numpy.asarray(gradient)], [variable])
                return np.array(variable.value)
            finally:
                keras.config.set_floatx(floatx)

    return steps


def check(own, theirs, dtype):
    """In float64 to rounding; in float32 to a few roundings of the row and of the way it went."""
    assert own.dtype == theirs.dtype == dtype
    if dtype == np.float64:
        np.testing.assert_allclose(own, theirs, rtol=1e-11, atol=1e-14)
    else:
        way = np.abs(theirs - START)
        assert (np.abs(own - theirs) <= 4e-7 + 2e-5 * way).all()
    assert (own[3:] != START.astype(dtype)[3:]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "options"), list(combinations()), ids=str)
def test_options(keras, keras_training, train, name, options, dtype):
    rate = 1.0 if name == "Adadelta" else 0.01
    own = train(getattr(optimizers, name)(rate, **options), START, some_gradients(dtype), dtype=dtype)
    theirs = keras_training(lambda: getattr(keras.optimizers, name)(rate, **options), dtype)
    check(own, theirs, dtype)


@pytest.mark.parametrize(
    ("name", "schedule"),
    [*itertools.product(["SGD"], SCHEDULES), *itertools.product(list(OPTIONS)[1:], ["ExponentialDecay"])],
)
def test_schedules(keras, keras_training, train, name, schedule):
    arguments = SCHEDULES[schedule]
    own_rate = getattr(schedules, schedule)(**arguments)
    own = train(getattr(optimizers, name)(own_rate), START, some_gradients(np.float32), dtype=np.float32)

    def make():
        rate = getattr(keras.optimizers.schedules, schedule)(**arguments)
        return getattr(keras.optimizers, name)(rate)

    check(own, keras_training(make, np.float32), np.float32)


@pytest.mark.parametrize("name", OPTIONS)
def test_the_old_decay_is_inverse_time_decay(keras, keras_training, train, name):
    with pytest.warns(PellucidNote, match="decay= is an old argument"):
        optimizer = getattr(optimizers, name)(0.1, decay=0.3)
    own = train(optimizer, START, some_gradients(np.float64))

    def make():
        return getattr(keras.optimizers, name)(keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 0.3))

    check(own, keras_training(make, np.float64), np.float64)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_check_notices_a_small_difference(keras, keras_training, train, dtype):
    own = train(optimizers.RMSprop(0.01, rho=0.9001), START, some_gradients(dtype), dtype=dtype)
    theirs = keras_training(lambda: keras.optimizers.RMSprop(0.01, rho=0.9), dtype)
    with pytest.raises(AssertionError):
        check(own, theirs, dtype)


@pytest.mark.parametrize("name", OPTIONS)
def test_arguments_and_defaults_are_keras(keras, name):
    own = inspect.signature(getattr(optimizers, name)).parameters
    theirs = inspect.signature(getattr(keras.optimizers, name)).parameters
    rate = 0.001 if name == "Adadelta" else own["learning_rate"].default  # None there, in order to warn
    assert rate == theirs["learning_rate"].default
    positional = [a for a in own.values() if a.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD][1:]
    assert [a.name for a in positional] == list(theirs)[1 : 1 + len(positional)]
    for argument in positional:
        assert argument.default == theirs[argument.name].default, argument.name


@pytest.mark.parametrize("name", OPTIONS)
def test_keras_reads_our_configuration_and_we_read_keras(keras, name):
    own = getattr(optimizers, name)(schedules.CosineDecay(0.25, 10), weight_decay=0.125)
    theirs = keras.optimizers.get(optimizers.serialize(own))
    assert type(theirs).__name__ == name
    assert float(theirs.learning_rate) == 0.25
    assert optimizers.get(keras.optimizers.serialize(theirs)).get_config() == own.get_config()
