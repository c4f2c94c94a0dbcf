"""Runs of different settings side by side: a table of text, and one page with a chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from matchmaker.report.page import page
from matchmaker.words import Lang, date_text, number, say, share, table

__all__ = ["FIGURES", "comparison_html", "comparison_text"]

FIGURES: Mapping[str, str] = {
    "served": "youths.share_served",
    "with_offer": "youths.share_with_offer",
    "enough": "youths.share_with_min_lines",
    "unserved": "youths.unserved",
    "lines": "lines.total",
    "wished": "lines.share_on_wished_trade",
    "region": "lines.share_in_region",
    "median_km": "lines.median_km",
    "shown": "offers.share_shown",
    "firms": "offers.share_firms_reached",
    "largest": "exposure.largest",
    "gap": "proofs.lists.gap",
}
"""The figures that matter: name of the column to the path in ``summary.json``."""

_COUNTS = ("unserved", "lines", "largest")
_CHARTED = ("enough", "with_offer", "wished")
# The drawing, in its own units.
_SIGN, _PANEL, _ROW, _HEAD = 8, 250, 30, 46
_MARGIN = 34  # of a panel, left and right, for the figure beside a dot
_LEAST_WIDTH = 0.02  # of a scale: smaller differences are not blown up


def comparison_text(
    rows: Sequence[Mapping[str, Any]],
    varied: Sequence[str],
    *,
    as_of: dt.date,
    lang: Lang,
) -> str:
    """Return the runs as aligned text, one line each.

    Parameters
    ----------
    rows : sequence of mapping
        `varied` and `FIGURES` by name, and ``is_base``.
    varied : sequence of str
        Settings that differ.
    as_of : date
    lang : {"fr", "en"}

    Returns
    -------
    str
    """
    words = table(lang, "compare")
    cells = [
        [*varied, *(words[name] for name in FIGURES)],
        *(_cells(row, varied, lang) for row in rows),
    ]
    widths = [max(len(line[at]) for line in cells) for at in range(len(cells[0]))]
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in cells
    ]
    marks = ["  ", *("* " if row["is_base"] else "  " for row in rows)]
    return "\n".join(
        [
            say(lang, "compare.title", n=len(rows), date=date_text(as_of, lang)),
            "",
            *(mark + line for mark, line in zip(marks, lines, strict=True)),
            "",
            words["base"],
            words["meaning"],
        ]
    )


def comparison_html(
    rows: Sequence[Mapping[str, Any]],
    varied: Sequence[str],
    *,
    as_of: dt.date,
    is_synthetic: bool,
    version: str,
    lang: Lang,
) -> str:
    """Return the runs as a page that opens offline: the table, and a chart of three figures.

    Parameters
    ----------
    rows, varied, as_of, lang
        As for `comparison_text`.
    is_synthetic : bool
        The tables were made up, and the page says so.
    version : str

    Returns
    -------
    str
    """
    words = table(lang, "compare")
    values = {
        "w": words,
        "title": say(lang, "compare.title", n=len(rows), date=date_text(as_of, lang)),
        "synthetic": table(lang, "report")["synthetic"] if is_synthetic else "",
        "kicker": table(lang, "report")["kicker"],
        "footer": say(lang, "report.footer", version=version),
        "varied": varied,
        "figures": [words[name] for name in FIGURES],
        "rows": [{"is_base": row["is_base"], "cells": _cells(row, varied, lang)} for row in rows],
        "chart": _chart(rows, varied, lang),
    }
    return page("comparison.html.j2", values, lang)


def _cells(row: Mapping[str, Any], varied: Sequence[str], lang: Lang) -> list[str]:
    return [
        *(_setting(row[name]) for name in varied),
        *(_figure(name, row[name], lang) for name in FIGURES),
    ]


def _setting(value: Any) -> str:
    """Write a value as it stands in a settings file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_setting(one) for one in value) + "]"
    return str(value)


def _figure(name: str, value: float | None, lang: Lang) -> str:
    if value is None:
        return "–"
    if name in _COUNTS:
        return number(value, lang)
    if name == "median_km":
        return number(value, lang, 1)
    return share(value, lang, 3 if name == "gap" else 1)


def _chart(rows: Sequence[Mapping[str, Any]], varied: Sequence[str], lang: Lang) -> dict[str, Any]:
    """Lay out one panel a figure, one row a run: dots on a scale that the figures fill."""
    words = table(lang, "compare")
    names = [", ".join(f"{name} = {_setting(row[name])}" for name in varied) for row in rows]
    beside = _SIGN * max(len(name) for name in names)
    panels = []
    for at, name in enumerate(_CHARTED):
        known = [row[name] for row in rows if row[name] is not None]
        low, high = _scale(known)
        left = beside + at * _PANEL + _MARGIN
        width = _PANEL - 2 * _MARGIN
        panels.append(
            {
                "title": words[f"chart_{name}"],
                "left": left,
                "right": left + width,
                "middle": left + width / 2,
                "low": share(low, lang, 0 if low == round(low, 2) else 1),
                "high": share(high, lang, 0 if high == round(high, 2) else 1),
                "dots": [
                    {
                        "x": round(left + width * (row[name] - low) / (high - low), 1),
                        "y": _HEAD + _ROW * (i + 0.5),
                        "text": share(row[name], lang),
                        "is_base": row["is_base"],
                    }
                    for i, row in enumerate(rows)
                    if row[name] is not None
                ],
            }
        )
    return {
        "width": beside + _PANEL * len(_CHARTED),
        "bottom": _HEAD + _ROW * len(rows),
        "top": _HEAD,
        "names": [
            {"text": name, "y": _HEAD + _ROW * (i + 0.5) + 5} for i, name in enumerate(names)
        ],
        "panels": panels,
    }


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of a scale: the values with some air, within 0 and 1."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    air = max(0.1 * (high - low), (_LEAST_WIDTH - (high - low)) / 2)
    low, high = max(0.0, low - air), min(1.0, high + air)
    return round(low, 3), round(high, 3)
