"""The plain conclusions: how the curves run, and what that says about generalisation."""

import pytest

from pellucid.evaluation import curves
from pellucid.evaluation.comparison import Comparison, paired_difference
from pellucid.evaluation.intervals import proportion
from pellucid.lab.conclusions import Curves, conclusion, course, gap_verdict, lead_words, learning, verdict


def found(train, val, val_loss=(0.5, 0.4, 0.3), images=1000, classes=10):
    """Return the curves of a training."""
    return Curves(
        tuple(train), tuple(val), tuple(val_loss),
        gap=curves.gap(train[-1], images, val[-1], images),
        validation=proportion(round(val[-1] * images), images),
        chance=1 / classes,
    )  # fmt: skip


def test_a_network_without_a_gap_generalises_well():
    told = conclusion(found([0.80, 0.88, 0.915], [0.79, 0.87, 0.91]))
    assert told.startswith("Training accuracy rises in every epoch, from 80.00 % to 91.50 %, and so does")
    assert "It generalises well, as far as 1,000 validation images can tell" in told
    assert "The gap may be noise: 0.5 points" in told
    assert "it also misreads 8.5 % of the training images" in told


def test_a_network_that_overfits_generalises_less_well_than_it_learns():
    told = conclusion(found([0.90, 0.97, 0.999], [0.90, 0.93, 0.92], [0.4, 0.3, 0.35]))
    assert "validation accuracy rises from 90.00 % to 93.00 % in epoch 2 and is 92.00 % after that." in told
    assert "It generalises less well than it learns: there is a gap of 7.9 points" in told
    assert "Validation loss is lowest in epoch 2 (0.3000) and 0.3500 at the end" in told


def test_a_small_gap_that_is_real_is_called_small():
    told = conclusion(found([0.90, 0.93, 0.989], [0.90, 0.93, 0.985], images=50_000))
    assert "It generalises well: the gap is more than noise but small" in told


def test_a_gap_that_is_small_beside_the_errors_on_the_training_images_is_called_small():
    told = conclusion(found([0.917, 0.93, 0.938], [0.909, 0.92, 0.92], images=12_000))
    assert "It generalises well: the gap is more than noise but small, 1.8 points" in told
    assert "it also misreads 6.2 % of the training images" in told


def test_chance_is_called_chance_and_nothing_is_advised_from_it():
    told = conclusion(found([0.10, 0.11, 0.12], [0.10, 0.11, 0.111]))
    assert "This is chance: guessing among 10 classes gives 10 %" in told
    assert "generalises" not in told
    assert "fitted" not in told
    assert "larger network" not in told


@pytest.mark.parametrize("train", [[0.5, 0.6, 0.7], [0.7, 0.6, 0.8], [0.7, 0.8, 0.6]])
@pytest.mark.parametrize("val", [[0.5, 0.6, 0.7], [0.7, 0.6, 0.8], [0.7, 0.8, 0.6]])
def test_each_course_of_the_curves_is_one_sentence_without_a_hedge(train, val):
    told = course(train, val)
    assert told.endswith(".")
    assert "cannot be told" not in told


def pair(gained, lost, n=10_000):
    """Return a comparison in which b reads so many images that a does not, and the other way round."""
    p_value = 1e-9 if abs(gained - lost) > 100 else 0.49
    right = n * 9 // 10
    return Comparison(
        "one", "other", proportion(right, n), proportion(right + gained - lost, n),
        paired_difference(gained, lost, n), gained, lost, p_value,
    )  # fmt: skip


def test_a_verdict_names_the_better_network_first():
    assert verdict(pair(250, 30)).startswith("`other` reads new images better than `one`: it reads 92.20 %")
    assert verdict(pair(30, 250)).startswith("`other` reads new images worse than `one`: it reads 87.80 %")
    assert verdict(pair(110, 100)).startswith("`other` and `one` read new images about equally well")
    assert "p < 0.0001" in verdict(pair(250, 30))


