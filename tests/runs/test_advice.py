import pytest

from pellucid.runs import Settings, run
from pellucid.runs.advice import with_seeds


@pytest.mark.parametrize(
    ("command", "advised"),
    [
        ("pellucid run mnist-cnn --limit 3000 --epochs 1", "pellucid run mnist-cnn --limit 3000 --epochs 1"),
        ("pellucid run 'my shapes.py' --out runs/it --json", "pellucid run 'my shapes.py'"),
        ("pellucid run --seed 4 shapes.py --out=x --seed=3", "pellucid run shapes.py"),
        ("pellucid run a.py --seeds 2 --vary-split", "pellucid run a.py --vary-split"),
    ],
)
def test_the_file_and_the_options_are_kept_and_the_seed_and_the_place_are_not(command, advised):
    assert with_seeds(command, 5) == f"{advised} --seeds 5"


@pytest.mark.parametrize("command", ["", "pellucid run", "pellucid lab", "python a.py", "pellucid run 'x"])
def test_another_command_gives_no_advice(command):
    assert with_seeds(command, 5) == ""


def test_a_finding_has_the_command_with_its_options(declare, tmp_path):
    command = "pellucid run shapes.py --epochs 1"
    found = run(declare(epochs=1), tmp_path / "run", Settings(threads=1), verbose=0, command=command)
    [finding] = [one for one in found.results.findings if one.code == "one-seed"]
    assert finding.fix == "Repeat it with five seeds: pellucid run shapes.py --epochs 1 --seeds 5."
