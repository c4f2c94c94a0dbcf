"""The figures that matter, as aligned text; numbers and dates in words of a language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

__all__ = ["Lang", "date_text", "headline", "number", "share", "text_report", "title"]

Lang = Literal["fr", "en"]

_THIN = "\u202f"  # narrow no-break space: French groups of three and before a %
_MONTHS: Mapping[str, tuple[str, ...]] = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "title": "Appariement du {date}",
        "synthetic": "données synthétiques",
        "youths": "Jeunes qui cherchent",
        "served": "avec au moins 1 ligne",
        "enough": "avec au moins {n} lignes",
        "varied": "avec au moins {n} lignes variées",
        "never_varied": "sans les offres qu'il faudrait pour cela",
        "opted_out": "opposés, aucune ligne",
        "lines": "Lignes",
        "wished": "sur un métier demandé",
        "region": "dans la région du vœu",
        "km": "distance médiane",
        "offers": "Offres ouvertes",
        "firms": "employeurs atteints",
        "largest": "plus forte exposition",
        "lists": "{n} listes",
        "allowed": "lignes permises par jeune",
        "smallest": "plafonds pour {n} lignes à chacun",
        "caps": "{seat} par place, {firm} par entreprise",
        "no_caps": "aucun ne suffit",
        "pairs": "Premières offres à suivre",
        "of": "{n} sur {whole}",
    },
    "en": {
        "title": "Matching of {date}",
        "synthetic": "synthetic data",
        "youths": "Youths who seek",
        "served": "with at least 1 line",
        "enough": "with at least {n} lines",
        "varied": "with at least {n} varied lines",
        "never_varied": "without the offers for that",
        "opted_out": "opted out, no line",
        "lines": "Lines",
        "wished": "on a wished trade",
        "region": "in the region of the wish",
        "km": "median distance",
        "offers": "Open offers",
        "firms": "employers reached",
        "largest": "largest exposure",
        "lists": "{n} lists",
        "allowed": "lines allowed a youth",
        "smallest": "caps for {n} lines each",
        "caps": "{seat} a seat, {firm} a firm",
        "no_caps": "none is enough",
        "pairs": "First offers to follow up",
        "of": "{n} of {whole}",
    },
}


def number(value: float, lang: Lang, decimals: int = 0) -> str:
    """Write a number as people of the language do.

    Examples
    --------
    >>> number(12345.67, "en", 1), number(7.5, "fr", 1)
    ('12,345.7', '7,5')
    """
    text = f"{value:,.{decimals}f}"
    return text if lang == "en" else text.replace(",", _THIN).replace(".", ",")


def share(value: float | None, lang: Lang, decimals: int = 1) -> str:
    """Write a share as a percentage; "–" where there is nothing to share.

    Examples
    --------
    >>> share(0.968, "en"), share(None, "fr")
    ('96.8%', '–')
    """
    if value is None:
        return "–"
    return number(100 * value, lang, decimals) + ("%" if lang == "en" else f"{_THIN}%")


def date_text(date: dt.date, lang: Lang) -> str:
    """Write a date in words, whatever the locale of the machine.

    Examples
    --------
    >>> date_text(dt.date(2023, 10, 1), "fr"), date_text(dt.date(2023, 10, 1), "en")
    ('1er octobre 2023', '1 October 2023')
    """
    day = "1er" if date.day == 1 and lang == "fr" else str(date.day)
    return f"{day} {_MONTHS[lang][date.month - 1]} {date.year}"


def headline(summary: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Return the figures that matter as (label, value), in reading order.

    Labels that start with two spaces belong to the label above them.
    """
    words = _WORDS[lang]
    youths, lines, offers = summary["youths"], summary["lines"], summary["offers"]

    def part(n: int, ratio: float | None) -> str:
        return f"{number(n, lang)} ({share(ratio, lang)})"

    km = "–" if lines["median_km"] is None else f"{number(lines['median_km'], lang, 1)} km"
    firms = words["of"].format(
        n=number(offers["firms_reached"], lang), whole=number(offers["firms_open"], lang)
    )
    rows = [
        (words["youths"], number(youths["seeking"], lang)),
        ("  " + words["served"], part(youths["served"], youths["share_served"])),
        (
            "  " + words["enough"].format(n=youths["min_lines"]),
            part(youths["with_min_lines"], youths["share_with_min_lines"]),
        ),
        *_varied(summary["variety"], words, lang),
        ("  " + words["opted_out"], number(youths["opted_out"], lang)),
        (words["lines"], number(lines["total"], lang)),
        ("  " + words["wished"], share(lines["share_on_wished_trade"], lang)),
        ("  " + words["region"], share(lines["share_in_region"], lang)),
        ("  " + words["km"], km),
        (words["offers"], number(offers["open"], lang)),
        ("  " + words["firms"], f"{firms} ({share(offers['share_firms_reached'], lang)})"),
        (
            "  " + words["largest"],
            words["lists"].format(n=number(summary["exposure"]["largest"], lang)),
        ),
        *_caps(summary["caps"], words, lang),
    ]
    if summary["assignment"]["pairs"]:
        pairs = summary["assignment"]
        rows.append((words["pairs"], part(pairs["pairs"], pairs["share_of_seeking"])))
    return rows


def _varied(
    variety: Mapping[str, Any] | None, words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    if variety is None:
        return []
    count = f"{number(variety['youths'], lang)} ({share(variety['share'], lang)})"
    return [
        ("  " + words["varied"].format(n=variety["min_lines"]), count),
        ("  " + words["never_varied"], number(variety["others_could_not"], lang)),
    ]


def _caps(
    caps: Mapping[str, Any] | None, words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    if caps is None or caps["lines_per_youth_allowed"] is None:
        return []
    seat, firm = (caps["smallest"][name] for name in ("lists_per_seat", "lists_per_firm"))
    smallest = words["no_caps"]
    if seat is not None:
        smallest = words["caps"].format(seat=number(seat, lang), firm=number(firm, lang))
    return [
        ("  " + words["allowed"], number(caps["lines_per_youth_allowed"], lang, 1)),
        ("  " + words["smallest"].format(n=caps["min_lines"]), smallest),
    ]


def text_report(summary: Mapping[str, Any], lang: Lang) -> str:
    """Return the headline figures as aligned lines under a title.

    The title says "synthetic" when any row of the input was made by the generator.
    """
    rows = headline(summary, lang)
    width = max(len(label) for label, _ in rows) + 2
    return "\n".join(
        [title(summary, lang), *(f"  {label:<{width}}{value}" for label, value in rows)]
    )


def title(summary: Mapping[str, Any], lang: Lang) -> str:
    """Return the title of a run: its date, and "synthetic" if it is."""
    date = date_text(dt.date.fromisoformat(summary["as_of"]), lang)
    text = _WORDS[lang]["title"].format(date=date)
    return f"{text} ({_WORDS[lang]['synthetic']})" if summary["is_synthetic"] else text
