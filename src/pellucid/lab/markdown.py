"""The document as Markdown, with its figures as PNG files beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pellucid.core.files import write_bytes, write_text
from pellucid.errors import OutputError
from pellucid.lab.document import Code, Table, Text, Watch
from pellucid.lab.notebook import table_lines
from pellucid.report.png import png

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
            write_bytes(folder / f"{section.key}-{number}.png", png(drawing.figure))
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
    blocks = [f"## {section.key} · {section.title}", f"*{section.asked}*"]
    drawn = 0
    for part in section.parts:
        if isinstance(part, Text):
            blocks.append(part.text)
        elif isinstance(part, Watch):
            blocks.append(f"> **Watch out.** {part.text}")
        elif isinstance(part, Table):
            blocks.append(table_lines(part))
        else:
            blocks.append(f"```python\n{part.source}\n```")
            if part.printed:
                blocks.append(f"```text\n{part.printed.rstrip()}\n```")
            if part.drawing is not None:
                drawn += 1
                told = part.drawing.words.partition("\n\n")[0].replace("\n", " ").replace("]", "\\]")
                blocks.append(f"![{told}]({FIGURES}/{section.key}-{drawn}.png)")
    return blocks


def _drawings(section: Section) -> list[Drawing]:
    return [part.drawing for part in section.parts if isinstance(part, Code) and part.drawing is not None]
