"""A HOME: what counts, who holds it, and what is deleted of it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from matchmaker.errors import BusyError, UsageError
from matchmaker.runs import home as homes
from matchmaker_cli import options


def put_run(home: Path, run_id: str, *, age: int = 0) -> Path:
    """Put a run of one file into a HOME, published `age` seconds ago."""
    folder = home / "runs" / run_id
    (folder / "tables").mkdir(parents=True)
    (folder / "tables" / "youths.parquet").write_bytes(b"rows")
    manifest = {
        "made_by": "matchmaker",
        "format": 2,
        "run_id": run_id,
        "outputs": {"tables/youths.parquet": hashlib.sha256(b"rows").hexdigest()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "timings.json").write_text("{}")
    when = 1_700_000_000 - age
    os.utime(folder / "manifest.json", (when, when))
    return folder


@pytest.fixture
def home(tmp_path):
    """A HOME of four runs; the second oldest counts."""
    for age, name in enumerate("dcba"):
        put_run(tmp_path / "home", f"2023-09-15-{name}", age=age)
    homes.make_current(tmp_path / "home", "2023-09-15-b")
    return tmp_path / "home"


def test_the_runs_are_told_newest_first(home):
    assert homes.history(home) == tuple(f"2023-09-15-{name}" for name in "dcba")
    assert homes.current_run(home).run_id == "2023-09-15-b"


def test_the_oldest_are_deleted_and_the_one_that_counts_never(home):
    assert homes.prune(home, 2) == ("2023-09-15-c", "2023-09-15-a")
    assert homes.history(home) == ("2023-09-15-d", "2023-09-15-b")
    assert homes.prune(home, 1) == ("2023-09-15-d",)
    assert homes.prune(home, 1) == ()
    assert sorted(path.name for path in (home / "runs").iterdir()) == ["2023-09-15-b"]


def test_nothing_of_somebody_else_is_deleted(home, tmp_path):
    folder = home / "runs" / "2023-09-15-a"
    (folder / "note.txt").write_text("mine")
    (folder / "tables" / "youths.parquet").write_text("edited by hand")
    (home / "runs" / "precious").mkdir()
    (home / "runs" / "precious" / "manifest.json").write_text("{}")
    outside = tmp_path / "outside.txt"
    outside.write_text("far away")
    (home / "runs" / "2023-09-15-c" / "link").symlink_to(outside)
    homes.prune(home, 1)
    kept = home / "runs" / "2023-09-15-a.kept-1"
    assert (kept / "note.txt").read_text() == "mine"
    assert (kept / "tables" / "youths.parquet").read_text() == "edited by hand"
    assert not (kept / "manifest.json").exists()
    assert (home / "runs" / "precious" / "manifest.json").exists()
    assert outside.read_text() == "far away"
    assert (home / "runs" / "2023-09-15-c.kept-1" / "link").is_symlink()


def test_what_a_killed_process_left_is_cleared_away_by_the_next(home):
    (home / ".CURRENT.abc").write_text("half")
    (home / ".BEGUN.abc").write_text("half")
    (home / "runs" / "2023-09-15-a").rename(home / "runs" / ".pruned-2023-09-15-a")
    with homes.holding(home):
        pass
    hidden = [path.name for path in home.rglob(".*")]
    assert hidden == [".lock"]
    assert homes.current_run(home).run_id == "2023-09-15-b"


def test_one_run_at_a_time(home):
    code = (
        "import sys; from matchmaker.errors import BusyError;"
        "from pathlib import Path; from matchmaker.runs.home import holding\n"
        "try:\n"
        "    with holding(Path(sys.argv[1])): sys.exit(0)\n"
        "except BusyError as error: sys.exit(error.exit_code)\n"
    )

    def other():
        return subprocess.run([sys.executable, "-c", code, home], check=False).returncode

    with homes.holding(home):
        assert other() == 75
        with pytest.raises(BusyError, match="un autre calcul"), homes.holding(home):
            pass
    assert other() == 0


def test_a_new_home_is_for_its_owner_only(tmp_path):
    home = tmp_path / "deep" / "home"
    with homes.holding(home):
        homes.begin(home, "2023-09-15-a", "2023-09-15")
        homes.make_current(home, "2023-09-15-a")
    for path in (home, home / "runs"):
        assert path.stat().st_mode & 0o777 == 0o700
    for name in (".lock", "BEGUN", "CURRENT"):
        assert (home / name).stat().st_mode & 0o777 == 0o600


def test_the_night_that_was_begun_is_known_until_it_ends(tmp_path):
    with homes.holding(tmp_path):
        assert homes.begun(tmp_path) is None
        homes.begin(tmp_path, "2023-09-15-a", "2023-09-15")
        assert homes.begun(tmp_path) == ("2023-09-15-a", "2023-09-15")
        homes.end(tmp_path)
        assert homes.begun(tmp_path) is None
    (tmp_path / "BEGUN").write_text("[")
    assert homes.begun(tmp_path) is None


def test_half_a_run_is_none(home):
    assert homes.whole(home, "2023-09-15-a").run_id == "2023-09-15-a"
    (home / "runs" / "2023-09-15-a" / "tables" / "youths.parquet").unlink()
    assert homes.whole(home, "2023-09-15-a") is None
    assert homes.whole(home, "2023-09-15-z") is None


def test_a_folder_of_somebody_else_is_no_home(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(UsageError, match=r"letter\.txt"):
        homes.check_home(tmp_path, is_new=True)
    with pytest.raises(UsageError, match="ce n'est pas un dossier de calculs"):
        homes.check_home(tmp_path)
    homes.check_home(tmp_path / "new", is_new=True)
    with pytest.raises(UsageError):
        homes.check_home(tmp_path / "new")


@pytest.mark.parametrize("what", ["the run itself", "its HOME"])
def test_commands_that_take_a_run_take_a_home(home, what):
    folder = home / "runs" / "2023-09-15-b"
    assert options.run_folder(home if what == "its HOME" else folder) == folder
