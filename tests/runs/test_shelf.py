"""Stages that need not run again: after a kill, and where only a part has changed."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import matchmaker
from matchmaker.errors import CheckError, Issue
from matchmaker.runs import home as homes
from matchmaker.runs import stages
from matchmaker.runs.artifact_file import CLASSES, frame_bytes, read_artifact, write_artifact
from matchmaker.runs.config import read_config
from matchmaker.runs.night import run_night
from matchmaker.words import said
from tests.runs.test_night import pupils

DAY = dt.date(2023, 9, 15)
STAGES = ["read", "prepare", "share_out", "explain", "check", "summarise", "write"]
KEPT = ["read", "share_out", "explain"]


class Killed(BaseException):
    """What no part of a run catches; what a kill leaves on the disk is the same."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A configuration beside its files, and a HOME in which the night was not interrupted."""
    folder = tmp_path_factory.mktemp("made")
    matchmaker.generate(youths=30, offers=200, out=folder, regions=["Bretagne"])
    (folder / "night.toml").write_text(
        '[inputs]\nyouths = "youths.csv"\nwishes = "wishes.csv"\noffers = "offers.csv"\n'
        'referents = "referents.csv"\n[settings]\nobjective = "fair"\n[run]\nhome = "home"\n'
    )
    run_night(read_config(folder / "night.toml"), as_of=DAY)
    (folder / "home").rename(folder / "whole")
    return folder


@pytest.fixture
def config(made, tmp_path):
    shutil.copytree(made, tmp_path, ignore=shutil.ignore_patterns("whole"), dirs_exist_ok=True)
    return read_config(tmp_path / "night.toml")


@pytest.fixture
def ran(monkeypatch):
    """Names of the stages that were really run."""
    names = []
    for name in STAGES[:-1]:
        real = getattr(stages, name)

        def seen(*given, real=real, name=name):
            names.append(name)
            return real(*given)

        seen.__name__ = name
        monkeypatch.setattr(stages, name, seen)
    return names


def results(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in (home / "runs").rglob("*")
        if path.is_file() and path.name != "timings.json"
    }


def killed_before(stage: str):
    """Return what watches a night, and ends it when a stage begins; writing tells nobody."""
    end = ("summarise", 1.0) if stage == "write" else (stage, 0.0)

    def watch(name, done):
        if (name, done) == end:
            raise Killed

    return watch


