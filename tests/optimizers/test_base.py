import itertools
import json
import math
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import optimizers
from pellucid.errors import ArgumentError, NotBuiltError, PellucidNote, UnknownNameError
from pellucid.optimizers import SGD, Adadelta, Adam, AdamW, Optimizer, RMSprop, schedules

MAKERS = {
    "SGD": lambda: SGD(0.1),
    "SGD, all": lambda: SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "RMSprop": lambda: RMSprop(0.1),
    "RMSprop, all": lambda: RMSprop(0.1, momentum=0.9, centered=True, weight_decay=0.01),
    "Adadelta": lambda: Adadelta(1.0, weight_decay=0.01),
    "Adam": lambda: Adam(0.1),
    "Adam, all": lambda: Adam(0.1, amsgrad=True, weight_decay=0.01),
    "AdamW": lambda: AdamW(schedules.CosineDecay(0.1, 5)),
}
SIZE = 1013

every_optimizer = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())


def some_gradients(dtype, steps=3):
    generator = np.random.default_rng(0)
    return [generator.standard_normal(SIZE).astype(dtype) for _ in range(steps)]


# Parts


@every_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(cuts=st.sets(st.integers(1, SIZE - 1), max_size=8), order=st.randoms(use_true_random=False))
def test_a_row_in_parts_ends_with_the_bits_of_the_whole(train, make, dtype, cuts, order):
    bounds = [0, *sorted(cuts), SIZE]
    parts = [slice(*pair) for pair in itertools.pairwise(bounds)]
    order.shuffle(parts)
    start = np.linspace(-1, 1, SIZE)
    whole, cut = make(), make()
    expected = train(whole, start, some_gradients(dtype), dtype=dtype)
    result = train(cut, start, some_gradients(dtype), parts, dtype=dtype)
    assert result.tobytes() == expected.tobytes()
    for name, row in whole.state.items():
        assert cut.state[name].tobytes() == row.tobytes()


