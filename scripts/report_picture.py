"""Write docs/report.png, README's picture of a report: ``python scripts/report_picture.py runs/mnist-fast``.

It is the top of the run's page, as an installed Chromium, Google Chrome or Edge shows it.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from pellucid.core.files import write_bytes
from pellucid.lab.browser import find_browser
from pellucid.report import write_report

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "report.png"
WIDTH, HEIGHT = 1180, 1420
COLOURS = 128  # a palette keeps the file small


def main(run: str) -> None:
    """Write the page of ``run`` anew, photograph its top, and say where the picture is."""
    browser = find_browser()
    if browser is None:
        sys.exit("Install Chromium, Google Chrome or Edge. Received: no browser that can show the page")
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder, "shot.png")
        arguments = [
            *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
            *(f"--user-data-dir={folder}/profile", f"--window-size={WIDTH},{HEIGHT}"),
            f"--screenshot={shot}",
        ]
        page = write_report(Path(run)).resolve().as_uri()
        subprocess.run([browser, *arguments, page], check=True, timeout=300, capture_output=True)
        with Image.open(shot) as picture:
            small = picture.convert("RGB").quantize(COLOURS)
    content = io.BytesIO()
    small.save(content, format="PNG", optimize=True)
    write_bytes(PICTURE, content.getvalue())
    print(f"{PICTURE}: {len(content.getvalue()) / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1])
