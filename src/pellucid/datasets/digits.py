"""scikit-learn's digits: 1,797 handwritten digits, grey, 8 by 8, inside the package, so always available."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.datasets.digit_form import DigitForm
from pellucid.datasets.info import DatasetInfo

if TYPE_CHECKING:
    from pellucid.datasets.fetching.downloads import Contents
    from pellucid.datasets.info import Subset


def _read(contents: Contents) -> tuple[Subset, Subset]:
    """Return all digits, with values 0 to 16, as the training part, and no test part.

    They are the test part of the UCI "Optical recognition of handwritten digits" (Alpaydin and Kaynak
    1998): 13 people, whose names are not in it, so that a random split has every writer on both sides.
    """
    from sklearn.datasets import load_digits

    values, labels = load_digits(return_X_y=True)
    # (N, H W) -> (N, H, W, 1)
    images = values.astype(np.uint8).reshape(-1, 8, 8, 1)
    labels = labels.astype(np.int64)
    return (images, labels), (images[:0], labels[:0])


INFO = DatasetInfo(
    name="digits",
    title="scikit-learn's digits",
    shape=(8, 8, 1),
    classes=tuple("0123456789"),
    train_images=1_797,
    test_images=0,
    max_value=16,
    read=_read,
    package="scikit-learn",
    on_black=True,
    digit_form=DigitForm("scikit-learn's digits", size=8, box=8, centre="extent", stroke=1.4, upright=True),
)
