"""Where a network meets its loss: joined to the softmax or not, weighted or not, piece by piece."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import Sequential, layers, losses
from pellucid.engine.engines import ENGINES
from pellucid.engine.loss_head import LossHead
from pellucid.errors import PellucidNote
from pellucid.functions import softmax
from pellucid.graph.graph import Graph
from pellucid.metrics.resolving import resolve

LOGITS = np.array([[2.0, 0.0, -1.0], [0.5, 0.5, 3.0], [1.0, 4.0, 0.0]], np.float32)
INTEGERS = np.array([0, 2, 0])
ONE_HOT = np.eye(3, dtype=np.float32)[INTEGERS]


def graph(*made, shape=(4,)):
    return Sequential([layers.Input(shape), *made], seed=0).graph


def head(loss, *made, measured=()):
    network = made or (layers.Dense(3, activation="softmax"),)
    return LossHead(graph(*network), losses.get(loss), resolve(list(measured), losses.get(loss)))


def test_a_cross_entropy_joins_the_softmax_before_it():
    joined = head("sparse_categorical_crossentropy")
    assert joined.joined
    assert [step.kind for step in joined.graph] == ["dense"]
    np.testing.assert_allclose(joined.predictions(LOGITS), softmax(LOGITS))


@pytest.mark.parametrize(
    ("loss", "last"),
    [
        ("categorical_crossentropy", layers.Dense(3)),
        ("mse", layers.Dense(3, activation="softmax")),
        (losses.CategoricalCrossentropy(from_logits=True), layers.Dense(3)),
    ],
)
def test_nothing_else_is_joined(loss, last):
    apart = head(loss, last)
    assert not apart.joined
    assert [step.kind for step in apart.graph] == [one.kind for one in last.operations()]
    assert apart.predictions(LOGITS) is LOGITS


def test_joined_and_apart_agree_where_nothing_is_clipped():
    joined, apart = head("categorical_crossentropy"), head("categorical_crossentropy", layers.Dense(3))
    found = joined.values(ONE_HOT, LOGITS, None)
    np.testing.assert_allclose(found, apart.values(ONE_HOT, softmax(LOGITS), None), rtol=1e-5)


def test_the_joined_loss_is_exact_where_probabilities_would_overflow():
    logits = np.array([[1000.0, 0.0, -1000.0]], np.float32)
    found = head("sparse_categorical_crossentropy").values(np.array([2]), logits, None)
    assert found[0, 0] == 2000


def test_softmax_taken_twice_is_said():
    with pytest.warns(PellucidNote, match=r"ends in softmax, but its loss has from_logits=True"):
        head(losses.CategoricalCrossentropy(from_logits=True))


def test_figures_are_the_loss_and_the_metrics_of_each_image():
    both = head("sparse_categorical_crossentropy", measured=["accuracy", "mae"])
    assert both.names == ["loss", "accuracy", "mae"]
    both = head("sparse_categorical_crossentropy", measured=["accuracy"])
    found = both.values(INTEGERS, LOGITS, None)
    assert found.shape == (2, 3)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found[0], -np.log(softmax(LOGITS)[[0, 1, 2], INTEGERS]), rtol=1e-6)
    np.testing.assert_array_equal(found[1], [1, 1, 0])


def test_weights_weigh_the_loss_and_not_the_metrics():
    both = head("sparse_categorical_crossentropy", measured=["accuracy"])
    weights = np.array([0.0, 2.0, 10.0])
    plain, weighted = (both.values(INTEGERS, LOGITS, given) for given in (None, weights))
    np.testing.assert_allclose(weighted[0], plain[0] * weights)
    np.testing.assert_array_equal(weighted[1], plain[1])


@given(
    loss=st.sampled_from(["categorical_crossentropy", "sparse_categorical_crossentropy", "mse"]),
    weighted=st.booleans(),
    cut=st.integers(1, 2),
)
def test_the_gradient_is_that_of_the_batchs_mean_loss_however_it_is_cut(loss, weighted, cut):
    apart = head(loss)
    labels = INTEGERS if loss.startswith("sparse") else ONE_HOT
    outputs = LOGITS.astype(np.float64)
    weights = np.array([1.0, 0.0, 3.0]) if weighted else None

    def of(array, start, end):
        return None if array is None else array[start:end]

    found = np.concatenate(
        [
            apart.gradient(labels[start:end], outputs[start:end], of(weights, start, end), len(outputs))
            for start, end in ((0, cut), (cut, 3))
        ]
    )
    slopes = np.empty_like(outputs)
    for place in np.ndindex(outputs.shape):
        above, below = outputs.copy(), outputs.copy()
        above[place] += 1e-6
        below[place] -= 1e-6
        losses_of = [apart.values(labels, values, weights)[0].mean() for values in (above, below)]
        slopes[place] = (losses_of[0] - losses_of[1]) / 2e-6
    np.testing.assert_allclose(found, slopes, rtol=1e-5, atol=1e-8)


def test_weights_reach_all_axes_of_maps():
    maps = np.ones((2, 3, 3, 1))
    apart = head("mse", layers.Rescaling(1.0))
    found = apart.gradient(np.zeros_like(maps), maps, np.array([1.0, 5.0]), 2)
    assert found.shape == maps.shape
    np.testing.assert_allclose(found[1], 5 * found[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradient_has_the_outputs_dtype(dtype):
    for weights in (None, np.ones(3)):
        found = head("categorical_crossentropy").gradient(ONE_HOT, LOGITS.astype(dtype), weights, 3)
        assert found.dtype == dtype


def test_a_network_of_a_softmax_alone_leaves_no_layers():
    assert head("sparse_categorical_crossentropy", layers.Softmax()).graph.steps == ()
    assert LossHead(Graph((4,), ()), losses.get("mse"), []).joined is False


# Figures and gradient at once, compiled where they can be


def both_ways(loss, measured, labels, outputs, weights=None, images=5, form="compiled"):
    """Return values and gradient as training gets them, and as the plain form has them."""
    made = [
        LossHead(
            graph(layers.Dense(3, activation="softmax")),
            losses.get(loss),
            resolve(list(measured), losses.get(loss)),
            ENGINES[engine].fused_loss(),
        )
        for engine in ("compiled", "plain")
    ]
    assert made[1]._fused is None
    assert (made[0]._fused is not None) == (form == "compiled")
    found = []
    for one in made:
        rows = np.arange(len(outputs))
        values = np.full((len(one.names), images), 7.0)
        gradient = one.gradient_and_values(labels, weights, rows, outputs, values, 1)
        assert (values[:, [0, *range(1 + len(rows), images)]] == 7).all()
        found.append((values[:, 1 : 1 + len(rows)], gradient))
    return found


def assert_alike(found, expected):
    for mine, plain in zip(found, expected, strict=True):
        assert (mine.shape, mine.dtype) == (plain.shape, plain.dtype)
        np.testing.assert_allclose(mine, plain, rtol=1e-5, atol=1e-6)


@pytest.fixture
def kernels():
    pytest.importorskip("numba")


LOSSES = {
    "categorical_crossentropy": ONE_HOT,
    "sparse_categorical_crossentropy": INTEGERS,
    losses.CategoricalCrossentropy(label_smoothing=0.2): np.array(
        [[0.5, 0.5, 0], [0, 0, 1], [0.2, 0.3, 0.5]]
    ),
}


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("measured", [[], ["accuracy"]])
@pytest.mark.parametrize("weights", [None, np.array([0.0, 2.0, 10.0])])
def test_compiled_figures_are_the_plain_ones(kernels, loss, measured, weights):
    labels = LOSSES[loss]
    for outputs in (LOGITS, LOGITS * 100, np.zeros_like(LOGITS), LOGITS[:, ::-1]):
        assert_alike(*both_ways(loss, measured, labels, outputs, weights))
    assert_alike(*both_ways(loss, measured, labels, LOGITS.astype(np.float64), weights))
    if labels.ndim == 1:
        assert_alike(*both_ways(loss, measured, labels.astype(np.uint8), LOGITS, weights))
    assert_alike(*both_ways(loss, measured, labels[:0], LOGITS[:0], None if weights is None else weights[:0]))


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("loss", LOSSES, ids=str)
@pytest.mark.parametrize("form", [np.float32, np.float64, np.asfortranarray, read_only])
def test_labels_are_those_of_the_rows(kernels, loss, form):
    """Wherever the images of a piece lie among all images, and however their labels came."""
    labels = LOSSES[loss]
    labels = labels if labels.ndim == 1 else np.asarray(form(labels.astype(np.float32)))
    rows = np.array([2, 0, 2, 1])
    fused = ENGINES["compiled"].fused_loss()
    one = LossHead(graph(layers.Dense(3, activation="softmax")), losses.get(loss), [], fused)
    found, wanted = np.empty((1, 4)), np.empty((1, 4))
    gradient = one.gradient_and_values(labels, None, rows, LOGITS[rows], found, 0)
    expected = one.gradient_and_values(labels[rows], None, np.arange(4), LOGITS[rows], wanted, 0)
    np.testing.assert_array_equal(gradient, expected)
    np.testing.assert_array_equal(found, wanted)
    assert not np.array_equal(found, one.values(labels, LOGITS, None)[:, [0, 1, 2, 0]])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("loss", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_compiled_figures_of_rows_that_are_no_numbers_are_the_plain_ones(kernels, loss, place, value):
    outputs = LOGITS.copy()
    outputs[1, place] = value
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        assert_alike(*both_ways(loss, ["accuracy"], LOSSES[loss], outputs))


@pytest.mark.parametrize(
    ("loss", "measured"),
    [
        ("categorical_crossentropy", ["mae"]),
        ("categorical_crossentropy", ["accuracy", "mae"]),
        ("mse", []),
        (type("Own", (losses.CategoricalCrossentropy,), {})(), []),
    ],
)
def test_what_no_kernel_does_is_left_to_the_plain_form(kernels, loss, measured):
    assert_alike(*both_ways(loss, measured, ONE_HOT, LOGITS, form="plain"))


@given(n=st.integers(1, 6), spread=st.sampled_from([0.1, 5.0, 200.0]), smoothing=st.sampled_from([0, 0.3]))
def test_compiled_figures_of_any_piece_are_the_plain_ones(n, spread, smoothing):
    pytest.importorskip("numba")
    generator = np.random.default_rng(n)
    outputs = (generator.normal(size=(n, 3)) * spread).astype(np.float32)
    labels = np.eye(3)[generator.integers(0, 3, n)]
    loss = losses.CategoricalCrossentropy(label_smoothing=smoothing)
    assert_alike(*both_ways(loss, ["accuracy"], labels, outputs, images=n + 2))
