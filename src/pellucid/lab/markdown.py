"""The document as Markdown, with its plots as PNG files beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pellucid.core.files import write_bytes, write_text
from pellucid.errors import OutputError
from pellucid.lab.document import Code, Table, Text, Watch
from pellucid.lab.notebook import table_lines

if TYPE_CHECKING:
    from pellucid.lab.document import Document, Drawing, Section

FIGURES = "figures"


def write_markdown(document: Document, out: Path) -> Path:
    """Write ``lab.md`` and ``figures/*.png`` into the folder and return the first one's path."""
    folder = out / FIGURES
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"Cannot make the folder {folder}: {error.strerror or error}.") from error
    for section in document.sections:
        for number, drawing in enumerate(_drawings(section), start=1):
            write_bytes(folder / f"{section.key}-{number}.png", drawing.picture)
    path = out / "lab.md"
    write_text(path, markdown(document))
    return path


def markdown(document: Document) -> str:
    """Return the Markdown text."""
    blocks = [f"# {document.title}", document.lead, *(f"> **{note}**" for note in document.notes)]
    for heading, sections in document.groups:
        blocks.append(f"# {heading}")
        for section in sections:
            blocks += _section(section)
    blocks.append("# How this was made")
    blocks.append("\n".join(f"- {name}: {value}" for name, value in document.about.items()))
    return "\n\n".join(blocks) + "\n"


def _section(section: Section) -> list[str]:
    blocks = [f"## {section.key} · {section.title}", f"*{section.prompt}*"]
    drawn = 0
    for block in section.blocks:
        if isinstance(block, Text):
            blocks.append(block.text)
        elif isinstance(block, Watch):
            blocks.append(f"> **Watch out.** {block.text}")
        elif isinstance(block, Table):
            blocks.append(table_lines(block))
        else:
            blocks.append(f"```python\n{block.source}\n```")
            if block.printed:
                blocks.append(f"```text\n{block.printed.rstrip()}\n```")
            if block.drawing is not None:
                drawn += 1
                label = block.drawing.text.partition("\n\n")[0].replace("\n", " ").replace("]", "\\]")
                blocks.append(f"![{label}]({FIGURES}/{section.key}-{drawn}.png)")
    return blocks


def _drawings(section: Section) -> list[Drawing]:
    return [block.drawing for block in section.blocks if isinstance(block, Code) and block.drawing]
