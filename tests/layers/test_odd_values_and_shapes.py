"""What fast forms make of odd values and shapes, seen from outside: what the plain forms make of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import Sequential, layers
from pellucid.errors import NonFiniteLossError, ShapeError
from pellucid.losses import Loss

BOUND = 2e-5  # of the largest value
LARGEST = 9e33  # channels x largest pixel x largest weight: up to here no fast form overflows


class Outputs(Loss):
    """The first output less the second: a gradient that is the same whatever the outputs."""

    name = "outputs"

    def values(self, labels, outputs):
        return outputs[:, 0] - outputs[:, 1]

    def gradient(self, labels, outputs):
        return np.tile(np.array([1, -1], outputs.dtype), (len(outputs), 1))


def twins(shape, first, offset=1 / 128):
    """Return the fast network and the plain one, with the same weights: few bits each."""
    made = []
    for engine in (None, "plain"):
        network = Sequential([layers.Input(shape), *first(), layers.Flatten(), layers.Dense(2)], seed=1)
        network.compile("sgd", Outputs(), engine=engine)
        weights = np.random.default_rng(2)
        network.set_weights(
            [
                weights.integers(-4, 5, array.shape) / 4 if array.ndim > 1 else np.full(array.shape, offset)
                for array in network.get_weights()
            ]
        )
        made.append(network)
    return made


def images(count, shape, seed=0):
    """Return images of few bits: with the weights above, no sum of products is 0, or nearly so."""
    return (np.random.default_rng(seed).integers(-8, 9, (count, *shape)) / 8).astype(np.float32)


def assert_alike(found, expected, bound=BOUND, tiny=0.0):
    assert np.isfinite(expected).all()
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, expected, rtol=0, atol=bound * np.abs(expected).max() + tiny)


def learn(network, x):
    """Take one step; return the weights."""
    labels = np.zeros((len(x), 2), np.float32)
    network.fit(x, labels, batch_size=len(x), epochs=1, verbose=0)
    return network.get_weights()


def convolutions(C, K):
    """Return what Winograd's way, and that of few channels, may be chosen for; two layers of each."""
    return lambda: [
        layers.Conv2D(K, 3, activation="relu"),
        layers.Conv2D(K, 3, padding="same", activation="relu"),
        layers.AveragePooling2D(2),
    ]


# Shapes


@pytest.mark.filterwarnings("ignore:.*looks like.*images with the channel axis first")
@given(
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 2, 3, 8, 9, 16, 32])),
    count=st.integers(1, 5),
    filters=st.sampled_from([1, 3, 8, 9, 16, 32]),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 5)) | st.just((3, 3)),
    strides=st.sampled_from([1, 1, 2, 3, (1, 2)]),
    padding=st.sampled_from(["valid", "same"]),
    activation=st.sampled_from([None, "relu"]),
    pooling=st.sampled_from([None, layers.MaxPooling2D, layers.AveragePooling2D]),
    pool=st.tuples(
        st.sampled_from([1, 2, 3, (1, 2)]), st.sampled_from([None, 1, 2]), st.sampled_from([0, 1])
    ),
)
def test_any_shape_gives_what_the_plain_form_gives(
    shape, count, filters, kernel, strides, padding, activation, pooling, pool
):
    if padding == "valid":
        shape = (shape[0] + kernel[0], shape[1] + kernel[1], shape[2])

    def first():
        conv = layers.Conv2D(filters, kernel, strides=strides, padding=padding, activation=activation)
        pools = [pooling(pool[0], strides=pool[1], padding=["same", "valid"][pool[2]])] if pooling else []
        return [conv, *pools]

    try:
        fast, plain = twins(shape, first)
    except ShapeError:  # a pooling window larger than the maps
        return
    x = images(count, shape)
    assert_alike(fast.predict(x), plain.predict(x))
    assert_alike(fast.predict(x[:1]), plain.predict(x[:1]))
    for mine, expected in zip(learn(fast, x), learn(plain, x), strict=True):
        # which of two nearly equal values is the larger is chance, and so is where its gradient goes
        assert_alike(mine, expected, bound=1 if pooling is layers.MaxPooling2D else BOUND)


@pytest.mark.parametrize(
    "view",
    [
        np.asfortranarray,
        lambda x: x[:, ::-1],
        lambda x: np.repeat(x, 2, axis=2)[:, :, ::2],
        lambda x: np.ascontiguousarray(x.transpose(3, 1, 2, 0)).transpose(3, 1, 2, 0),
        lambda x: np.broadcast_to(x[:1], x.shape),
        lambda x: x.astype(">f4"),
        lambda x: x.astype(np.float64),
        lambda x: x.astype(np.float16),
    ],
    ids=["Fortran", "reversed", "every other", "channels first", "one again", "big-endian", "double", "half"],
)
@pytest.mark.parametrize("C", [1, 8, 16])
def test_images_may_lie_in_memory_as_they_like(view, C):
    x = view(images(6, (10, 9, C)))
    fast, plain = twins((10, 9, C), convolutions(C, 16))
    as_usual, _ = twins((10, 9, C), convolutions(C, 16))
    usual = np.ascontiguousarray(x, np.float32)
    np.testing.assert_array_equal(fast.predict(x), as_usual.predict(usual))
    assert_alike(fast.predict(x), plain.predict(x))
    for mine, expected in zip(learn(fast, x), learn(as_usual, usual), strict=True):
        np.testing.assert_array_equal(mine, expected)


