import numpy as np
import pytest

from pellucid.examiner.calling import Call
from pellucid.examiner.efficiency import enclosing_loops, measure
from pellucid.examiner.exams import rectification
from pellucid.examiner.loading import load
from pellucid.examiner.submission import from_source


def measured(body):
    submission = from_source("x.py", f"import numpy as np\ndef relu(maps):\n{body}")
    function = load(submission)[0]["relu"]
    call = Call(function, (("maps", "maps", None),), rectification.EXAM.forms["map"][0])
    small, large = rectification.large(1), rectification.large(2)
    return measure(
        call, lambda case: np.maximum(case.arrays["maps"], 0), small, large, "HW", submission.source
    )


@pytest.mark.parametrize(
    ("body", "loops"),
    [
        ("    return np.maximum(maps, 0)", ()),
        ("    return np.stack([np.maximum(row, 0) for row in maps])", ()),  # rows are no elements
        ("    return np.array([[max(x, 0) for x in row] for row in maps])", (3,)),
        ("    return np.vectorize(lambda x: max(x, 0))(maps)", (3,)),
        (
            "    out = []\n    for x in maps.ravel():\n        out.append(max(x, 0))\n    return "
            "np.array(out)",
            (4,),
        ),
        (
            "    out, i = maps.copy(), 0\n    while i < maps.size:\n        out.flat[i] = max(out.flat[i], "
            "0)\n"
            "        i += 1\n    return out",
            (4,),
        ),
    ],
)
def test_loops_over_elements_are_counted_and_named(body, loops):
    found = measured(body)
    assert found.ok == (not loops)
    assert found.loops == loops
    assert ("It visits elements one by one" in found.says) == bool(loops)


def test_far_too_much_work_without_a_loop_is_noticed(monkeypatch):
    from pellucid.examiner import efficiency

    monkeypatch.setattr(efficiency, "SLOW_SECONDS", 0.01)
    found = measured("    n = maps.size * 50\n    np.ones((n, 900)).sum()\n    return np.maximum(maps, 0)")
    assert not found.ok
    assert found.loops == ()
    assert "it makes far larger arrays than are needed" in found.says


def test_loops_are_found_in_the_syntax_tree():
    source = "x = [1]\nfor a in x:\n    y = [b for b in x]\n    while False:\n        pass\n"
    assert enclosing_loops(source, [3]) == (2, 3)
    assert enclosing_loops(source, [5]) == (2, 4)
    assert enclosing_loops(source, [1]) == ()