@every_optimizer
def test_parts_on_several_threads_end_with_the_same_bits(train, make):
    start = np.linspace(-1, 1, SIZE)
    expected = train(make(), start, some_gradients(np.float32, 20), dtype=np.float32)
    optimizer, parameters = make(), start.astype(np.float32)
    optimizer.build(SIZE, np.float32)
    parts = [slice(first, min(first + 100, SIZE)) for first in range(0, SIZE, 100)]
    for gradient in some_gradients(np.float32, 20):
        optimizer.begin_step()
        threads = [
            threading.Thread(target=optimizer.update, args=(parameters[part], gradient[part], part))
            for part in parts
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        optimizer.end_step()
    assert parameters.tobytes() == expected.tobytes()


@every_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_arithmetic_keeps_the_dtype(train, make, dtype):
    """A float64 scalar in float32 arithmetic would not fit into the row."""
    optimizer = make()
    result = train(optimizer, np.ones(SIZE), some_gradients(dtype), dtype=dtype)
    assert result.dtype == dtype
    assert all(row.dtype == dtype for row in optimizer.state.values())
    assert (result != 1).all()


# State


@every_optimizer
def test_build_makes_the_named_state_of_zeros(make):
    optimizer = make()
    optimizer.build(5, np.float32)
    assert tuple(optimizer.state) == optimizer.state_names
    for row in optimizer.state.values():
        np.testing.assert_array_equal(row, np.zeros(5, np.float32), strict=True)


def test_build_again_for_the_same_network_keeps_the_state():
    optimizer = Adam()
    optimizer.build(5, "float32")
    optimizer.state["momentum"][:] = 7
    optimizer.build(5, np.float32)
    assert (optimizer.state["momentum"] == 7).all()


def test_build_for_another_network_is_refused():
    optimizer = Adam()
    optimizer.build(5, np.float32)
    with pytest.raises(ArgumentError) as error:
        optimizer.build(6, np.float32)
    assert str(error.value) == (
        "this Adam belongs to a network of 5 parameters (float32); make a new optimizer for another network. "
        "Received: 6 parameters (float32)"
    )
    with pytest.raises(ArgumentError, match=r"Received: 5 parameters \(float64\)"):
        optimizer.build(5, np.float64)


def test_a_step_before_build_is_refused():
    with pytest.raises(NotBuiltError) as error:
        SGD().begin_step()
    assert str(error.value) == (
        "this SGD does not know yet how many parameters it trains: "
        "call build(size, dtype) before the first step."
    )


@every_optimizer
def test_training_goes_on_exactly_from_configuration_state_and_count(train, make):
    gradients = some_gradients(np.float32, 6)
    expected = train(make(), np.ones(SIZE), gradients, dtype=np.float32)
    first = make()
    half = train(first, np.ones(SIZE), gradients[:3], dtype=np.float32)
    second = optimizers.get(json.loads(json.dumps(optimizers.serialize(first))))
    second.build(SIZE, np.float32)
    for name, row in first.state.items():
        second.state[name][:] = row
    second.iterations = first.iterations
    assert train(second, half, gradients[3:], dtype=np.float32).tobytes() == expected.tobytes()


# The learning rate


def test_the_rate_is_a_number_and_can_be_set():
    optimizer = Adam(1)
    assert optimizer.learning_rate == 1.0
    optimizer.learning_rate = 0.25
    assert optimizer.learning_rate == 0.25
    assert optimizer.get_config()["learning_rate"] == 0.25


def test_a_rate_set_between_steps_holds_from_the_next(train):
    optimizer = SGD(0.5)
    first = train(optimizer, [1.0], [[1.0]])
    optimizer.learning_rate = 0.25
    np.testing.assert_array_equal(train(optimizer, first, [[1.0]]), [0.25])


def test_a_schedule_is_asked_at_the_number_of_steps_taken(train):
    optimizer = SGD(schedules.PiecewiseConstantDecay([0, 1], [4.0, 2.0, 1.0]))
    np.testing.assert_array_equal(train(optimizer, [0.0], [[1.0]] * 3), [-7.0])
    assert optimizer.iterations == 3


def test_a_schedule_can_be_set_and_then_no_number():
    optimizer = SGD(0.5)
    optimizer.learning_rate = schedules.ExponentialDecay(0.25, 10, 0.5)
    assert optimizer.learning_rate == 0.25
    with pytest.raises(ArgumentError) as error:
        optimizer.learning_rate = 0.1
    assert str(error.value) == (
        "the learning rate of this SGD follows a schedule and cannot be set to a number; create the "
        "optimizer with a number as learning_rate instead. Received: learning_rate=0.1"
    )


def test_a_schedule_of_ones_own_that_returns_nonsense_is_told_so():
    class Broken(schedules.LearningRateSchedule):
        def __call__(self, step):
            return -1.0 - step

    optimizer = SGD(Broken())
    optimizer.build(1, np.float64)
    with pytest.raises(ArgumentError, match=r"Broken takes the rate it returns as a number in \[0, inf\)"):
        optimizer.begin_step()


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf, "fast", None, lambda: 0.1])
def test_bad_rates(rate):
    message = r"SGD takes learning_rate as a number in \[0, inf\)"
    with pytest.raises(ArgumentError, match=message):
        SGD(rate)
    optimizer = SGD(0.5)
    with pytest.raises(ArgumentError, match=message):
        optimizer.learning_rate = rate
    assert optimizer.learning_rate == 0.5


@pytest.mark.parametrize("weight_decay", [-0.1, math.nan, "x"])
def test_bad_weight_decay(weight_decay):
    with pytest.raises(ArgumentError, match=r"Adam takes weight_decay as a number in \[0, inf\)"):
        Adam(weight_decay=weight_decay)


# Old spellings


def test_lr_is_explained_once_and_means_the_rate():
    with pytest.warns(PellucidNote) as notes:
        optimizer = Adam(lr=0.01)
    assert [str(note.message) for note in notes] == [
        "lr is the old spelling of learning_rate, and means the same."
    ]
    assert optimizer.learning_rate == 0.01
    assert SGD(lr=0.5).learning_rate == 0.5  # not explained again: a warning would be an error here


def test_lr_as_an_attribute():
    optimizer = Adam(0.01)
    with pytest.warns(PellucidNote, match="^lr is the old spelling of learning_rate"):
        assert optimizer.lr == 0.01
    optimizer.lr = 0.02
    assert optimizer.learning_rate == 0.02


def test_lr_beside_learning_rate_is_refused():
    with pytest.raises(ArgumentError) as error:
        Adam(learning_rate=0.01, lr=0.02)
    assert str(error.value) == (
        "Adam takes learning_rate or lr, its old spelling, not both. Received: learning_rate=0.01, lr=0.02"
    )


