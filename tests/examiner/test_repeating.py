import numpy as np
import pytest
from adapters import graded

RIGHT = "np.maximum(maps, 0)"
REMEMBER = {
    "adds up": f"n = [0]\ndef relu(maps):\n    n[0] = n[0] + 1\n    return {RIGHT} + n[0]",
    "a default": "def relu(maps, seen=[]):\n    seen.append(1)\n    return np.maximum(maps, 0) * len(seen)",
    "by shape": f"kept = {{}}\ndef relu(maps):\n    return kept.setdefault(maps.shape, {RIGHT})",
    "the first": f"kept = []\ndef relu(maps):\n    kept.append({RIGHT})\n    return kept[0]",
    "noise": f"def relu(maps):\n    return {RIGHT} * np.random.rand()",
    "dropout": f"def relu(maps):\n    return {RIGHT} * (np.random.rand(*maps.shape) > 0.5)",
}


@pytest.mark.parametrize("name", REMEMBER)
def test_a_function_that_remembers_is_found_out(name):
    answer = graded(REMEMBER[name], 21)
    values = answer.lost[0]
    assert (values.criterion, values.points) == ("values", 0)
    assert answer.points < answer.question.points
    if name not in ("the first", "noise", "dropout"):
        assert values.cause == "state"
        assert "The second call with the same arguments gives another result" in values.message
        assert " then " in values.got


@pytest.mark.parametrize(
    "source",
    [
        f"def relu(maps):\n    return {RIGHT}",
        "import functools\n@functools.lru_cache\ndef zero():\n    return 0\n"
        f"def relu(maps):\n    return {RIGHT} + zero()",
        f"calls = 0\ndef relu(maps):\n    global calls\n    calls += 1\n    return {RIGHT}",
    ],
)
def test_what_only_counts_or_caches_rightly_keeps_its_points(source):
    assert graded(source, 21).points == 2


def test_the_state_is_told_with_its_line():
    answer = graded(REMEMBER["a default"], 21)
    assert "The default seen=[] in line 3 is made once and kept from call to call" in answer.lost[0].message
    assert np.isclose(answer.points, 1.25)
