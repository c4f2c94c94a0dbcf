"""The figures of judged lists as a table of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.words import Lang, code_text, number, say, share, table

__all__ = ["relevance_text"]

_SHARES = ("good", "zero", "reached")


def relevance_text(figures: Mapping[str, Any], lang: Lang) -> str:
    """Return the figures of `matchmaker.audit.grades.evaluate_lists` for people to read."""
    judged, k = figures["judged"], figures["k"]
    grades = [judged["by_grade"][grade] for grade in ("3", "2", "1", "0")]
    lines = [
        say(lang, "relevance.pairs", pairs=judged["pairs"], youths=judged["youths"],
            grades=[number(n, lang) for n in grades]),
        say(lang, "relevance.to_win", n=judged["to_win"]),
    ]  # fmt: skip
    if figures["left_out"]:
        lines.append(say(lang, "relevance.left_out", n=figures["left_out"]))
    words = table(lang, "relevance")
    head = [
        words["order"],
        say(lang, "relevance.ndcg", k=k),
        *(words[name] for name in ("condensed", *_SHARES, "lines", "unjudged")),
    ]
    rows = [
        [
            code_text(lang, "order", one["name"]),
            _figure(one["ndcg"], lang),
            "–" if one["condensed"] is None else number(one["condensed"]["value"], lang, 3),
            *(_share(one[name], lang) for name in _SHARES),
            *(_count(one[name], lang) for name in ("lines", "unjudged")),
        ]
        for one in figures["orders"]
    ]
    lines += ["", *_aligned([head, *rows]), ""]
    beside = [_beside(one, figures["best"], lang) for one in figures["beside"]]
    lines += beside
    if not beside:
        lines.append(words["alone"])
    return "\n".join([*lines, "", say(lang, "relevance.about", k=k)])


def _beside(one: Mapping[str, Any], best: str, lang: Lang) -> str:
    """Say by how much our order is better than another one."""
    key = "relevance.best" if one["name"] == best else "relevance.beside"
    name, value = code_text(lang, "order", one["name"]), _figure(one["difference"], lang, sign="+")
    return say(lang, key, name=name, value=value)


def _figure(told: Mapping[str, float] | None, lang: Lang, sign: str = "") -> str:
    """Write a figure and its interval, three digits."""
    if told is None:
        return "–"
    value, low, high = (
        ("+" if sign and told[name] > 0 else "") + number(told[name], lang, 3)
        for name in ("value", "low", "high")
    )
    return f"{value} [{low} ; {high}]" if lang == "fr" else f"{value} [{low}, {high}]"


def _share(told: Mapping[str, float] | None, lang: Lang) -> str:
    return "–" if told is None else share(told["value"], lang, 0)


def _count(value: float, lang: Lang) -> str:
    """Write a count; the mean of one over chance with its decimal."""
    return number(value, lang, 0 if value == int(value) else 1)


def _aligned(rows: list[list[str]]) -> list[str]:
    """Return rows as lines whose columns stand below each other, the first to the left."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
