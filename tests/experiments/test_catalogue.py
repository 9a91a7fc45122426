import sys

import pytest
from PIL import Image

from pellucid.errors import ArgumentError, DataError, UnknownNameError
from pellucid.experiments import find, names


def declare(path, text):
    path.write_text(
        "from pellucid.experiments import Experiment, find\nfrom pellucid.layers import Dense\n" + text
    )
    return str(path)


MINE = "mine = Experiment('mine', 'A perceptron', 'digits', [Dense(10, activation='softmax')], flat=True)\n"


def test_by_name():
    assert [find(name).name for name in names()] == list(names())


def test_in_a_file(tmp_path):
    assert find(declare(tmp_path / "mine.py", MINE)).name == "mine"


def test_an_experiment_of_the_lab_that_a_file_builds_on_does_not_count(tmp_path):
    text = (
        "from dataclasses import replace\n"
        "base = find('mnist-cnn')\n"
        "longer = replace(base, name='longer', epochs=50)\n"
    )
    assert find(declare(tmp_path / "mine.py", text)).name == "longer"


def test_a_file_can_import_what_lies_beside_it(tmp_path):
    (tmp_path / "my_layers_beside.py").write_text(
        "from pellucid.layers import Dense\nlast = Dense(10, activation='softmax')\n"
    )
    text = "from my_layers_beside import last\nmine = Experiment('mine', 'x', 'digits', [last], flat=True)\n"
    before = list(sys.path)
    assert find(declare(tmp_path / "mine.py", text)).layers[0].units == 10
    assert sys.path == before
    sys.modules.pop("my_layers_beside", None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1\n", "A file declares one pellucid.experiments.Experiment. Received: {} with none"),
        (MINE + "other = Experiment('other', 'x', 'digits', [Dense(10)])\n", "Received: {} with mine, other"),
        ("x = unknown\n", "{}, line 3: NameError: name 'unknown' is not defined"),
        ("def f():\n    return 1 / 0\nf()\n", "{}, line 4: ZeroDivisionError: division by zero"),
        ("x = = 1\n", "{}, line 3: SyntaxError: invalid syntax"),
        ("raise SystemExit(3)\n", "{}, line 3: SystemExit: 3"),
        ("Dense(-1)\n", "{}, line 3: ArgumentError: "),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(tmp_path, text, told):
    path = declare(tmp_path / "mine.py", text)
    with pytest.raises(ArgumentError) as error:
        find(path)
    assert told.format(path) in str(error.value)


def test_a_folder_of_images_has_a_default_experiment(tmp_path):
    for kind in ("day", "night"):
        (tmp_path / kind).mkdir()
        Image.new("L", (30, 20)).save(tmp_path / kind / "1.png")
    assert find(str(tmp_path)).image_size == (20, 20)


def test_another_folder_is_told_what_it_lacks(tmp_path):
    with pytest.raises(DataError, match="has no class folders; there must be two or more sub-folders"):
        find(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mnist-cn", "There is no experiment 'mnist-cn': did you mean 'mnist-cnn'?"),
        ("gone.py", "There is no file gone.py that declares an experiment"),
        ("my-photos/", "There is no folder of images here of that name. Received: my-photos/"),
    ],
)
def test_what_there_is_not(name, told):
    with pytest.raises(UnknownNameError) as error:
        find(name)
    assert str(error.value) == told
