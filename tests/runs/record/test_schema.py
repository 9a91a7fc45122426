"""The JSON Schemas are those of the records, and run folders keep to them."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from pellucid.runs import documents
from pellucid.runs.record.schema import schemas

FOLDER = files("pellucid.runs.record") / "schemas"
KEPT = Path(__file__).parent.parent / "old_folders"
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def faults(value, schema, parts, place=""):
    """Return what in ``value`` does not keep to a schema, as far as schemas are used here."""
    if "$ref" in schema:
        return faults(value, parts[schema["$ref"].removeprefix("#/$defs/")], parts, place)
    if "anyOf" in schema:
        each = [faults(value, one, parts, place) for one in schema["anyOf"]]
        return min(each, key=len)
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{place}={value!r}"]
    if "type" not in schema:
        return []
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(
        isinstance(value, TYPES[one]) and (one == "boolean" or not isinstance(value, bool)) for one in allowed
    ):
        return [f"{place}={value!r} is no {allowed}"]
    found = []
    if isinstance(value, dict):
        found += [f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in value]
        others = schema.get("additionalProperties", {})
        for name, one in value.items():
            inside = schema.get("properties", {}).get(name, others)
            found += faults(one, inside, parts, f"{place}.{name}")
    if isinstance(value, list):
        each = schema.get("prefixItems") or [schema.get("items", {})] * len(value)
        assert len(each) == len(value), place
        for number, (one, inside) in enumerate(zip(value, each, strict=True)):
            found += faults(one, inside, parts, f"{place}[{number}]")
    return found


def schema_file(file):
    return FOLDER / f"{file.removesuffix('.json')}.schema.json"


@pytest.mark.parametrize("file", documents.RECORDS)
def test_the_schema_file_is_made_from_the_record(file):
    """Write it anew with ``python scripts/write_schemas.py``."""
    assert json.loads(schema_file(file).read_text("utf-8")) == schemas()[file]


@pytest.mark.parametrize("file", [file for file in documents.RECORDS if file != "summary.json"])
def test_what_a_run_writes_keeps_to_the_schema(healthy, file):
    schema = json.loads(schema_file(file).read_text("utf-8"))
    written = json.loads((healthy.path / file).read_text("utf-8"))
    assert faults(written, schema, schema["$defs"], file) == []


def test_a_folder_of_the_old_format_does_not(tmp_path):
    shutil.unpack_archive(KEPT / "finished.zip", tmp_path)
    schema = schemas()["configuration.json"]
    written = json.loads((tmp_path / "configuration.json").read_text("utf-8"))
    found = faults(written, schema, schema["$defs"], "")
    assert [one.partition("=")[0] for one in found] == [".dataset.split.test", ".dataset.split.validation"]


def test_a_study_keeps_to_the_schema(tmp_path):
    from pellucid.runs import Settings
    from pellucid.runs.record.configuration import ExperimentDescription
    from pellucid.runs.record.study import StudyInfo, StudyStatus
    from pellucid.runs.study_folder import write_study

    study = StudyInfo(
        name="mine",
        status=StudyStatus.RUNNING,
        experiment=ExperimentDescription(name="mine"),
        settings=Settings(),
        vary_split=False,
        folders=("seed-0", "seed-1"),
    )
    write_study(tmp_path, study)
    schema = schemas()["summary.json"]
    assert faults(json.loads((tmp_path / "summary.json").read_text()), schema, schema["$defs"]) == []
