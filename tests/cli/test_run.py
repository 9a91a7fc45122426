import json
from pathlib import Path

import pytest

from pellucid.errors import OutputError
from pellucid.runs import RunFolder
from pellucid.runs.ownership import take


def test_a_run_says_what_came_out_and_where_it_is(pellucid, tmp_path):
    result = pellucid("run", "digits-perceptron", "--epochs", 2, "--threads", 1)
    assert result.exit_code == 0
    rows = dict(line.split("  ", 1) for line in result.stdout.splitlines())
    results = RunFolder.open("runs/digits-perceptron").results
    low, high = results.test.accuracy_interval
    assert rows["test accuracy"] == (
        f"{results.test.accuracy:.3f} (95 % interval {low:.3f} to {high:.3f}, n = 450); "
        f"{results.test.correct} right"
    )
    assert rows["test loss"].strip() == f"{results.test.loss:.4f}"
    assert rows["training"].strip() == (
        f"{results.seconds.training:.1f} s, {results.images_per_second:,.0f} images/s"
    )
    assert rows["report"].strip() == "runs/digits-perceptron/report.html"
    assert (tmp_path / "runs/digits-perceptron/report.html").is_file()
    assert (tmp_path / "runs/digits-perceptron/figures/history.png").is_file()
    assert "\n  2/2 " in result.stderr
    assert "runs/digits-perceptron/report.html" in result.stderr.splitlines()[-1]


def test_the_folder_is_the_next_free_one_and_the_command_is_kept(no_report, pellucid, monkeypatch):
    monkeypatch.setattr("sys.argv", ["/usr/bin/pellucid", "run", "digits-perceptron", "--epochs", "1"])
    for _ in range(2):
        assert pellucid("run", "digits-perceptron", "--epochs", 1).exit_code == 0
    run = RunFolder.open("runs/digits-perceptron-2")
    assert run.info.command == "pellucid run digits-perceptron --epochs 1"


def test_options_take_the_place_of_the_recipe(no_report, pellucid):
    result = pellucid(
        *("run", "digits-cnn", "--epochs", 1, "--batch-size", 64, "--learning-rate", 0.5),
        *("--seed", 3, "--threads", 1, "--limit", 200, "--out", "there/it"),
    )
    assert result.exit_code == 0
    configuration = RunFolder.open("there/it").configuration
    training = configuration.training
    assert (training.epochs, training.batch_size, training.seed) == (1, 64, 3)
    assert training.optimizer.config["learning_rate"] == 0.5
    assert configuration.dataset.counts.train + configuration.dataset.counts.validation == 200


def test_patience_ends_a_run_and_keeps_its_best_epoch(no_report, pellucid):
    options = ("--learning-rate", 1, "--epochs", 40, "--patience", 2, "--threads", 1)
    result = pellucid("run", "digits-perceptron", *options)
    assert result.exit_code == 0
    run = RunFolder.open("runs/digits-perceptron")
    assert len(run.history) == run.results.kept_epoch + 2
    kept = f"the network of epoch {run.results.kept_epoch}, whose validation loss is the lowest"
    assert f"\nkept           {kept}\n" in result.stdout
    refused = pellucid("run", "mnist-fast", "--patience", 2)
    assert refused.exit_code == 2
    assert "cannot end early: patience is for networks of layers, with validation images" in refused.stderr


def test_json(no_report, pellucid):
    found = json.loads(pellucid("run", "digits-perceptron", "--epochs", 1, "--json").stdout)
    assert found["run"] == "runs/digits-perceptron"
    assert found["test"]["n"] == 450
    assert found["report"] == "runs/digits-perceptron/report.html"


def test_several_seeds_are_run_and_studied(no_report, pellucid):
    result = pellucid("run", "digits-perceptron", "--epochs", 2, "--seeds", 2, "--seed", 4, "--threads", 1)
    assert result.exit_code == 0
    folders = [f"runs/digits-perceptron-2-seeds/seed-{seed}" for seed in (4, 5)]
    head, *lines = result.stdout.splitlines()
    assert head.split() == ["RUN", "TEST", "ACCURACY", "TEST", "LOSS"]
    accuracies = [f"{RunFolder.open(folder).results.test.accuracy:.4f}" for folder in folders]
    assert [line.split()[:2] for line in lines[:2]] == list(map(list, zip(folders, accuracies, strict=True)))
    assert lines[-3].startswith("Another seed can give another accuracy: over 2 seeds digits-perceptron read")
    assert lines[-1] == "report  runs/digits-perceptron-2-seeds/report.html"
    assert f"{folders[0]}: test accuracy {accuracies[0]}\n" in result.stderr
    assert result.stderr.endswith("pellucid compare runs/digits-perceptron-2-seeds …\n")
    assert RunFolder.open(folders[1]).configuration.training.seed == 5
    assert not any("one seed" in warning for warning in RunFolder.open(folders[0]).results.warnings)


def test_several_seeds_go_on_where_they_were_interrupted(no_report, pellucid, monkeypatch):
    from pellucid.runs import seeds

    run = seeds.run

    def stop_at_second(experiment, folder, settings, **options):
        if settings.seed == 1:
            raise KeyboardInterrupt
        return run(experiment, folder, settings, **options)

    arguments = ("run", "digits-perceptron", "--epochs", "1", "--seeds", "2")
    monkeypatch.setattr("sys.argv", ["pellucid", *arguments])
    monkeypatch.setattr(seeds, "run", stop_at_second)
    result = pellucid(*arguments)
    assert result.exit_code == 130
    again = "pellucid resume runs/digits-perceptron-2-seeds"
    assert result.stderr.endswith(f"Interrupted. Continue with: {again}\n")
    monkeypatch.setattr(seeds, "run", run)
    result = pellucid(*again.split()[1:])
    assert result.exit_code == 0
    assert result.stderr.count("\n  1/1 ") == 1  # the first seed is not run again


