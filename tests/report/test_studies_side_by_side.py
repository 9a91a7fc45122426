"""Experiments over three seeds, held against each other."""

import json
from dataclasses import replace

import numpy as np
import pytest

from pellucid.errors import ArgumentError, FileFormatError
from pellucid.evaluation import sentence
from pellucid.report.studies_side_by_side import are_studies, studies_side_by_side
from pellucid.runs import RunFolder, Settings
from pellucid.runs.record.configuration import ExperimentDescription
from pellucid.runs.record.study import StudyInfo, StudyStatus
from pellucid.runs.study_folder import write_study


@pytest.fixture
def make_study(make_run, tmp_path, digits):
    """Return a function that makes an experiment whose seeds each misread some more images."""
    _, labels, probabilities = digits

    def made(name, *, seeds=(0, 1, 2), misread=0, images=slice(None), layers=()):
        for seed in seeds:
            path = make_run(f"{name}/seed-{seed}")
            change(path, name, seed, layers)
            spoiled = probabilities.copy()
            rows = np.random.default_rng(seed).permutation(len(labels))[: misread + seed]
            spoiled[rows] = np.roll(np.eye(10)[labels[rows]], 1, axis=1)
            folder = RunFolder.open(path)
            folder.resume()
            folder.write_predictions(labels[images], spoiled[images])
            test = replace(folder.results.test, n=len(labels[images]))
            folder.write_results(replace(folder.results, test=test))
            folder.finish()
        study = StudyInfo(
            name=name,
            status=StudyStatus.FINISHED,
            experiment=ExperimentDescription(name=name),
            settings=Settings(),
            vary_split=False,
            folders=tuple(f"seed-{seed}" for seed in seeds),
        )
        write_study(tmp_path / name, study)
        return tmp_path / name

    return made


def change(path, name, seed, layers):
    configuration = json.loads((path / "configuration.json").read_text())
    configuration["training"]["seed"] = seed
    configuration["network"]["layers"] = [{"class_name": layer, "config": {}} for layer in layers]
    (path / "configuration.json").write_text(json.dumps(configuration))
    about = json.loads((path / "run.json").read_text())
    about["files"].pop("configuration.json")
    (path / "run.json").write_text(json.dumps({**about, "name": name}))


def test_experiments_are_paired_over_seeds(make_study):
    compared = studies_side_by_side([make_study("weak", misread=60), make_study("good")])
    [pair] = compared.over_seeds
    assert (pair.a, pair.b) == ("weak", "good")
    assert compared.findings[0] == sentence(pair)
    assert "Over 3 seeds good is better by " in sentence(pair)
    assert "over 3 seeds weak read" in compared.findings[1]
    assert compared.as_dict()["studies"][0]["seeds"] == [0, 1, 2]
    json.dumps(compared.as_dict()["over_seeds"])


def test_the_table_tells_of_all_seeds(make_study):
    compared = studies_side_by_side([make_study("weak", misread=60), make_study("good")])
    weak = compared.summaries()["weak"]
    accuracies = compared.studies[0].results.accuracies
    assert weak["seed"] == "0, 1, 2"
    assert weak["test accuracy"] == f"{np.mean(accuracies):.4f}"
    assert weak["  lowest, highest"] == f"{min(accuracies):.4f}, {max(accuracies):.4f}"
    assert weak["seconds an epoch"] == "26.2"


def test_several_comparisons_are_corrected(make_study):
    studies = [make_study(name, misread=misread) for name, misread in (("a", 30), ("b", 15), ("c", 0))]
    compared = studies_side_by_side(studies)
    alone = studies_side_by_side(studies[::2])
    assert compared.findings[3] == "The p-values are corrected for 3 comparisons (Holm)."
    [of_both] = [one for one in compared.over_seeds if (one.a, one.b) == ("a", "c")]
    assert of_both.p_value > alone.over_seeds[0].p_value


def test_what_dropout_changed_is_said(make_study):
    compared = studies_side_by_side(
        [make_study("plain", layers=["Dense"]), make_study("dropping", layers=["Dense", "Dropout"])]
    )
    assert any(finding.startswith("The gap of dropping is ") for finding in compared.findings)


def test_other_seeds_and_other_images_are_not_paired(make_study):
    a = make_study("a")
    other_seeds = studies_side_by_side([a, make_study("b", seeds=(5, 6))])
    assert other_seeds.over_seeds == []
    assert "a and b cannot be paired: their seeds are 0, 1, 2 and 5, 6." in other_seeds.cautions
    other_images = studies_side_by_side([a, make_study("c", images=slice(1, None))])
    assert "cannot be compared: one was tested on 597 images, the other on 596" in other_images.cautions[0]


def test_studies_and_runs_are_not_mixed(make_study, make_run):
    study, run = make_study("a"), make_run("single")
    assert are_studies([study, study])
    assert not are_studies([run])
    with pytest.raises(ArgumentError, match=r"over several seeds with such\. Received: .*single without"):
        are_studies([study, run])
    with pytest.raises(ArgumentError, match=r"needs two experiments or more\. Received: 1"):
        studies_side_by_side([study])


def test_a_study_that_is_not_finished_says_how_to_finish_it(make_study):
    weak, good = make_study("weak"), make_study("good")
    RunFolder.open(good / "seed-1").interrupt()
    said = rf"Of the study in {good}, 2 of 3 seeds are finished: continue with `pellucid resume {good}`\."
    with pytest.raises(FileFormatError, match=said):
        studies_side_by_side([weak, good])
