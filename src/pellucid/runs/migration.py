"""Migrate files of run folders from format version 1 to version 2.

Version 1 described the split in sentences, kept each verdict as one sentence, and the findings a second time
as texts. Content of version 2 is returned unchanged, so a folder may be half migrated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

JSON = dict[str, Any]

TEST_IMAGES = re.compile(r"the dataset's own|(?P<test_share>\d+)% of all images, stratified, shuffled")
VALIDATION_IMAGES = (
    ("test", re.compile(r"the test images")),
    ("none", re.compile(r"none: .*")),
    ("last", re.compile(r"the last (?P<share>\d+)% of the training images")),
    ("stratified", re.compile(r"(?P<share>\d+)% of the training images, stratified, shuffled")),
)
VERDICT = re.compile(r"(?P<conclusion>.*?)[:;.](?: (?P<reason>.*))?$")


def migrated(file: str, content: JSON) -> JSON:
    """Return the content of a version 1 ``file`` in version 2.

    Examples
    --------
    >>> split = {"seed": 0, "test": "the dataset's own", "validation": "the last 20% of the training images"}
    >>> dataset = {"name": "mnist", "classes": [0, 1], "split": split}
    >>> migrated("configuration.json", {"dataset": dataset})["dataset"]["split"]
    {'seed': 0, 'test': 'own', 'validation': 'last', 'validation_share': 0.2}
    """
    migrate = MIGRATIONS.get(file)
    return content if migrate is None else migrate(content)


def _configuration(content: JSON) -> JSON:
    dataset = content.get("dataset")
    if not isinstance(dataset, Mapping):
        return content
    changes: JSON = {}
    if isinstance(dataset.get("classes"), list):
        changes["classes"] = [str(name) for name in dataset["classes"]]
    if isinstance(dataset.get("split"), Mapping):
        changes["split"] = _split(dataset["split"])
    return {**content, "dataset": {**dataset, **changes}}


def _split(split: Mapping[str, Any]) -> JSON:
    changes: JSON = {}
    own_or_drawn = TEST_IMAGES.fullmatch(str(split.get("test")))
    if own_or_drawn:
        share = own_or_drawn["test_share"]
        changes |= {"test": "own"} if share is None else {"test": "drawn", "test_share": int(share) / 100}
    for source, sentence in VALIDATION_IMAGES:
        found = sentence.fullmatch(str(split.get("validation")))
        if found:
            changes["validation"] = source
            if "share" in found.groupdict():
                changes["validation_share"] = int(found["share"]) / 100
    return {**split, **changes}


def _environment(content: JSON) -> JSON:
    cpu = content.get("cpu")
    return {**content, "cpu": {"name": cpu}} if isinstance(cpu, str) else content


def _results(content: JSON) -> JSON:
    changes: JSON = {}
    if content.get("warnings") and not content.get("findings"):
        changes["findings"] = [
            {"code": "warning", "message": text, "evidence": "", "fix": ""} for text in content["warnings"]
        ]
    calibration = content.get("calibration")
    if isinstance(calibration, Mapping):
        measured = {key: _curve(calibration[key]) for key in ("before", "after") if calibration.get(key)}
        changes["calibration"] = {**calibration, **measured}
    return {**content, **changes}


def _curve(calibration: JSON) -> JSON:
    return {**calibration, "curve": calibration.get("curve", calibration.get("bins"))}


def _uses(content: JSON) -> JSON:
    uses = content.get("uses")
    return {**content, "uses": [_use(one) for one in uses]} if isinstance(uses, list) else content


def _use(use: JSON) -> JSON:
    changes: JSON = {}
    if "conclusion" not in use:
        changes |= _verdict(str(use.get("sentence", "")).removeprefix(f"{use.get('title')}: "))
    if "undetected" not in use:
        slip = use.get("slip")
        changes["undetected"] = None if slip is None else {"undetected": slip.get("slipped"), **slip}
    return {**use, **changes, **_condition({**use, **changes})}


def _condition(use: JSON) -> JSON:
    """Return the condition that a verdict without known writers has; older ones did not name it."""
    if use.get("by_writer") is not None or use.get("verdict") not in ("alone", "with a person"):
        return {}
    return {name: f"{use.get(name)} if errors are independent" for name in ("verdict", "conclusion")}


def _verdict(sentence: str) -> JSON:
    found = VERDICT.fullmatch(sentence)
    if found is None:
        return {"conclusion": sentence, "reason": ""}
    return {"conclusion": found["conclusion"], "reason": (found["reason"] or "").removesuffix(".")}


MIGRATIONS: dict[str, Callable[[JSON], JSON]] = {
    "configuration.json": _configuration,
    "environment.json": _environment,
    "results.json": _results,
    "uses.json": _uses,
}
