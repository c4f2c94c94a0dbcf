"""Nights of a HOME: nothing to do, something new, half an input missing, killed and taken up."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import matchmaker
from matchmaker.errors import CheckError, MatchmakerError, UsageError
from matchmaker.runs import home as homes
from matchmaker.runs.config import read_config
from matchmaker.runs.foresight import night_id, old_inputs
from matchmaker.runs.night import dry_night, run_night
from matchmaker_cli import app as cli
from tests.exports import items
from tests.tables.test_sources_wishes import OFFICIAL, line

DAY = dt.date(2023, 9, 15)
NEXT = dt.date(2023, 9, 16)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A configuration of a tiny world, beside its files, and a HOME with two nights of it."""
    folder = tmp_path_factory.mktemp("made")
    matchmaker.generate(youths=30, offers=200, out=folder, regions=["Bretagne"])
    file = folder / "night.toml"
    file.write_text(
        '[inputs]\nyouths = "youths.csv"\nwishes = "wishes.csv"\noffers = "offers.csv"\n'
        '[settings]\nreach_km = 20\n[run]\nhome = "home"\nkeep = 2\noutputs = ["assignment"]\n'
    )
    for day in (DAY, NEXT):
        run_night(read_config(file), as_of=day)
    return folder


@pytest.fixture
def config(made, tmp_path):
    """The configuration, without a HOME yet."""
    shutil.copytree(made, tmp_path, ignore=shutil.ignore_patterns("home"), dirs_exist_ok=True)
    return read_config(tmp_path / "night.toml")


@pytest.fixture
def after_two(made, tmp_path):
    """The configuration after two nights; where the files lie changes no id."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return read_config(tmp_path / "night.toml")


def shorten(path: Path, rows: int) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) - rows]), encoding="utf-8")


def everything(home: Path) -> dict[str, bytes]:
    """Return all files of a HOME but what is kept of stages, which changes no result."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and path.name != ".lock" and path.parent.name != "stages"
    }


def test_nights_that_follow_each_other(config):
    home, events = config.run.home, []

    def record(event, figures):
        events.append({"event": event, **figures})

    foreseen = night_id(config, as_of=DAY)
    first = run_night(config, as_of=DAY, record=record)
    assert first.is_new
    # The id that was foreseen is that of the run, so that the next night knows it.
    assert first.run.run_id == foreseen == homes.current_run(home).run_id
    assert (first.run.path / "assignment.parquet").is_file()
    assert "Appariement" in first.report

    before = everything(home)
    again = run_night(config, as_of=DAY, record=record)
    assert (again.is_new, again.run.run_id) == (False, foreseen)
    assert everything(home) == before

    shorten(config.inputs.offers[0], 100)
    with pytest.raises(CheckError) as stopped:
        run_night(config, as_of=NEXT, record=record)
    assert "50 % de moins" in str(stopped.value)
    assert "max_shrink" in str(stopped.value)
    assert everything(home) == before
    fell = [one["what"] for one in events if one["event"] == "fell"]
    assert fell == ["offers", "offers:neutral"]
    told = dry_night(config, as_of=NEXT)
    assert [fall["before"] for fall in told["falls"]] == [200, 200]
    assert everything(home) == before

    shorten(config.inputs.youths, 1)
    config.path.write_text(config.path.read_text().replace("keep = 2", "keep = 1\nmax_shrink = 1"))
    second = run_night(read_config(config.path), as_of=NEXT)
    assert second.pruned == (foreseen,)
    assert homes.history(home) == (second.run.run_id,)
    assert homes.begun(home) is None


def test_a_day_that_was_there_counts_again_and_nothing_is_computed(after_two):
    home = after_two.run.home
    first, second = homes.history(home)[::-1]
    back = run_night(after_two, as_of=DAY)
    assert (back.is_new, back.run.run_id) == (False, first)
    assert homes.current_id(home) == first
    assert homes.history(home) == (second, first)


def test_what_changes_the_id_and_what_does_not(config):
    told = {night_id(config, as_of=DAY), night_id(config, as_of=NEXT)}
    os.utime(config.inputs.wishes)
    told.add(night_id(config, as_of=DAY))
    assert len(told) == 2
    shorten(config.inputs.wishes, 1)
    told.add(night_id(config, as_of=DAY))
    config.path.write_text(config.path.read_text().replace("20", "21"))
    told.add(night_id(read_config(config.path), as_of=DAY))
    config.path.write_text(config.path.read_text().replace("keep = 2", "keep = 3"))
    told.add(night_id(read_config(config.path), as_of=DAY))  # no result depends on it
    assert len(told) == 4


