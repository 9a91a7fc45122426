import numpy as np
from sklearn.datasets import load_digits

from pellucid.datasets.digits import INFO


def test_digits_are_those_of_scikit_learn() -> None:
    data = INFO.load()
    theirs = load_digits()
    assert data.x_train.dtype == np.uint8
    assert data.y_train.dtype == np.int64
    np.testing.assert_array_equal(data.x_train[..., 0], theirs.images)
    np.testing.assert_array_equal(data.y_train, theirs.target)
    assert data.max_value == data.x_train.max() == 16
    assert data.classes == tuple("0123456789")


def test_digits_have_no_test_part() -> None:
    data = INFO.load()
    assert data.x_test.shape == (0, 8, 8, 1)
    assert data.y_test.shape == (0,)
    assert data.x_test.dtype == np.uint8
    assert data.y_test.dtype == np.int64


def test_digits_are_the_same_each_time() -> None:
    # A new sum means that scikit-learn's digits have changed, and with them every figure made from them.
    assert INFO.load().sha256 == INFO.load().sha256
    assert INFO.load().sha256 == "8fcb18913765b856912598a82fd67c64d5d5126e73705bfb761dc61855048c4f"
    assert INFO.load().source.startswith("inside scikit-learn ")
