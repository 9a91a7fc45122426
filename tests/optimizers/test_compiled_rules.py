"""The compiled rules leave the very bits that the rules in NumPy leave, in parameters and state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid import optimizers
from pellucid.optimizers import SGD, Adadelta, Adam, AdamW, RMSprop

pytest.importorskip("numba")

OPTIMIZERS = {
    "sgd": lambda: SGD(0.01),
    "sgd with momentum": lambda: SGD(0.01, momentum=0.9),
    "sgd with Nesterov's": lambda: SGD(0.3, momentum=0.7, nesterov=True, weight_decay=0.01),
    "rmsprop": lambda: RMSprop(0.001),
    "adadelta": lambda: Adadelta(1.0, rho=0.9),
    "adam": lambda: Adam(0.001),
    "adam, its decay apart": lambda: AdamW(0.01, beta_1=0.8, weight_decay=0.1),
}


def rows_after(made, compiled, size, seed, scale, cut, dtype=np.float32):
    generator = np.random.default_rng(seed)
    parameters = generator.normal(size=size).astype(dtype)
    made.build(size, dtype, compiled=compiled)
    assert made._compiled == (compiled and dtype == np.float32)
    with np.errstate(all="ignore"):
        for _ in range(3):
            gradient = (generator.normal(size=size) * scale).astype(dtype)
            gradient[generator.random(size) < 0.1] = 0
            made.begin_step()
            for part in (slice(0, cut), slice(cut, size)):
                made.update(parameters[part], gradient[part], part)
            made.end_step()
    return {"parameters": parameters, **made.state}


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(
    size=st.sampled_from([0, 1, 15, 16, 17, 31, 33, 100, 1000]),
    seed=st.integers(0, 1000),
    scale=st.sampled_from([1.0, 1e-3, 1e-20, 1e-30, 1e15, 1e30]),
    data=st.data(),
)
def test_rows_of_any_length_have_the_same_bits(name, size, seed, scale, data):
    cut = data.draw(st.integers(0, size))
    plain, fast = (rows_after(OPTIMIZERS[name](), way, size, seed, scale, cut) for way in (False, True))
    for row, expected in plain.items():
        np.testing.assert_array_equal(
            fast[row].view(np.uint32) if size else fast[row],
            expected.view(np.uint32) if size else expected,
            row,
        )


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_is_no_number_stays_so(name, value):
    found = []
    for way in (False, True):
        made = OPTIMIZERS[name]()
        made.build(20, np.float32, compiled=way)
        parameters, gradient = np.ones(20, np.float32), np.ones(20, np.float32)
        gradient[17] = value
        with np.errstate(all="ignore"):
            made.begin_step()
            made.update(parameters, gradient, slice(0, 20))
        found.append(parameters)
    np.testing.assert_array_equal(*found)
    assert not np.isfinite(found[0][17])
    assert np.isfinite(np.delete(found[0], 17)).all()


@pytest.mark.parametrize(
    "made",
    [Adam(0.001, amsgrad=True), RMSprop(0.001, momentum=0.9), RMSprop(0.001, centered=True)],
    ids=["amsgrad", "momentum", "centered"],
)
def test_a_rule_without_a_kernel_is_the_plain_one(made):
    made.build(5, np.float32)
    made.begin_step()
    row = np.ones(5, np.float32)
    assert not made._compiled_rule(row, row.copy(), made.state)
    assert (row == 1).all()


def test_in_float64_the_plain_rule_is_used():
    one, other = (rows_after(OPTIMIZERS["adam"](), way, 17, 0, 1.0, 5, np.float64) for way in (False, True))
    np.testing.assert_array_equal(one["parameters"], other["parameters"])


def test_the_comparison_notices_a_last_bit(monkeypatch):
    from pellucid.fast.updates import compiled_updates as updates

    def off(parameters, gradient, rate):
        parameters -= gradient * np.nextafter(rate, np.float32(1))

    before = rows_after(SGD(0.01), False, 100, 0, 1.0, 50)
    monkeypatch.setattr(updates, "sgd", off)
    assert not np.array_equal(
        rows_after(SGD(0.01), True, 100, 0, 1.0, 50)["parameters"], before["parameters"]
    )


def test_every_optimizer_is_among_them():
    tested = {type(make()) for make in OPTIMIZERS.values()}
    kinds = {
        kind
        for kind in vars(optimizers).values()
        if isinstance(kind, type)
        and issubclass(kind, optimizers.Optimizer)
        and "_compiled_rule" in vars(kind)
    }
    assert kinds - {optimizers.Optimizer} - tested == set()
