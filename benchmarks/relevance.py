"""How good the lists are on the project's own judged set, beside the orders of others.

    python -m benchmarks.relevance

The set and how it was graded: ``benchmarks/data/judged``. No table of the user's is read, so the
figures are the same on every machine.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd

import matchmaker
from matchmaker.runs.relevance import evaluate_run, read_official
from matchmaker.words import code_text

SET = Path(__file__).resolve().parent / "data" / "judged"
AS_OF = dt.date(2026, 6, 15)
TABLES = {name: SET / f"{name}.csv" for name in ("youths", "wishes", "offers")}


def figure(told: dict[str, float], sign: str = "") -> str:
    value, low, high = (f"{told[name]:{sign}.3f}" for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def tables(figures: dict) -> str:
    k = figures["k"]
    lines = [
        f"| order | nDCG@{k} | without unjudged | grades 2, 3 | grade 0 | youths served | lines | unjudged |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in figures["orders"]:
        shares = " | ".join(f"{100 * one[n]['value']:.1f} %" for n in ("good", "zero", "reached"))
        lines.append(
            f"| {code_text('en', 'order', one['name'])} | {figure(one['ndcg'])}"
            f" | {one['condensed']['value']:.3f} | {shares}"
            f" | {one['lines']:g} | {one['unjudged']:g} |"
        )
    lines += ["", f"| matchmaker less | difference of nDCG@{k} |", "|---|---|"]
    for one in figures["beside"]:
        best = " (the best of them)" if one["name"] == figures["best"] else ""
        name = code_text("en", "order", one["name"])
        lines.append(f"| {name}{best} | {figure(one['difference'], '+')} |")
    return "\n".join(lines)


def against(run: Path) -> str:
    """Return what spoke against the lines of the lists, by grade."""
    judged = pd.read_csv(SET / "judged.csv", keep_default_na=False)
    lists = pd.read_parquet(run / "lists.parquet")[["youth_id", "offer_id"]]
    lines = lists.merge(judged, on=["youth_id", "offer_id"])
    counts = Counter(zip(-lines["grade"], lines["why"], strict=True))
    rows = sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    head = ["| grade | what speaks against the line | lines |", "|---|---|---|"]
    return "\n".join(
        [*head, *(f"| {-grade} | {why or 'nothing'} | {n} |" for (grade, why), n in rows)]
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder  # no tables of the user's own
        run = Path(folder) / "run"
        matchmaker.match(**TABLES, as_of=AS_OF).save(run)
        figures = evaluate_run(
            run,
            SET / "judged.csv",
            youths=TABLES["youths"],
            wishes=TABLES["wishes"],
            offers=[TABLES["offers"]],
            official=read_official(SET / "official_codes.csv"),
        )
        judged = figures["judged"]
        print(
            f"{judged['youths']} youths, {judged['pairs']} judged pairs; seed {figures['seed']}.\n"
        )
        print(tables(figures))
        print(f"\nLines of the lists that were judged:\n\n{against(run)}")


if __name__ == "__main__":
    main()
