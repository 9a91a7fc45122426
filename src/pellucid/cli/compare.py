"""``pellucid compare RUN RUN…``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pellucid.cli.shared.json_output import JsonOption, print_json
from pellucid.cli.shared.layout import printable, table, width
from pellucid.cli.shared.pages import refresh_index
from pellucid.cli.shared.run_folders import complete_runs, open_run
from pellucid.core.terminal import UNLIMITED
from pellucid.core.wrapping import columns_of, wrapped
from pellucid.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pellucid.report.side_by_side import SideBySide

PICTURES = (".png", ".svg", ".pdf")


def compare(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN",
            help="The folders of two runs or more, each of one seed or each of several.",
            autocompletion=complete_runs,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the comparison as a page: .html, or its histories as a picture: .png, .svg or .pdf.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare runs.

    Shows their results side by side; which differences in accuracy are more than noise, tested image by image
    on the same test images; and which comparisons would be invalid. Nothing is written without --out.

    Example: pellucid compare runs/mnist-cnn runs/mnist-cnn-dropout

    Example: pellucid compare runs/mnist-cnn-5-seeds runs/mnist-linear-5-seeds

    Example: pellucid compare runs/mnist-cnn* --out compare.html
    """
    if out is not None and out.suffix not in (*PICTURES, ".html"):
        raise ArgumentError(
            f"--out names a file ending in {', '.join(PICTURES)} or .html. Received: --out={out}"
        )
    from pellucid.report.side_by_side import side_by_side
    from pellucid.report.studies_side_by_side import are_studies, studies_side_by_side

    if are_studies(runs):
        compared: SideBySide = studies_side_by_side(runs)
    else:
        for run in runs:
            open_run(run)
        compared = side_by_side(runs)
    if out is not None:
        _write(compared, runs, out)
    if as_json:
        print_json({**compared.as_dict(), "histories": None if out is None else str(out)})
        return
    columns = width()
    typer.echo("\n\n".join(beside(compared.summaries(), columns)))
    for head, sentences in (("What it says:", compared.findings), ("Take care:", compared.cautions)):
        if sentences:
            typer.echo(f"\n{head}")
            for sentence in sentences:
                typer.echo(wrapped(f"- {sentence}", columns, indent=2))
    if out is not None:
        typer.echo(f"\n{'comparison' if out.suffix == '.html' else 'histories'}  {out}")


def beside(summaries: Mapping[str, Mapping[str, str]], columns: int) -> list[str]:
    """Return a table with a column for each run; several tables where they do not fit into ``columns``.

    Examples
    --------
    >>> print(beside({"one": {"seed": "0"}, "two": {"seed": "1", "loss": "0.1"}}, 80)[0])
          one  two
    seed    0    1
    loss    –  0.1
    """
    tables: list[str] = []
    names: list[str] = []
    for name in summaries:
        if names and max(map(columns_of, _beside(summaries, [*names, name]).splitlines())) > columns:
            tables.append(_beside(summaries, names, columns))
            names = []
        names.append(name)
    return [*tables, _beside(summaries, names, columns)]


def _beside(
    summaries: Mapping[str, Mapping[str, str]], names: Sequence[str], columns: int = UNLIMITED
) -> str:
    from pellucid.report.side_by_side import in_rows

    rows = [[label, *cells] for label, cells in in_rows(summaries, names).items()]
    return table(["", *map(printable, names)], rows, "l" + "r" * len(names), columns)


def _write(compared: SideBySide, runs: list[Path], out: Path) -> None:
    """Write the page or the picture of the histories to ``out``, as its ending says."""
    if out.suffix == ".html":
        from pellucid.core.files import write_text
        from pellucid.report.comparison_page import comparison_html
        from pellucid.report.links import links_from, links_to_runs

        write_text(out, comparison_html(compared, links_to_runs(runs, out), links_from(out)))
        refresh_index(out)
        return

    import io

    from pellucid.core.files import write_bytes

    picture = io.BytesIO()
    compared.plot().savefig(picture, format=out.suffix[1:], dpi=150)
    write_bytes(out, picture.getvalue())
