"""A line that is rewritten in place: on a terminal, or in the output of a notebook."""

from __future__ import annotations

import uuid
from typing import Any, TextIO

from pellucid.core.terminal import clear, in_notebook, is_terminal, rewrite, width_of


class LiveLine:
    """The live line of a stream; nothing where it can have none, such as in a file or a pipe.

    Examples
    --------
    >>> import io
    >>> LiveLine().lives(io.StringIO())
    False
    """

    def __init__(self) -> None:
        self._display: str | None = None  # of a notebook

    def lives(self, stream: TextIO | None) -> bool:
        """Return whether a line of ``stream`` can be rewritten."""
        return is_terminal(stream) or (stream is not None and in_notebook())

    def show(self, text: str, stream: TextIO) -> None:
        """Show ``text`` in place of what the line showed before."""
        if in_notebook():
            self._show_in_notebook(text)
        else:
            rewrite(stream, text, width=width_of(stream))

    def end(self, last: str, stream: TextIO) -> None:
        """Leave the line: on a terminal it is gone, in a notebook it shows ``last`` from now on."""
        if not in_notebook():
            clear(stream)
        elif self._display is not None:
            self._show_in_notebook(last)
            self._display = None

    def _show_in_notebook(self, text: str) -> None:
        from IPython.display import display, update_display

        content: dict[str, Any] = {"text/plain": text}
        if self._display is None:
            self._display = uuid.uuid4().hex
            display(content, raw=True, display_id=self._display)  # type: ignore[no-untyped-call]  # IPython's
        else:
            update_display(content, raw=True, display_id=self._display)  # type: ignore[no-untyped-call]  # IPython's
