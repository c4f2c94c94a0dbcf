"""What the territories set for themselves and what it costs, in words and rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.words import Lang, number, say, table

__all__ = ["territory_rows", "territory_section"]

_COUNTED = {
    "served": "territory_served",
    "lines": "territory_lines",
    "score": "territory_score",
}
_BESIDE = {"others": "territory_others", "all": "territory_all"}


def territory_rows(told: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Return label and value of what differs, for the text of a run.

    Parameters
    ----------
    told : mapping
        ``territories`` of the summary, empty where none differs.
    lang : {"fr", "en"}

    Returns
    -------
    list of (str, str)
    """
    if not told:
        return []
    words, keys = table(lang, "summary"), table(lang, "territory_key")
    rows: list[tuple[str, str]] = []
    for one in told["territories"]:
        rows.append((say(lang, "summary.territory", name=one["name"]), _pilot(one, lang)))
        rows += [
            ("  " + keys[setting["name"]], _both(setting, lang)) for setting in one["settings"]
        ]
        rows += _figures(one, words, lang)
    for name, label in _BESIDE.items():
        rows.append((words[label], number(told[name]["seeking"], lang)))
        rows += _figures(told[name], words, lang)
    return rows


def territory_section(told: Mapping[str, Any], lang: Lang) -> dict[str, Any] | None:
    """Return what the page of a run shows of the territories; None where none differs.

    Parameters
    ----------
    told, lang
        As for `territory_rows`.

    Returns
    -------
    dict or None
        ``sections``, one a territory with its ``head`` and ``settings``, and ``rows``: name, youths, and each figure with and
        without.
    """
    if not told:
        return None
    words, keys = table(lang, "summary"), table(lang, "territory_key")
    named = [(one["name"], one) for one in told["territories"]]
    named += [(words[label], told[name]) for name, label in _BESIDE.items()]
    return {
        "sections": [
            {
                "head": say(
                    lang, "report.territories_differ", name=one["name"], pilot=one["pilot"]
                ),
                "settings": [
                    say(
                        lang,
                        "report.territories_setting",
                        name=keys[setting["name"]],
                        value=_both(setting, lang),
                    )
                    for setting in one["settings"]
                ],
            }
            for one in told["territories"]
        ],
        "rows": [
            (
                name,
                number(one["seeking"], lang),
                *(
                    number(one[side][figure], lang)
                    for figure in _COUNTED
                    for side in ("with", "without")
                ),
            )
            for name, one in named
        ],
    }


def _figures(one: Mapping[str, Any], words: Mapping[str, str], lang: Lang) -> list[tuple[str, str]]:
    return [
        (
            "  " + words[label],
            say(
                lang,
                "summary.territory_without",
                n=one["with"][name],
                without=one["without"][name],
            ),
        )
        for name, label in _COUNTED.items()
    ]


def _pilot(one: Mapping[str, Any], lang: Lang) -> str:
    return say(lang, "summary.territory_pilot", pilot=one["pilot"])


def _both(setting: Mapping[str, Any], lang: Lang) -> str:
    here, of_all = (_written(setting[name], lang) for name in ("here", "of_all"))
    return say(lang, "summary.territory_setting", here=here, of_all=of_all)


def _written(value: object, lang: Lang) -> str:
    words = table(lang, "report")
    if isinstance(value, bool):
        return words["yes" if value else "no"]
    if isinstance(value, int):
        return number(value, lang)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
