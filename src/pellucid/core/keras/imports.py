"""Imports of names that Keras has and pellucid lacks: the error says what to write instead.

``from pellucid.layers import LSTM`` loses the message of the module's ``__getattr__``, but Python then looks
for a module ``pellucid.layers.LSTM``, and asks the finders in ``sys.meta_path`` for it; this is the last.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_PACKAGE = "pellucid."


class KerasNames:
    """A finder that finds nothing, and says what to write instead of Keras's modules and classes."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> None:
        """Return None, or raise ImportError for a name of Keras.

        Raises
        ------
        ModuleNotFoundError
            When Keras has, or had, this name.
        """
        if not fullname.startswith(_PACKAGE) or fullname.startswith(__name__.rpartition(".")[0]):
            return
        try:
            from pellucid.core.keras.modules import sentence
        except ImportError:  # where pellucid's own modules are hidden, as from a student's code
            return
        name = fullname.removeprefix(_PACKAGE)
        answer = sentence(name)
        if answer is not None:
            # Python passes over the error of a missing module whose name is the one that it looked for
            raise ModuleNotFoundError(answer, name=f"keras.{name}")


def answer_imports() -> None:
    """Put the finder last among Python's, once."""
    if not any(isinstance(finder, KerasNames) for finder in sys.meta_path):
        sys.meta_path.append(KerasNames())
