"""The id of a run: all that a result depends on, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from matchmaker import Settings, generate
from matchmaker.errors import UsageError
from matchmaker.runs import identity
from matchmaker.runs.identity import content_of, id_of, named
from matchmaker.runs.inputs import inputs_of
from matchmaker.runs.match import match_inputs
from matchmaker.runs.setup import setup_of

AS_OF = dt.date(2023, 9, 15)
GIVEN = {
    "as_of": AS_OF,
    "inputs": [("youths", "aa"), ("wishes", "bb"), ("offers", "cc"), ("offers", "dd")],
    "reference": [("rome", "ee")],
    "settings": Settings(),
    "asked": {"assignment": False},
    "sent": ["2023-09-14-00"],
}


def run_id_of(**given):
    return named(content_of(**given))


ONE = run_id_of(**GIVEN)


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": dt.date(2023, 9, 16)},
        {"as_of": None},
        {"inputs": GIVEN["inputs"][:3]},
        {"inputs": [("wishes", "aa"), ("youths", "bb"), *GIVEN["inputs"][2:]]},
        {"reference": []},
        {"reference": [("cfd", "ee")]},
        {"settings": Settings(seed=1)},
        {"settings": Settings(lines_per_youth=9)},
        {"settings": Settings(lang="en")},
        {"asked": {"assignment": True}},
        {"sent": []},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_decides_a_result_decides_its_id(change):
    assert run_id_of(**{**GIVEN, **change}) != ONE


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": GIVEN["inputs"][::-1]},
        {"settings": Settings(communes_file="/here/communes.csv", rome_dir="/there")},
        {"sent": ("2023-09-14-00",)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_where_files_lie_and_in_which_order_decides_nothing(change):
    assert run_id_of(**{**GIVEN, **change}) == ONE


def test_its_form():
    assert re.fullmatch(r"2023-09-15-[0-9a-f]{16}", ONE)
    assert re.fullmatch(r"undated-[0-9a-f]{16}", run_id_of(**{**GIVEN, "as_of": None}))


def test_code_that_changed_is_another_run_where_the_version_says_too_little(monkeypatch):
    monkeypatch.setattr(identity, "_package_hash", lambda: "changed")
    assert run_id_of(**GIVEN) != ONE


def test_the_users_own_code_counts(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "own_solver_of_a_test", raising=False)
    file = tmp_path / "own_solver_of_a_test.py"
    ids = []
    for text in ("A = 1\n", "A = 2\n"):
        file.write_text(text)
        __import__("own_solver_of_a_test")
        ids.append(run_id_of(**{**GIVEN, "settings": Settings(solver="own_solver_of_a_test:A")}))
    assert ids[0] != ids[1]


def test_it_is_the_same_before_anything_is_read_and_after(tmp_path):
    made = generate(youths=20, offers=200, out=tmp_path, regions=["Bretagne"])
    referents = tmp_path / "referents.csv"
    referents.write_text("departement,referent_name,referent_contact\n35,Mission locale,\n")
    first = inputs_of(
        made["youths"], made["wishes"], made["offers"], as_of=AS_OF, referents=referents
    )
    setup = setup_of(Settings(), assignment=True)
    asked = {"assignment": True, "ignore_sent": False}
    before = id_of(first, setup, asked=asked)
    result = match_inputs(first, setup)
    assert result.manifest["run_id"] == before
    result.save(tmp_path / "run")

    second = inputs_of(
        made["youths"], made["wishes"], made["offers"], as_of=AS_OF, sent=tmp_path / "run"
    )
    later = id_of(second, setup, asked=asked)
    done = match_inputs(second, setup)
    assert done.manifest["run_id"] == later != before
    assert {one["role"] for one in done.manifest["inputs"]} == {
        "youths",
        "wishes",
        "offers",
        "sent",
    }
    assert named(done.manifest["identity"]) == later
    saved = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert (saved["made_by"], saved["format"], saved["run_id"]) == ("matchmaker", 2, before)


def test_a_file_that_is_not_there_and_a_frame(tmp_path):
    setup = setup_of(Settings())
    gone = inputs_of("gone.csv", "gone.csv", "gone.csv", as_of=AS_OF)
    with pytest.raises(UsageError, match=r"gone\.csv"):
        id_of(gone, setup, asked={})
