"""The run record: what a run folder's JSON files hold, as dataclasses that are the format's only definition.

A file of a run folder is one of these, written by :func:`~pellucid.runs.record.json_form.to_json` and read by
:func:`~pellucid.runs.record.json_form.from_json`; the JSON Schemas in ``schemas/`` are made from them.
"""
