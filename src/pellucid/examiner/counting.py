"""Counts how often each line of a student's file runs during one call, and of the files beside it."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

import numpy as np

from pellucid.examiner.student_errors import is_main, is_students

Line: TypeAlias = int | str  # of the file, or for one beside it "3 of helper.py"
ENOUGH = 300_000  # lines, after which counting stops


class _Enough(Exception):  # noqa: N818 - not an error
    """Enough lines were counted."""


def count_lines(call: Callable[[], Any]) -> Counter[Line]:
    """Call and return how often each line ran; an exception ends the count."""
    counts: Counter[Line] = Counter()
    total = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal total
        if not is_students(frame.f_code.co_filename):
            return None
        if event in ("line", "call"):
            file = frame.f_code.co_filename
            counts[frame.f_lineno if is_main(file) else f"{frame.f_lineno} of {Path(file).name}"] += 1
            total += 1
            if total > ENOUGH:
                raise _Enough
        return trace

    kept = sys.gettrace()
    sys.settrace(trace)
    try:
        # An error of the student's is told elsewhere.
        with np.errstate(all="ignore"), contextlib.suppress(Exception, SystemExit):
            call()
    finally:
        sys.settrace(kept)
    return counts
