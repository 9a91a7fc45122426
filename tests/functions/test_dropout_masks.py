import itertools

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.randomness import stream
from pellucid.errors import ArgumentError, ShapeError
from pellucid.functions import dropout, dropout_backward, dropout_mask

IMAGES = st.lists(st.integers(1, 7), min_size=0, max_size=3).map(tuple)  # (D,), (H, W, C), …


def philox_by_hand(key, counter):
    """Philox4x64-10 of Salmon et al. 2011: four words of 64 bits for a key and a counter."""
    ones = 2**64 - 1
    k0, k1 = key & ones, key >> 64
    c0, c1, c2, c3 = ((counter >> shift) & ones for shift in (0, 64, 128, 192))
    for _ in range(10):
        a, b = 0xD2E7470EE14C6C93 * c0, 0xCA5A826395121157 * c2
        c0, c1, c2, c3 = (b >> 64) ^ c1 ^ k0, b & ones, (a >> 64) ^ c3 ^ k1, a & ones
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) & ones, (k1 + 0xBB67AE8584CAA73B) & ones
    return c0, c1, c2, c3


def mask_by_loops(shape, rate, key, first):
    values = int(np.prod(shape[1:]))
    blocks = (values + 15) // 16
    mask = np.empty((shape[0], values), bool)
    for n in range(shape[0]):
        numbers = []
        for block in range(blocks):
            for word in philox_by_hand(key, 1 + (first + n) * blocks + block):
                numbers += [(word >> shift) & 0xFFFF for shift in (0, 16, 32, 48)]
        mask[n] = [number >= round(rate * 65536) for number in numbers[:values]]
    return mask.reshape(shape)


@given(
    st.integers(0, 3),
    IMAGES,
    st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9]),
    st.integers(0, 2**128 - 1),
    st.integers(0, 999),
)
def test_the_mask_equals_loops(N, image, rate, key, first):
    generator = np.random.Generator(np.random.Philox(key=key))
    mask = dropout_mask((N, *image), rate, generator, first=first)
    np.testing.assert_array_equal(mask, mask_by_loops((N, *image), rate, key, first))


@given(
    st.integers(1, 12),
    IMAGES,
    st.floats(0, 0.99),
    st.lists(st.integers(0, 12), max_size=4),
    st.integers(0, 2**32 - 1),
)
def test_a_batch_has_the_same_mask_however_it_is_cut(N, image, rate, cuts, seed):
    generator = stream(seed, "dropout", 3, 1)
    whole = dropout_mask((N, *image), rate, generator)
    bounds = sorted({0, N, *(min(cut, N) for cut in cuts)})
    pieces = [
        dropout_mask((stop - start, *image), rate, stream(seed, "dropout", 3, 1), first=start)
        for start, stop in itertools.pairwise(bounds)
    ]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_without_first_the_pieces_would_be_alike():
    generator = stream(0, "dropout")
    piece = dropout_mask((4, 100), 0.5, generator)
    np.testing.assert_array_equal(dropout_mask((4, 100), 0.5, generator), piece)
    assert not np.array_equal(dropout_mask((4, 100), 0.5, generator, first=4), piece)


def test_the_generator_is_not_moved_on():
    generator, untouched = stream(0, "dropout"), stream(0, "dropout")
    dropout_mask((4, 100), 0.5, generator, first=7)
    assert generator.random() == untouched.random()


def test_a_used_generator_starts_at_its_next_whole_block():
    generator = stream(0, "dropout")
    whole = dropout_mask((4, 16), 0.5, generator)  # one block for each image
    for _ in range(4):  # 1 to 4 words of the first block are used
        generator.bit_generator.random_raw()
        np.testing.assert_array_equal(dropout_mask((3, 16), 0.5, generator), whole[1:])


def test_a_counter_beyond_64_bits():
    mask = dropout_mask((2, 40), 0.5, np.random.Generator(np.random.Philox(key=5)), first=2**64)
    np.testing.assert_array_equal(mask, mask_by_loops((2, 40), 0.5, 5, 2**64))


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 0.8])
def test_the_share_that_is_dropped(rate):
    mask = dropout_mask((100, 9216), rate, stream(0, "dropout"))
    assert scipy.stats.binomtest(int((~mask).sum()), mask.size, rate).pvalue > 1e-4
    # neighbours, in an image and from image to image, are dropped independently
    for pairs in (mask[:, :-1] & mask[:, 1:], mask[:-1] & mask[1:]):
        assert pairs.mean() == pytest.approx((1 - rate) ** 2, abs=4e-3)


