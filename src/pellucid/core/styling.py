"""Bold, dim and coloured text where a terminal has it; elsewhere text stays as it is."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from pellucid.core.terminal import is_terminal

_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33}


def has_styles(stream: TextIO | None = None) -> bool:
    """Return whether ``stream`` (stdout) shows styles: a terminal, unless TERM is dumb or NO_COLOR is set.

    Examples
    --------
    >>> import io
    >>> has_styles(io.StringIO())
    False
    """
    return is_terminal(stream or sys.stdout) and not os.environ.get("NO_COLOR")


def styled(text: str, *names: str, stream: TextIO | None = None) -> str:
    """Return ``text`` in these styles where ``stream`` (stdout) shows them: bold, dim, red, green, yellow.

    Examples
    --------
    >>> import io
    >>> styled("0.9896", "bold", stream=io.StringIO())
    '0.9896'
    """
    if not text or not has_styles(stream):
        return text
    return f"\x1b[{';'.join(str(_CODES[name]) for name in names)}m{text}\x1b[0m"
