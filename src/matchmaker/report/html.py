"""The report of a run: one HTML file, no script, no remote asset, charts drawn here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from matchmaker.report.advice import advice_section
from matchmaker.report.page import page
from matchmaker.report.territories import territory_section
from matchmaker.report.text import title
from matchmaker.tables.unread_labels import line_to_add
from matchmaker.words import Lang, code_text, number, say, share, table

__all__ = ["html_report"]

_SHOWN_DEPARTEMENTS = 20  # the others are folded away
_QUALITY_FOLDED = ("default", "repair")  # they ask nothing of the reader
_QUALITY_ORDER = ("rejected", "left_out", "flag", "warning", "default", "repair")


def html_report(
    summary: Mapping[str, Any],
    quality: pd.DataFrame,
    manifest: Mapping[str, Any],
    *,
    lang: Lang,
) -> str:
    """Return the report of a run as a page that opens offline.

    Parameters
    ----------
    summary : mapping
        Figures of `matchmaker.audit.summarise`.
    quality : pandas.DataFrame
        As in `MatchResult.quality`.
    manifest : mapping
        Of `build_manifest`: ``inputs``, ``settings`` and ``versions`` are shown.
    lang : {"fr", "en"}
        Language of the page.

    Returns
    -------
    str
        HTML with a content security policy that lets nothing load and nothing run.
    """
    words = table(lang, "report")
    values = {
        "w": words,
        "title": title(summary, lang),
        "heading": title({**summary, "is_synthetic": False}, lang),
        "s": summary,
        "lead": _lead(summary, lang),
        "opposed": _opposed(summary, lang),
        "wish_rows": _wish_rows(summary["lines"]["first_line_by_wish_rank"], lang),
        "distance_chart": _columns(summary["lines"]["by_distance_km"], "lines", lang),
        "rung_rows": [
            (table(lang, "rung")[rung], n) for rung, n in summary["lines"]["by_rung"].items() if n
        ],
        "bands": _bands(summary["objective"], lang),
        "waves": _wave_sentences(summary["waves"], lang),
        "variety": _variety(summary["variety"], lang),
        "caps": _caps_sentences(summary["caps"], lang),
        "territories": territory_section(summary.get("territories", {}), lang),
        "advice": advice_section(summary.get("words", {}), lang),
        "exposure_chart": _columns(summary["exposure"]["by_lists"], "offers", lang),
        "kinds": table(lang, "kind"),
        "sources": table(lang, "format"),
        "departements": _departements(summary["departements"], words),
        "shown_departements": _SHOWN_DEPARTEMENTS,
        "reason_rows": [(row["reason"], row["youths"]) for row in summary["unserved"]],
        "quality_rows": _quality_rows(quality, lang),
        "label_rows": [
            (row["label"], row["youths"], line_to_add(row["label"], lang))
            for row in summary["unread_labels"]
        ],
        "inputs": manifest["inputs"],
        "proofs": _proof_sentences(summary["proofs"], lang),
        "proof_details": _plain(summary["proofs"], words, lang),
        "settings": _plain(manifest["settings"], words, lang),
        "version": manifest["versions"]["matchmaker"],
    }
    return page("report.html.j2", values, lang)


def _lead(summary: Mapping[str, Any], lang: Lang) -> str:
    """Say in a few sentences who was served."""
    youths = summary["youths"]
    left, other = youths["unserved"], youths["served_by_other_trade"]
    return say(
        lang,
        "report.lead",
        seeking=youths["seeking"],
        served=youths["served"],
        with_offer=youths["with_offer"],
        only_firms=youths["only_firms"],
        enough=youths["with_min_lines"],
        min_lines=youths["min_lines"],
        unserved=say(lang, "report.lead_some", n=left) if left else say(lang, "report.lead_none"),
    ) + (" " + say(lang, "report.lead_other", n=other) if other else "")


def _opposed(summary: Mapping[str, Any], lang: Lang) -> str:
    """Say what the oppositions came to; "" where no file named any."""
    heeded = summary.get("oppositions")
    if not heeded:
        return ""
    some = say(lang, "report.opposed_addresses", n=heeded["addresses"])
    return say(
        lang,
        "report.opposed",
        given=heeded["given"],
        youths=summary["youths"]["opposed"],
        unmatched=heeded["unmatched"],
    ) + (f" {some}" if heeded["addresses"] else "")


def _wish_rows(ranks: Mapping[str, int], lang: Lang) -> list[tuple[str, int]]:
    unranked = say(lang, "report.unranked")
    return [
        (unranked if rank == "unranked" else say(lang, "report.rank", n=rank), n)
        for rank, n in ranks.items()
        if n
    ]


def _bands(objective: Mapping[str, Any] | None, lang: Lang) -> dict[str, Any] | None:
    """Lay out how good first lines are, beside what any lists, or the other objective, reach."""
    if objective is None:
        return None
    words, other = table(lang, "report"), objective["other"]
    theirs = [band["youths"] for band in other["bands"]] if other else []
    said = words[f"bands_{objective['name']}"]
    if other:
        cost = 1 - objective["score"] / other["score"] if other["score"] else None
        said += " " + say(lang, "report.bands_cost", share=share(cost, lang, 2))
    return {
        "said": said,
        "has_other": other is not None,
        "other": words["bands_other"],
        "rows": [
            {**band, "other": theirs[i] if theirs else None}
            for i, band in enumerate(objective["bands"])
        ],
    }


def _wave_sentences(waves: Mapping[str, Any] | None, lang: Lang) -> list[str]:
    """Say what earlier waves sent, and what heeding them would cost where it was not done."""
    if waves is None:
        return []
    sent, still_here = waves["sent"], waves["still_here"]
    sentences = [say(lang, "report.waves_found", sent=sent, still_here=still_here)]
    heeding = waves["remembering"]
    if heeding is not None:
        mine, theirs = waves["published"], heeding
        sentences.append(say(lang, "report.waves_ignored", repeated=waves["repeated"]))
        sentences.append(
            say(
                lang,
                "report.waves_cost",
                youths=theirs["youths"],
                lines=theirs["lines"],
                all_youths=mine["youths"],
                all_lines=mine["lines"],
            )
        )
    return sentences


def _variety(variety: Mapping[str, Any] | None, lang: Lang) -> dict[str, Any] | None:
    """Say for how many youths the lines are varied, and for how many they could not be."""
    if variety is None:
        return None
    words, cap = table(lang, "report"), variety["lines_per_employer"]
    n, least, part = variety["youths"], variety["min_lines"], share(variety["share"], lang)
    found = (
        say(lang, "report.variety_employer", n=n, share=part, min_lines=least, cap=cap)
        if cap
        else say(lang, "report.variety_found", n=n, share=part, min_lines=least)
    )
    rows = {
        "variety_yes": "youths",
        "variety_could": "others_could",
        "variety_could_not": "others_could_not",
    }
    return {
        "found": found,
        "rows": [(words[word], variety[figure]) for word, figure in rows.items()],
    }


def _caps_sentences(caps: Mapping[str, Any] | None, lang: Lang) -> list[str]:
    """Say what the caps allow, and which would be enough for everybody."""
    if caps is None or caps["lines_per_youth_allowed"] is None:
        return []
    smallest, n = caps["smallest"], caps["min_lines"]
    seat, firm = caps["lists_per_seat"], caps["lists_per_firm"]
    allowed = caps["lines_per_youth_allowed"]
    sentences = [say(lang, "report.caps_found", seat=seat, firm=firm, allowed=allowed)]
    seat, firm = smallest["lists_per_seat"], smallest["lists_per_firm"]
    if seat is None:
        sentences.append(say(lang, "report.caps_none", n=n))
    else:
        sentences.append(say(lang, "report.caps_smallest", n=n, seat=seat, firm=firm))
        is_proved = smallest["is_proved"]
        sentences.append(say(lang, "report.caps_proved" if is_proved else "report.caps_unproved"))
    below = caps["below_min_lines_whatever_the_caps"]
    if below:
        sentences.append(say(lang, "report.caps_below", n=below))
    return sentences


def _columns(bars: Sequence[Mapping[str, Any]], value: str, lang: Lang) -> dict[str, Any]:
    """Lay out a column chart: positions in units of the drawing, labels ready.

    A bar that is not empty is at least 1 unit high, so that it can be seen.
    """
    step, width, height = 80, 56, 130
    top = max((bar[value] for bar in bars), default=0)
    return {
        "width": step * len(bars),
        "baseline": height + 24,
        "bars": [
            {
                "x": step * i + (step - width) / 2,
                "middle": step * i + step / 2,
                "width": width,
                "height": max(round(height * bar[value] / top, 1), 1) if bar[value] else 0,
                "label": _interval(bar["from"], bar["to"]),
                "text": number(bar[value], lang),
            }
            for i, bar in enumerate(bars)
        ],
    }


def _interval(start: int, end: int | None) -> str:
    if end is None:
        return f"≥ {start}"
    return str(start) if start == end else f"{start}–{end}"


def _departements(
    rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Order departments by demand and add what a reader would compute."""
    top = max((max(r["youths_seeking"], r["seats_open"]) for r in rows), default=1) or 1
    ordered = sorted(rows, key=lambda r: (-r["youths_seeking"], -r["seats_open"], r["departement"]))
    return [
        {
            **row,
            "label": f"{row['departement']} {row['name']}".strip() or words["unknown"],
            "without": row["youths_seeking"] - row["youths_served"],
            "pressure": row["youths_seeking"] / row["seats_open"] if row["seats_open"] else None,
            "demand_bar": round(100 * row["youths_seeking"] / top, 2),
            "supply_bar": round(100 * row["seats_open"] / top, 2),
        }
        for row in ordered
    ]


