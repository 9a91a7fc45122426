"""What the tests of the training share."""

import os
from collections.abc import Iterator

import pytest

from pellucid.old_spellings import forget_explanations


@pytest.fixture(autouse=True)
def each_sentence_anew() -> Iterator[None]:
    """Explanations come once per process; each test is to see them as the first would."""
    forget_explanations()
    yield
    forget_explanations()


@pytest.fixture(scope="session")
def keras():
    """Keras on JAX, the independent implementation; the test is skipped where it is not installed."""
    os.environ["KERAS_BACKEND"] = "jax"
    return pytest.importorskip("keras")
