"""Imports of names that Keras has and pellucid lacks."""

import importlib.util
import sys

import pytest

from pellucid.core.keras.imports import KerasNames, answer_imports


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("from pellucid.layers import LSTM", "layers.LSTM is in Keras, but not in pellucid: pellucid recog"),
        ("import pellucid.backend", "backend is in Keras, but not in pellucid: write it with NumPy"),
        ("from pellucid import Model", "Model is in Keras, but not in pellucid: a network is a chain"),
        ("from pellucid.layers.core import Dense", "import the layer from pellucid.layers itself"),
        ("from pellucid.utils import np_utils", "write utils.to_categorical"),
        ("from pellucid.callbacks import TensorBoard", "callbacks.CSVLogger"),
    ],
)
def test_an_import_says_what_to_write(statement, words):
    with pytest.raises(ImportError) as error:
        exec(statement)  # noqa: S102  # an import statement of ours
    assert words in str(error.value)


@pytest.mark.parametrize("statement", ["import pellucid.horse", "from pellucid.layers import Horse"])
def test_other_imports_fail_as_ever(statement):
    with pytest.raises(ImportError, match=r"No module named 'pellucid\.horse'|cannot import name 'Horse'"):
        exec(statement)  # noqa: S102  # an import statement of ours


def test_other_packages_are_let_alone():
    assert KerasNames().find_spec("horse.backend") is None
    assert importlib.util.find_spec("backend_of_no_package") is None


def test_the_finder_is_the_last_and_only_one():
    answer_imports()
    assert [type(finder) for finder in sys.meta_path].count(KerasNames) == 1