def _quality_rows(quality: pd.DataFrame, lang: Lang) -> list[dict[str, Any]]:
    """Order the counts: what cost most first."""
    rows: list[dict[str, Any]] = [
        {
            **{str(name): cell for name, cell in row.items()},
            "kind_text": table(lang, "quality_kind")[row["kind"]],
            "table": code_text(lang, "table", row["table"]),
            "reason": code_text(lang, "quality", row["reason"]),
            "is_folded": row["kind"] in _QUALITY_FOLDED,
            "line": row["example_line"] if row["example_line"] > 0 else "",
        }
        for row in quality.to_dict(orient="records")
    ]
    return sorted(
        rows,
        key=lambda r: (_QUALITY_ORDER.index(r["kind"]), -r["count"], r["table"], r["reason"]),
    )


def _proof_sentences(proofs: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Say what is proved about the lists and the assignment, as (about what, sentence)."""
    words = table(lang, "report")
    return [
        (
            words[f"proof_{name}"],
            say(
                lang,
                "report.proof_most" if proof["is_most_served"] else "report.proof_served",
                served=proof["youths_served"],
                servable=proof["youths_servable"],
            )
            + " "
            + say(lang, "report.proof_gap", gap=share(proof["gap"], lang, decimals=3)),
        )
        for name, proof in proofs.items()
    ]


def _plain(
    values: Mapping[str, Any], words: Mapping[str, str], lang: Lang
) -> list[tuple[str, str]]:
    """Write named values for a table of two columns, nested ones as dotted names."""
    rows: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            rows += [(f"{name}.{inner}", text) for inner, text in _plain(value, words, lang)]
        elif isinstance(value, bool):
            rows.append((name, words["yes" if value else "no"]))
        elif isinstance(value, int):
            rows.append((name, number(value, lang)))
        elif isinstance(value, float):
            rows.append((name, f"{value:.6g}".replace(".", "," if lang == "fr" else ".")))
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            numbered = {f"{name}.{i}": item for i, item in enumerate(value, start=1)}
            rows += _plain(numbered, words, lang)
        elif isinstance(value, list | tuple):
            rows.append((name, ", ".join(str(v) for v in value) or "–"))
        else:
            rows.append((name, "–" if value in {None, ""} else str(value)))
    return rows
