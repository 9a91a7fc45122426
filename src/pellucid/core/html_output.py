"""HTML for the output of a notebook: escaped, in the notebook's own colours, light or dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

_TABLE = "color:inherit;border-collapse:collapse;margin:.3em 0;font-variant-numeric:tabular-nums"
_CELL = "padding:.15em .7em;text-align:{side};border-bottom:1px solid rgba(128,128,128,.3)"
_WIDTH, _HEIGHT = 320, 120
_STYLES = ("solid", "dashed", "dotted", "dash-dotted")
_DASHES = ("", "5 3", "1 3", "8 3 1 3")


class Html(str):
    """A piece of HTML that is put into other HTML as it is; other text is escaped."""

    __slots__ = ()


def html(text: str) -> Html:
    """Return ``text`` escaped, unless it is HTML already.

    Examples
    --------
    >>> html("<b>"), html(Html("<b>"))
    ('&lt;b&gt;', '<b>')
    """
    return text if isinstance(text, Html) else Html(escape(text))


def titled(title: str, *parts: str) -> Html:
    """Return a heading with what stands below it.

    Examples
    --------
    >>> titled("my network", Html("<p>3 layers</p>"))
    '<div><strong>my network</strong><p>3 layers</p></div>'
    """
    return Html(f"<div><strong>{html(title)}</strong>{''.join(map(html, parts))}</div>")


def paragraph(text: str) -> Html:
    """Return a paragraph.

    Examples
    --------
    >>> paragraph("1 < 2")
    '<p style="margin:.3em 0">1 &lt; 2</p>'
    """
    return Html(f'<p style="margin:.3em 0">{html(text)}</p>')


def html_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], align: str, shades: Sequence[Sequence[float]] = ()
) -> Html:
    """Return a table; ``align`` has "l" or "r" for each column.

    Parameters
    ----------
    shades
        How strongly the background of each cell is coloured, from 0 to 1, row by row.

    Examples
    --------
    >>> "&lt;layer&gt;</td>" in html_table(["name"], [["<layer>"]], "l")
    True
    """
    sides = ["right" if side == "r" else "left" for side in align]
    lines = [_line("th", head, sides, ())] if any(head) else []
    lines += [_line("td", row, sides, shades[number] if shades else ()) for number, row in enumerate(rows)]
    return Html(f'<table style="{_TABLE}">{"".join(lines)}</table>')


def _line(tag: str, cells: Sequence[str], sides: Sequence[str], shades: Sequence[float]) -> str:
    found = []
    for place, (cell, side) in enumerate(zip(cells, sides, strict=True)):
        shade = f";background:rgba(60,130,220,{shades[place]:.2f})" if shades and shades[place] else ""
        found.append(f'<{tag} style="{_CELL.format(side=side)}{shade}">{html(cell)}</{tag}>')
    return f"<tr>{''.join(found)}</tr>"


def curves(title: str, lines: Mapping[str, Sequence[float]]) -> Html:
    """Return a small plot of values over the epochs, a dash pattern for each line, as SVG.

    Values that are not finite are left out; the axis shows the lowest and the highest of the others.

    Examples
    --------
    >>> plot = curves("loss", {"training": [0.5, 0.25], "validation": [0.6, 0.4]})
    >>> plot.count("<polyline"), "stroke-dasharray" in plot
    (2, True)
    """
    values = [value for line in lines.values() for value in line if abs(value) < float("inf")]
    if not values:
        return Html("")
    low, high = min(values), max(values)
    longest = max(map(len, lines.values()))
    drawn = "".join(
        _polyline(name, line, _DASHES[number % len(_DASHES)], (low, high), longest)
        for number, (name, line) in enumerate(lines.items())
    )
    legend = "; ".join(f"{name} {style}" for name, style in zip(lines, _STYLES, strict=False))
    words = f"{title}: {legend}. From {low:.4g} to {high:.4g}, over {longest} epochs."
    return Html(
        f'<svg role="img" aria-label="{escape(words)}" width="{_WIDTH}" height="{_HEIGHT + 52}" '
        'style="margin-right:1em;color:inherit" font-size="11" fill="currentColor">'
        f'<text x="0" y="11" font-weight="bold">{escape(title)}</text>'
        f'<text x="0" y="{_HEIGHT + 46}">{escape(legend)}</text>'
        f'<text x="0" y="30">{high:.4g}</text><text x="0" y="{_HEIGHT + 16}">{low:.4g}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT + 32}" text-anchor="end">epoch {longest}</text>{drawn}</svg>'
    )


def history_curves(metric: str, columns: Mapping[str, Sequence[float]]) -> Html:
    """Return the plot of a metric of a history: in training, measured after it, and on validation images.

    Examples
    --------
    >>> "in training solid; validation dashed" in history_curves("loss", {"loss": [0.5], "val_loss": [0.6]})
    True
    """
    names = {"in training": metric, "after it": f"train_{metric}", "validation": f"val_{metric}"}
    return curves(metric, {label: columns[name] for label, name in names.items() if name in columns})


def _polyline(name: str, line: Sequence[float], dashes: str, ends: tuple[float, float], longest: int) -> str:
    low, high = ends
    across = (_WIDTH - 46) / max(1, longest - 1)
    up = (_HEIGHT - 20) / (high - low or 1)
    points = " ".join(
        f"{44 + place * across:.1f},{_HEIGHT + 12 - (value - low) * up:.1f}"
        for place, value in enumerate(line)
        if abs(value) < float("inf")
    )
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.6"{dash}>'
        f"<title>{escape(name)}</title></polyline>"
    )
