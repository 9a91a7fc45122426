"""Write the JSON Schemas of the run folder's files anew, from the records."""

from __future__ import annotations

import json
from pathlib import Path

import pellucid.runs.record
from pellucid.runs.record.schema import schemas

FOLDER = Path(pellucid.runs.record.__path__[0]) / "schemas"


def main() -> None:
    """Write them into the package, and say where."""
    FOLDER.mkdir(exist_ok=True)
    for file, schema in schemas().items():
        path = FOLDER / f"{file.removesuffix('.json')}.schema.json"
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
