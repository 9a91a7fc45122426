"""Files in the idx format of MNIST."""

import numpy as np


def idx_bytes(kind: int, array: np.ndarray) -> bytes:
    header = bytes([0, 0, kind, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return header + array.tobytes()
