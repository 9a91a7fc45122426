"""Printing a page to PDF with a browser that is installed: Chromium, Google Chrome or Microsoft Edge."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from pellucid.core.files import write_bytes
from pellucid.core.wording.durations import duration
from pellucid.errors import OutputError

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge",
)  # fmt: skip
# Where macOS and Windows install browsers, which are not on the path there.
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    r"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
)
# Such a browser neither asks nor fetches anything: no updates, no reports, and no host's name is looked up.
QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--disable-domain-reliability", "--disable-sync", "--disable-breakpad", "--metrics-recording-only",
    "--password-store=basic", "--use-mock-keychain", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
PRINTING = ("--no-pdf-header-footer", "--print-to-pdf-no-header", "--generate-pdf-document-outline")
SECONDS = 300.0  # a browser that has not printed by then hangs


def find_browser() -> Path | None:
    """Return the first browser that can print pages and is installed; None without one."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is not None:
        return Path(found)
    return next((path for path in map(Path, map(os.path.expandvars, PLACES)) if path.is_file()), None)


def print_command(browser: Path, page: Path, pdf: Path, profile: Path, *, root: bool) -> list[str]:
    """Return the command that prints ``page`` to ``pdf``, with a fresh ``profile`` and no network.

    Chromium refuses to run as ``root`` inside its sandbox. The page is pellucid's own and holds no script,
    so for root alone the sandbox is left out.

    Examples
    --------
    >>> command = print_command(Path("chromium"), Path("/a.html"), Path("/a.pdf"), Path("/p"), root=False)
    >>> command[0], command[-1], "--no-sandbox" in command
    ('chromium', 'file:///a.html', False)
    """
    return [
        str(browser), *QUIET, *(("--no-sandbox",) if root else ()), *PRINTING, f"--user-data-dir={profile}",
        f"--print-to-pdf={pdf}", page.as_uri(),
    ]  # fmt: skip


def print_page(browser: Path, page: Path, pdf: Path, *, seconds: float = SECONDS) -> None:
    """Print a page to ``pdf``, which is replaced when the browser has written a whole one.

    Raises
    ------
    OutputError
        When the browser cannot be started, fails, hangs, or writes no PDF.
    """
    # Beside the PDF: a browser installed as a snap sees neither /tmp nor hidden folders.
    with tempfile.TemporaryDirectory(prefix="printing-", dir=pdf.parent, ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        printed = folder / "page.pdf"
        command = print_command(browser, page.resolve(), printed, folder / "profile", root=_is_root())
        said = _run(command, seconds)
        content = printed.read_bytes() if printed.is_file() else b""
        if not content.startswith(b"%PDF-"):
            raise OutputError(f"{browser.name} wrote no PDF. Received: {_last_line(said)}")
        write_bytes(pdf, content)


def _run(command: list[str], seconds: float) -> str:
    """Run the browser and return what it said; end it with all its processes if it hangs."""
    name = Path(command[0]).name
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise OutputError(f"{name} cannot be started. Received: {error.strerror or error}") from error
    try:
        said = process.communicate(timeout=seconds)[1].decode(errors="replace")
    except subprocess.TimeoutExpired as error:
        raise OutputError(
            f"{name} has not printed the page. Received: {duration(seconds)} without a PDF"
        ) from error
    finally:
        _end(process)
    if process.returncode:
        raise OutputError(f"{name} failed. Received: exit code {process.returncode}, {_last_line(said)}")
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a browser and what it started, also after Ctrl-C."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return repr(lines[-1][:200]) if lines else "no message"
