"""Columns of optional criteria: read from a file, their faults named, silence told from "no"."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from matchmaker import Settings
from matchmaker.tables import load

AS_OF = dt.date(2026, 9, 15)


def read(tmp_path, *, youths=None, offers=None):
    """Return the clean tables of files with one row a value, all else sound."""
    n = len(next(iter((youths or offers).values())))
    ids = [f"A{i}" for i in range(n)]
    frames = {
        "youths": pd.DataFrame({"youth_id": ids, "commune_code": "29232", **(youths or {})}),
        "wishes": pd.DataFrame({"youth_id": ids, "rank": "1", "trade_code": "D1102"}),
        "offers": pd.DataFrame({"offer_id": ids, "title": [f"Boulanger {i}" for i in ids],
                                "trade_code": "D1102", "commune_code": "29232",
                                **(offers or {})}),
    }  # fmt: skip
    for name, frame in frames.items():
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    files = [tmp_path / f"{name}.csv" for name in frames]
    return load(*files, as_of=AS_OF, settings=Settings(max_rejected_share=1.0))


@pytest.mark.parametrize("column", ["hiring_chance", "answer_rate"])
def test_a_share_outside_0_to_1_is_a_named_fault(tmp_path, column):
    cells = ["0", "1", "0,35", "", "1.01", "-0.1", "60", "beaucoup"]
    found = read(tmp_path, offers={column: cells})
    values = found.offers[column].to_numpy()
    np.testing.assert_array_equal(values, [0.0, 1.0, 0.35, np.nan])
    faults = found.rejects[["file", "line", "column", "value", "reason"]]
    assert faults.to_numpy().tolist() == [
        ["offers.csv", 6, column, "1.01", "out_of_bounds"],
        ["offers.csv", 7, column, "-0.1", "out_of_bounds"],
        ["offers.csv", 8, column, "60", "out_of_bounds"],
        ["offers.csv", 9, column, "beaucoup", "not_a_number"],
    ]


def test_a_licence_is_yes_no_or_not_said(tmp_path):
    cells = {"oui": "yes", "Permis B": "yes", "non": "no", "pas de permis": "no", "0": "no",
             "": "", "?": "", "permis en cours": "", "8": ""}  # fmt: skip
    found = read(tmp_path, youths={"driving_licence": list(cells)})
    assert found.youths["driving_licence"].tolist() == list(cells.values())
    assert not len(found.rejects)
    unclear = found.quality[found.quality["reason"] == "unclear_flag"]
    assert unclear[["column", "count"]].to_numpy().tolist() == [["driving_licence", 2]]


def test_a_welcome_and_a_licence_asked(tmp_path):
    cells = {"oui": "yes", "non": "no", "": ""}
    found = read(tmp_path, offers={"welcomes_disabled": list(cells)})
    assert found.offers["welcomes_disabled"].tolist() == list(cells.values())
    asked = {"exigé": "required", "Souhaité": "wished", "E": "required", "S": "wished",
             "aucun": "none", "": ""}  # fmt: skip
    found = read(tmp_path, offers={"licence_asked": [*asked, "peut-être"]})
    assert found.offers["licence_asked"].tolist() == list(asked.values())
    (fault,) = found.rejects[["file", "line", "column", "reason"]].to_numpy().tolist()
    assert fault == ["offers.csv", 8, "licence_asked", "unknown_choice"]


def test_a_start_of_training_is_a_date(tmp_path):
    found = read(tmp_path, youths={"training_started_on": ["01/09/2026", "", "31/02/2026"]})
    assert found.youths["training_started_on"].tolist() == [pd.Timestamp("2026-09-01"), pd.NaT]
    (fault,) = found.rejects[["file", "line", "column"]].to_numpy().tolist()
    assert fault == ["youths.csv", 4, "training_started_on"]


def test_a_file_without_them_is_told_nothing_of_them(tmp_path):
    found = read(tmp_path, offers={"capacity": ["1"]})
    columns = {"hiring_chance", "answer_rate", "welcomes_disabled", "licence_asked",
               "driving_licence", "training_started_on"}  # fmt: skip
    assert not columns & set(found.quality["column"])
