import json

from pellucid.experiments import EXPERIMENTS


def test_every_experiment_has_its_line(pellucid):
    result = pellucid("list")
    head, *lines = result.stdout.splitlines()
    assert head.split() == ["NAME", "DATA", "WHAT", "IT", "IS"]
    assert [line.split()[:2] for line in lines] == [[one.name, one.dataset] for one in EXPERIMENTS]
    assert result.stderr == "\nLook at one: pellucid show mnist-cnn\nRun one: pellucid run digits-cnn-64\n"


def test_json(pellucid):
    rows = json.loads(pellucid("list", "--json").stdout)
    assert [row["name"] for row in rows] == [one.name for one in EXPERIMENTS]
    assert rows[2] == {
        "name": "mnist-cnn",
        "dataset": "mnist",
        "epochs": 6,
        "summary": "MNIST digits with a convolutional network",
    }