# Values

SIZES = {
    "shape": st.tuples(st.integers(5, 12), st.integers(5, 12), st.sampled_from([1, 3, 8, 11, 16])),
    "filters": st.sampled_from([8, 9, 16]),
    "pooled": st.booleans(),
}


def one_convolution(filters, pooled, use_bias=True):
    def first():
        pools = [layers.AveragePooling2D(2)] if pooled else []
        return [layers.Conv2D(filters, 3, activation="relu", use_bias=use_bias), *pools]

    return first


@given(power=st.integers(-100, 100), **SIZES)
def test_large_and_small_values_give_what_the_plain_form_gives(power, shape, filters, pooled):
    """Up to 1e30 and down to 1e-30, forward and back."""
    fast, plain = twins(shape, one_convolution(filters, pooled), offset=2.0**power / 128)
    x = images(3, shape) * np.float32(2.0**power)
    assert_alike(fast.predict(x), plain.predict(x))
    for mine, expected in zip(learn(fast, x), learn(plain, x), strict=True):
        assert_alike(mine, expected)


@given(power=st.integers(-140, -120), **SIZES)
def test_denormal_values_give_what_the_plain_form_gives_but_for_their_last_bits(
    power, shape, filters, pooled
):
    """They have fewer bits the smaller they are, and what a transform makes of them fewer still."""
    fast, plain = twins(shape, one_convolution(filters, pooled, use_bias=False), offset=0)
    x = images(3, shape) * np.float32(2.0**power)
    assert 0 < np.abs(x).max() < 1e-35
    assert_alike(fast.predict(x), plain.predict(x), tiny=1e-40)
    for mine, expected in zip(learn(fast, x), learn(plain, x), strict=True):
        assert_alike(mine, expected, tiny=1e-38)


@given(
    channels=st.sampled_from([8, 11, 16]),
    grow_weights=st.booleans(),
    alike=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_values_up_to_the_stated_bound_do_not_overflow(channels, grow_weights, alike, seed):
    """The largest weights and pixels of either sign, as they come or all in step."""
    generator = np.random.default_rng(seed)
    pixel = np.float32(1.0 if grow_weights else LARGEST / channels)
    weight = np.float32(LARGEST / channels if grow_weights else 1.0)
    signs = generator.choice([-1, 1], (3, 3, channels, 16)).astype(np.float32)
    x = generator.choice([-1, 1], (2, 11, 11, channels)).astype(np.float32) * pixel
    if alike:  # in the order that Winograd's matrices magnify most
        x = np.abs(x) * (np.array([1, -1, -1, 1, 1, -1, 1, -1, -1, 1, 1])[:, None, None].astype(np.float32))
    outputs = []
    for engine in (None, "plain"):
        network = Sequential([layers.Input((11, 11, channels)), layers.Conv2D(16, 3)], seed=0)
        network.compile("sgd", "mse", engine=engine)
        network.set_weights([signs * weight, np.zeros(16)])
        outputs.append(network.predict(x))
    assert_alike(*outputs)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize(("C", "K"), [(1, 8), (8, 8), (1, 16), (16, 16)])
@pytest.mark.parametrize("pool", [layers.MaxPooling2D, layers.AveragePooling2D])
def test_a_weight_that_is_no_number_is_not_lost_on_the_way(value, C, K, pool):
    """A comparison with NaN is false: a rectification or a maximum made of comparisons would drop it."""
    for network in twins(
        (8, 8, C), lambda: [layers.Conv2D(K, 3, activation="relu"), pool(2), layers.Conv2D(K, 3), pool(1)]
    ):
        kernel, *others = network.get_weights()
        kernel[0, 0, 0, 0] = value
        network.set_weights([kernel, *others])
        x = np.ones((2, 8, 8, C), np.float32)
        assert not np.isfinite(network.predict(x)).any()
        with pytest.raises(NonFiniteLossError):
            learn(network, x)


@pytest.mark.parametrize("power", [110, 118, 120, 122])  # 1e33 to 5e36; the plain form is finite
@pytest.mark.parametrize(("C", "K"), [(1, 8), (8, 8), (1, 16), (16, 16)])
@pytest.mark.parametrize("pooled", [False, True])
def test_what_overflows_in_a_fast_form_only_is_computed_in_the_plain_one(power, C, K, pooled):
    fast, plain = twins((12, 12, C), one_convolution(K, pooled=pooled), offset=2.0**power / 128)
    for network in (fast, plain):
        *first, kernel, bias = network.get_weights()
        network.set_weights([*first, kernel / 65536, bias])
    x = images(3, (12, 12, C)) * np.float32(2.0**power)
    assert_alike(fast.predict(x), plain.predict(x))
    figures = [network.evaluate(x, np.zeros((3, 2)), verbose=0) for network in (fast, plain)]
    assert_alike(np.array(figures[0]), np.array(figures[1]))
    for mine, expected in zip(learn(fast, x), learn(plain, x), strict=True):
        assert_alike(mine, expected)