def test_decay_is_explained_once_and_honoured(train):
    with pytest.warns(PellucidNote) as notes:
        optimizer = SGD(0.5, decay=0.25)
    assert [str(note.message) for note in notes] == [
        "decay= is an old argument that Keras 3 ignores; here the learning rate is still "
        "divided by 1 + decay · iterations, today's schedules.InverseTimeDecay(learning_rate, 1, decay)."
    ]
    result = train(optimizer, [0.0], [[1.0]] * 3)
    np.testing.assert_allclose(result, [-(0.5 / 1 + 0.5 / 1.25 + 0.5 / 1.5)], rtol=1e-15)
    today = SGD(schedules.InverseTimeDecay(0.5, 1, 0.25))
    np.testing.assert_array_equal(train(today, [0.0], [[1.0]] * 3), result)


def test_decay_goes_on_from_a_rate_that_is_set(train):
    with pytest.warns(PellucidNote):
        optimizer = SGD(0.5, decay=0.25)
    train(optimizer, [0.0], [[1.0]] * 4)
    optimizer.learning_rate = 0.1
    assert optimizer.learning_rate == pytest.approx(0.1, rel=1e-15)
    train(optimizer, [0.0], [[1.0]] * 4)
    assert optimizer.learning_rate == pytest.approx(0.1 * (1 + 0.25 * 4) / (1 + 0.25 * 8), rel=1e-15)


def test_decay_is_saved_and_read_without_explanation():
    with pytest.warns(PellucidNote):
        optimizer = RMSprop(1e-4, decay=1e-6)
    config = json.loads(json.dumps(optimizer.get_config()))
    assert config["decay"] == 1e-6
    again = RMSprop.from_config(config)
    again.iterations = 1000
    assert again.learning_rate == 1e-4 / (1 + 1e-6 * 1000)
    assert "decay" not in RMSprop().get_config()


def test_bad_decay():
    with pytest.raises(ArgumentError, match=r"SGD takes decay as a number in \[0, inf\). Received: decay=-1"):
        SGD(decay=-1)
    with pytest.raises(
        ArgumentError, match=r"SGD takes decay as a number in \[0, inf\). Received: decay=nan"
    ):
        SGD.from_config({"decay": math.nan})


@pytest.mark.parametrize("kind", [RMSprop, lambda **given: Adadelta(1.0, **given), Adam])
def test_epsilon_none_is_the_default(kind):
    with pytest.warns(
        PellucidNote, match=r"^epsilon=None is the old way to say epsilon=1e-07, the default\.$"
    ):
        assert kind(epsilon=None).epsilon == 1e-7


def test_the_constructor_of_old_documentation_works():
    with pytest.warns(PellucidNote) as notes:
        optimizer = Adam(lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0, amsgrad=False)
    assert len(notes) == 3
    assert optimizer.get_config() == Adam().get_config()


# Arguments


def test_an_unknown_argument_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        SGD(momentom=0.9)
    assert str(error.value) == "SGD has no argument momentom=0.9: did you mean 'momentum'?"
    with pytest.raises(UnknownNameError, match=r"did you mean 'learning_rate'\?"):
        Adam(learnin_rate=0.1)


def test_keras_arguments_that_are_missing_here_are_told_so():
    with pytest.raises(ArgumentError) as error:
        SGD(clipnorm=1.0)
    assert str(error.value) == (
        "SGD has clipnorm in Keras, but not in pellucid: a network trained without it is another one; a "
        "smaller learning_rate keeps steps small. Received: clipnorm=1.0"
    )


def test_an_optimizer_of_ones_own(train):
    class SignDescent(Optimizer):
        options = ("learning_rate", "weight_decay", "name")

        def _rule(self, parameters, gradient, state):
            np.sign(gradient, out=gradient)
            gradient *= self.step_rate
            parameters -= gradient

    np.testing.assert_array_equal(train(SignDescent(0.5), [1.0, 1.0], [[3.0, -0.1]]), [0.5, 1.5])
    assert optimizers.get(SignDescent).learning_rate == 0.001
    with pytest.warns(PellucidNote):
        assert SignDescent(lr=0.25).learning_rate == 0.25
