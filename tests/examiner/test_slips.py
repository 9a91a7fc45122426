import pytest

from pellucid.examiner.slips import early_return, kept_state, lone_comparison, printed, thrown_away

CLEAN = """
def f(x, n=2):
    out = []
    for i in x:
        out.append(i)
    return out
"""


@pytest.mark.parametrize("slip", [early_return, kept_state, lone_comparison, printed, thrown_away])
def test_clean_code_has_no_slip(slip):
    assert slip(CLEAN, "f") == ""


def test_a_comparison_that_stands_alone():
    assert lone_comparison("def f(out):\n    out[out < 0] == 0\n    return out", "f") == (
        "Line 2 changes nothing: out[out < 0] == 0 is a comparison (==), where an assignment (=) was meant."
    )


@pytest.mark.parametrize("line", ["np.maximum(x, 0)", "x.clip(0)", "x.reshape(-1)"])
def test_a_result_thrown_away(line):
    source = f"def f(x):\n    {line}\n    return x"
    assert thrown_away(source, "f").startswith(f"Line 2 computes {line} and throws the result away")


def test_work_in_place_is_not_thrown_away():
    assert thrown_away("def f(x):\n    np.maximum(x, 0, out=x)\n    x.sort()\n    return x", "f") == ""


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(x, seen={}):\n    return seen", "The default seen={} in line 1"),
        ("kept = []\ndef f(x):\n    kept.append(x)\n    return kept", "kept (line 3) is made outside"),
        ("n = 0\ndef f(x):\n    global n\n    n += 1\n    return n", "Line 3 makes n global"),
        ("def f(x):\n    return x + np.random.rand()", "Random numbers are drawn in line 2."),
    ],
)
def test_where_state_is_kept(source, words):
    assert kept_state(source, "f").startswith(words)


def test_a_return_in_a_loop():
    words = early_return("def f(x):\n    while x:\n        return x", "f")
    assert words.startswith("The return in line 3 stands inside the loop of line 2")


def test_a_result_that_is_printed():
    assert printed("def f(x):\n    print(x)", "f") == "Line 2 prints it: return it."


def test_another_function_of_the_file_is_not_blamed():
    source = "def g(x):\n    print(x)\ndef f(x):\n    return x"
    assert printed(source, "f") == ""
