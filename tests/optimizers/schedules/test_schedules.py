import json
import math

import pytest

from pellucid.errors import ArgumentError, UnknownNameError
from pellucid.optimizers import schedules
from pellucid.optimizers.schedules import (
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

CASES = [
    (ExponentialDecay, {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}),
    (
        ExponentialDecay,
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ),
    (InverseTimeDecay, {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}),
    (
        InverseTimeDecay,
        {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ),
    (PiecewiseConstantDecay, {"boundaries": [3, 10], "values": [0.1, 0.05, 0.01]}),
    (PiecewiseConstantDecay, {"boundaries": [5], "values": [0.1, 0.2]}),
    (PolynomialDecay, {"initial_learning_rate": 0.1, "decay_steps": 9}),
    (
        PolynomialDecay,
        {"initial_learning_rate": 0.1, "decay_steps": 9, "end_learning_rate": 0.02, "power": 2.5},
    ),
    (PolynomialDecay, {"initial_learning_rate": 0.1, "decay_steps": 9, "power": 0.5, "cycle": True}),
    (CosineDecay, {"initial_learning_rate": 0.1, "decay_steps": 11}),
    (CosineDecay, {"initial_learning_rate": 0.1, "decay_steps": 11, "alpha": 0.2}),
    (
        CosineDecay,
        {
            "initial_learning_rate": 0.01,
            "decay_steps": 11,
            "alpha": 0.1,
            "warmup_target": 0.1,
            "warmup_steps": 6,
        },
    ),
]

every_case = pytest.mark.parametrize(("kind", "arguments"), CASES, ids=str)


@every_case
def test_rates_are_keras(keras, kind, arguments):
    theirs = getattr(keras.optimizers.schedules, kind.__name__)(**arguments)
    own = kind(**arguments)
    for step in (0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 14, 18, 19, 40):
        assert own(step) == pytest.approx(float(theirs(step)), rel=1e-6, abs=1e-8), step


@every_case
def test_a_rate_is_a_python_number(kind, arguments):
    """A NumPy float64 would make float32 arithmetic float64."""
    assert all(type(kind(**arguments)(step)) is float for step in (0, 1, 3, 100))


@every_case
def test_keras_reads_our_description_and_we_read_keras(keras, kind, arguments):
    own = kind(**arguments)
    description = json.loads(json.dumps(schedules.serialize(own)))
    assert schedules.deserialize(description).get_config() == own.get_config()
    theirs = keras.optimizers.schedules.deserialize(description)
    assert type(theirs).__name__ == kind.__name__
    again = schedules.deserialize(keras.optimizers.schedules.serialize(theirs))
    assert again.get_config() == own.get_config()


def test_exponential_decay_by_hand():
    schedule = ExponentialDecay(0.8, decay_steps=10, decay_rate=0.25)
    assert [schedule(step) for step in (0, 5, 10, 20)] == pytest.approx([0.8, 0.4, 0.2, 0.05], rel=1e-15)
    stairs = ExponentialDecay(0.8, decay_steps=10, decay_rate=0.25, staircase=True)
    assert [stairs(step) for step in (0, 9, 10, 19)] == pytest.approx([0.8, 0.8, 0.2, 0.2], rel=1e-15)


def test_piecewise_boundaries_belong_to_the_stretch_before_them():
    schedule = PiecewiseConstantDecay([10, 20], [3.0, 2.0, 1.0])
    assert [schedule(step) for step in (0, 10, 11, 20, 21, 999)] == [3, 3, 2, 2, 1, 1]
    assert PiecewiseConstantDecay([], [3.0])(5) == 3


def test_polynomial_decay_stays_at_its_end_or_cycles():
    once = PolynomialDecay(1.0, 10, end_learning_rate=0.5)
    assert [once(step) for step in (0, 5, 10, 15)] == [1.0, 0.75, 0.5, 0.5]
    again = PolynomialDecay(1.0, 10, end_learning_rate=0.5, cycle=True)
    assert [again(step) for step in (0, 10, 15, 20)] == [1.0, 0.5, 0.5 + 0.5 * 0.25, 0.5]


def test_cosine_decay_warms_up_on_a_straight_line():
    schedule = CosineDecay(0.0, 100, warmup_target=1.0, warmup_steps=10)
    assert [schedule(step) for step in (0, 5, 10)] == [0.0, 0.5, 1.0]
    assert schedule(60) == pytest.approx(0.5)
    assert schedule(110) == schedule(500) == 0.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: ExponentialDecay(-0.1, 10, 0.5),
            r"ExponentialDecay takes initial_learning_rate as a number in \[0, inf\)\. "
            r"Received: initial_learning_rate=-0\.1",
        ),
        (
            lambda: InverseTimeDecay(0.1, 0, 0.5),
            r"InverseTimeDecay takes decay_steps as a number in \(0, inf\)",
        ),
        (lambda: ExponentialDecay(0.1, 10, math.nan), r"takes decay_rate as a number in \[0, inf\)"),
        (lambda: PolynomialDecay(0.1, -1), r"PolynomialDecay takes decay_steps as a number in \(0, inf\)"),
        (lambda: PolynomialDecay(0.1, 10, power=-1), r"takes power as a number in \[0, inf\)"),
        (lambda: CosineDecay(0.1, 0), r"CosineDecay takes decay_steps as a number in \(0, inf\)"),
        (lambda: CosineDecay(0.1, 10, warmup_target=-1), r"takes warmup_target as a number in \[0, inf\)"),
        (lambda: PiecewiseConstantDecay([1], [0.1, -1]), r"takes values as a number in \[0, inf\)"),
        (
            lambda: PiecewiseConstantDecay([1, 2], [0.1, 0.2]),
            "PiecewiseConstantDecay takes one more value than boundaries. "
            "Received: 2 values and 2 boundaries",
        ),
        (
            lambda: PiecewiseConstantDecay([2, 1], [0.1, 0.2, 0.3]),
            r"PiecewiseConstantDecay takes increasing boundaries. Received: boundaries=\[2, 1\]",
        ),
    ],
)
def test_bad_arguments(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()


def test_an_unknown_argument_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        CosineDecay(0.1, 10, warmup_step=3)
    assert str(error.value) == "CosineDecay has no argument warmup_step=3: did you mean 'warmup_steps'?"


def test_an_unknown_schedule_is_answered_with_the_nearest():
    with pytest.raises(
        UnknownNameError, match=r"There is no schedule 'CosinDecay': did you mean 'cosine_decay'\?"
    ):
        schedules.deserialize({"class_name": "CosinDecay", "config": {}})