def test_a_file_that_is_not_there_is_named_before_anything_is_written(config):
    config.inputs.wishes.unlink()
    with pytest.raises(UsageError, match=r"wishes\.csv"):
        run_night(config, as_of=DAY)
    assert list((config.run.home / "runs").iterdir()) == []
    assert homes.begun(config.run.home) is None


def test_a_file_of_yesterday_is_said(config):
    when = 1_700_000_000
    for _, path in config.inputs.by_role():
        os.utime(path, (when, when))
    day = dt.datetime.fromtimestamp(when).astimezone().date()
    assert list(old_inputs(config.inputs, as_of=day)) == []
    os.utime(config.inputs.offers[0], (when - 24 * 3600, when - 24 * 3600))
    (old,) = old_inputs(config.inputs, as_of=day)
    assert (old.role, old.days) == ("offers", 1)
    assert "offers.csv : ce fichier date du" in old.said().text("fr")


def test_a_run_that_was_lost_is_said_and_made_anew(after_two):
    home = after_two.run.home
    lost = homes.current_run(home)
    lost.path.rename(home / "elsewhere")
    again = run_night(after_two, as_of=NEXT)
    assert again.is_new
    assert again.run.run_id == lost.run_id
    assert any("n'est plus là" in one.text("fr") for one in again.said)


def test_killed_at_the_last_moment_it_counts_without_computing(after_two):
    """Published, but killed before the pointer was swapped."""
    home = after_two.run.home
    second, first = homes.history(home)
    homes.make_current(home, first)
    homes.begin(home, second, NEXT.isoformat())
    taken = run_night(after_two, as_of=NEXT + dt.timedelta(days=9), resume=True)
    assert (taken.is_new, homes.current_id(home)) == (False, second)
    assert homes.begun(home) is None


CLI = [sys.executable, "-m", "matchmaker", "run"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("number", "after_s"),
    [(signal.SIGKILL, 1.0), (signal.SIGTERM, 2.0), (signal.SIGKILL, 3.5)],
)
def test_killed_a_night_leaves_yesterdays_and_is_taken_up(config, number, after_s):
    home = config.run.home
    first = run_night(config, as_of=DAY)
    with subprocess.Popen([*CLI, config.path, "--as-of", "2023-09-16", "-q"]) as night:
        time.sleep(after_s)
        night.send_signal(number)
    counts = homes.current_run(home)  # the new one, if the signal came after the pointer's swap
    assert counts.run_id == first.run.run_id or counts.run_id.startswith("2023-09-16-")
    assert homes.whole(home, counts.run_id) is not None
    done = subprocess.run(
        [*CLI, config.path, "--as-of", "2023-09-16", "--resume", "-q"], check=False
    )
    assert done.returncode == 0
    assert homes.current_id(home).startswith("2023-09-16-")
    assert [path.name for path in home.rglob(".*")] == [".lock"]
    assert homes.begun(home) is None


