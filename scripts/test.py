"""Set pellucid up with its test tools and check everything: ``python3 scripts/test.py [OPTIONS]``.

Style (ruff), spelling (codespell), types (mypy), then all tests but the campaigns (the slow ones too), and
the examples in the documentation (pytest). Options go to pytest.
"""

from __future__ import annotations

import sys

from environment import python_with, run

if __name__ == "__main__":
    python = python_with("test")
    run(python, "-m", "ruff", "check")
    run(python, "-m", "ruff", "format", "--check")
    run(python, "-m", "codespell_lib")
    run(python, "-m", "mypy")
    run(python, "-m", "pytest", "-q", "--numprocesses", "auto", "-m", "not campaign", *sys.argv[1:])
