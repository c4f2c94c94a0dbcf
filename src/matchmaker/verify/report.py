"""The report, read as a browser would: nothing runs, nothing loads, and the figures are those."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from matchmaker.verify.fault import Faults
from matchmaker.words import Lang, date_text, number, say, table

__all__ = ["check_report"]

REPORT = "report.html"
RUNS = frozenset({"script", "iframe", "object", "embed", "link", "form", "base", "img"})
LOADS = frozenset({"src", "href", "srcset", "action", "formaction", "data", "xlink:href"})
POLICY = "default-src 'none'"
NO_BREAK = str.maketrans({"\u00a0": " ", "\u202f": " "})


class _Page(HTMLParser):
    """Texts of the cards and of the rows of tables, the heading, and what is not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.cards: list[str] = []
        self.heading = self.title = self.policy = ""
        self.is_quiet = True
        self._into: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name.lower(): value or "" for name, value in attrs}
        unsafe = {n for n in names if n.startswith("on")} | (LOADS & set(names))
        unsafe = {n for n in unsafe if not names[n].startswith("#")}
        if tag in RUNS or unsafe or "refresh" in names.get("http-equiv", "").lower():
            self.is_quiet = False
        if names.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = names.get("content", "")
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td") and self.rows and names.get("aria-hidden") != "true":
            self.rows[-1].append("")
            self._into.append("cell")
        elif tag == "small":
            self.cards.append("")
            self._into.append("card")
        elif tag in ("h1", "title"):
            self._into.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td", "small", "h1", "title") and self._into:
            self._into.pop()

    def handle_data(self, data: str) -> None:
        text, into = data.translate(NO_BREAK), self._into[-1] if self._into else ""
        if into == "cell":
            self.rows[-1][-1] += text
        elif into == "card":
            self.cards[-1] += text
        elif into == "h1":
            self.heading += text
        elif into == "title":
            self.title += text


def check_report(
    folder: Path, summary: Mapping[str, Any], manifest: Mapping[str, Any], faults: Faults
) -> None:
    """Check that the report runs and loads nothing, and shows the figures of the summary.

    Looked for are the title, the counts of the cards, the rows of reasons, of rungs, of
    departments and of territories, with their pilots, and the settings.

    Parameters
    ----------
    folder : Path
    summary, manifest : mapping
    faults : Faults
        What is found is added to it.
    """
    text = (folder / REPORT).read_text(encoding="utf-8")
    lang: Lang = manifest["settings"]["lang"]
    page = _Page()
    page.feed(text)
    page.close()
    is_safe = page.is_quiet and POLICY in page.policy and "script-src" not in page.policy
    if not is_safe or "@import" in text or "url(" in text:
        faults.add("report_safe", file=REPORT)
    day = date_text(dt.date.fromisoformat(summary["as_of"]), lang)
    title = say(lang, "summary.title", date=day).translate(NO_BREAK)
    if page.heading.strip() != title or not page.title.startswith(title):
        faults.add("report_figures", file=REPORT, column="title")
    if (say(lang, "summary.synthetic") in page.title) != summary["is_synthetic"]:
        faults.add("report_figures", file=REPORT, column="is_synthetic")
    youths, lines, offers = summary["youths"], summary["lines"], summary["offers"]
    cards = [
        say(lang, "report.card_of", n=youths["served"], whole=youths["seeking"]),
        say(lang, "report.card_of", n=youths["with_offer"], whole=youths["seeking"]),
        say(lang, "report.card_of", n=youths["with_min_lines"], whole=youths["seeking"]),
        say(lang, "report.card_lines", n=lines["total"]),
        say(lang, "report.card_lines", n=lines["total"]),
        table(lang, "report")["card_km_note"],
        say(lang, "report.card_of", n=offers["firms_reached"], whole=offers["firms_open"]),
    ]
    if [card.strip() for card in page.cards] != [_plain(card) for card in cards]:
        faults.add("report_figures", file=REPORT, column="cards")
    pilots = [one["pilot"] for one in summary.get("territories", {}).get("territories", [])]
    if not all(_plain(escape(pilot)) in _plain(text) for pilot in pilots):
        faults.add("report_figures", file=REPORT, column="pilots")
    shown = [tuple(cell.strip() for cell in row) for row in page.rows]
    for column, rows in _expected(summary, manifest, lang).items():
        if not set(rows) <= set(shown):
            faults.add("report_figures", file=REPORT, column=column)


def _expected(
    summary: Mapping[str, Any], manifest: Mapping[str, Any], lang: Lang
) -> dict[str, list[tuple[str, ...]]]:
    """Return rows of tables that have to be there, by what they are about."""
    rungs, words = table(lang, "rung"), table(lang, "report")
    return {
        "unserved": [
            (_plain(row["reason"]), _plain(number(row["youths"], lang)))
            for row in summary["unserved"]
        ],
        "rungs": [
            (_plain(rungs[rung]), _plain(number(n, lang)))
            for rung, n in summary["lines"]["by_rung"].items()
            if n
        ],
        "departements": [
            (
                _plain(f"{row['departement']} {row['name']}".strip() or words["unknown"]),
                *(
                    _plain(number(n, lang))
                    for n in (
                        row["youths_seeking"],
                        row["youths_seeking"] - row["youths_served"],
                        row["seats_open"],
                    )
                ),
                _plain(
                    number(row["youths_seeking"] / row["seats_open"], lang, 1)
                    if row["seats_open"]
                    else "–"
                ),
                _plain(number(row["firms_open"], lang)),
            )
            for row in summary["departements"]
        ],
        "territories": [
            (_plain(one["name"]), _plain(number(one["seeking"], lang)), *_both_ways(one, lang))
            for one in summary.get("territories", {}).get("territories", [])
        ],
        "settings": [
            (name, _plain(number(value, lang)))
            for name, value in manifest["settings"].items()
            if isinstance(value, int) and not isinstance(value, bool)
        ],
        "proofs": [
            (f"{name}.gap", f"{proof['gap']:.6g}".replace(".", "," if lang == "fr" else "."))
            for name, proof in summary["proofs"].items()
        ],
    }


def _both_ways(one: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    """Return the figures of a territory with what differs there and without, in pairs."""
    return tuple(
        _plain(number(one[side][name], lang))
        for name in ("served", "lines", "score")
        for side in ("with", "without")
    )


def _plain(text: str) -> str:
    return text.translate(NO_BREAK).strip()
