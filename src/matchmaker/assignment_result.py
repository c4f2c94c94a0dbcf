"""What an assignment gives: tables, the methods side by side, and how to save them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from matchmaker.report import json_bytes, publish, write_csv
from matchmaker.report.text import Lang, number, share
from matchmaker.settings import Settings

__all__ = ["AssignmentResult"]

_WORDS = {
    "fr": {
        "title": "Affectation de {youths} jeunes sur {seats} places de {offers} offres",
        "synthetic": "données synthétiques",
        "method": "méthode",
        "placed": "placés",
        "first": "au 1er rang",
        "top_three": "3 premiers",
        "mean_rank": "rang moyen",
        "blocking_pairs": "paires bloquantes",
        "gap": "écart prouvé",
        "chosen": "* méthode retenue, celle des tables ; écart : au plus, de l'optimum",
        "unplaced": "Jeunes sans offre, y compris ceux qui ne cherchent pas : {n}",
        "cut": "  dont {n} à la liste coupée : relever 'candidates_per_youth' peut en placer",
    },
    "en": {
        "title": "Assignment of {youths} youths to {seats} seats of {offers} offers",
        "synthetic": "synthetic data",
        "method": "method",
        "placed": "placed",
        "first": "at rank 1",
        "top_three": "first three",
        "mean_rank": "mean rank",
        "blocking_pairs": "blocking pairs",
        "gap": "proved gap",
        "chosen": "* the method chosen, that of the tables; gap: at most, from the optimum",
        "unplaced": "Youths without an offer, those who do not seek included: {n}",
        "cut": "  {n} of them with a cut list: raising 'candidates_per_youth' may place some",
    },
}
_COLUMNS = ("method", "placed", "first", "top_three", "mean_rank", "blocking_pairs", "gap")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssignmentResult:
    """The result of `matchmaker.assign`; printing it sets the methods side by side.

    Attributes
    ----------
    tables : dict of str to DataFrame
        ``youths``: offer and rank obtained, first wish missed and why; ``offers``: seats,
        placed, cut-off; ``methods``: what each method would give.  From the pipeline also
        ``rejects`` and ``quality``, as in `matchmaker.MatchResult`.
    summary, manifest : dict
        Figures, and what is needed to repeat the run; both ready for JSON.
    settings : Settings
    """

    tables: dict[str, pd.DataFrame]
    summary: dict[str, Any]
    manifest: dict[str, Any]
    settings: Settings

    def __str__(self) -> str:
        summary, lang = self.summary, self.settings.lang
        words = _WORDS[lang]
        counts = {name: number(summary[name], lang) for name in ("youths", "seats", "offers")}
        title = words["title"].format(**counts)
        rows = [[words[name] for name in _COLUMNS]]
        for name, one in summary["methods"].items():
            mean = "–" if one["mean_rank"] is None else number(one["mean_rank"], lang, 2)
            whole = (number(one[key], lang) for key in ("placed", "first", "top_three"))
            mark = "* " if name == summary["method"] else "  "
            blocking = number(one["blocking_pairs"], lang)
            rows.append([mark + name, *whole, mean, blocking, _gap(one, lang)])
        width = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = [
            "  ".join(
                cell.ljust(w) if i == 0 else cell.rjust(w)
                for i, (cell, w) in enumerate(zip(row, width, strict=True))
            )
            for row in rows
        ]
        left = sum(one["youths"] for one in summary["unplaced"])
        reasons = [
            f"  {number(one['youths'], lang):>8}  {one['reason']}" for one in summary["unplaced"]
        ]
        n_cut = summary["unplaced_with_cut_list"]
        return "\n".join(
            [
                f"{title} ({words['synthetic']})" if summary["is_synthetic"] else title,
                *table,
                words["chosen"],
                words["unplaced"].format(n=number(left, lang)),
                *reasons,
                *([words["cut"].format(n=number(n_cut, lang))] if n_cut else []),
            ]
        )

    __repr__ = __str__

    def save(self, out: str | Path) -> None:
        """Write a CSV a table and ``manifest.json`` to a folder, whole or not at all.

        Raises
        ------
        UsageError, InfeasibleError
            As `matchmaker.report.publish`.
        """
        publish(
            out,
            {f"{name}.csv": partial(write_csv, frame) for name, frame in self.tables.items()},
            lambda hashes: json_bytes({**self.manifest, **self.summary, "outputs": hashes}),
        )


def _gap(method: dict[str, Any], lang: Lang) -> str:
    """Return how far at most the weight lies below that of any other assignment."""
    if method["weight_bound"] is None:
        return "–"
    missing = method["weight_bound"] - method["weight"]
    return share(missing / abs(method["weight"]) if missing else 0.0, lang, 4 if missing else 0)
