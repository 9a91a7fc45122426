import textwrap

import pytest

from pellucid.examiner.examining import Host, examine, examine_all

THREE = {
    "good.py": "import numpy as np\ndef relu(maps):\n    return np.maximum(maps, 0)\n",
    "=evil<b>.py": "import numpy as np\ndef relu(maps):\n    maps[maps < 0] = 0\n    return maps\n",
    "broken.py": "def relu(",
}


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


@pytest.fixture(scope="session")
def marks(tmp_path_factory):
    """Return the marks of three files: one right, one that changes its argument, one that does not parse."""
    folder = tmp_path_factory.mktemp("class")
    for name, source in THREE.items():
        (folder / name).write_text(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return examine_all(list(THREE), questions=[21, 26], jobs=1)
