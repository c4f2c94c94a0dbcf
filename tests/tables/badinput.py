"""The sample of bad inputs as cases, and what a reader made of one, judged by the manifest.

`judge` takes any function from (folder of files, day) to an `Outcome`, so that the same
cases serve `tables.load` alone and the whole program.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2] / "../shared/data/badinput"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one folder of files.

    `refusal` is the whole message of a refused run, "" otherwise; `tables` are the rows
    that take part, by name; `rejects` has the columns file, line, column and value;
    `said` is everything that was printed or logged.
    """

    refusal: str = ""
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    rejects: pd.DataFrame = field(default_factory=pd.DataFrame)
    left_out: frozenset[str] = frozenset()
    said: str = ""


# The postal code that told the arrondissement is the one that is damaged there, so the
# youth stands at the middle of the city: the manifest asks for no more.
POINT_LOST = frozenset({"geo-postal-cedex"})

Run = Callable[[Path, dt.date], Outcome]


def cases() -> list[dict[str, Any]]:
    manifest = ROOT / "manifest.jsonl"
    if not manifest.exists():
        return []
    return [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]


def judge(case: dict[str, Any], run: Run) -> tuple[str, list[str]]:
    """Return the verdict that the run amounts to, and all that is wrong with it."""
    folder = ROOT / "cases" / case["id"]
    as_of = dt.date.fromisoformat(case["as_of"])
    outcome = run(folder / "input", as_of)
    wrong = [f"secret shown: {s}" for s in case["secrets"] if s in outcome.said]
    allowed = {case["verdict"], *case["also_ok"]}
    if outcome.refusal:
        verdict = "refuse_file"
        wrong += _refusal_faults(case, outcome.refusal)
    else:
        verdict, expected = _verdict(case, outcome), None
        if (folder / "expected").exists():
            expected = run(folder / "expected", as_of)
        if case["same_as_expected"] and expected is not None and verdict == case["verdict"]:
            lost = ("postal_code", "latitude", "longitude") if case["id"] in POINT_LOST else ()
            wrong += _differences(outcome.tables, expected.tables, lost)
        for text in case["present"] if verdict != "reject_row" else ():
            if text not in set(outcome.tables["youths"]["youth_id"]):
                wrong.append(f"{text!r} is gone")
        shown = "\n".join(frame.to_csv() for frame in outcome.tables.values())
        wrong += [f"forbidden: {t!r}" for t in case["forbid"] if t in shown and "<" not in t]
    if verdict not in allowed and not (verdict == "accept" and "output_safe" in allowed):
        wrong.append(f"verdict {verdict}, allowed {sorted(allowed)}")
    return verdict, wrong


def _refusal_faults(case: dict[str, Any], refusal: str) -> list[str]:
    named = [Path(case["file"]).stem]
    if case["line"]:
        named.append(f"line {case['line']}")
    named += [str(case[key]) for key in ("column", "value") if case[key]]
    return [f"not named: {text}" for text in named if text not in refusal]


def _verdict(case: dict[str, Any], outcome: Outcome) -> str:
    """A named row in the rejects, or one that is kept out of the lists, is a rejected row."""
    rejects = outcome.rejects
    ours = rejects[rejects["file"] == case["file"]]
    at = ours[ours["line"] == case["line"]]
    if case["column"] and "contradiction" not in set(at["reason"]):  # is about two columns
        at = at[at["column"] == case["column"]]
        if case["value"] is not None and not case["secrets"]:
            written = str(case["value"]).removesuffix("…").replace("\n", "\\x0a")
            at = at[[written[:50] in v or v in written for v in at["value"]]]
    if len(at):
        return "reject_row"
    if len(ours):
        return f"rejects other lines: {sorted(set(ours['line']))}"
    # An opt-out or an expired offer is no fault: both words are right for it.
    keeps_out = outcome.left_out and case["verdict"] == "reject_row"
    return "reject_row" if keeps_out else "accept"


def _differences(
    ours: dict[str, pd.DataFrame], theirs: dict[str, pd.DataFrame], lost: Sequence[str]
) -> list[str]:
    """Compare the rows that take part; how a value was come by may differ."""
    wrong = []
    for name, frame in ours.items():
        other = theirs[name]
        how = [
            c
            for c in frame
            if c.endswith(("_how", "_confidence"))
            or c in {"trade_label", "wishes_rejected", "wishes_unread"}
            or c in lost
        ]
        left, right = frame.drop(columns=how), other.drop(columns=how)
        if left.shape != right.shape:
            wrong.append(f"{name}: {len(left)} rows for {len(right)}")
        elif not left.equals(right):
            bad = [c for c in left if not left[c].equals(right[c])]
            pairs = [(c, *_first_difference(left[c], right[c])) for c in bad]
            wrong.append(f"{name}: {pairs}")
    return wrong


def _first_difference(left: pd.Series, right: pd.Series) -> tuple[object, object]:
    row = int(np.flatnonzero((left != right).to_numpy())[0])
    return left.iloc[row], right.iloc[row]
