"""All trained parameters in one array: the layers look into it, and an update is the plain sum and step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import layers, optimizers
from pellucid.engine import flat_parameters as module
from pellucid.engine.flat_parameters import FlatParameters
from pellucid.engine.workers import Workers
from pellucid.fast.lazy_product import LazyProduct


def two_layers(dtype="float32"):
    made = layers.Dense(4, dtype=dtype), layers.Dense(2, dtype=dtype)
    made[1].build(made[0].build((3,), seed=1), seed=1, index=1)
    return made


def arrays_of(*made):
    return [(layer, name) for layer in made for name in layer.parameters]


def test_the_array_holds_the_parameters_one_after_another():
    made = two_layers()
    before = [array for layer in made for array in layer.get_weights()]
    flat = FlatParameters(arrays_of(*made), "float32")
    np.testing.assert_array_equal(flat.values, np.concatenate([array.ravel() for array in before]))
    assert [(span.start, span.stop) for span in flat.spans] == [(0, 12), (12, 16), (16, 24), (24, 26)]
    for layer, old in zip((made[0], made[1]), (before[:2], before[2:]), strict=True):
        for mine, earlier in zip(layer.get_weights(), old, strict=True):
            np.testing.assert_array_equal(mine, earlier)


def test_array_and_layers_are_the_same_numbers():
    made = two_layers()
    flat = FlatParameters(arrays_of(*made), "float32")
    flat.values[12:16] = 7
    np.testing.assert_array_equal(made[0].parameters["bias"], [7, 7, 7, 7])
    made[1].set_weights([np.zeros((4, 2)), np.ones(2)])
    np.testing.assert_array_equal(flat.values[16:], [0] * 8 + [1, 1])


def test_what_is_left_out_of_it_stays_the_layers_own():
    made = two_layers()
    flat = FlatParameters(arrays_of(made[1]), "float32")
    assert flat.values.size == 10
    flat.values[...] = 7
    assert not np.any(made[0].parameters["kernel"] == 7)


def test_an_empty_array_can_be_updated():
    flat = FlatParameters([], "float32")
    optimizer = optimizers.Adam()
    optimizer.build(0, "float32")
    with Workers(2) as workers:
        flat.update(optimizer, [], workers)
    assert optimizer.iterations == 1


def pieces_of(made, count, dtype="float32"):
    generator = np.random.default_rng(count)
    return [
        [generator.normal(size=layer.parameters[name].shape).astype(dtype) for _ in range(count)]
        for layer, name in arrays_of(*made)
    ]


@given(pieces=st.integers(1, 5), size=st.integers(1, 30), threads=st.integers(1, 3))
def test_an_update_is_the_sum_of_the_pieces_in_their_order_and_one_step(pieces, size, threads):
    """To the last bit, wherever the row is sliced: a slice may end inside a parameter, or span several."""
    made = two_layers()
    gradients = pieces_of(made, pieces)
    before = np.concatenate([array.ravel() for layer in made for array in layer.get_weights()])
    total = []
    for of_parameter in gradients:
        added = of_parameter[0].copy()
        for piece in of_parameter[1:]:
            added += piece
        total.append(added.ravel())
    expected = before - np.float32(0.5) * np.concatenate(total)

    flat = FlatParameters(arrays_of(*made), "float32")
    optimizer = optimizers.SGD(learning_rate=0.5)
    optimizer.build(flat.values.size, flat.values.dtype)
    with pytest.MonkeyPatch.context() as patch, Workers(threads) as workers:
        patch.setattr(module, "CHUNK", size)
        flat.update(optimizer, gradients, workers)
    np.testing.assert_array_equal(flat.values, expected)
    assert optimizer.iterations == 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_optimizer_with_a_memory_has_it_for_each_slice(dtype, monkeypatch):
    def after_two_steps(size):
        monkeypatch.setattr(module, "CHUNK", size)
        made = two_layers(dtype)
        flat = FlatParameters(arrays_of(*made), dtype)
        optimizer = optimizers.Adam(learning_rate=0.1)
        optimizer.build(flat.values.size, flat.values.dtype)
        with Workers(2) as workers:
            for _ in range(2):
                flat.update(optimizer, pieces_of(made, 2, dtype), workers)
        return flat.values

    whole = after_two_steps(1000)
    assert whole.dtype == dtype
    np.testing.assert_array_equal(after_two_steps(5), whole)


def test_gradients_handed_over_are_not_changed():
    made = two_layers()
    gradients = pieces_of(made, 3)
    for of_parameter in gradients:
        for piece in of_parameter:
            piece.flags.writeable = False
    flat = FlatParameters(arrays_of(*made), "float32")
    optimizer = optimizers.RMSprop()
    optimizer.build(flat.values.size, flat.values.dtype)
    with Workers(1) as workers:
        flat.update(optimizer, gradients, workers)  # raises if one is written to


# Products that are done where they are needed


def kernel_of(compiled):
    if not compiled:
        return None
    pytest.importorskip("numba")
    from pellucid.fast.dense.compiled_dense import weights_gradient

    return weights_gradient


@pytest.mark.parametrize("compiled", [False, True])
@given(pieces=st.integers(1, 3), size=st.sampled_from([100, 700, 1 << 16]), threads=st.integers(1, 3))
def test_products_put_off_give_the_update_of_those_done_at_once(compiled, pieces, size, threads):
    """Wherever the row is sliced: each part computes the rows that it updates, and adds up the pieces."""
    generator = np.random.default_rng(pieces)
    dense = layers.Dense(48)
    dense.build((35,), seed=1)
    shapes = [((6, 35), (6, 48)) for _ in range(pieces)]
    products = [
        LazyProduct(*(generator.normal(size=shape).astype("f") for shape in pair), kernel_of(compiled))
        for pair in shapes
    ]
    biases = [generator.normal(size=48).astype("f") for _ in range(pieces)]
    kernel, bias = (array.copy() for array in dense.get_weights())
    for product, of_bias in zip(products, biases, strict=True):
        kernel -= 0.5 * (product.inputs.T.astype(float) @ product.gradient)
        bias -= 0.5 * of_bias
    flat = FlatParameters(arrays_of(dense), "float32")
    optimizer = optimizers.SGD(learning_rate=0.5)
    optimizer.build(flat.values.size, flat.values.dtype)
    with pytest.MonkeyPatch.context() as patch, Workers(threads) as workers:
        patch.setattr(module, "CHUNK", size)
        flat.update(optimizer, [products, biases], workers)
    np.testing.assert_allclose(dense.parameters["kernel"], kernel, atol=1e-4)
    np.testing.assert_allclose(dense.parameters["bias"], bias, atol=1e-5)


@pytest.mark.parametrize("compiled", [False, True])
def test_rows_of_a_product_are_those_of_the_whole(compiled):
    generator = np.random.default_rng(0)
    inputs, gradient = generator.normal(size=(5, 9)).astype("f"), generator.normal(size=(5, 16)).astype("f")
    product = LazyProduct(inputs, gradient, kernel_of(compiled))
    expected = np.zeros((9, 16))
    for image in range(5):
        expected += np.outer(inputs[image], gradient[image])
    np.testing.assert_allclose(product.whole(), expected, atol=1e-5)
    out = np.ones((3, 16), np.float32)
    product.write(2, 5, out, adding=True)
    np.testing.assert_allclose(out, 1 + expected[2:5], atol=1e-5)
    product.write(2, 5, out)
    np.testing.assert_allclose(out, expected[2:5], atol=1e-5)


@given(
    shapes=st.lists(
        st.one_of(
            st.tuples(st.integers(1, 60)),
            st.tuples(st.integers(1, 40), st.integers(1, 40)),
            st.tuples(st.just(3), st.just(3), st.integers(1, 9), st.integers(1, 9)),
        ),
        max_size=6,
    ),
    size=st.integers(1, 500),
)
def test_parts_cover_the_row_exactly_in_order_by_whole_rows_of_parameters(shapes, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", size)
        parts = module._cut(shapes)
    place = 0
    rows = [0] * len(shapes)
    for part in parts:
        assert part
        for segment in part:
            shape = shapes[segment.parameter]
            width = shape[-1] if len(shape) > 1 else 1
            assert (segment.start, segment.first) == (place, rows[segment.parameter])
            assert segment.stop - segment.start == (segment.last - segment.first) * width > 0
            place, rows[segment.parameter] = segment.stop, segment.last
    assert place == sum(int(np.prod(shape)) for shape in shapes)
