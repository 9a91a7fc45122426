import dataclasses

import numpy as np
import pytest

from pellucid.datasets import load
from pellucid.datasets.dataset import fingerprint

PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def test_a_dataset_is_frozen() -> None:
    data = load("digits")
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.name = "other"


def test_its_text_has_no_pixels() -> None:
    text = repr(load("digits"))
    assert "array" not in text
    assert "name='digits'" in text


def test_a_fingerprint_knows_values_shape_type_order_and_classes() -> None:
    prints = {
        fingerprint(("a", "b"), PIXELS),
        fingerprint(("ab",), PIXELS),
        fingerprint(("a", "b"), PIXELS + np.uint8(1)),
        fingerprint(("a", "b"), PIXELS.reshape(3, 2, 4)),
        fingerprint(("a", "b"), PIXELS.view(np.int8)),
        fingerprint(("a", "b"), PIXELS[:1], PIXELS[1:]),
        fingerprint(("a", "b"), PIXELS[:0]),
    }
    assert len(prints) == 7


def test_a_fingerprint_does_not_know_the_layout_in_memory() -> None:
    assert fingerprint((), np.asfortranarray(PIXELS)) == fingerprint((), PIXELS)


def test_a_fingerprint_takes_names_that_are_no_text() -> None:
    assert fingerprint(("caf\udce9",), PIXELS) != fingerprint(("caf",), PIXELS)