def test_several_seeds_as_json(no_report, pellucid):
    found = json.loads(
        pellucid(
            "run",
            "digits-perceptron",
            "--epochs",
            1,
            "--seeds",
            2,
            "--split-seed",
            9,
            "--vary-split",
            "--json",
        ).stdout
    )
    assert len(found["runs"]) == len(found["study"]["accuracies"]) == 2
    splits = [RunFolder.open(run["run"]).configuration.settings.split_seed for run in found["runs"]]
    assert splits == [9, 10]


def test_a_warning_is_printed_with_the_results(no_report, pellucid, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from dataclasses import replace\n"
        "from pellucid.experiments import Split, find\n"
        "base = find('digits-perceptron')\n"
        "mine = replace(base, name='mine', split=Split('test'), epochs=2)\n"
    )
    result = pellucid("run", "mine.py")
    assert result.exit_code == 0
    warnings = RunFolder.open("runs/mine").results.warnings
    assert any("test" in warning and "validation" in warning for warning in warnings)
    *mistakes, one_seed = warnings
    assert all(f"\nwatch out      {warning}\n" in result.stdout for warning in mistakes)
    assert one_seed.startswith("This is one seed: ")  # said once, after the results
    assert "one seed" not in result.stdout
    assert result.stderr.count("This is one seed: ") == 1


def test_a_users_own_file_on_a_folder_of_images(no_report, pellucid, own_file):
    result = pellucid("run", own_file.name, "--threads", 1)
    assert result.exit_code == 0
    run = RunFolder.open("runs/mine")
    assert run.configuration.dataset.classes == ("red things", "синее")
    assert run.results.test.n == 12


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("from pellucid.layers import Dnse\n", "bad.py, line 1: ImportError: cannot import name 'Dnse'"),
        ("x = 1\ny = (\n", "bad.py, line 2: SyntaxError: '(' was never closed"),
        ("import sys\n\nsys.exit('stop')\n", "bad.py, line 3: SystemExit: stop"),
        ("x = 1\n", "A file declares one pellucid.experiments.Experiment. Received: bad.py with none"),
    ],
)
def test_a_file_that_fails_is_told_with_its_line(pellucid, tmp_path, lines, told):
    (tmp_path / "bad.py").write_text(lines)
    result = pellucid("run", "bad.py")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"pellucid: {told}")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["digits-cnn", "--epochs", "0"], 2, "A run trains for at least one epoch. Received: epochs=0"),
        (["digits-cnn", "--limit", "0"], 2, "limit is a whole number of at least 1. Received: limit=0"),
        (["digits-cnn", "--out", "full"], 4, "The run folder full exists and is not empty"),
        (["digits-cnn", "--batch-size", "many"], 2, "Invalid value for '--batch-size'"),
        (["digits-cnn", "--threads", "0"], 2, "threads"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(pellucid, tmp_path, arguments, code, told):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("years of work")
    result = pellucid("run", *arguments)
    assert result.exit_code == code
    assert told in result.stderr
    assert not (tmp_path / "runs").exists()
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.tex"]


def test_a_run_that_failed_before_its_first_epoch_does_not_take_the_name(no_report, pellucid, monkeypatch):
    from pellucid.runs.recording import Recorder

    write = Recorder.on_epoch_end

    def full(*_):
        raise OutputError("Cannot write checkpoint.safetensors: No space left on device.")

    monkeypatch.setattr(Recorder, "on_epoch_end", full)
    result = pellucid("run", "digits-perceptron", "--epochs", 1)
    assert result.exit_code == 4
    failed = pellucid("evaluate", "runs/digits-perceptron")
    assert failed.exit_code == 4
    assert "The run in runs/digits-perceptron failed: Cannot write checkpoint" in failed.stderr
    monkeypatch.setattr(Recorder, "on_epoch_end", write)
    assert pellucid("run", "digits-perceptron", "--epochs", 1).exit_code == 0
    assert [path.name for path in Path("runs").iterdir() if path.is_dir()] == ["digits-perceptron"]


def test_units_that_do_not_fit_the_classes_are_named_before_a_folder_is_made(pellucid, own_file, tmp_path):
    own_file.write_text(own_file.read_text().replace("Dense(2", "Dense(10"))
    said = "The last layer has 10 units; photographs has 2 classes: write Dense(2, activation='softmax')."
    result = pellucid("run", own_file.name)
    assert (result.exit_code, result.stderr) == (2, f"pellucid: {said}\n")
    assert not (tmp_path / "runs").exists()
    assert f"\nIt cannot be run. {said}\n" in pellucid("show", own_file.name).stdout


def test_a_live_run_is_neither_run_over_nor_resumed_and_nobody_is_told_to(no_report, pellucid):
    assert pellucid("run", "digits-perceptron", "--epochs", 1, "--out", "it").exit_code == 0
    run = RunFolder.open("it")
    run.resume()
    owned = take(run.path)
    for command in (["run", "digits-perceptron", "--out", "it"], ["resume", "it"], ["evaluate", "it"]):
        result = pellucid(*command)
        assert result.exit_code == 4
        assert "The run in it is being trained by this process (" in result.stderr
        assert "resume" not in result.stderr
    owned.release()
