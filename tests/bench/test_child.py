"""A measuring process: what it says, what it is started with, and how it fails."""

import json
import os
import subprocess
import sys
from importlib import metadata
from importlib.util import find_spec

import numpy as np
import pytest

from pellucid.bench import child, machine, process, variants
from pellucid.bench.measured import KINDS, TrainingSpeed
from pellucid.bench.memory import peak_bytes
from pellucid.bench.network_spec import NetworkSpec
from pellucid.bench.ours import Ours
from pellucid.bench.process import MeasurementError, environment_for, import_seconds, measure
from pellucid.bench.task import Task
from pellucid.experiments import find


def task_of(what, spec, **options):
    return Task(what, "pellucid", spec, **{"threads": 1, "rounds": 2, "seconds": 0.01, **options})


def measured(what, spec, **options):
    return measure(KINDS[what], task_of(what, spec, **options))


def test_a_task_and_its_json(spec):
    task = task_of("training", spec, threads=3)
    assert Task.from_config(json.loads(json.dumps(task.to_config()))) == task
    assert Task.from_config(task_of("machine", None).to_config()).spec is None


@pytest.mark.slow
def test_training(spec):
    found = measured("training", spec)
    assert len(found.images_per_second) == 2
    assert min(found.images_per_second) > 0
    assert found.parameters == spec.network().count_params()
    assert found.batch_size == 16
    assert found.versions["numpy"] == np.__version__


def test_the_machine():
    found = measured("machine", None)
    assert found.ceiling > 1e8
    assert found.threads == 1
    assert found.blas


@pytest.mark.parametrize("asked", ["numpy", "compiled"])
def test_compiled_kernels_are_told_of(monkeypatch, asked):
    monkeypatch.setenv("PELLUCID_ENGINE", asked)
    told = measured("machine", None).compiled_kernels
    if asked == "numpy" or find_spec("numba") is None:
        assert told is None
    else:
        assert told == f"numba {metadata.version('numba')}"


def test_memory_has_the_images_in_it(spec, monkeypatch):
    """Ten thousand 8×8 images are 2.6 MB, two hundred thousand 51 MB."""
    monkeypatch.setenv("PELLUCID_ENGINE", "numpy")  # compiling for the first time takes memory too
    few, many = (measured("memory", spec, images=n).peak_bytes for n in (10_000, 200_000))
    if few is None:
        pytest.skip("this system does not tell the peak of memory")
    assert 40e6 < many - few < 250e6


def test_the_peak_is_of_this_process_alone():
    """A process started from one that holds much has its own peak."""
    hoard = np.ones(40_000_000)  # 320 MB
    code = "from pellucid.bench.memory import peak_bytes; print(peak_bytes())"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    if answer.stdout.strip() == "None" or sys.platform != "linux":
        pytest.skip("this system does not tell it apart")
    assert int(answer.stdout) < 200e6
    assert peak_bytes() > hoard.nbytes


@pytest.mark.parametrize("kept", [True, False])
def test_variables_that_hold_openblas_back(monkeypatch, kept, spec):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("OPENBLAS_L2_SIZE", "512")
    environment = environment_for(task_of("training", spec), dict(os.environ), keep_environment=kept)
    assert ("OPENBLAS_CORETYPE" in environment, "OPENBLAS_L2_SIZE" in environment) == (kept, kept)
    assert machine.slowing_variables() == {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512"}


def test_a_peer_gets_its_threads_and_no_accelerator(spec):
    environment = environment_for(Task("training", "keras-jax", spec, 3), {}, keep_environment=False)
    assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "3"
    assert environment["KERAS_BACKEND"] == "jax"
    assert environment["CUDA_VISIBLE_DEVICES"] == ""


def test_a_process_that_fails_says_why(spec):
    config = Task("training", "pellucid", spec, threads=-1)
    with pytest.raises(MeasurementError, match=r"ArgumentError: threads is a whole number of at least 1"):
        measure(TrainingSpeed, config)


def test_a_process_that_takes_too_long(spec):
    with pytest.raises(MeasurementError, match="not done after 0 s"):
        measure(TrainingSpeed, task_of("training", spec), limit=0.01)


def test_what_libraries_print_does_not_come_between(spec):
    config = json.dumps(task_of("training", spec).to_config())
    code = "from pellucid.bench import child, timing; old = timing.training_rates\n"
    code += "def noisy(*a):\n    print('noise', flush=True); return old(*a)\n"
    code += "timing.training_rates = noisy; child.main()"
    answer = subprocess.run([sys.executable, "-c", code], input=config, capture_output=True, text=True)
    assert json.loads(answer.stdout)["batch_size"] == 16
    assert "noise" in answer.stderr


class Impostor(Ours):
    """Another network: its weights are not those of the spec."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.network.set_weights([weight + 0.1 for weight in self.network.get_weights()])


class Giant(Ours):
    """Another network: it has more to learn."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.parameters += 1


@pytest.mark.parametrize(
    ("kind", "what", "told"),
    [
        (Impostor, "prediction", "outputs by predict differ from ours"),
        (Giant, "training", "parameters, where ours has"),
    ],
)
def test_another_network_is_noticed(monkeypatch, small, kind, what, told):
    spec = NetworkSpec.of(small())
    monkeypatch.setattr(variants.Variant, "peer", lambda _self, *arguments: kind(*arguments))
    with pytest.raises(AssertionError, match=told):
        child.done(task_of(what, spec))


def test_an_epoch_fits_into_memory():
    assert child.images_of_epoch(NetworkSpec.of(find("digits-cnn"))) == 60_000
    cifar10 = child.images_of_epoch(NetworkSpec.of(find("cifar10-cnn")))
    assert cifar10 * 32 * 32 * 3 * 4 <= child.MOST_BYTES < (cifar10 + 1) * 32 * 32 * 3 * 4


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no such call")
def test_held_to_some_processors():
    code = "from pellucid.bench.machine import hold_to; import os; hold_to(1); "
    code += "print(len(os.sched_getaffinity(0)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "1"


def test_the_time_of_an_import(monkeypatch):
    clock, starts = [0.0], []

    def start(command, **_):
        starts.append(command[-1])
        clock[0] += 0.05 if command[-1] == "pass" else 0.35 if len(starts) > 1 else 9.0

    monkeypatch.setattr(process.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(process.subprocess, "run", start)
    assert import_seconds("import json", rounds=2) == pytest.approx([0.3, 0.3])  # without Python's own start
    assert starts == ["import json", *["pass"] * 3, *["import json"] * 2]
