import textwrap

import pytest

from pellucid.examiner.examining import Host, examine


@pytest.fixture(scope="session")
def host():
    with Host() as warm:
        yield warm


@pytest.fixture
def marks_of(host, tmp_path):
    """Examine source that stands in a test."""

    def examined(source, *, questions=None, seed=0, seconds=10.0, name="lowlevel.py"):
        path = tmp_path / name
        path.write_text("import numpy as np\n\n" + textwrap.dedent(source), encoding="utf-8")
        return examine(path, seed=seed, questions=questions, seconds=seconds, host=host)

    return examined
