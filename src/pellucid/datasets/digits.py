"""scikit-learn's digits: 1,797 grey images of 8 by 8, inside the package, so always there."""

from __future__ import annotations

import numpy as np

from pellucid.datasets.dataset import Dataset, fingerprint


def digits() -> Dataset:
    """Return scikit-learn's digits: values 0 to 16, and no test part of its own (``x_test`` has N = 0).

    They are the test part of the UCI "Optical recognition of handwritten digits" (Alpaydin and Kaynak
    1998): 13 people, whose names are not in it, so that a random split has every writer on both sides.

    >>> data = digits()
    >>> data.x_train.shape, int(data.x_train.max()), data.x_test.shape
    ((1797, 8, 8, 1), 16, (0, 8, 8, 1))
    """
    import sklearn
    from sklearn.datasets import load_digits

    values, labels = load_digits(return_X_y=True)
    # (N, H W) -> (N, H, W, 1)
    images = values.astype(np.uint8).reshape(-1, 8, 8, 1)
    labels = labels.astype(np.int64)
    classes = tuple("0123456789")
    return Dataset(
        name="digits",
        x_train=images,
        y_train=labels,
        x_test=images[:0],
        y_test=labels[:0],
        classes=classes,
        max_value=16,
        source=f"inside scikit-learn {sklearn.__version__}",
        sha256=fingerprint(classes, images, labels),
    )
