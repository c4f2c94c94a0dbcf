"""Every case of the bad-input sample through the whole program, outputs included."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pandas as pd
import pytest

import matchmaker
from matchmaker.errors import MatchmakerError
from tests.tables.badinput import ROOT, cases

CASES = cases()
pytestmark = pytest.mark.skipif(not CASES, reason="the sample lies beside the repository")

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LISTS: dict[tuple[bytes, ...], pd.DataFrame] = {}


def run(folder: Path, case: dict) -> matchmaker.MatchResult:
    files = {
        name: next(iter(sorted(folder.glob(f"{name}.*"))), folder / f"{name}.csv")
        for name in ("youths", "wishes", "offers")
    }
    return matchmaker.match(**files, as_of=dt.date.fromisoformat(case["as_of"]))


def expected_lists(case: dict) -> pd.DataFrame:
    """The lists of the corrected files; most cases share them."""
    folder = ROOT / "cases" / case["id"] / "expected"
    key = tuple(file.read_bytes() for file in sorted(folder.iterdir()))
    if key not in _LISTS:
        _LISTS[key] = run(folder, case).lists
    return _LISTS[key]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_program_answers_as_the_manifest_says(case, tmp_path, capfd, caplog):
    allowed = {case["verdict"], *case["also_ok"]}
    refusal: MatchmakerError | None = None
    try:
        result = run(ROOT / "cases" / case["id"] / "input", case)
    except MatchmakerError as error:
        refusal = error
    if refusal is not None:
        assert "refuse_file" in allowed, str(refusal)
        assert refusal.exit_code in {1, 2}
        return
    assert allowed != {"refuse_file"}
    out = tmp_path / "out"
    # Saving is half of a run: done where a case is about what the files may hold.
    if case["verdict"] == "output_safe" or case["forbid"] or case["secrets"]:
        result.save(out)
        json.loads((out / "summary.json").read_text("utf-8"))
    said = str(result) + "".join(capfd.readouterr()) + caplog.text
    for secret in case["secrets"]:
        assert secret not in said
        assert secret not in (out / "lists.csv").read_text("utf-8")
    for text in case["forbid"]:
        for file in out.glob("*.html" if "<" in text else "*"):
            is_text = file.is_file() and file.suffix != ".parquet"
            if is_text and file.name != "rejects.csv":
                assert text not in file.read_text("utf-8-sig"), file.name
    for file in out.glob("*.csv"):
        separator = ";" if file.name == "mailing.csv" else ","
        rows = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""), delimiter=separator)
        for row in list(rows)[1:]:
            assert not any(cell.startswith(RISKY) and not _is_number(cell) for cell in row)
    everybody = {*result.lists["youth_id"], *result.unserved["youth_id"]}
    for youth_id in case["present"] if not len(result.rejects) else ():
        assert youth_id in everybody
    is_accepted = case["verdict"] in {"accept", "output_safe"} and not len(result.rejects)
    if case["same_as_expected"] and is_accepted and case["id"] != "geo-postal-cedex":
        columns = ["youth_id", "rank", "offer_id", "score", "rung", "wish_rank"]
        pd.testing.assert_frame_equal(result.lists[columns], expected_lists(case)[columns])


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