def test_a_history_is_concluded_by_when_most_is_learned_and_how_the_losses_run():
    told = learning(found([0.85, 0.90, 0.92], [0.85, 0.90, 0.91], [0.5, 0.3, 0.35]), [0.5, 0.3, 0.2])
    assert told.startswith("The network learns most in its first epoch, after which it reads 85.00 % of")
    assert told.endswith(
        "Training loss falls in every epoch, from 0.5000 to 0.2000; validation loss is lowest after epoch 2, "
        "0.3000, and ends at 0.3500."
    )
    slowly = learning(found([0.2, 0.5, 0.9], [0.2, 0.5, 0.9]), [0.5, 0.3, 0.4])
    assert slowly.startswith("The network learns step by step: it reads 20.00 %")
    assert "Training loss is lowest after epoch 2" in slowly


def test_two_curves_that_rise_with_falls_on_the_way_are_told_together():
    assert course([0.8, 0.7, 0.9], [0.7, 0.6, 0.8]) == (
        "Training accuracy rises from 80.00 % to 90.00 % and validation accuracy from 70.00 % to 80.00 %, "
        "neither in every epoch."
    )
    told = learning(found([0.8, 0.7, 0.9], [0.7, 0.6, 0.8], [0.5, 0.6, 0.4]), [0.5, 0.6, 0.3])
    assert told.endswith(
        "Training loss falls from 0.5000 to 0.3000 and validation loss from 0.5000 to 0.4000, neither in "
        "every epoch."
    )


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ([0.9, 0.95, 0.96], "is ahead in each of the 3 epochs."),
        ([0.6, 0.7, 0.8], "is never ahead."),
        ([0.6, 0.9, 0.95], "is behind after epoch 1 (60.00 % against 80.00 %) and ahead from epoch 2 on."),
        ([0.6, 0.9, 0.8], "is ahead in 1 of 3 epochs, and not ahead at the end."),
        ([0.9], "is ahead in the one epoch."),
    ],
)
def test_which_network_is_ahead_on_the_validation_images(other, expected):
    assert lead_words(["one", "other"], [[0.8, 0.85, 0.86], other]).endswith(f"`other` {expected}")


def test_how_much_is_learned_in_the_first_epoch():
    assert found([0.9, 0.9, 0.9], [0.5, 0.6, 0.9]).learned_at_once == pytest.approx(0.5)
    assert found([0.1, 0.1, 0.1], [0.05, 0.06, 0.04]).learned_at_once == 0


def test_a_history_at_chance_is_concluded_to_be_at_chance():
    told = learning(found([0.10, 0.11, 0.12], [0.10, 0.11, 0.111]), [2.3, 2.3, 2.2])
    assert told.startswith("The network has hardly begun to learn: after 3 epochs it reads 11.10 %")
    assert "guessing among 10 classes gives 10 %" in told


def test_the_gap_of_two_networks_is_called_smaller_only_beyond_noise():
    wide, narrow = (found([0.9, 0.95, 0.99], [0.9, 0.9, val], images=10_000) for val in (0.93, 0.98))
    change = curves.difference(narrow.gap, wide.gap)
    told = gap_verdict(["one", "other"], (wide, narrow), change)
    assert told.startswith(
        "With `other` the gap between training and validation accuracy after the last epoch"
    )
    assert "is smaller, 1.0 points instead of 6.0 points" in told
    same = gap_verdict(["one", "other"], (wide, wide), curves.difference(wide.gap, wide.gap))
    assert same.endswith("is 6.0 points with both.")
    near = found([0.9, 0.95, 0.99], [0.9, 0.9, 0.932], images=10_000)
    told = gap_verdict(["one", "other"], (wide, near), curves.difference(near.gap, wide.gap))
    assert "6.0 points with `one` and 5.8 points with `other`, a change of -0.2 points" in told
    assert told.endswith("which may be noise.")
