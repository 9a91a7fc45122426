"""What the tests of the optimizers share: running one over a row of numbers."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest

from pellucid.optimizers import Optimizer


@pytest.fixture(scope="session")
def train() -> Callable[..., np.ndarray]:
    """``train(optimizer, start, gradients, parts=…)``: the parameters after a step for each gradient."""

    def steps(
        optimizer: Optimizer,
        start: Sequence[float] | np.ndarray,
        gradients: Iterable[Sequence[float] | np.ndarray],
        parts: Sequence[slice] | None = None,
        dtype: type = np.float64,
    ) -> np.ndarray:
        parameters = np.array(start, dtype)
        optimizer.build(parameters.size, dtype)
        for given in gradients:
            gradient = np.array(given, dtype)
            optimizer.begin_step()
            for part in parts or [slice(0, parameters.size)]:
                optimizer.update(parameters[part], gradient[part], part)
            optimizer.end_step()
        return parameters

    return steps