def test_nothing_to_do_loads_neither_numba_nor_pandas(after_two):
    code = (
        "import sys; sys.argv[0] = 'matchmaker'; from matchmaker_cli.app import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "heavy = {'numba', 'pandas', 'numpy', 'pyarrow', 'scipy'} & sys.modules.keys()\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    words = ["run", after_two.path, "--as-of", NEXT.isoformat()]
    done = subprocess.run([sys.executable, "-c", code, *words], check=False, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert "Rien n'a changé" in done.stdout.decode()


def test_the_log_holds_figures_only(config, tmp_path, monkeypatch, capsys):
    log = tmp_path / "night.jsonl"

    def run(day):
        words = ["run", config.path, "--as-of", day, "--log-file", log, "-q"]
        monkeypatch.setattr(sys, "argv", ["matchmaker", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    assert run("2023-09-15") == (0, "", "")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["event"] for one in lines if one["event"] != "stage"] == [
        "started",
        "published",
        "ended",
    ]
    assert log.stat().st_mode & 0o777 == 0o600
    shorten(config.inputs.offers[0], 100)
    code, out, err = run("2023-09-16")
    assert (code, out) == (4, "")
    assert "max_shrink" in err
    text = log.read_text()
    last = json.loads(text.splitlines()[-1])
    assert (last["event"], last["kind"], last["exit_code"]) == ("failed", "CheckError", 4)
    assert not any(name in text for name in ("youths.csv", str(config.path)))
    ids = {line.split(",")[0] for line in config.inputs.youths.read_text().splitlines()[1:]}
    assert not any(one in text for one in ids)


def pupils(file: Path, numbers: range) -> None:
    changes = {"Code postal": "29000", "VILLE": "QUIMPER", "Académie": "Rennes"}
    rows = [line(INE=f"{i:09d}AA", Mail=f"un{i}@example.org", **changes) for i in numbers]
    text = [";".join(row) for row in (OFFICIAL, *rows)]
    file.write_text("\n".join(text) + "\n", encoding="utf-8")


def test_a_pupil_has_the_same_id_every_night_and_the_addresses_go_with_the_run(tmp_path):
    """From the national export and an export of Affelnet, as the how-to page does it."""
    wishes, contacts = tmp_path / "affelnet.csv", tmp_path / "private" / "contacts.csv"
    contacts.parent.mkdir()
    (tmp_path / "offers.json").write_text(json.dumps(list(items(40, 100))), encoding="utf-8")
    pupils(wishes, range(12))
    file = tmp_path / "night.toml"
    file.write_text(
        '[inputs]\nwishes = "affelnet.csv"\noffers = "offers.json"\n'
        '[run]\nhome = "home"\ncontacts = "private/contacts.csv"\nmax_shrink = 1\n'
    )
    config, day = read_config(file), dt.date(2026, 9, 15)
    first = run_night(config, as_of=day)
    assert first.said == ()  # no word of files that changed meanwhile
    assert not run_night(config, as_of=day).is_new
    told = contacts.read_text(encoding="utf-8")
    assert first.run.run_id in told
    pupils(wishes, range(2, 14))
    second = run_night(config, as_of=day)
    ids = [set(night.run.table("tables/youths")["youth_id"]) for night in (first, second)]
    assert len(ids[0] & ids[1]) == 10
    assert second.run.run_id in contacts.read_text(encoding="utf-8")
    # Killed after the addresses were written and before the run counted: both are made again.
    homes.make_current(config.run.home, first.run.run_id)
    contacts.write_text(told, encoding="utf-8")
    assert run_night(config, as_of=day).is_new
    assert second.run.run_id in contacts.read_text(encoding="utf-8")


def test_addresses_never_lie_in_home(config):
    config.path.write_text(config.path.read_text() + 'contacts = "home/contacts.csv"\n')
    with pytest.raises(UsageError, match="aucune adresse"):
        run_night(read_config(config.path), as_of=DAY)


def attempt(config, day):
    """Return the night, or None where it ended with a sentence and an exit code."""
    try:
        return run_night(config, as_of=day)
    except MatchmakerError as error:
        assert error.exit_code in (2, 3)  # noqa: PT017 - of a night that may also go through
        return None


@pytest.mark.long
@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_whatever_fails_a_whole_run_counts_and_the_next_night_is_whole(config, monkeypatch, name):
    """The n-th call fails as on a full disk, for every n until a night has no more of them."""
    config.path.write_text(config.path.read_text().replace("keep = 2", "keep = 999"))
    config, home, real = read_config(config.path), config.run.home, getattr(os, name)
    counts = run_night(config, as_of=DAY).run.run_id
    for n in itertools.count():
        day, calls = NEXT + dt.timedelta(days=n), []

        def fails(*given, calls=calls, n=n, **options):
            calls.append(1)
            if len(calls) == n + 1:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*given, **options)

        with monkeypatch.context() as patched:
            patched.setattr(os, name, fails)
            night = attempt(config, day)
        counts = counts if night is None else night.run.run_id
        assert homes.current_id(home) == counts
        assert homes.whole(home, counts) is not None
        assert [path.name for path in home.rglob(".*")] == [".lock"] or night is None
        if len(calls) <= n:
            break
    assert n > 0
    assert night is not None
    assert [path.name for path in home.rglob(".*")] == [".lock"]
