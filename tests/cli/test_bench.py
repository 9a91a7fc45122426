"""``pellucid bench``: small networks, short rounds."""

import json
from statistics import median

import pytest

from pellucid.bench import benchmark, process
from pellucid.bench.measured import TrainingSpeed
from pellucid.bench.results import BenchMachine, BenchResults, NetworkTraining
from pellucid.bench.variants import Variant
from pellucid.cli.shared.bench_tables import shown
from pellucid.runs.record.environment import Processor

QUICK = ("--rounds", "2", "--seconds", "0.02")


def test_a_network_and_its_figures(pellucid, tmp_path):
    result = pellucid("bench", "digits-cnn", *QUICK, "--threads", "2", "--json", "figures.json")
    assert result.exit_code == 0
    found = json.loads((tmp_path / "figures.json").read_text())
    rates = found["training"]["digits-cnn"]["variants"]["pellucid"]["images_per_second"]
    assert len(rates) == 2
    row = next(line for line in result.stdout.splitlines() if line.startswith("digits-cnn "))
    alone = median(found["training"]["digits-cnn"]["one_thread"]["images_per_second"])
    share = median(rates) * 9180 / found["machine"]["ceiling"]
    assert row.split() == [
        "digits-cnn",
        "128",
        *(f"{rate:,.0f}" for rate in (median(rates), min(rates), max(rates))),
        f"{100 * share:.0f}",
        "%",
        f"{alone:,.0f}",
        f"{median(rates) / alone:.2f}",
        "×",
    ]
    assert "It may pass 100 %: Winograd's convolution needs fewer operations" in result.stdout
    assert "measuring digits-cnn: pellucid, 2 threads" in result.stderr
    assert result.stdout.endswith("figures  figures.json\n")


def test_prediction_of_mnist_cnn(pellucid):
    result = pellucid("bench", "mnist-cnn", "--rounds", "1", "--seconds", "0.02", "--threads", "1")
    lines = result.stdout.splitlines()
    head = next(number for number, line in enumerate(lines) if line == "Prediction")
    name, one, by, many, by_too = lines[head + 2].split()
    assert (name, by, by_too) == ("pellucid", "predict", "predict")
    assert float(one) > 0
    assert float(many.replace(",", "")) > 0
    assert "  1 thread" not in result.stdout


@pytest.mark.slow
def test_beside_the_library_that_is_there(pellucid, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    pytest.importorskip("jax")
    pytest.importorskip("keras")
    result = pellucid("bench", "digits-cnn", *QUICK, "--against", "jax", "--threads", "1")
    assert result.exit_code == 0
    for name in ("jax", "keras-jax", "keras-jax-steps"):
        assert f"\n{name} " in result.stdout
    assert "pellucid over the best peer, " in result.stdout


def test_a_library_that_is_not_there(pellucid, monkeypatch):
    monkeypatch.setattr(Variant, "missing", lambda self: list(self.needs))
    result = pellucid("bench", "digits-cnn", *QUICK, "--threads", "1", "--against", "mygrad,tensorflow")
    assert result.exit_code == 0
    assert "Not measured: mygrad. mygrad is not installed here: pip install mygrad" in result.stdout
    assert (
        "Not measured: keras-tensorflow, keras-tensorflow-steps. keras and tensorflow are not installed "
        "here: pip install tensorflow-cpu"
    ) in result.stdout
    assert "\ndigits-cnn " in result.stdout


@pytest.mark.parametrize("set_to", ["SANDYBRIDGE", None])
@pytest.mark.parametrize("keep", [(), ("--keep-environment",)])
def test_variables_that_hold_openblas_back_are_told(pellucid, monkeypatch, set_to, keep):
    monkeypatch.delenv("OPENBLAS_L2_SIZE", raising=False)
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    if set_to:
        monkeypatch.setenv("OPENBLAS_CORETYPE", set_to)
    text = pellucid("bench", "digits-cnn", *QUICK, "--threads", "1", *keep).stdout
    assert ("OPENBLAS_CORETYPE=SANDYBRIDGE is set" in text) == bool(set_to)
    assert ("is set here; measured without." in text) == bool(set_to and not keep)
    assert ("is set, and left so" in text) == bool(set_to and keep)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["mnist-cn"], "There is no experiment 'mnist-cn': did you mean 'mnist-cnn'?"),
        (["mnist-by-hand"], "Received: experiment='mnist-by-hand', which is written out by hand"),
        (["--against", "torhc"], "There is no library 'torhc' to compare with: did you mean 'torch'?"),
        (["--threads", "0"], "threads is a whole number of at least 1. Received: threads=0"),
    ],
)
def test_what_cannot_be_measured(pellucid, arguments, told):
    result = pellucid("bench", *arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
    assert "measuring" not in result.stderr


def test_a_peer_that_fails_does_not_stop_the_rest(pellucid, monkeypatch):
    def fails(kind, task, **options):
        if task.variant != "pellucid":
            raise process.MeasurementError("RuntimeError: no C++ compiler")
        return process.measure(kind, task, **options)

    monkeypatch.setattr(Variant, "missing", lambda _self: [])
    monkeypatch.setattr(benchmark, "measure", fails)
    result = pellucid("bench", "digits-cnn", *QUICK, "--threads", "1", "--against", "torch")
    assert result.exit_code == 0
    assert "torch-compile failed: RuntimeError: no C++ compiler" in result.stdout


def test_the_table_of_peers():
    def entry(*rates):
        return TrainingSpeed(
            images_per_second=rates,
            first_seconds=1.25,
            batch_size=128,
            parameters=10,
            operations_per_image=1e6,
            versions={},
        )

    machine = BenchMachine(
        python="3.12",
        system="Linux",
        versions={"numpy": "2.0"},
        blas=(),
        compiled_kernels=None,
        threads=1,
        ceiling=1e10,
        cpu=Processor(name="A CPU", count=2),
    )
    variants = {
        "pellucid": entry(2000, 3000, 4000),
        "torch": entry(1500, 1500, 9000),
        "jax": entry(1000, 1000, 1000),
        "torch-bfloat16": entry(6000, 6000, 6000),
    }
    training = {"mnist-cnn": NetworkTraining(variants=variants)}
    text = shown(BenchResults(variables={}, kept=False, machine=machine, training=training), 80)
    lines = [line.split() for line in text.splitlines()]
    assert ["mnist-cnn", "128", "3,000", "2,000", "4,000", "30", "%"] in lines
    assert ["(torch-bfloat16)", "6,000", "0.50", "×", "1.2"] in lines
    assert ["torch", "1,500", "2.00", "×", "1.2"] in lines
    assert "pellucid over the best peer, torch: 2.00 ×" in text
    assert max(map(len, text.splitlines())) <= 80
