"""The run record: dataclasses that define the content of a run folder's JSON files.

They are the format's only definition. :func:`~pellucid.runs.record.json_form.to_json` writes them and
:func:`~pellucid.runs.record.json_form.from_json` reads them; the JSON Schemas in ``schemas/`` are made from
them.
"""
