"""A confusion matrix that is divided along the wrong axis is pointed out, however that is written."""

import ast

import pytest

from pellucid.examiner.written.networks import find_networks

START = """
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from keras import Sequential
from keras.utils import to_categorical
digits = load_digits()
X_train, X_test, y_train, y_test = train_test_split(digits.images, digits.target, test_size=0.25)
model = Sequential([])
y_pred = np.argmax(model.predict(X_test), axis=1)
CM = confusion_matrix(y_test, y_pred)
count = np.sum(to_categorical(y_test), axis=0)
"""


def remarks(line):
    return [one.name for one in find_networks(ast.parse(START + line)).remarks]


@pytest.mark.parametrize(
    "line",
    [
        "CM / count",
        "CM = CM.astype('float') / np.bincount(y_test)",
        "CM / CM.sum(axis=1)",
        "CM / CM.sum(axis=0)",
        "CM / CM.sum(axis=0, keepdims=True)",
        "CM / np.sum(CM, axis=1)",
        "CM / count.reshape(1, -1)",
        "CM / count[np.newaxis, :]",
        "np.divide(CM, count)",
        "values, n = np.unique(y_test, return_counts=True)\nCM / n",
        "CM = CM.astype(float)\nCM /= count",
        "confusion_matrix(y_test, y_pred, normalize='pred')",
    ],
)
def test_the_wrong_axis(line):
    assert remarks(line) == ["wrong axis"]


@pytest.mark.parametrize(
    "line",
    [
        "CM / count[:, None]",
        "CM / count[:, np.newaxis]",
        "CM / count.reshape(-1, 1)",
        "CM / CM.sum(axis=1, keepdims=True)",
        "CM.astype('float') / CM.sum(axis=1)[:, np.newaxis]",
        "CM / np.expand_dims(count, 1)",
        "(CM.T / count).T",
        "CM / 10",
        "confusion_matrix(y_test, y_pred, normalize='true')",
    ],
)
def test_the_right_axis(line):
    assert remarks(line) == []


def test_a_divisor_that_cannot_be_read_is_only_asked_about():
    assert remarks("CM / somewhere()") == ["perhaps the wrong axis"]


def test_predictions_in_the_place_of_labels():
    assert remarks("confusion_matrix(y_pred, y_test)") == ["swapped confusion matrix"]


def test_labels_of_other_images():
    assert remarks("confusion_matrix(y_train, y_pred)") == ["other images"]
