"""The report of a run: one HTML file, no script, no remote asset, charts drawn here."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.resources import files
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from matchmaker.report.quality_words import REASONS_FR, TABLES_FR
from matchmaker.report.text import Lang, number, share, title
from matchmaker.report.words import KINDS, QUALITY_KINDS, RUNGS, WORDS

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
    words = WORDS[lang]
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = partial(number, lang=lang)
    environment.filters["share"] = partial(share, lang=lang)
    template = environment.from_string(_resource("report.html.j2"))
    style = _resource("report.css")
    return template.render(
        lang=lang,
        w=words,
        title=title(summary, lang),
        heading=title({**summary, "is_synthetic": False}, lang),
        style=Markup(style),  # noqa: S704 - our own file, not a user's text
        style_hash=_csp_hash(style),
        s=summary,
        lead=_lead(summary, lang),
        wish_rows=_wish_rows(summary["lines"]["first_line_by_wish_rank"], words),
        distance_chart=_columns(summary["lines"]["by_distance_km"], "lines", lang),
        rung_rows=[(RUNGS[lang][rung], n) for rung, n in summary["lines"]["by_rung"].items() if n],
        bands=_bands(summary["objective"], lang),
        waves=_wave_sentences(summary["waves"], lang),
        variety=_variety(summary["variety"], lang),
        caps=_caps_sentences(summary["caps"], lang),
        exposure_chart=_columns(summary["exposure"]["by_lists"], "offers", lang),
        kinds=KINDS[lang],
        departements=_departements(summary["departements"], words),
        shown_departements=_SHOWN_DEPARTEMENTS,
        reason_rows=[(row["reason"], row["youths"]) for row in summary["unserved"]],
        quality_rows=_quality_rows(quality, lang),
        inputs=manifest["inputs"],
        proofs=_proof_sentences(summary["proofs"], lang),
        proof_details=_plain(summary["proofs"], words, lang),
        settings=_plain(manifest["settings"], words, lang),
        version=manifest["versions"]["matchmaker"],
    )


def _resource(name: str) -> str:
    return (files("matchmaker.report") / "templates" / name).read_text(encoding="utf-8")


def _csp_hash(style: str) -> str:
    """Return the source expression that allows exactly this style sheet."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _lead(summary: Mapping[str, Any], lang: Lang) -> str:
    """Say in one or two sentences who was served."""
    words, youths = WORDS[lang], summary["youths"]
    left = youths["unserved"]
    return words["lead"].format(
        seeking=number(youths["seeking"], lang),
        served=number(youths["served"], lang),
        enough=number(youths["with_min_lines"], lang),
        min_lines=youths["min_lines"],
        unserved=words["lead_some"].format(n=number(left, lang)) if left else words["lead_none"],
    )


def _wish_rows(ranks: Mapping[str, int], words: Mapping[str, str]) -> list[tuple[str, int]]:
    return [
        (words["unranked"] if rank == "unranked" else words["rank"].format(n=rank), n)
        for rank, n in ranks.items()
        if n
    ]


def _bands(objective: Mapping[str, Any] | None, lang: Lang) -> dict[str, Any] | None:
    """Lay out how good first lines are, beside what any lists, or the other objective, reach."""
    if objective is None:
        return None
    words, other = WORDS[lang], objective["other"]
    theirs = [band["youths"] for band in other["bands"]] if other else []
    said = words[f"bands_{objective['name']}"]
    if other:
        cost = 1 - objective["score"] / other["score"] if other["score"] else None
        said += " " + words["bands_cost"].format(share=share(cost, lang, 2))
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
    words = WORDS[lang]
    counts = {name: number(waves[name], lang) for name in ("sent", "still_here", "repeated")}
    sentences = [words["waves_found"].format(**counts)]
    heeding = waves["remembering"]
    if heeding is not None:
        mine, theirs = waves["published"], heeding
        sentences.append(words["waves_ignored"].format(**counts))
        sentences.append(
            words["waves_cost"].format(
                youths=number(theirs["youths"], lang),
                lines=number(theirs["lines"], lang),
                all_youths=number(mine["youths"], lang),
                all_lines=number(mine["lines"], lang),
            )
        )
    return sentences


def _variety(variety: Mapping[str, Any] | None, lang: Lang) -> dict[str, Any] | None:
    """Say for how many youths the lines are varied, and for how many they could not be."""
    if variety is None:
        return None
    words, cap = WORDS[lang], variety["lines_per_employer"]
    rows = {
        "variety_yes": "youths",
        "variety_could": "others_could",
        "variety_could_not": "others_could_not",
    }
    return {
        "found": words["variety_found"].format(
            n=number(variety["youths"], lang),
            share=share(variety["share"], lang),
            min_lines=variety["min_lines"],
            employer=words["variety_employer"].format(n=cap) if cap else "",
        ),
        "rows": [(words[word], variety[figure]) for word, figure in rows.items()],
    }


def _caps_sentences(caps: Mapping[str, Any] | None, lang: Lang) -> list[str]:
    """Say what the caps allow, and which would be enough for everybody."""
    if caps is None or caps["lines_per_youth_allowed"] is None:
        return []
    words, smallest = WORDS[lang], caps["smallest"]

    def sentence(name: str, of: Mapping[str, Any]) -> str:
        return words[name].format(
            n=number(caps["min_lines"], lang),
            allowed=number(caps["lines_per_youth_allowed"], lang, 1),
            seat=number(of["lists_per_seat"], lang),
            firm=number(of["lists_per_firm"], lang),
        )

    sentences = [sentence("caps_found", caps)]
    if smallest["lists_per_seat"] is None:
        sentences.append(sentence("caps_none", caps))
    else:
        sentences.append(sentence("caps_smallest", smallest))
        sentences.append(words["caps_proved" if smallest["is_proved"] else "caps_unproved"])
    below = caps["below_min_lines_whatever_the_caps"]
    if below:
        sentences.append(words["caps_below"].format(n=number(below, lang)))
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
    tables, reasons = (TABLES_FR, REASONS_FR) if lang == "fr" else ({}, {})
    rows: list[dict[str, Any]] = [
        {
            **{str(name): cell for name, cell in row.items()},
            "kind_text": QUALITY_KINDS[lang][row["kind"]],
            "table": tables.get(row["table"], row["table"]),
            "reason": reasons.get(row["reason"], row["reason"].replace("_", " ")),
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
    words = WORDS[lang]
    return [
        (
            words[f"proof_{name}"],
            words["proof_most" if proof["is_most_served"] else "proof_served"].format(
                served=number(proof["youths_served"], lang),
                servable=number(proof["youths_servable"], lang),
            )
            + " "
            + words["proof_gap"].format(gap=share(proof["gap"], lang, decimals=3)),
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
