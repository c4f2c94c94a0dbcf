"""The figures that matter, as aligned text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from matchmaker.report.advice import advice_rows
from matchmaker.report.territories import territory_rows
from matchmaker.words import Lang, date_text, number, say, share, table

__all__ = ["headline", "text_report", "title"]

MOST_PLACES = 5


def headline(summary: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Return the figures that matter as (label, value), in reading order.

    Labels that start with two spaces belong to the label above them.

    Parameters
    ----------
    summary : mapping
        As `matchmaker.audit.summarise` gives it.
    lang : {"fr", "en"}

    Returns
    -------
    list of (str, str)
    """
    words = table(lang, "summary")
    youths, lines, offers = summary["youths"], summary["lines"], summary["offers"]

    def part(n: int, ratio: float | None) -> str:
        return f"{number(n, lang)} ({share(ratio, lang)})"

    km = "–" if lines["median_km"] is None else f"{number(lines['median_km'], lang, 1)} km"
    firms = say(lang, "summary.of", n=offers["firms_reached"], whole=offers["firms_open"])
    rows = [
        (words["youths"], number(youths["seeking"], lang)),
        ("  " + words["served"], part(youths["served"], youths["share_served"])),
        ("  " + words["with_offer"], part(youths["with_offer"], youths["share_with_offer"])),
        ("  " + words["only_firms"], number(youths["only_firms"], lang)),
        *_by_other_trade(youths, words, lang),
        (
            "  " + say(lang, "summary.enough", n=youths["min_lines"]),
            part(youths["with_min_lines"], youths["share_with_min_lines"]),
        ),
        *_varied(summary["variety"], words, lang),
        ("  " + words["opted_out"], number(youths["opted_out"], lang)),
        *_opposed(summary, words, lang),
        (words["lines"], number(lines["total"], lang)),
        ("  " + words["wished"], share(lines["share_on_wished_trade"], lang)),
        ("  " + words["region"], share(lines["share_in_region"], lang)),
        ("  " + words["km"], km),
        *_reordered(summary["order"], words, lang),
        (words["offers"], number(offers["open"], lang)),
        ("  " + words["firms"], f"{firms} ({share(offers['share_firms_reached'], lang)})"),
        (
            "  " + words["largest"],
            say(lang, "summary.lists", n=summary["exposure"]["largest"]),
        ),
        *_published(summary.get("published"), words, lang),
        *_caps(summary["caps"], words, lang),
        *_effects(summary.get("effects", {}), words, lang),
        *territory_rows(summary.get("territories", {}), lang),
        *advice_rows(summary.get("words", {}), lang),
    ]
    rows += _followed(summary["follow_up"], words, lang)
    if summary["assignment"]["pairs"]:
        pairs = summary["assignment"]
        rows.append((words["pairs"], part(pairs["pairs"], pairs["share_of_seeking"])))
    return rows


