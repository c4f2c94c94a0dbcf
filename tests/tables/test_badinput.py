"""Every case of the bad-input sample through `tables.load`, in one process."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from matchmaker.errors import MatchmakerError
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.checks import to_issues
from tests.tables.badinput import ROOT, Outcome, cases, judge

CASES = cases()
pytestmark = pytest.mark.skipif(not ROOT.exists(), reason="the sample lies beside the repository")


def run_load(folder: Path, as_of: dt.date) -> Outcome:
    """Load a folder's files; rows that eligibility leaves out later take no part."""
    files = {
        name: next(iter(sorted(folder.glob(f"{name}.*"))), folder / f"{name}.csv")
        for name in ("youths", "wishes", "offers")
    }
    try:
        tables = load(**files, as_of=as_of, settings=Settings())
    except MatchmakerError as error:
        return Outcome(refusal=error.text("en"), said=f"{error}\n{error.text('en')}")
    youths, offers = tables.youths, tables.offers
    today = pd.Timestamp(as_of)
    is_young = youths["birth_date"] > today - pd.DateOffset(years=15)
    in_list = youths[~youths["opt_out"] & ~is_young].reset_index(drop=True)
    closed = (offers["expiry_date"] < today) | ~offers["contract_type"].isin(
        ["", "apprentissage", "professionnalisation"]
    )
    open_offers = offers[~closed].reset_index(drop=True)
    left_out = {*youths["youth_id"], *offers["offer_id"]} - {
        *in_list["youth_id"],
        *open_offers["offer_id"],
    }
    wishes = tables.wishes[tables.wishes["youth_id"].isin(in_list["youth_id"])]
    said = "\n".join(issue.sentence() for issue in to_issues(tables.rejects))
    return Outcome(
        tables={"youths": in_list, "wishes": wishes.reset_index(drop=True), "offers": open_offers},
        rejects=tables.rejects,
        left_out=frozenset(left_out),
        said=said + tables.quality.to_string(),
    )


_EXPECTED: dict[tuple[bytes, ...], Outcome] = {}


def run_once(folder: Path, as_of: dt.date) -> Outcome:
    """As `run_load`; the tables that most cases expect are the same, and loaded once."""
    if folder.name == "input":
        return run_load(folder, as_of)
    contents = tuple(path.read_bytes() for path in sorted(folder.iterdir()))
    if contents not in _EXPECTED:
        _EXPECTED[contents] = run_load(folder, as_of)
    return _EXPECTED[contents]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case_is_handled_as_the_manifest_says(case: dict[str, Any]) -> None:
    verdict, wrong = judge(case, run_once)

    assert not wrong, f"{verdict}: {case['title']}"


def test_sample_is_whole() -> None:
    assert len(CASES) == 147
