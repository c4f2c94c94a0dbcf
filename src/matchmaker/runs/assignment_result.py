"""What an assignment gives: tables, the methods side by side, and how to save them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from matchmaker.runs.artifacts import RunTables
from matchmaker.runs.manifest import Output
from matchmaker.runs.publishing import Check
from matchmaker.runs.results import RunResult, table_outputs
from matchmaker.verify.assigned import check_assignment_folder
from matchmaker.words import Lang, number, say, share, table

__all__ = ["AssignmentResult"]

_EXACT = ("youths", "offers", "methods")  # written as Parquet too
_COLUMNS = ("method", "placed", "first", "top_three", "mean_rank", "blocking_pairs", "gap")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AssignmentResult(RunResult):
    r"""The result of `matchmaker.assign`; printing it sets the methods side by side.

    Attributes
    ----------
    tables : dict of str to DataFrame
        ``youths``: offer and rank obtained, first wish missed and why; ``offers``: seats,
        placed, cut-off; ``methods``: what each method would give.  From files also
        ``rejects`` and ``quality``, as in `matchmaker.MatchResult`.
    kept : RunTables or None
        What it was made of, and `save` keeps beside it; None from preference files.
    summary, manifest, timings, as_of, settings
        As in `matchmaker.runs.results.RunResult`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import assign_preferences
    >>> with TemporaryDirectory() as folder:
    ...     wishes, ranking = Path(folder) / "wishes.csv", Path(folder) / "ranking.csv"
    ...     _ = wishes.write_text("id,rank,other_id\nAna,1,bakery\nBo,1,bakery\n")
    ...     _ = ranking.write_text("id,rank,other_id\nbakery,1,Bo\nbakery,2,Ana\n")
    ...     result = assign_preferences(wishes, ranking)
    >>> print(str(result).splitlines()[0])
    Affectation de 2 jeunes sur 1 place de 1 offre
    """

    tables: dict[str, pd.DataFrame]
    kept: RunTables | None = None

    def __str__(self) -> str:
        summary, lang = self.summary, self.settings.lang
        words = table(lang, "assign")
        title = say(
            lang,
            "assign.title",
            youths=summary["youths"],
            seats=summary["seats"],
            offers=summary["offers"],
        )
        rows = [[words[name] for name in _COLUMNS]]
        for name, one in summary["methods"].items():
            mean = "–" if one["mean_rank"] is None else number(one["mean_rank"], lang, 2)
            whole = (number(one[key], lang) for key in ("placed", "first", "top_three"))
            mark = "* " if name == summary["method"] else "  "
            blocking = number(one["blocking_pairs"], lang)
            rows.append([mark + name, *whole, mean, blocking, _gap(one, lang)])
        width = [max(map(len, column)) for column in zip(*rows, strict=True)]
        aligned = [
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
                *aligned,
                words["chosen"],
                say(lang, "assign.unplaced", n=left),
                *reasons,
                *(["  " + say(lang, "assign.cut", n=n_cut)] if n_cut else []),
            ]
        )

    def _files(self) -> dict[str, Output]:
        people = {name: frame for name, frame in self.tables.items() if name not in _EXACT}
        return {
            **(self.kept.outputs() if self.kept else {}),
            **table_outputs("read", {}, **people),
            **table_outputs("explain", {name: self.tables[name] for name in _EXACT}),
        }

    def _check(self) -> Check:
        return check_assignment_folder


def _gap(method: dict[str, Any], lang: Lang) -> str:
    """Return how far at most the weight lies below that of any other assignment."""
    if method["weight_bound"] is None:
        return "–"
    missing = method["weight_bound"] - method["weight"]
    return share(missing / abs(method["weight"]) if missing else 0.0, lang, 4 if missing else 0)
