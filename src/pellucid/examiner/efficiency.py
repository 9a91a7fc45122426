"""Whether a function uses matrix operations, by counting lines: the same file always gets the same marks.

A trace function sees every line that Python runs. A function of matrix operations runs as many lines on a
large input as on a small one; one that loops over elements runs more, in proportion to the elements. Seconds
are measured too, next to the reference, and decide only in extreme cases.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.examiner.calling import Call
from pellucid.examiner.cases import Case, same
from pellucid.examiner.counting import Count, Line, count_lines
from pellucid.examiner.student import RemoteFunction

SHARE = 0.2  # of the added elements: a line that runs at least this many more times loops over elements
TIMES_SLOWER, SLOW_SECONDS = 100.0, 0.5


@dataclass(frozen=True)
class Efficiency:
    """Counts and seconds at two sizes."""

    ok: bool
    loops: tuple[Line, ...]  # the lines of the loops to blame
    says: str
    seconds: tuple[float, float]
    reference_seconds: tuple[float, float]


def measure(
    call: Call,
    reference: Callable[[Case], Any],
    small: Case,
    large: Case,
    letters: str,
    source: str,
    what: str = "elements",
    *,
    must_be_right: bool = False,
) -> Efficiency:
    """Run a function on a small and a large case, counting lines and seconds.

    A function that was right so far ``must_be_right`` here too: it might give up only on large inputs.
    """
    counts = _count_lines(call, small), _count_lines(call, large)
    before, after = counts[0].lines, counts[1].lines
    added = _elements(large, letters) - _elements(small, letters)
    busy = sorted((line for line in after if after[line] - before[line] >= SHARE * added), key=str)
    seconds = _seconds(lambda: call(small)), _seconds(lambda: call(large))
    theirs = _seconds(lambda: reference(small)), _seconds(lambda: reference(large))
    if busy:
        own = [line for line in busy if isinstance(line, int)]
        loops: tuple[Line, ...] = enclosing_loops(source, own) or (busy[0],)
        most = max(busy, key=lambda line: after[line])
        says = (
            f"It visits {what} one by one: line {most} runs {before[most]:,} times for "
            f"{_elements(small, letters):,} {what} and {_count(after[most])} times for "
            f"{_elements(large, letters):,}. {_name_loops(loops)} NumPy does this for a whole array at once."
        )
        return Efficiency(False, loops, says, seconds, theirs)
    if says := _gives_up(call, reference, large, counts[1], must_be_right=must_be_right):
        return Efficiency(False, (), says, seconds, theirs)
    if seconds[1] > SLOW_SECONDS and seconds[1] > TIMES_SLOWER * theirs[1]:
        says = (
            f"It took {seconds[1]:.2g} s where the reference took {theirs[1]:.2g} s, on an input "
            f"{_elements(large, letters) / _elements(small, letters):.0f} times as large as one on which it "
            f"took {seconds[0]:.2g} s: it makes far larger arrays than are needed."
        )
        return Efficiency(False, (), says, seconds, theirs)
    return Efficiency(True, (), "", seconds, theirs)


def enclosing_loops(source: str, lines: list[int]) -> tuple[int, ...]:
    r"""Return the lines on which the loops around ``lines`` begin, in the syntax tree.

    Examples
    --------
    >>> enclosing_loops("for i in x:\n    for j in x:\n        f(i, j)", [3])
    (1, 2)
    """
    loops: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        kinds = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
        if isinstance(node, kinds) and any(
            node.lineno <= line <= (node.end_lineno or node.lineno) for line in lines
        ):
            loops.add(node.lineno)
    return tuple(sorted(loops))


def _count_lines(call: Call, case: Case) -> Count:
    """Count how often each line of the student's file runs."""
    arguments, keywords = call.split(call.values(case))
    if isinstance(call.function, RemoteFunction):
        return call.function.count_lines(arguments, keywords)
    return count_lines(lambda: call.function(*arguments, **keywords))


def _gives_up(
    call: Call, reference: Callable[[Case], Any], case: Case, count: Count, *, must_be_right: bool
) -> str:
    """Say that a call while counting did not do the work; nothing where it did."""
    if count.error:
        return f"On a larger input {count.error}."
    if not must_be_right:
        return ""
    try:
        found = np.asarray(call.form.take(call.picked(count.result), case))
    except (ValueError, TypeError, IndexError):
        found = None
    if same(found, np.asarray(reference(case))):
        return ""
    return "On a larger input it gives something else than on small ones, so that its loops cannot be judged."


def _elements(case: Case, letters: str) -> int:
    product = 1
    for letter in letters:
        product *= case.extent(letter)
    return product


def _seconds(run: Callable[[], Any]) -> float:
    best = float("inf")
    for _ in range(2):
        began = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - began)
        if best > SLOW_SECONDS:
            break
    return best


def _count(times: int) -> str:
    return f"{times:,}"


def _name_loops(loops: tuple[Line, ...]) -> str:
    if len(loops) == 1:
        return f"The loop is in line {loops[0]}."
    return f"The loops begin in lines {', '.join(map(str, loops[:-1]))} and {loops[-1]}."
