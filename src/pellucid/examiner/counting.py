"""Counts how often each line of a student's file runs during one call, and of the files beside it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

import numpy as np

from pellucid.examiner.student_errors import describe_exception, is_main, is_students

Line: TypeAlias = int | str  # of the file, or for one beside it "3 of helper.py"
ENOUGH = 300_000  # lines, after which counting stops


class _Enough(Exception):  # noqa: N818 - not an error
    """Enough lines were counted."""


@dataclass(frozen=True)
class Count:
    """How often each line ran during a call, and what the call returned, or why it did not."""

    lines: Counter[Line]
    result: Any = None
    error: str = ""


def count_lines(call: Callable[[], Any]) -> Count:
    """Call and count; an exception ends the count."""
    counts: Counter[Line] = Counter()
    total, result, stopped = 0, None, ""

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
        with np.errstate(all="ignore"):
            result = call()
    except (Exception, SystemExit) as error:
        stopped = describe_exception(error)
    finally:
        sys.settrace(kept)
    return Count(counts, result, stopped)
