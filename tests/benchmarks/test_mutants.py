"""The mutation campaign on a small scale: what it changes, and that a mutant that matters is noticed."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks")
BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

mutants = pytest.importorskip("mutants")
from mutating.sites import mutated, sites  # noqa: E402 - the folder has to be on the path first
from mutating.trial import tests_of as targets  # noqa: E402 - as above

PROGRAM = '''
"""Words: 1 < 2."""
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import a
__all__ = ["b" * 2]

@dataclass(frozen=True)
class C:
    n: Literal[3] = 4

def f(x: list[5] = None) -> tuple[6]:
    check(x)
    if x < 7:
        raise ValueError(f"{8 * x}")
    return -max(x, 0.5) + g(x, copy=True, sharp=False) if x and y else z
'''


def changes(program):
    tree = ast.parse(program)
    return {(site.name, mutated(tree, site)) for site in sites(tree)}


def test_what_is_changed_and_what_is_left_alone():
    tree = ast.parse(PROGRAM)
    names = Counter(site.name for site in sites(tree))
    assert names == {
        "number": 6,  # 4, 7 and 0.5, one more and one less of each
        "comparison": 2,
        "condition": 2,
        "and, or": 1,
        "operation": 1,
        "sign": 1,
        "opposite": 1,
        "truth value": 1,
        "left out": 1,
    }
    unchanged = ast.unparse(tree) + "\n"
    programs = [mutated(tree, site) for site in sites(tree)]
    assert len(set(programs)) == len(programs)
    assert unchanged not in programs
    assert ast.unparse(tree) + "\n" == unchanged  # the tree itself is as before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a == b", {"a != b"}),
        ("a is None", {"a is not None"}),
        ("a - b", {"a + b"}),
        ("a ** b", {"a * b"}),
        ("a or b", {"a and b"}),
        ("np.argmax(a)", {"np.argmin(a)", "None"}),
        ("x = True", {"x = False"}),
        ("x = 2", {"x = 3", "x = 1"}),
        ("x = -a", {"x = +a"}),
        ("x = 'text'", set()),
        ("a < b < c", set()),
    ],
)
def test_each_kind_of_change(before, after):
    assert {text.strip() for _, text in changes(before)} == after


def test_draws_are_repeatable_and_never_twice_the_same():
    first, again = (mutants.drawn(40, 3, []) for _ in range(2))
    assert [str(one) for one in first] == [str(one) for one in again]
    assert {one.module.parts[0] for one in first} == set(mutants.ROOMS)
    assert len({(one.module, one.site) for one in first}) == 40
    only = mutants.drawn(5, 3, ["evaluation/cost.py"])
    assert {str(one.module) for one in only} == {"evaluation/cost.py"}


def test_a_module_is_tested_by_its_mirror_and_its_examples():
    assert targets(Path("evaluation/cost.py"), mutants.ROOT) == [
        "src/pellucid/evaluation/cost.py",
        "tests/evaluation/test_cost.py",
    ]
    words = targets(Path("evaluation/wording/seeds.py"), mutants.ROOT)
    assert "tests/evaluation/test_seeds.py" in words
    assert "tests/evaluation/wording/test_init.py" in words


def test_the_score_counts_what_was_noticed():
    told = mutants.summary(Counter(killed=7, timeout=1, survived=2))
    assert told == "10 mutants: 7 killed, 1 timeout, 2 survived; 80.0 % noticed"


@pytest.mark.slow
def test_mutants_that_matter_are_killed():
    command = [
        sys.executable,
        str(BENCHMARKS / "mutants.py"),
        "--count",
        "2",
        "--only",
        "evaluation/wording/values.py",
    ]
    done = subprocess.run([*command, "--trust"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "2 mutants: 2 killed, 0 timeout, 0 survived; 100.0 % noticed"
