"""Content of format version 1 comes into the form of version 2, and what is of version 2 stays as it is."""

import pytest

from pellucid.runs.migration import migrated


def split(**content):
    dataset = {"name": "d", "classes": [0, 1], "split": content}
    return migrated("configuration.json", {"dataset": dataset})["dataset"]["split"]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"validation": "the test images"}, {"validation": "test"}),
        ({"validation": "none: all of the training images are learned from"}, {"validation": "none"}),
        (
            {"validation": "the last 20% of the training images"},
            {"validation": "last", "validation_share": 0.2},
        ),
        (
            {"validation": "25% of the training images, stratified, shuffled"},
            {"validation": "stratified", "validation_share": 0.25},
        ),
        ({"test": "the dataset's own"}, {"test": "own"}),
        (
            {"test": "25% of all images, stratified, shuffled"},
            {"test": "drawn", "test_share": 0.25},
        ),
        ({"seed": 3, "limit": 300}, {"seed": 3, "limit": 300}),
    ],
)
def test_a_split_said_in_sentences(said, fields):
    assert split(**said) == fields


@pytest.mark.parametrize(
    ("sentence", "conclusion", "reason"),
    [
        ("IBAN: sufficient alone; of 3.2 % it reads all.", "sufficient alone", "of 3.2 % it reads all"),
        (
            "IBAN: not sufficient: too little; it would take more.",
            "not sufficient",
            "too little; it would take more",
        ),
        ("IBAN: unclear", "unclear", ""),
    ],
)
def test_a_verdict_in_one_sentence(sentence, conclusion, reason):
    content = {"uses": [{"title": "IBAN", "sentence": sentence}]}
    [use] = migrated("uses.json", content)["uses"]
    assert (use["conclusion"], use["reason"]) == (conclusion, reason)


def test_warnings_without_findings_become_findings():
    content = migrated("results.json", {"warnings": ["Mind the gap."], "test": {}})
    assert [one["message"] for one in content["findings"]] == ["Mind the gap."]


def test_warnings_with_findings_are_their_texts_and_go():
    finding = {"code": "one-seed", "message": "m", "evidence": "e", "fix": "f"}
    assert migrated("results.json", {"warnings": ["m e f"], "findings": [finding]})["findings"] == [finding]


def test_a_processor_by_name_alone():
    assert migrated("environment.json", {"cpu": "A processor"})["cpu"] == {"name": "A processor"}


@pytest.mark.parametrize("file", ["configuration.json", "environment.json", "results.json", "uses.json"])
def test_what_is_of_version_2_already_stays_as_it_is(healthy, file):
    import json

    content = json.loads((healthy.path / file).read_text("utf-8"))
    assert migrated(file, content) == content
