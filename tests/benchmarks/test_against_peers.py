"""The comparison with peers: its options, order, results, tables and plot, from figures that we made up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pellucid.bench.process import MeasurementError
from pellucid.errors import ArgumentError

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import against_peers  # noqa: E402 - the folder has to be on the path first
from comparison import environments, plan, plot, results, tables  # noqa: E402 - the folder has to be on the path first
from comparison.contenders import contenders  # noqa: E402 - the folder has to be on the path first

ALL = ["pellucid", "pellucid-fast", "tensorflow", "torch", "jax", "mygrad"]
SET = {"OPENBLAS_CORETYPE": "Haswell"}


def trained(rate, **more):
    rates = [0.9 * rate, rate, 1.3 * rate]
    about = {"versions": {"numpy": "2.0"}, "first_seconds": 1.25, "operations_per_image": 1e6}
    return {"images_per_second": rates, **about, **more}


@pytest.fixture
def data():
    predicted = {
        "one": {"way": "predict", "milliseconds": [0.2]},
        "batches": {"way": "call", "images_per_second": [9000.0]},
    }
    return {
        "settings": {"threads": 2, "seconds": 6.0},
        "machine": {
            "cpu": {"name": "A CPU", "count": 2},
            "system": "Linux",
            "python": "3.12",
            "variables": SET,
        },
        "environments": {"pellucid": {"bytes": 50_000_000}, "torch": {"bytes": 1_000_000_000}},
        "measurements": {
            "machine/-/pellucid/0": {
                "ceiling": 1e10,
                "blas": [{"internal_api": "openblas", "version": "0.3", "architecture": "Zen"}],
                "compiled_kernels": None,
            },
            "training/mnist-cnn/pellucid/0": trained(4000.0),
            "training/mnist-cnn/pellucid/1": trained(4200.0),
            "training/mnist-cnn/pellucid/2": trained(9999.0),
            "training/mnist-cnn/pellucid, variables set/0": trained(2100.0),
            "training/mnist-cnn/torch/0": trained(1000.0),
            "training/mnist-cnn/torch-compile/0": trained(2100.0),
            "training/mnist-cnn/torch-bfloat16/0": trained(8000.0),
            "training/mnist-cnn/keras-jax/0": trained(500.0),
            "training/mnist-cnn/mygrad/0": {"failed": "RuntimeError: no"},
            "prediction/mnist-cnn/pellucid/0": predicted,
            "memory/mnist-cnn/torch/0": {"peak_bytes": 300_000_000, "images": 10_000},
            "import/-/torch/0": {"seconds": [1.0, 1.5, 9.0]},
        },
    }


def row(text, name, corner):
    """Return the cells of one row of the table with that corner."""
    lines = text.split(f"| {corner} |")[1].split("\n\n")[0].splitlines()
    return next(
        [cell.strip() for cell in line.split("|")[2:-1]] for line in lines if line.startswith(f"| {name} |")
    )


def test_the_table_of_training(data):
    text = tables.markdown(data)
    assert row(text, "pellucid", "training, images/s") == ["4,200"]  # the median of the rounds' medians
    assert row(text, "torch-compile", "training, images/s") == ["**2,100**"]
    assert row(text, "*torch-bfloat16*", "training, images/s") == ["8,000"]
    assert row(text, "pellucid", "over the best peer") == ["2.00"]
    assert row(text, "pellucid, variables set", "over the best peer") == ["1.00"]
    assert row(text, "pellucid", "of ceiling") == ["42%"]
    assert row(text, "keras-jax", "first steps, compiling included, s") == ["1.2"]
    assert "| mygrad |" not in text
    assert "- training/mnist-cnn/mygrad failed: RuntimeError: no" in text
    assert "OPENBLAS_CORETYPE=Haswell" in text


def test_the_other_tables(data):
    text = tables.markdown(data)
    assert row(text, "pellucid", "prediction, mnist-cnn") == ["0.200 (predict)", "9,000 (call)"]
    assert row(text, "torch", "costs") == ["300", "1.50", "1,000"]


def test_every_network_has_its_own_memory(data):
    data["measurements"]["memory/cifar10-cnn/torch/0"] = {"peak_bytes": 700_000_000, "images": 10_000}
    assert row(tables.markdown(data), "torch", "costs") == ["300", "700", "1.50", "1,000"]


def test_a_peer_that_is_faster_shows_below_one(data):
    data["measurements"]["training/mnist-cnn/jax/0"] = trained(8400.0)
    text = tables.markdown(data)
    assert row(text, "jax", "training, images/s") == ["**8,400**"]
    assert row(text, "torch-compile", "training, images/s") == ["2,100"]
    assert row(text, "pellucid", "over the best peer") == ["0.50"]


def test_tables_of_nothing_and_of_pellucid_alone(data):
    of_ours = {key: value for key, value in data["measurements"].items() if "/pellucid/" in key}
    assert row(tables.markdown({**data, "measurements": of_ours}), "pellucid", "training, images/s") == [
        "4,200"
    ]
    text = tables.markdown({**data, "measurements": {}})
    assert text.startswith("A CPU, 2 processors")
    assert "|" not in text


def test_bars_are_libraries_in_their_best_form(data):
    assert plot.bars(results.training(data)["mnist-cnn"]) == {
        "pellucid": 4200.0,
        "torch": 2100.0,
        "keras-jax": 500.0,
    }


@pytest.mark.parametrize(
    ("contender", "library"),
    [
        ("pellucid-fast", "pellucid-fast"),
        ("keras-tensorflow-steps", "keras-tensorflow"),
        ("torch-compile-channels-last", "torch"),
        ("jax-scan", "jax"),
    ],
)
def test_the_library_of_a_contender(contender, library):
    assert plot.library_of(contender) == library


def test_the_plot(data, tmp_path):
    data["measurements"]["training/digits-cnn/pellucid/0"] = trained(123_456.0)
    figure = plot.drawn(results.training(data))
    shown = [panel for panel in figure.axes if panel.get_visible()]
    assert [panel.get_title(loc="left") for panel in shown] == ["mnist-cnn", "digits-cnn"]
    widths = [bar.get_width() for bar in shown[0].patches]
    assert widths == [4200.0, 2100.0, 500.0]
    assert [text.get_text() for text in shown[1].texts] == ["123,456"]
    for name, begins in (("p.svg", b"<?xml"), ("p.png", b"\x89PNG")):
        plot.plot(data, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begins)
    again = tmp_path / "again.svg"
    plot.plot(data, again)
    assert again.read_bytes() == (tmp_path / "p.svg").read_bytes()
    plot.plot({**data, "measurements": {}}, tmp_path / "none.svg")
    assert not (tmp_path / "none.svg").exists()


def test_who_takes_part():
    names = [one.name for one in contenders(2, ALL, SET)]
    assert names[:6] == [
        "pellucid",
        "pellucid, 1 thread",
        "pellucid, variables set",
        "pellucid-fast",
        "pellucid-fast, 1 thread",
        "pellucid-fast, variables set",
    ]
    assert {"keras-tensorflow", "torch-compile-channels-last", "jax-scan", "mygrad"} <= set(names)
    assert [one.name for one in contenders(1, ["pellucid", "mygrad"], {})] == ["pellucid", "mygrad"]


def test_every_round_has_everyone_in_turn():
    everyone = contenders(2, ["pellucid", "mygrad"], SET)
    found = plan.measurements(everyone, ["mnist-relu", "mnist-cnn"], 2, 6.0)
    training = [one.key for one in found if one.kind == "training"]
    names = ["pellucid", "pellucid, 1 thread", "pellucid, variables set", "mygrad"]
    assert training == [
        f"training/{network}/{name}/{number}"
        for number in (0, 1)
        for network in ("mnist-relu", "mnist-cnn")
        for name in names
    ]
    assert len({one.key for one in found}) == len(found)
    assert [one.key for one in found if one.kind == "prediction"] == [
        f"prediction/mnist-cnn/{name}/{number}" for number in (0, 1) for name in ("pellucid", "mygrad")
    ]
    assert [one.key for one in found if one.kind == "memory"] == [
        "memory/mnist-cnn/pellucid/0",
        "memory/mnist-cnn/mygrad/0",
    ]


def test_scanning_is_for_networks_without_convolutions():
    found = plan.measurements(contenders(2, ["jax"], {}), ["mnist-relu", "mnist-cnn"], 1, 6.0)
    assert [one.network for one in found if one.contender.name == "jax-scan" and one.kind == "training"] == [
        "mnist-relu"
    ]
    assert {one.contender.name for one in found if one.kind == "prediction"} == {"jax", "keras-jax"}


def test_flat_images_have_no_channels_to_be_last():
    found = plan.measurements(contenders(2, ["torch"], {}), ["mnist-relu"], 1, 6.0)
    names = {one.contender.name for one in found if one.kind == "training"}
    assert names == {"torch", "torch-compile", "torch-bfloat16", "keras-torch"}


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (["training/mnist-cnn/pellucid"], 2),
        (["*/pellucid, *", "memory/*"], 8),
        (["nothing"], 0),
    ],
)
def test_some_of_it(only, expected):
    everyone = contenders(2, ["pellucid", "mygrad"], SET)
    assert len(plan.measurements(everyone, ["mnist-cnn"], 2, 6.0, only)) == expected


def test_results_go_on_where_they_were(tmp_path):
    path = tmp_path / "results.json"
    first = results.Results(path, threads=2, seconds=6.0)
    first.keep("training/a/b/0", {"images_per_second": [1.0]})
    first.keep("training/a/c/0", {"failed": "no"})
    second = results.Results(path, threads=2, seconds=6.0)
    assert second.has("training/a/b/0")
    assert not second.has("training/a/c/0")  # what failed is tried again
    assert not second.has("training/a/b/1")
    second.forget(["training/a/b/0", "never/was/there/0"])
    assert not second.has("training/a/b/0")
    assert json.loads(path.read_text())["settings"] == {"threads": 2, "seconds": 6.0}


@pytest.mark.parametrize("other", [{"threads": 1, "seconds": 6.0}, {"threads": 2, "seconds": 1.0}])
def test_results_of_other_settings_are_not_mixed(tmp_path, other):
    results.Results(tmp_path / "results.json", threads=2, seconds=6.0).keep("a/b/c/0", {})
    with pytest.raises(ArgumentError, match="cannot be gone on with otherwise: choose another --out"):
        results.Results(tmp_path / "results.json", **other)


def test_a_measurement_that_fails_is_noted(monkeypatch):
    def fails(kind, task, **_options):
        raise MeasurementError(f"not done: {task.variant}")

    monkeypatch.setattr(plan, "measure", fails)
    one = plan.measurements(contenders(1, ["mygrad"], {}), ["mnist-relu"], 1, 6.0, ["training/*"])[0]
    assert one.measure(Path(sys.executable)) == {"failed": "not done: mygrad"}


def test_one_small_measurement_of_each_kind():
    ours = contenders(1, ["pellucid"], {})[0]

    def measured(kind, network="digits-cnn"):
        return plan.Measurement(kind, network, ours, 0, seconds=0.03).measure(Path(sys.executable))

    assert len(measured("training")["images_per_second"]) == plan.PARTS
    assert measured("prediction")["one"]["milliseconds"][0] > 0
    assert measured("memory")["images"] == 10_000
    assert measured("machine", "-")["ceiling"] > 1e8
    assert max(measured("import", "-")["seconds"]) > 0.01


def test_what_pip_installs():
    options = against_peers.parse(["--torch", "torch==2.13.0 --no-cache-dir", "--keras", "keras<4"])
    wanted = environments.requirements(options)
    assert wanted["torch"] == ["torch==2.13.0", "--no-cache-dir", "keras<4"]
    assert wanted["tensorflow"] == ["tensorflow-cpu", "keras<4"]
    assert wanted["mygrad"] == ["mygrad"]
    assert any(one.startswith("numpy") for one in wanted["pellucid"])


def test_an_environment_is_made_once(tmp_path, monkeypatch):
    installed = []

    def install(self, name, *what):
        installed.append((name, what[-1]))
        (self.folder / name / "library").write_bytes(b"x" * (1000 if what[-1] == "mygrad" else 50))

    monkeypatch.setattr(environments.Environments, "_install", install)
    monkeypatch.setattr(environments.venv, "create", lambda folder, **_: folder.mkdir())
    made = environments.Environments(tmp_path, {"mygrad": ["mygrad"]}).made("mygrad")
    assert made == {"requirements": ["mygrad"], "bytes": 1000}  # without pellucid, which comes after
    assert [what for _, what in installed] == ["mygrad", str(environments.ROOT)]
    assert environments.Environments(tmp_path, {"mygrad": ["mygrad"]}).made("mygrad") == made
    assert len(installed) == 2
    (tmp_path / "mygrad" / "library").unlink()
    monkeypatch.setattr(environments.venv, "create", lambda *_, **_options: None)
    environments.Environments(tmp_path, {"mygrad": ["mygrad==2"]}).made("mygrad")
    assert len(installed) == 4


def test_the_size_of_a_folder(tmp_path):
    (tmp_path / "a" / "__pycache__").mkdir(parents=True)
    (tmp_path / "a" / "one").write_bytes(b"x" * 7)
    (tmp_path / "a" / "__pycache__" / "two").write_bytes(b"x" * 5)
    (tmp_path / "again").symlink_to(tmp_path / "a" / "one")
    assert environments.size(tmp_path) == 12
    assert environments.size(tmp_path, but="__pycache__") == 7


@pytest.mark.parametrize("arguments", [["--rounds", "0"], ["--seconds", "0"]])
def test_options_that_cannot_be(arguments, capsys):
    with pytest.raises(SystemExit):
        against_peers.parse(arguments)
    assert "--rounds is at least 1 and --seconds above 0. Received: " in capsys.readouterr().err


def test_table_and_plot_from_what_there_is(data, tmp_path):
    """As a user calls it; nothing is measured, and no environment made."""
    (tmp_path / "results.json").write_text(json.dumps(data))
    answer = subprocess.run(
        [
            *(sys.executable, BENCHMARKS / "against_peers.py", "--only", "nothing", "--threads", "2"),
            *("--out", tmp_path, "--environments", tmp_path / "environments"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == str(tmp_path / "results.md")
    assert "**2,100**" in (tmp_path / "results.md").read_text()
    assert (tmp_path / "results.svg").exists()
    assert not (tmp_path / "environments").exists()


def test_an_error_is_one_line(tmp_path):
    command = [sys.executable, BENCHMARKS / "against_peers.py", "--out", tmp_path, "--networks", "mnist-cn"]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.strip() == (
        "against_peers: There is no experiment 'mnist-cn': did you mean 'mnist-cnn'?"
    )
