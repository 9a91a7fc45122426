"""Set pellucid up with its test tools and check everything: ``python3 scripts/test.py [OPTIONS]``.

Style (ruff), types (mypy), then the tests and the examples in the documentation (pytest). Options go to
pytest.
"""

from __future__ import annotations

import sys

from environment import python_with, run

if __name__ == "__main__":
    python = python_with("test")
    run(python, "-m", "ruff", "check")
    run(python, "-m", "ruff", "format", "--check")
    run(python, "-m", "mypy")
    run(python, "-m", "pytest", "-q", "--numprocesses", "auto", *sys.argv[1:])
