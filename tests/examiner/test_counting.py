from pellucid.examiner.counting import count_lines
from pellucid.examiner.loading import load
from pellucid.examiner.submission import from_source


def test_each_line_of_the_file_is_counted():
    source = "def f(n):\n    for i in range(n):\n        i += 1\n    raise ValueError\n"
    function = load(from_source("x.py", source))[0]["f"]
    counts = count_lines(lambda: function(3)).lines
    assert (counts[2], counts[3], counts[4]) == (4, 3, 1)
