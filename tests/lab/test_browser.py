"""Printing with a browser: a script in its place shows what it is told and how its failures are told."""

import subprocess
import sys

import pytest

from pellucid.errors import OutputError
from pellucid.lab import browser

SCRIPT = """#!{python}
import os, subprocess, sys, time
pdf = next(word for word in sys.argv if word.startswith("--print-to-pdf=")).partition("=")[2]
{action}
"""
HANGS = """
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("{note}.part", "w").write(str(child.pid))
os.rename("{note}.part", "{note}")
time.sleep(600)
"""
PRINTS = "open(pdf, 'wb').write(b'%PDF-1.4 whole')"


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "out" / "lab.html"
    path.parent.mkdir()
    path.write_text("<p>page</p>")
    return path


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Return a function that installs a browser that does what the given code says."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def install(action, name="chromium"):
        path = folder / name
        path.write_text(SCRIPT.format(python=sys.executable, action=action))
        path.chmod(0o755)
        return path

    return install


@pytest.mark.parametrize("name", browser.NAMES)
def test_a_browser_of_each_name_is_found_on_the_path(fake, name):
    path = fake(PRINTS, name)
    assert browser.find_browser() == path


def test_a_browser_in_its_usual_place_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SOMEWHERE", str(tmp_path))
    monkeypatch.setattr(browser, "PLACES", ("/not/there", "$SOMEWHERE/Google Chrome"))
    assert browser.find_browser() is None
    (tmp_path / "Google Chrome").write_text("")
    assert browser.find_browser() == tmp_path / "Google Chrome"


@pytest.mark.parametrize("root", [True, False])
def test_the_sandbox_is_left_out_for_root_alone(tmp_path, root):
    command = browser.print_command(
        tmp_path / "b", tmp_path / "a.html", tmp_path / "a.pdf", tmp_path, root=root
    )
    assert ("--no-sandbox" in command) == root


def test_the_browser_is_silent_and_fresh(fake, page):
    told = page.parent / "told"
    path = fake(f"{PRINTS}\nopen({str(told)!r}, 'w').write('\\n'.join(sys.argv[1:]))")
    browser.print_page(path, page, page.with_suffix(".pdf"))
    words = told.read_text().splitlines()
    assert {"--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND"} < set(words)
    assert words[-1] == page.as_uri()
    profile = next(word for word in words if word.startswith("--user-data-dir="))
    assert str(page.parent) in profile
    assert page.with_suffix(".pdf").read_bytes() == b"%PDF-1.4 whole"
    assert {path.name for path in page.parent.iterdir()} == {"lab.html", "lab.pdf", "told"}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            "print('no display', file=sys.stderr); sys.exit(3)",
            r"^chromium failed\. Received: exit code 3, 'no display'$",
        ),
        ("os.kill(os.getpid(), 11)", r"^chromium failed\. Received: exit code -11, no message$"),
        ("print('done', file=sys.stderr)", r"^chromium wrote no PDF\. Received: 'done'$"),
        ("open(pdf, 'w').write('half')", r"^chromium wrote no PDF\. Received: no message$"),
    ],
    ids=["fails", "crashes", "writes nothing", "writes something else"],
)
def test_failures_are_told_and_leave_nothing(fake, page, action, message):
    with pytest.raises(OutputError, match=message):
        browser.print_page(fake(action), page, page.with_suffix(".pdf"))
    assert [path.name for path in page.parent.iterdir()] == ["lab.html"]


def test_a_browser_that_cannot_be_started_is_told(fake, page):
    path = fake(PRINTS)
    path.write_text("#!/not/there\n")
    with pytest.raises(
        OutputError, match=r"^chromium cannot be started\. Received: No such file or directory$"
    ):
        browser.print_page(path, page, page.with_suffix(".pdf"))


def test_a_browser_that_hangs_is_ended_with_all_that_it_started(fake, page):
    note = page.parent.parent / "child"
    path = fake(HANGS.format(note=str(note)))
    seconds = 1.0
    while not note.exists():  # on a slow machine it takes longer to start
        with pytest.raises(
            OutputError, match=r"^chromium has not printed the page\. Received: .* without a PDF$"
        ):
            browser.print_page(path, page, page.with_suffix(".pdf"), seconds=seconds)
        seconds *= 2
    pid = note.read_text()
    state = subprocess.run(["/bin/ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False)
    assert state.stdout.strip()[:1] in ("", "Z")
    assert [path.name for path in page.parent.iterdir()] == ["lab.html"]