def _followed(
    followed: Mapping[str, Any], words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    """Count who is followed up; say of where nobody is named to them."""
    rows = [(words["followed"], number(followed["youths"], lang))]
    if n := followed["without_referent"]:
        places = [
            place["departement"] or "?" for place in followed["departements_without_referent"]
        ]
        shown = ", ".join(places[:MOST_PLACES]) + (", …" if len(places) > MOST_PLACES else "")
        rows.append(("  " + words["nobody"], f"{number(n, lang)} ({shown})"))
    return rows


def _by_other_trade(
    youths: Mapping[str, Any], words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    n = youths["served_by_other_trade"]
    return [("  " + words["other_trade"], number(n, lang))] if n else []


def _opposed(
    summary: Mapping[str, Any], words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    """Count who is named by the files of oppositions, and oppositions that name nobody here."""
    heeded = summary.get("oppositions")
    if not heeded:
        return []
    rows = [("  " + words["opposed"], number(summary["youths"]["opposed"], lang))]
    if heeded["addresses"]:
        rows.append(("  " + words["opposed_addresses"], number(heeded["addresses"], lang)))
    whole = say(lang, "summary.of", n=heeded["unmatched"], whole=heeded["given"])
    return [*rows, ("  " + words["opposed_nobody"], whole)]


def _reordered(
    order: Mapping[str, Any] | None, words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    if order is None or not order["lists"]:
        return []
    value = say(
        lang,
        "summary.points",
        n=order["first_line_changed"],
        before=order["mean_first_score_by_worth"],
        after=order["mean_first_score"],
    )
    return [("  " + words["reordered"], value)]


def _varied(
    variety: Mapping[str, Any] | None, words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    if variety is None:
        return []
    count = f"{number(variety['youths'], lang)} ({share(variety['share'], lang)})"
    return [
        ("  " + say(lang, "summary.varied", n=variety["min_lines"]), count),
        ("  " + words["never_varied"], number(variety["others_could_not"], lang)),
    ]


def _published(
    shown: Mapping[str, Any] | None, words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    """Count the published offers with an eligible youth that are shown, and what that costs."""
    if not shown or not shown["offers"]:
        return []
    counts = say(lang, "summary.of", n=shown["shown"], whole=shown["with_a_youth"])
    cost = share(shown["cost_share_at_most"], lang, decimals=2)
    return [
        ("  " + words["published"], counts),
        ("  " + words["published_cost"], say(lang, "summary.at_most", share=cost)),
        ("  " + words["published_nobody"], number(shown["for_nobody"], lang)),
    ]


def _caps(
    caps: Mapping[str, Any] | None, words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    if caps is None or caps["lines_per_youth_allowed"] is None:
        return []
    seat, firm = (caps["smallest"][name] for name in ("lists_per_seat", "lists_per_firm"))
    smallest = words["no_caps"]
    if seat is not None:
        smallest = say(lang, "summary.caps", seat=seat, firm=firm)
    return [
        ("  " + words["allowed"], number(caps["lines_per_youth_allowed"], lang, 1)),
        ("  " + say(lang, "summary.smallest", n=caps["min_lines"]), smallest),
    ]


def _effects(
    effects: Mapping[str, Any], words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    """Return, of each criterion that favours some youths, what it changed for them and others."""

    def both(figures: Mapping[str, Any], name: str) -> str:
        shown = ("–" if f[name] is None else number(f[name], lang) for f in _pair(figures))
        return say(lang, "summary.with_without", **dict(zip(("n", "without"), shown, strict=True)))

    rows = []
    for name, effect in effects.items():
        rows += [
            (say(lang, "summary.effect", name=name), number(effect["youths"], lang)),
            ("  " + words["effect_changed"], number(effect["lines_changed"], lang)),
        ]
        favoured, others = effect["favoured"], effect["others"]
        rows += [
            ("  " + words["effect_favoured_served"], both(favoured, "served")),
            ("  " + words["effect_favoured_score"], both(favoured, "mean_score")),
            ("  " + words["effect_others_served"], both(others, "served")),
            ("  " + words["effect_others_score"], both(others, "mean_score")),
        ]
    return rows


def _pair(figures: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return figures["with"], figures["without"]


def text_report(summary: Mapping[str, Any], lang: Lang) -> str:
    """Return the headline figures as aligned lines under a title.

    The title says "synthetic" when any row of the input was made by the generator.

    Parameters
    ----------
    summary, lang
        As for `headline`.

    Returns
    -------
    str
    """
    rows = headline(summary, lang)
    width = max(len(label) for label, _ in rows) + 2
    return "\n".join(
        [title(summary, lang), *(f"  {label:<{width}}{value}" for label, value in rows)]
    )


def title(summary: Mapping[str, Any], lang: Lang) -> str:
    """Return the title of a run: its date, and "synthetic" if it is.

    Parameters
    ----------
    summary : mapping
        ``as_of`` and ``is_synthetic`` are read.
    lang : {"fr", "en"}

    Returns
    -------
    str
    """
    date = date_text(dt.date.fromisoformat(summary["as_of"]), lang)
    text = say(lang, "summary.title", date=date)
    return f"{text} ({say(lang, 'summary.synthetic')})" if summary["is_synthetic"] else text
