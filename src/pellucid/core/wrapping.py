"""Text in lines of a terminal's width: what a letter takes, and where a line breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_END = "\x1b[0m"
_PART = re.compile(r"(?<=\()(?=[^)])")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def columns_of(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes: East Asian letters take two, styles none.

    Examples
    --------
    >>> columns_of("cat"), columns_of("猫")
    (3, 2)
    """
    text = unstyled(text)
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    none = sum(unicodedata.combining(letter) > 0 for letter in text)
    return len(text) + wide - none


def wrapped(text: str, columns: int, indent: int = 0) -> str:
    """Return ``text`` in lines of at most ``columns``, all but the first indented; words stay whole.

    Calls inside a call that are longer than a line break after their brackets.

    Examples
    --------
    >>> print(wrapped("shuffled, with the same share of every class", 24, indent=2))
    shuffled, with the same
      share of every class
    """
    if columns_of(text) <= columns:
        return text
    first = text[: len(text) - len(text.lstrip(" "))]
    line, room = first, columns - columns_of(first)
    lines: list[str] = []
    for word, space in _words(text, columns - indent):
        taken = columns_of(word)
        if line.strip() and room < taken + space:
            lines.append(line)
            line, room = " " * indent, columns - indent
        elif line.strip():
            line, room = line + " " * space, room - space
        line, room = line + word, room - taken
    return "\n".join(_each_in_its_style([*lines, line]))


def _words(text: str, columns: int) -> Iterator[tuple[str, int]]:
    """Yield the words, or parts of calls longer than ``columns``, each with how many blanks before it."""
    for word in text.split():
        parts = _PART.split(word) if columns_of(word) > columns and word.count("(") > 1 else [word]
        yield parts[0], 1
        for part in parts[1:]:
            yield part, 0


def _each_in_its_style(lines: list[str]) -> list[str]:
    """Return the lines with styles that end at the end of a line and begin again in the next."""
    found, style = [], ""
    for line in lines:
        words = line.lstrip(" ")
        begun = line[: len(line) - len(words)] + style + words
        codes = _ESCAPES.findall(begun)
        style = codes[-1] if codes and codes[-1] != _END else ""
        found.append(begun + _END if style else begun)
    return found


def unstyled(text: str) -> str:
    r"""Return ``text`` without styles, as it is seen.

    Examples
    --------
    >>> unstyled("\x1b[1m0.9896\x1b[0m")
    '0.9896'
    """
    return _ESCAPES.sub("", text)
