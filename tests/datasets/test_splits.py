import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.datasets import last_split, load, missing_classes, stratified_split
from pellucid.errors import ArgumentError, ShapeError

LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=60)


def test_the_labs_split_of_digits() -> None:
    labels = load("digits").y_train
    rest, test = stratified_split(labels, 0.25, seed=0, purpose="test part")
    train, validation = stratified_split(labels[rest], 0.25, seed=0, purpose="validation part")
    assert (len(train), len(validation), len(test)) == (1010, 337, 450)
    for part in (labels[test], labels[rest][validation], labels[rest][train]):
        share = np.bincount(part) / np.bincount(labels)
        np.testing.assert_allclose(share, len(part) / len(labels), atol=0.01)


@given(LABELS, st.data())
def test_every_image_is_on_one_side_and_every_class_has_its_share(
    labels: list[int], data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(labels) - 1))
    kept, taken = stratified_split(labels, count, seed=1)
    assert len(taken) == count
    assert sorted([*kept, *taken]) == list(range(len(labels)))
    for label in set(labels):
        fair = labels.count(label) * count / len(labels)
        got = sum(labels[i] == label for i in taken)
        assert abs(got - fair) < 1


@given(st.integers(2, 1000), st.floats(0.01, 0.99))
def test_a_fraction_is_rounded_up_as_in_scikit_learn(total: int, fraction: float) -> None:
    from sklearn.model_selection import train_test_split

    try:
        theirs = len(train_test_split(range(total), test_size=fraction)[1])
    except ValueError:
        with pytest.raises(ArgumentError):
            stratified_split(np.zeros(total), fraction, seed=0)
    else:
        assert len(stratified_split(np.zeros(total), fraction, seed=0)[1]) == theirs


def test_the_same_seed_and_purpose_give_the_same_split() -> None:
    labels = np.arange(200) % 10

    def draw(seed: int, purpose: str) -> list[int]:
        return [index for part in stratified_split(labels, 0.2, seed, purpose=purpose) for index in part]

    assert draw(0, "a") == draw(0, "a")
    assert draw(0, "a") != draw(1, "a")
    assert draw(0, "a") != draw(0, "b")


def test_the_split_stays_what_it_was() -> None:
    # A change here changes every experiment that was ever run with a seed.
    kept, taken = stratified_split([0, 0, 0, 0, 1, 1, 1, 1], 4, seed=0)
    assert (kept.tolist(), taken.tolist()) == ([5, 4, 0, 1], [6, 7, 3, 2])


def test_both_sides_are_shuffled_and_every_image_can_be_taken() -> None:
    labels = np.repeat([0, 1], 10)
    often = np.zeros(20)
    firsts = set()
    for seed in range(400):
        kept, taken = stratified_split(labels, 0.5, seed)
        often[taken] += 1
        firsts |= {int(kept[0]), int(taken[0]) + 100}
    assert len(firsts) == 40
    # Taken half of the time: 200 of 400, standard deviation 10.
    assert abs(often - 200).max() < 45


def test_labels_of_any_kind() -> None:
    _, taken = stratified_split(["cat", "dog", "cat", "dog"], 2, seed=0)
    assert sorted(["cat", "dog", "cat", "dog"][i] for i in taken) == ["cat", "dog"]


def test_labels_are_not_changed() -> None:
    labels = np.array([1, 0, 1, 0])
    labels.flags.writeable = False
    stratified_split(labels, 2, seed=0)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (0, "fraction_or_count must be a number of images between 1 and 9.*Received: fraction_or_count=0"),
        (10, "fraction_or_count must be a number of images between 1 and 9.*Received: fraction_or_count=10"),
        (-1, "fraction_or_count must be a number of images between 1 and 9.*Received: fraction_or_count=-1"),
        (
            0.0,
            "fraction_or_count must be a fraction between 0 and 1 that leaves .*_count=0.0",
        ),
        (1.0, "fraction_or_count must be a fraction between 0 and 1.*Received: fraction_or_count=1.0"),
        (0.95, "fraction_or_count must be a fraction between 0 and 1.*Received: fraction_or_count=0.95"),
        (
            float("nan"),
            "fraction_or_count must be a fraction between 0 and 1.*Received: fraction_or_count=nan",
        ),
        (True, "fraction_or_count must be a fraction between 0 and 1.*Received: fraction_or_count=True"),
        ("half", "fraction_or_count must be a fraction between 0 and 1.*Received: fraction_or_count='half'"),
    ],
)
def test_a_part_that_would_be_empty_is_refused(asked: float, message: str) -> None:
    with pytest.raises(ArgumentError, match=f"Cannot split 10 images: {message}"):
        stratified_split(np.zeros(10), asked, seed=0)


def test_labels_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(
        ShapeError, match=r"shape \(N,\): use labels\[:, 0\] .*Received: labels\.shape=\(5, 1\)$"
    ):
        stratified_split(np.zeros((5, 1)), 0.5, seed=0)
    with pytest.raises(ArgumentError, match="Cannot split 0 images"):
        stratified_split([], 0.5, seed=0)


@pytest.mark.parametrize(
    ("n", "fraction", "at"), [(60_000, 0.2, 48_000), (10, 0.25, 7), (3, 0.5, 1), (1000, 0.3, 700)]
)
def test_the_last_split_is_cut_where_keras_cuts(n: int, fraction: float, at: int) -> None:
    kept, taken = last_split(n, fraction)
    values = np.arange(n)
    np.testing.assert_array_equal(values[kept], np.arange(at))
    np.testing.assert_array_equal(values[taken], np.arange(at, n))


@pytest.mark.parametrize(
    ("n", "fraction"), [(10, 0.0), (10, 1.0), (10, -0.1), (1, 0.5), (0, 0.5), (10, float("nan"))]
)
def test_a_last_split_with_an_empty_side_is_refused(n: int, fraction: float) -> None:
    with pytest.raises(
        ArgumentError,
        match=rf"^Cannot split off the last samples: .* one of the {n} samples.*Received: validation_split=",
    ):
        last_split(n, fraction)


def test_missing_classes_are_named() -> None:
    labels = np.repeat([0, 1, 2], 10)
    kept, taken = last_split(30, 0.5)
    assert missing_classes(labels[kept], ("a", "b", "c")) == ("c",)
    assert missing_classes(labels[taken], ("a", "b", "c")) == ("a",)
    assert missing_classes(labels, ("a", "b", "c")) == ()
    assert missing_classes([], ("a", "b")) == ("a", "b")


def test_no_class_gathers_at_the_beginning_of_either_part() -> None:
    labels = np.arange(10_000) % 10
    for part in stratified_split(labels, 0.2, seed=0):
        counts = np.bincount(labels[part[:500]], minlength=10)
        assert counts.min() > 25
        assert counts.max() < 80
