import pytest

from pellucid.examiner import examine_all
from pellucid.examiner.beside import files_beside


@pytest.fixture
def given(tmp_path):
    """Return the names of the files that go with source, in a folder with several others."""
    folder = tmp_path / "class"
    (folder / "data").mkdir(parents=True)
    (folder / "package").mkdir()
    for name in (
        *("helper.py", "deeper.py", "other.py", "unused.py", "weights.npy", "notes.md", "data/one.png"),
        *("data/code.py", "package/__init__.py", "package/part.py"),
    ):
        (folder / name).write_text("")
    (folder / "helper.py").write_text("import deeper\n")
    (folder / "broken.py").write_text("def (")
    (folder / "marks.csv").write_text("file,Q20,Q21\nother.py,4,2\n")
    (tmp_path / "outside.txt").write_text("outside")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")

    def names(source):
        return set(files_beside(folder / "mine.py", source, [folder / "other.py"]))

    return names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import helper", {"helper.py", "deeper.py"}),
        ("from helper import relu as r", {"helper.py", "deeper.py"}),
        ("from . import unused", {"unused.py"}),
        ("import package.part", {"package/__init__.py", "package/part.py"}),
        ("np.load('weights.npy')", {"weights.npy"}),
        ("open(os.path.join('data', name))", {"data/one.png"}),
        ("import broken", {"broken.py"}),
        ("import numpy as np", set()),
    ],
)
def test_what_a_file_imports_or_names_goes_with_it(source, names, given):
    assert given(source) == names


@pytest.mark.parametrize(
    "source",
    [
        "import other",  # another submission
        "open('other.py')",
        "open('unused.py')",  # code is imported, not read
        "open('notes.md')",
        "open('marks.csv')",  # the marks of others
        "open('link.txt')",
        "open('../outside.txt')",
        "open('.'); open(''); open('/'); open('a\\0b'); open('x' * 300)",
    ],
)
def test_what_is_not_the_files_own_does_not(source, given):
    assert given(source) == set()


def test_no_more_than_a_limit(given, monkeypatch):
    monkeypatch.setattr("pellucid.examiner.beside.MOST", -1)
    assert given("import helper") == set()


def test_a_file_uses_its_helper_module_and_its_data(tmp_path):
    (tmp_path / "helper.py").write_text("def cut(x, low):\n    return x * (x > low)\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "zero.txt").write_text("0")
    source = (
        "from helper import cut\nLOW = float(open('data/zero.txt').read())\n"
        "def relu(maps):\n    return cut(maps, LOW)\n"
    )
    (tmp_path / "mine.py").write_text(source)
    (marks,) = examine_all([tmp_path / "mine.py"], questions=[21], jobs=1)
    assert marks.points == 2
    assert marks.notes == ("Files beside it that it names were given to it: helper.py, data/zero.txt.",)


def test_loops_in_a_helper_module_are_loops(tmp_path):
    helper = (
        "import numpy as np\ndef cut(x):\n    return np.array([max(v, 0) for v in x.flat]).reshape(x.shape)\n"
    )
    (tmp_path / "helper.py").write_text(helper)
    (tmp_path / "mine.py").write_text("import helper\ndef relu(maps):\n    return helper.cut(maps)\n")
    (marks,) = examine_all([tmp_path / "mine.py"], questions=[21], jobs=1)
    assert marks.points == 1.75
    assert "line 3 of helper.py runs" in marks.of(21).lost[0].message
