"""The commands take the folder of an experiment with several seeds as they take that of one run."""

import json

import pytest

from pellucid.report import write_report, write_study_report
from pellucid.runs import RunFolder
from pellucid.runs import seeds as seeds_module
from pellucid.runs.study_standing import chosen_seed

SEEDS = ("run", "digits-perceptron", "--epochs", 1, "--seeds", 2, "--threads", 1)
FOLDER = "runs/digits-perceptron-2-seeds"


@pytest.fixture
def study(no_report, pellucid):
    """Return the folder of two finished seeds."""
    assert pellucid(*SEEDS).exit_code == 0
    return FOLDER


@pytest.fixture
def interrupted(no_report, pellucid, monkeypatch):
    """Return the result of a run of two seeds that Ctrl-C has ended after the first."""
    run = seeds_module.run

    def stop_at_second(experiment, folder, settings, **options):
        if settings.seed == 1:
            raise KeyboardInterrupt
        return run(experiment, folder, settings, **options)

    monkeypatch.setattr(seeds_module, "run", stop_at_second)
    result = pellucid(*SEEDS)
    monkeypatch.setattr(seeds_module, "run", run)
    return result


def test_evaluate_shows_each_seed_their_mean_and_their_spread(study, pellucid):
    result = pellucid("evaluate", study)
    assert result.exit_code == 0
    head, *rows = result.stdout.splitlines()
    assert head.split()[:3] == ["SEED", "TEST", "ACCURACY"]
    for seed, row in enumerate(rows[:2]):
        test = RunFolder.open(f"{study}/seed-{seed}").results.test
        assert row.split()[:2] == [str(seed), f"{test.accuracy:.4f}"]
    assert "standard deviation" in result.stdout
    assert "Another seed can give another accuracy" in result.stdout
    found = json.loads(pellucid("evaluate", study, "--json").stdout)
    assert [one["seed"] for one in found["runs"]] == [0, 1]
    assert (found["missing"], len(found["study"]["accuracies"])) == ([], 2)


def test_predict_says_whose_network_reads(study, pellucid, drawings):
    picture = next(drawings.glob("*.png"))
    result = pellucid("predict", study, picture, "--json")
    chosen = chosen_seed(study)[0].path
    assert json.loads(result.stdout)["run"] == str(chosen)
    assert (
        f"Read by the network of {chosen}: of the finished seeds, the one with the highest" in result.stderr
    )
    assert json.loads(pellucid("predict", study, picture, "--seed", 1, "--json").stdout)["run"].endswith(
        "seed-1"
    )


def test_a_seed_is_asked_for_only_among_several(study, pellucid):
    result = pellucid("predict", f"{study}/seed-0", "x.png", "--seed", 1)
    assert result.exit_code == 2
    assert f"--seed chooses among several seeds; {study}/seed-0 is one run" in result.stderr


def test_resume_runs_the_missing_seeds(interrupted, pellucid):
    assert interrupted.stderr.endswith(f"\nInterrupted. Continue with: pellucid resume {FOLDER}\n")
    result = pellucid("evaluate", FOLDER)
    assert result.exit_code == 0
    assert f"1 of 2 seeds are finished: continue with `pellucid resume {FOLDER}`." in result.stderr
    result = pellucid("resume", FOLDER, "--json")
    assert result.exit_code == 0
    assert result.stderr.count("\n  1/1 ") == 1
    assert len(json.loads(result.stdout)["runs"]) == 2
    assert "there is nothing to resume" in pellucid("resume", FOLDER).stderr


def test_report_makes_one_page_and_those_of_the_seeds(study, pellucid, monkeypatch):
    monkeypatch.setattr("pellucid.report.write_report", write_report)
    monkeypatch.setattr("pellucid.report.write_study_report", write_study_report)
    result = pellucid("report", study)
    assert result.exit_code == 0
    assert result.stdout == f"report   {study}/report.html\n"
    page = RunFolder.open(f"{study}/seed-0").path.parent / "report.html"
    assert 'href="seed-0/report.html"' in page.read_text()


def test_what_takes_one_run_says_so(study, pellucid):
    result = pellucid("compare", study, f"{study}/seed-0")
    assert result.exit_code == 2
    assert "Runs are compared with runs, and experiments over several seeds with such." in result.stderr
