"""What changed from one run to another, as text and as one page; no id of a youth stands in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from matchmaker.report.page import page
from matchmaker.words import Lang, code_text, date_text, number, say, table

__all__ = ["difference_html", "difference_text"]

Rows = list[tuple[str, str]]


def difference_text(figures: Mapping[str, Any], lang: Lang) -> str:
    """Return what changed as text, a block for each question.

    Parameters
    ----------
    figures : mapping
        Of `matchmaker.runs.diff.Difference`.
    lang : {"fr", "en"}

    Returns
    -------
    str
    """
    lines = [_title(figures, lang), _ids(figures, lang)]
    for heading, note, rows in _blocks(figures, lang):
        lines += ["", heading]
        lines += [f"  {note}"] if note else []
        width = max((len(label) for label, _ in rows), default=0)
        of_values = max((len(value) for _, value in rows), default=0)
        lines += [f"  {label:<{width}}  {value:>{of_values}}" for label, value in rows]
    return "\n".join(lines)


def difference_html(figures: Mapping[str, Any], *, version: str, lang: Lang) -> str:
    """Return what changed as a page that opens offline.

    Parameters
    ----------
    figures : mapping
        Of `matchmaker.runs.diff.Difference`.
    version : str
    lang : {"fr", "en"}

    Returns
    -------
    str
    """
    bars = {
        _words(lang)["gone"]: figures["lines"]["gone"],
        _words(lang)["new"]: figures["lines"]["new"],
    }
    values = {
        "w": _words(lang),
        "title": _title(figures, lang),
        "ids": _ids(figures, lang),
        "kicker": table(lang, "report")["kicker"],
        "footer": say(lang, "report.footer", version=version),
        "blocks": [
            {
                "heading": heading,
                "note": note,
                "rows": rows,
                "bars": _bars(list(bars.get(heading, {}).values())),
            }
            for heading, note, rows in _blocks(figures, lang)
        ],
    }
    return page("difference.html.j2", values, lang)


def _title(figures: Mapping[str, Any], lang: Lang) -> str:
    days = [date_text(dt.date.fromisoformat(figures[one]["as_of"]), lang) for one in _BOTH]
    return say(lang, "diff.title", before=days[0], after=days[1])


def _ids(figures: Mapping[str, Any], lang: Lang) -> str:
    ids = [figures[one]["run_id"] or _words(lang)["no_id"] for one in _BOTH]
    return say(lang, "diff.ids", before=ids[0], after=ids[1])


_BOTH = ("before", "after")


def _blocks(figures: Mapping[str, Any], lang: Lang) -> list[tuple[str, str, Rows]]:
    """Return heading, sentence and rows of each question."""
    words = _words(lang)
    lines, youths = figures["lines"], figures["youths"]
    settings: Rows = [
        (one["name"], f"{_plain(one['before'])} → {_plain(one['after'])}")
        for one in figures["settings"]
    ]
    blocks = [
        (words["settings"], "" if settings else words["settings_same"], settings),
        (words["tables"], _changed_files(figures["inputs"], lang), _tables(figures, lang)),
    ]
    if figures["offers"]:
        blocks.append((words["offers"], "", _offers(figures["offers"], lang)))
    blocks += [
        (words["lines"], "", _counts(lines, ("before", "after", "kept"), lang)),
        (words["gone"], _gone_note(lines, lang), _by_cause(lines["gone"], table(lang, "diff_gone"), lang)),
        (words["new"], "", _by_cause(lines["new"], table(lang, "diff_new"), lang)),
        (
            words["youths"],
            say(
                lang, "diff.youths_found",
                lost=youths["lost_all"], found=youths["found_some"],
            ),
            _by_cause(youths["lost_all_by_cause"], table(lang, "diff_gone"), lang),
        ),
    ]  # fmt: skip
    return blocks


def _changed_files(inputs: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    changed = [code_text(lang, "table", one["role"]) for one in inputs if one["is_changed"]]
    return say(lang, "diff.files", names=changed) if changed else _words(lang)["files_same"]


def _tables(figures: Mapping[str, Any], lang: Lang) -> Rows:
    return [
        (
            code_text(lang, "table", name),
            f"{number(rows['before'], lang)} → {number(rows['after'], lang)}",
        )
        for name, rows in figures["tables"].items()
    ]


def _offers(offers: Mapping[str, Any], lang: Lang) -> Rows:
    rows = _counts(offers, ("gone", "new", "opened"), lang, within="offers_")
    return rows + [
        (code_text(lang, "diff_gone", f"offer_{state}"), number(n, lang))
        for state, n in offers["closed"].items()
    ]


def _gone_note(lines: Mapping[str, Any], lang: Lang) -> str:
    n = lines["taken_by_youths"]
    return say(lang, "diff.taken", n=n) if n else ""


def _counts(
    figures: Mapping[str, Any], names: Sequence[str], lang: Lang, *, within: str = "lines_"
) -> Rows:
    words = _words(lang)
    return [(words[f"{within}{name}"], number(figures[name], lang)) for name in names]


def _by_cause(counts: Mapping[str, int], words: Mapping[str, str], lang: Lang) -> Rows:
    """Return the counts of causes in words, and their sum, which is that of all lines."""
    rows = [(words[cause], number(n, lang)) for cause, n in counts.items()]
    total = number(sum(counts.values()), lang)
    return [*rows, (_words(lang)["total"], total)]


def _bars(counts: Sequence[int]) -> list[float]:
    top = max(counts, default=0)
    return [round(100 * n / top, 2) for n in counts] if top else []


def _plain(value: Any) -> str:
    """Write a value as it stands in a settings file; "–" where it is not set."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(_plain(one) for one in value) + "]"
    return str(value)


def _words(lang: Lang) -> Mapping[str, str]:
    return table(lang, "diff")
