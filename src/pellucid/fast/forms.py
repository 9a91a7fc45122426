"""All fast forms, in order of preference: the first that fits is used."""

from __future__ import annotations

from functools import cache

from pellucid.fast.convolution.direct import DIRECT
from pellucid.fast.convolution.winograd import WINOGRAD
from pellucid.fast.dense.forms import DENSE
from pellucid.fast.form import Form

NUMPY_FORMS: tuple[Form, ...] = (WINOGRAD, DIRECT, DENSE)


@cache
def compiled_forms() -> tuple[Form, ...]:
    """Return the forms that need Numba; raises ImportError if it is not installed."""
    from pellucid.fast.batch_normalization.compiled_forms import COMPILED_BATCH_NORMALIZATION
    from pellucid.fast.convolution.compiled_forms import (
        COMPILED_DIRECT,
        COMPILED_FEW_KERNELS,
        COMPILED_WINOGRAD,
    )
    from pellucid.fast.dense.compiled_forms import COMPILED_DENSE, COMPILED_FEW_UNITS
    from pellucid.fast.dropout.compiled_forms import COMPILED_DROPOUT
    from pellucid.fast.pooling.compiled_forms import COMPILED_MAX_POOLING

    return (
        COMPILED_WINOGRAD,
        COMPILED_DIRECT,
        COMPILED_FEW_KERNELS,
        COMPILED_DENSE,
        COMPILED_FEW_UNITS,
        COMPILED_MAX_POOLING,
        COMPILED_BATCH_NORMALIZATION,
        COMPILED_DROPOUT,
    )


def forms_for(engine: str) -> tuple[Form, ...]:
    """Return the forms of an engine: none for ``"plain"``; the compiled engine falls back on NumPy's.

    Examples
    --------
    >>> [form.name for form in forms_for("numpy")]
    ['winograd', 'direct', 'dense']
    """
    if engine == "plain":
        return ()
    return NUMPY_FORMS if engine == "numpy" else compiled_forms() + NUMPY_FORMS