@pytest.mark.parametrize("last", range(7))
def test_killed_after_each_stage_it_goes_on_from_there_to_the_same_bytes(
    config, made, ran, monkeypatch, last
):
    home, events = config.run.home, []
    if last < 6:
        watch = killed_before(STAGES[last + 1])
    else:
        watch = None
        monkeypatch.setattr(homes, "make_current", lambda *_: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        run_night(config, as_of=DAY, progress=watch)
    monkeypatch.undo()
    done = [name for name in STAGES[: last + 1] if name in KEPT]
    assert sorted(path.stem for path in (home / "stages").iterdir()) == sorted(done)

    def record(event, figures):
        events.append((event, figures))

    night = run_night(config, as_of=DAY + dt.timedelta(days=1), resume=True, record=record)
    assert results(home) == results(made / "whole")
    taken = [figures["stages"] for event, figures in events if event == "taken_up"]
    assert taken == ([] if last == 6 else [done])  # whole: there is nothing to compute
    if last < 6:
        assert [str(one) for one in night.said if one.key == "home.taken_up"]


def test_what_is_taken_up_is_not_run(config, ran):
    with pytest.raises(Killed):
        run_night(config, as_of=DAY, progress=killed_before("check"))
    assert ran == ["read", "prepare", "share_out", "explain"]
    ran.clear()
    run_night(config, as_of=DAY)
    assert ran == ["prepare", "check", "summarise"]


def test_where_a_part_has_changed_the_rest_is_taken_up(config, ran):
    run_night(config, as_of=DAY)
    ran.clear()
    referents = pd.read_csv(config.inputs.referents, dtype=str).assign(capacity="3")
    referents.to_csv(config.inputs.referents, index=False)
    run_night(config, as_of=DAY)  # what the lists are made of is the same
    assert ran == ["read", "prepare", "explain", "check", "summarise"]
    ran.clear()
    wishes = config.inputs.wishes
    head, *rows = wishes.read_text(encoding="utf-8").splitlines()
    wishes.write_text("\n".join([head, *rows[::-1]]) + "\n", encoding="utf-8")
    run_night(config, as_of=DAY)  # nor does the order of rows matter
    assert ran == ["read", "prepare", "check", "summarise"]
    ran.clear()
    wishes.write_text("\n".join([head, *rows[:-3]]) + "\n", encoding="utf-8")
    run_night(config, as_of=DAY)
    assert ran == STAGES[:-1]


@pytest.mark.parametrize(
    "change",
    [
        {"settings": "reach_km = 31"},
        {"settings": 'lang = "en"'},
        {"day": DAY + dt.timedelta(days=1)},
        {"version": True},
    ],
    ids=str,
)
def test_what_was_made_of_something_else_is_never_taken_up(config, ran, monkeypatch, change):
    run_night(config, as_of=DAY)
    ran.clear()
    if "settings" in change:
        text = config.path.read_text().replace("[settings]", f"[settings]\n{change['settings']}")
        config.path.write_text(text)
    if "version" in change:
        monkeypatch.setattr("matchmaker.runs.identity._package_hash", lambda: "another")
    run_night(read_config(config.path), as_of=change.get("day", DAY))
    assert ran == STAGES[:-1]


@pytest.mark.parametrize("harm", ["cut", "bit", "empty", "no zip", "folder", "class"])
def test_a_file_that_is_not_as_it_was_written_is_made_anew(config, made, ran, harm):
    with pytest.raises(Killed):
        run_night(config, as_of=DAY, progress=killed_before("explain"))
    ran.clear()
    for name in ("read", "share_out"):
        file = config.run.home / "stages" / f"{name}.zip"
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        with file.open("rb") as source:
            key = read_key(source)
        file.unlink()
        if harm == "folder":
            file.mkdir()
        elif harm == "class":
            with file.open("wb") as sink:
                write_artifact(sink, {"nobody": 1}, key=key)
            text = file.read_bytes().replace(b'"mapping"', b'"Unknown"')
            file.write_bytes(text)
        else:
            harmed = {"cut": content[:-30], "bit": content, "empty": b"", "no zip": b"text"}
            file.write_bytes(harmed[harm])
    run_night(config, as_of=DAY)
    assert ran == STAGES[:-1]
    assert results(config.run.home) == results(made / "whole")


def read_key(source) -> str:
    with zipfile.ZipFile(source) as archive:
        return json.loads(archive.read("artifact.json"))["key"]


def test_what_the_check_refused_is_not_taken_up(config, ran, monkeypatch):
    def refuse(*_):
        raise CheckError("no")

    with monkeypatch.context() as patched:
        refuse.__name__ = "check"
        patched.setattr(stages, "check", refuse)
        with pytest.raises(CheckError):
            run_night(config, as_of=DAY)
    assert not (config.run.home / "stages").exists()
    ran.clear()
    run_night(config, as_of=DAY)
    assert ran == STAGES[:-1]


def test_a_stage_that_cannot_be_kept_costs_no_night(config, made):
    config.run.home.mkdir()
    (config.run.home / "runs").mkdir()
    (config.run.home / "stages").write_text("in the way")
    run_night(config, as_of=DAY)
    assert results(config.run.home) == results(made / "whole")


def test_only_the_owner_reads_them_and_half_of_one_is_cleared_away(config):
    run_night(config, as_of=DAY)
    kept = config.run.home / "stages"
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o600}
    (kept / ".read.zip.abcdefgh").write_text("half")
    run_night(config, as_of=DAY)
    assert sorted(path.name for path in kept.iterdir()) == sorted(f"{one}.zip" for one in KEPT)