def test_rate_zero_keeps_everything():
    assert dropout_mask((5, 100), 0, stream(0, "dropout")).all()


def test_the_highest_rates_keep_one_of_65536():
    kept = dropout_mask((64, 65536), 0.9999999, stream(0, "dropout")).sum()
    assert 30 < kept < 110  # 64 are expected


def test_by_hand():
    mask = np.array([[True, False], [True, True]])
    np.testing.assert_allclose(dropout([[3.0, 6.0], [9.0, -3.0]], mask, 0.25), [[4.0, 0.0], [12.0, -4.0]])
    np.testing.assert_allclose(
        dropout_backward([[3.0, 6.0], [9.0, -3.0]], mask, 0.25), [[4.0, 0.0], [12.0, -4.0]]
    )


@given(st.integers(1, 4), IMAGES, st.floats(0, 0.99), st.integers(0, 2**32 - 1))
def test_equals_loops(N, image, rate, seed):
    rng = np.random.default_rng(seed)
    inputs, mask = rng.normal(size=(N, *image)), rng.random((N, *image)) < 0.5
    outputs = dropout(inputs, mask, rate)
    for index in np.ndindex(inputs.shape):
        assert outputs[index] == (inputs[index] / (1 - rate) if mask[index] else 0)


def test_equals_keras(keras):
    inputs = np.random.default_rng(0).normal(size=(4, 5, 5, 3)).astype(np.float32)
    theirs = np.asarray(keras.random.dropout(inputs, 0.3, seed=1))
    np.testing.assert_allclose(dropout(inputs, theirs != 0, 0.3), theirs, rtol=1e-6)


def test_backward_equals_central_differences(central_differences):
    rng = np.random.default_rng(0)
    inputs, gradient = rng.normal(size=(2, 3, 8))
    mask = dropout_mask((3, 8), 0.5, stream(0, "dropout"))
    slopes = central_differences(lambda x: dropout(x, mask, 0.5), gradient, inputs)
    np.testing.assert_allclose(dropout_backward(gradient, mask, 0.5), slopes, atol=1e-8)
    assert not np.allclose(gradient * mask, slopes)  # a forgotten scale would be noticed


def test_the_expected_value_stays():
    inputs = np.ones((200, 1000), np.float32)
    mask = dropout_mask(inputs.shape, 0.25, stream(0, "dropout"))
    assert dropout(inputs, mask, 0.25).mean() == pytest.approx(1, abs=5e-3)


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, float("nan")])
def test_the_rate_must_be_a_share(rate):
    message = "rate must be from 0 up to, but not including, 1. Received: rate="
    with pytest.raises(ArgumentError, match=message):
        dropout_mask((2, 3), rate, stream(0, "dropout"))
    with pytest.raises(ArgumentError, match=message):
        dropout(np.ones(3), np.ones(3, bool), rate)


def test_a_generator_of_another_kind():
    with pytest.raises(
        ArgumentError, match=r"a mask needs a Philox generator, .*. Received: generator=Generator\(PCG64\)"
    ):
        dropout_mask((2, 3), 0.5, np.random.default_rng(0))


@pytest.mark.parametrize(("shape", "first"), [((), 0), ((2, -3), 0), ((2, 3), -1)])
def test_a_mask_needs_a_shape_and_a_place(shape, first):
    with pytest.raises(
        ArgumentError, match=r"a shape \(N, …\) of images, starting at image first.* Received: shape="
    ):
        dropout_mask(shape, 0.5, stream(0, "dropout"), first=first)


def test_a_mask_of_another_shape_or_kind():
    with pytest.raises(
        ShapeError, match=r"shape of inputs. Received: mask\.shape=\(3,\), inputs\.shape=\(2, 3\)"
    ):
        dropout(np.ones((2, 3)), np.ones(3, bool), 0.5)
    with pytest.raises(
        ShapeError, match=r"shape of gradient. Received: mask\.shape=\(3,\), gradient\.shape=\(2, 3\)"
    ):
        dropout_backward(np.ones((2, 3)), np.ones(3, bool), 0.5)
    with pytest.raises(ArgumentError, match=r"mask must be boolean, .* Received: mask\.dtype=float64"):
        dropout(np.ones(3), np.ones(3), 0.5)
