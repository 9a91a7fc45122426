import numpy as np
import pytest

from pellucid.errors import DataError
from pellucid.evaluation import sentence
from pellucid.evaluation.seconds import TimedRun, compare_seconds, epoch_seconds

HERE = {"platform": "Linux", "cpu": "a", "threads": 2, "python": "3.11", "packages": {"numpy": "2.0"}}


def test_the_first_epoch_is_kept_apart():
    seconds = epoch_seconds([30.0, 10.0, 12.0, 11.0])
    assert (seconds.first, seconds.median, seconds.later) == (30.0, 11.0, (10.0, 12.0, 11.0))


def test_one_epoch():
    assert str(epoch_seconds([3.0])) == "3 s (one epoch, start-up included)"


@pytest.mark.parametrize("seconds", [[], [1.0, float("nan")], [-1.0]])
def test_seconds_that_are_none(seconds):
    with pytest.raises(DataError, match=r"one number of 0 or more for each epoch. Received: seconds="):
        epoch_seconds(seconds)


def test_slower_and_faster_on_one_machine():
    a, b = [9, 5.0, 5.1, 4.9, 5.05], [2, 6.0, 6.1, 5.9, 6.05]
    a, b = TimedRun("A", a, HERE), TimedRun("B", b, HERE)
    slower, faster = compare_seconds(a, b), compare_seconds(b, a)
    assert slower.ratio == pytest.approx(6.025 / 5.025)
    assert sentence(slower).startswith(
        "An epoch of B takes 19.9 % longer than one of A (medians, first epoch apart; from epoch to epoch "
        "1.16 to 1.24 times as long). One run each cannot tell whether that is the network or the hour."
    )
    assert sentence(faster).startswith("An epoch of A takes 16.6 % less long than one of B")


def test_noise_is_not_told_as_speed():
    told = compare_seconds(TimedRun("A", [9, 5.0, 5.2, 5.1], HERE), TimedRun("B", [9, 5.1, 5.3, 5.05], HERE))
    assert sentence(told) == (
        "The seconds per epoch of A and B overlap (medians, first epoch apart; from epoch to epoch 0.97 to "
        "1.06 times as long)."
    )


def test_no_p_value_is_told_from_one_run_each():
    generator = np.random.default_rng(0)  # the same network twice, the machine 2 % slower in the second hour
    a, b = generator.normal(5, 0.02, 30), generator.normal(5.1, 0.02, 30)
    told = sentence(compare_seconds(TimedRun("A", a, HERE), TimedRun("B", b, HERE)))
    assert "p =" not in told
    assert "p <" not in told
    assert "cannot tell whether" in told or "overlap" in told


@pytest.mark.parametrize(
    "fact", ["platform", "cpu", "threads", "python", "blas", "compiled_kernels", "packages"]
)
def test_two_machines_are_flagged_not_compared(fact):
    told = compare_seconds(TimedRun("A", [5, 5, 5], HERE), TimedRun("B", [9, 9, 9], {**HERE, fact: "other"}))
    assert told.ratio is None
    assert sentence(told).startswith(f"The seconds of A and B are not comparable: {fact} differs (")


def test_one_epoch_is_not_compared():
    told = compare_seconds(TimedRun("A", [5, 5], HERE), TimedRun("B", [9, 9, 9], HERE))
    assert sentence(told) == (
        "The seconds of A and B are not comparable: A has 1 epoch after its first, and two are needed."
    )


def test_a_long_difference_is_cut():
    told = compare_seconds(
        TimedRun("A", [5, 5, 5], HERE), TimedRun("B", [9, 9, 9], {**HERE, "cpu": "x" * 500})
    )
    assert "…" in sentence(told)
    assert len(sentence(told)) < 200


def test_twice_as_long_and_more_is_said_in_times():
    steady = [9.0, 5.0, 5.1, 5.2, 5.0, 5.1]
    fast, slow = steady, [3 * one for one in steady]
    told = "An epoch of B takes 3.0 times as long as one of A (medians, first epoch apart; from epoch to "
    assert sentence(compare_seconds(TimedRun("A", fast, {}), TimedRun("B", slow, {}))).startswith(told)
    assert sentence(compare_seconds(TimedRun("B", slow, {}), TimedRun("A", fast, {}))).startswith(told)