def test_addresses_are_never_kept(tmp_path):
    """Of an Affelnet export the reading is done again: it holds names and addresses."""
    pupils(tmp_path / "affelnet.csv", range(12))
    matchmaker.generate(youths=1, offers=100, out=tmp_path, regions=["Bretagne"])
    (tmp_path / "private").mkdir()
    (tmp_path / "night.toml").write_text(
        '[inputs]\nwishes = "affelnet.csv"\noffers = "offers.csv"\n'
        '[run]\nhome = "home"\ncontacts = "private/contacts.csv"\n'
    )
    config = read_config(tmp_path / "night.toml")
    run_night(config, as_of=DAY)
    kept = config.run.home / "stages"
    assert sorted(path.name for path in kept.iterdir()) == ["explain.zip", "share_out.zip"]
    assert not any(b"un3@example.org" in path.read_bytes() for path in kept.iterdir())
    shutil.rmtree(config.run.home / "runs" / homes.current_id(config.run.home))
    again = run_night(config, as_of=DAY)
    assert "répartition, explication" in " ".join(str(one) for one in again.said)


def test_an_address_within_a_wish_is_not_kept_either(config):
    wishes = pd.read_csv(config.inputs.wishes, dtype=str)
    wishes["trade_label"] = "coiffure, moi@example.org"
    wishes.to_csv(config.inputs.wishes, index=False)
    run_night(config, as_of=DAY)
    assert not (config.run.home / "stages" / "read.zip").exists()


def test_an_artifact_is_read_back_as_it_was():
    frame = pd.DataFrame(
        {
            "text": pd.Series(["é", None, ""], dtype="str"),
            "day": np.array(["2023-09-15", "NaT", "1950-01-01"], dtype="datetime64[s]"),
            "kind": pd.Categorical(["b", "a", "b"], categories=["b", "c", "a"]),
            "small": np.array([1, 2, 3], dtype="int8"),
            "share": np.array([0.1, np.nan, -0.0], dtype="float32"),
        }
    )
    array = np.arange(6, dtype="uint8")
    issue = Issue(
        reason="old", file="f", line=3, hint="",
        message=said("error.cannot_read", path=DAY, why=said("error.no_such_file", path="x")),
    )  # fmt: skip
    told = {"a": (1, 0.1, None, True, [issue]), "b": (array, array, frame), "c": {"d": DAY}}
    sink = io.BytesIO()
    write_artifact(sink, told, key="k")
    assert read_artifact(io.BytesIO(sink.getvalue()), key="other") is None
    back = read_artifact(io.BytesIO(sink.getvalue()), key="k")
    assert back["a"] == told["a"]
    assert back["c"] == told["c"]
    one, other, table = back["b"]
    assert one is other
    assert one.dtype == array.dtype
    np.testing.assert_array_equal(one, array)
    pd.testing.assert_frame_equal(table, frame, check_exact=True)
    again = pd.concat([frame[:1], frame[1:]], ignore_index=True)
    assert frame_bytes(table) == frame_bytes(frame) == frame_bytes(again)
    assert frame_bytes(frame.iloc[::-1]) != frame_bytes(frame)


@pytest.mark.parametrize("odd", [object(), {1: 2}, Path("x"), np.int64(1), {"a": {"b": set()}}])
def test_nothing_else_is_ever_written(odd):
    with pytest.raises(TypeError, match="no artifact holds"):
        write_artifact(io.BytesIO(), odd, key="k")


def test_no_two_classes_have_one_name():
    assert all(CLASSES[name].__name__ == name for name in CLASSES)
    assert not {"part", "tuple", "list", "mapping", "date"} & CLASSES.keys()


KILLED = """
import os, signal, sys
from matchmaker.runs.clock import Clock
within = Clock.within
def watch(self, done):
    within(self, done)
    if (self._stage, done) == {end!r}:
        os.kill(os.getpid(), signal.SIGKILL)
Clock.within = watch
sys.argv[0] = "matchmaker"
from matchmaker_cli.app import main
main()
"""


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="SIGKILL")
@pytest.mark.parametrize("last", range(6))
def test_the_command_too_is_killed_after_each_stage(config, made, last):
    words = ["run", str(config.path), "--as-of", DAY.isoformat()]
    end = ("summarise", 1.0) if last == len(STAGES) - 2 else (STAGES[last + 1], 0.0)
    code = KILLED.format(end=end)
    done = subprocess.run([sys.executable, "-c", code, *words], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    resumed = [sys.executable, "-m", "matchmaker", "run", str(config.path), "--resume"]
    done = subprocess.run(resumed, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "repris tel quel : lecture" in done.stderr
    assert results(config.run.home) == results(made / "whole")
    assert [path.name for path in config.run.home.rglob(".*")] == [".lock"]
