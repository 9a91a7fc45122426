import os
from pathlib import Path

import pytest

from pellucid.examiner.files.finding import find_files, short_names, wrong_path

RELU = "def relu(maps):\n    return maps\n"


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def made(*names, text=RELU):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return made


def found(*paths, **options):
    return [file.as_posix() for file in find_files(paths, **options).files]


def test_a_folder_stands_for_the_python_files_and_notebooks_in_it(make):
    make("work/b.py", "work/a.ipynb", "work/notes.txt", "work/C.PY", "work/.hidden.py", "work/__init__.py")
    assert found("work") == ["work/C.PY", "work/a.ipynb", "work/b.py"]


def test_a_class_as_a_learning_platform_packs_it(make):
    make("class/Ann B_12_assignsubmission_file/lab.py", "class/Bob_13_assignsubmission_file/lab.py")
    make("class/Bob_13_assignsubmission_file/.ipynb_checkpoints/lab.py", "class/__MACOSX/._lab.py")
    make("class/Ann B_12_assignsubmission_file/__pycache__/x.py", "class/index.html")
    assert found("class") == [
        "class/Ann B_12_assignsubmission_file/lab.py",
        "class/Bob_13_assignsubmission_file/lab.py",
    ]


def test_a_student_who_handed_in_nothing_that_can_be_examined_is_named(make):
    make("class/ann/lab.py", "class/bob/report.pdf", "class/bob/lab.zip")
    (Path("class") / "cem").mkdir()
    notes = find_files(["class"]).notes
    assert notes == (
        "class/bob has no Python file and no notebook in it, only lab.zip, report.pdf.",
        "class/cem has no Python file and no notebook in it.",
    )


def test_each_file_is_examined_once(make):
    make("work/a.py")
    assert found("work/a.py", "work", "work/../work/a.py") == ["work/a.py"]


def test_a_module_that_another_file_imports_is_no_submission(make):
    make("ann/lab.py", text="import helpers\n" + RELU)
    make("ann/helpers.py", "bob/helpers.py")
    done = find_files(["ann", "bob"])
    assert [file.as_posix() for file in done.files] == ["ann/lab.py", "bob/helpers.py"]
    assert done.notes == ("ann/helpers.py was not examined by itself: lab.py imports it.",)


def test_modules_that_import_each_other_are_both_kept(make):
    make("ann/a.py", text="import b")
    make("ann/b.py", text="from a import x")
    assert found("ann") == ["ann/a.py", "ann/b.py"]


def test_the_untouched_half_of_the_workbook_is_passed_over(make):
    make("work/lowlevel.ipynb", text="EMPTY")
    assert found("work", untouched=["EMPTY"]) == ["work/lowlevel.ipynb"]
    make("work/lowlevel.py")
    done = find_files(["work"], untouched=["EMPTY"])
    assert [file.as_posix() for file in done.files] == ["work/lowlevel.py"]
    assert done.notes == ("work/lowlevel.ipynb was not examined: it is the workbook as it was handed out.",)


def test_paths_that_lead_to_nothing(make):
    make("lowlevel.py", "empty/report.pdf")
    (Path("bare")).mkdir()
    wrong = find_files(["lowlevl.py", "x/y.py", "empty", "bare", "lowlevel.py"])
    assert wrong.wrong == (
        "lowlevl.py cannot be read: No such file or directory. Did you mean lowlevel.py?",
        "x/y.py cannot be read: No such file or directory.",
        "empty has no Python file and no notebook in it, only report.pdf.",
        "bare has no Python file and no notebook in it.",
    )
    assert [file.name for file in wrong.files] == ["lowlevel.py"]


def test_a_file_of_another_kind(make):
    Path("a.png").write_bytes(b"\x89PNG\r\n")
    Path("a.docx").write_bytes(b"PK\x03\x04")
    Path("a.txt").write_text(RELU)
    assert wrong_path(Path("a.png")) == "a.png is a PNG image, and neither Python nor a notebook."
    assert wrong_path(Path("a.docx")).startswith(
        "a.docx is a ZIP archive (or a document of an office program)"
    )
    assert wrong_path(Path("a.txt")) == ""  # some platforms add an ending


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_a_link_to_nothing(make):
    Path("a.py").symlink_to("gone.py")
    assert wrong_path(Path("a.py")) == "a.py is a link to gone.py, which is not there."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe(make):
    os.mkfifo("a.py")
    assert wrong_path(Path("a.py")) == "a.py is a pipe (FIFO), and no file."
    assert wrong_path(Path(os.devnull)) == f"{os.devnull} is a device, and no file."


def test_files_of_one_name_are_told_apart():
    assert short_names(["c/ann/a.py", "c/bob/a.py"]) == [str(Path("ann/a.py")), str(Path("bob/a.py"))]
    assert short_names(["a.py", "c/b.py"]) == ["a.py", str(Path("c/b.py"))]
    assert short_names([]) == []
