"""Night after night: nothing that an earlier night sent is sent again."""

from __future__ import annotations

import datetime as dt
import shutil

import pandas as pd
import pytest

import matchmaker
from matchmaker import Settings, generate
from matchmaker.errors import UsageError
from matchmaker.runs.earlier import earlier_lines
from matchmaker.runs.folder import open_run

AS_OF = dt.date(2023, 9, 15)
SETTINGS = Settings(lines_per_youth=1)


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    folder = tmp_path_factory.mktemp("given")
    made = generate(youths=20, offers=800, out=folder, regions=["Bretagne"])
    return [made[name] for name in ("youths", "wishes", "offers")]


def night(given, out, **options):
    result = matchmaker.match(*given, as_of=AS_OF, settings=SETTINGS, **options)
    result.save(out)
    return pairs(result.lists)


def pairs(frame):
    return set(zip(frame["youth_id"], frame["offer_id"], strict=True))


@pytest.mark.parametrize("name", ["", "lists.csv"])
def test_the_third_night_remembers_the_first(given, tmp_path, name):
    out = tmp_path / "out"
    sent = [night(given, out)]
    for _ in range(2):
        sent.append(night(given, out, sent=out / name))
        for earlier in sent[:-1]:
            assert not sent[-1] & earlier
    assert len(sent[2]) > 0
    remembered = open_run(out).table("tables/sent")
    assert pairs(remembered) == set.union(*sent[:-1])


def test_a_home_and_several_runs(given, tmp_path):
    home = tmp_path / "home"
    one = night(given, home / "runs" / "first")
    (home / "CURRENT").write_text("first")
    two = night(given, tmp_path / "two")
    assert one == two  # neither knew of the other
    other = pd.DataFrame(sorted(one)[:1], columns=["youth_id", "offer_id"])
    three = night(given, tmp_path / "three", sent=[home, tmp_path / "two", other])
    assert not three & one
    assert pairs(open_run(tmp_path / "three").table("tables/sent")) == one


def test_what_is_ignored_is_still_remembered(given, tmp_path):
    one = night(given, tmp_path / "one")
    again = night(given, tmp_path / "two", sent=tmp_path / "one", ignore_sent=True)
    assert again == one
    assert pairs(open_run(tmp_path / "two").table("tables/sent")) == one


def test_a_run_from_before_there_were_formats_gives_its_lists(given, tmp_path):
    one = night(given, tmp_path / "one")
    old = tmp_path / "old"
    old.mkdir()
    for name in ("lists.parquet", "lists.csv"):
        shutil.copy(tmp_path / "one" / name, old / name)
    (old / "manifest.json").write_text('{"outputs": {"lists.parquet": "", "lists.csv": ""}}')
    for sent in (old, old / "lists.csv"):
        assert not night(given, tmp_path / "two", sent=sent) & one


def test_a_run_without_lists_is_refused(tmp_path):
    (tmp_path / "assigned").mkdir()
    manifest = '{"made_by": "matchmaker", "format": 2, "outputs": {"youths.parquet": ""}}'
    (tmp_path / "assigned" / "manifest.json").write_text(manifest)
    with pytest.raises(UsageError, match="n'a pas de listes"):
        earlier_lines([tmp_path / "assigned"])


def test_files_that_only_look_like_those_of_a_run(tmp_path):
    (tmp_path / "lists.csv").write_text("youth_id,offer_id\n")
    assert earlier_lines([tmp_path / "lists.csv"]).given == (tmp_path / "lists.csv",)
    (tmp_path / "manifest.json").write_text("{}")
    assert earlier_lines([tmp_path / "lists.csv"]).given == (tmp_path / "lists.csv",)
