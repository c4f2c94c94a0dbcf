import contextlib
import errno
import hashlib
import itertools
import json
import os
import stat
import tempfile
import threading
import types
from pathlib import Path

import pytest

from matchmaker.errors import CheckError, InfeasibleError, UsageError
from matchmaker.runs import publishing as folder
from matchmaker.runs.locks import locked
from matchmaker.runs.publishing import check_target, publish


def run(out, mark):
    files = {
        "lists.csv": lambda sink: sink.write(f"lists {mark}".encode()),
        "tables/youths": lambda sink: sink.write(f"youths {mark}".encode()),
    }

    def seal(hashes):
        return json.dumps({"mark": mark, "outputs": hashes}).encode()

    publish(out, files, seal, timings=lambda: b"{}")


FILES = {"lists.csv": lambda sink: sink.write(b"lists")}


def seal_of(mark):
    return lambda hashes: json.dumps({"mark": mark, "outputs": hashes}).encode()


def content_names(out):
    return [p.name for p in out.iterdir()]


def content(out):
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def leftovers(out):
    return [p.name for p in out.parent.iterdir() if p != out]


def test_a_new_folder_with_its_parents(tmp_path):
    out = tmp_path / "a" / "b"
    run(out, 1)
    assert sorted(content(out)) == ["lists.csv", "manifest.json", "tables/youths", "timings.json"]
    assert leftovers(out) == []


def test_the_manifest_lists_hashes_of_all_but_timings(tmp_path):
    run(tmp_path / "out", 1)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["outputs"] == {
        "lists.csv": hashlib.sha256(b"lists 1").hexdigest(),
        "tables/youths": hashlib.sha256(b"youths 1").hexdigest(),
    }


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_only_the_owner_may_read(tmp_path, umask):
    out = tmp_path / "out"
    earlier = os.umask(umask)
    try:
        run(out, 1)
    finally:
        os.umask(earlier)
    for path in (out, *out.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.name


def test_an_earlier_run_is_replaced_whole(tmp_path):
    out = tmp_path / "out"
    run(out, 1)
    inside = out.stat().st_ino
    run(out, 2)
    assert content(out)["lists.csv"] == b"lists 2"
    assert out.stat().st_ino != inside
    assert leftovers(out) == []


def test_a_folder_that_a_check_refuses_is_not_published(tmp_path):
    """The check sees all files, the manifest among them; what was there before stays."""
    out, seen = tmp_path / "out", []
    run(out, 1)

    def refuse(staged):
        seen.extend(sorted(p.name for p in staged.iterdir()))
        raise CheckError("no")

    with pytest.raises(CheckError, match="no"):
        publish(out, {"lists.csv": lambda sink: sink.write(b"2")}, lambda _: b"{}", check=refuse)
    assert seen == ["lists.csv", "manifest.json"]
    assert content(out)["lists.csv"] == b"lists 1"
    assert leftovers(out) == []


def test_replacement_without_exchange_of_folders(tmp_path, monkeypatch):
    def refuse(_first, _second):
        raise OSError(errno.ENOSYS, "no")

    monkeypatch.setattr(folder, "_exchange", refuse)
    run(tmp_path / "out", 1)
    run(tmp_path / "out", 2)
    assert content(tmp_path / "out")["lists.csv"] == b"lists 2"
    assert leftovers(tmp_path / "out") == []


@pytest.mark.parametrize("present", [["notes.txt"], ["manifest.json", "notes.txt"], ["lists.csv"]])
def test_foreign_files_are_never_removed(tmp_path, present):
    out = tmp_path / "out"
    run(out, 1)
    for name in ("lists.csv", "manifest.json", "timings.json", "tables/youths"):
        if name not in present:
            (out / name).unlink()
    for name in present:
        if not (out / name).exists():
            (out / name).write_text("mine")
    before = content(out)
    with pytest.raises(UsageError, match="qu'aucun calcul de matchmaker n'y a écrit"):
        run(out, 2)
    assert content(out) == before
    assert leftovers(out) == []


def test_a_manifest_of_something_else_gives_no_right_to_the_folder(tmp_path):
    for text in ("{}", "[]", "no json", '{"outputs": 3}', "\xff"):
        (tmp_path / "manifest.json").write_bytes(text.encode("latin-1"))
        (tmp_path / "data.bin").write_bytes(b"x")
        with pytest.raises(UsageError, match=r"data\.bin"):
            check_target(tmp_path)


def test_empty_folders_and_what_file_managers_drop_are_fine(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / ".DS_Store").write_bytes(b"")
    run(out, 1)
    assert "lists.csv" in content(out)


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="c'est un fichier, pas un dossier"):
        run(tmp_path / "out", 1)


def test_a_link_to_a_folder_keeps_being_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    run(tmp_path / "link", 1)
    run(tmp_path / "link", 2)
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "real")["lists.csv"] == b"lists 2"


class Faults:
    """Makes the n-th call of any of the watched functions fail."""

    def __init__(self, monkeypatch, number):
        self.left = None
        # A copy of the module, so that the clean-up's own calls do not count.
        own_os = types.SimpleNamespace(**vars(os))
        monkeypatch.setattr(folder, "os", own_os)
        for owner, name in (
            (own_os, "fsync"),
            (own_os, "open"),
            (own_os, "fchmod"),
            (Path, "rename"),
            (folder, "_exchange"),
            (folder.tempfile, "mkdtemp"),
            (folder.hashlib, "file_digest"),
        ):
            monkeypatch.setattr(owner, name, self.watched(getattr(owner, name), number))

    def watched(self, function, number):
        def call(*args, **kwargs):
            if self.left is not None:
                self.left -= 1
                if self.left == -1:
                    raise OSError(number, os.strerror(number))
            return function(*args, **kwargs)

        return call


@pytest.mark.parametrize("has_exchange", [True, False])
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_any_failing_step_leaves_the_earlier_run_whole(tmp_path, monkeypatch, number, has_exchange):
    if not has_exchange:
        plain_error = OSError(errno.ENOSYS, "no")

        def refuse(_first, _second):
            raise plain_error

        monkeypatch.setattr(folder, "_exchange", refuse)
    faults = Faults(monkeypatch, number)
    out = tmp_path / "deep" / "out"
    run(out, 0)
    before = content(out)
    for n in itertools.count():
        faults.left = n
        with contextlib.suppress(UsageError, InfeasibleError):
            run(out, n)
        used = n - faults.left
        faults.left = None
        after = content(out)
        if leftovers(out):
            # Only the clearing away failed: the new run stands, and the next one clears up.
            assert after["lists.csv"] == f"lists {n}".encode()
            run(out, n)
        assert leftovers(out) == [], f"step {n}"
        if used <= n:  # no step was left to fail
            assert after["lists.csv"] == f"lists {n}".encode()
            break
        # The last step flushes the swap itself: then the new run stands, whole too.
        new = f"lists {n}".encode()
        assert after == before or (after["lists.csv"] == new and len(after) == 4), f"step {n}"
        before = after
    assert used > 8  # every file, folder and rename was made to fail once


@pytest.mark.parametrize("fails_after", range(4))
def test_a_failing_write_leaves_the_earlier_run_whole(tmp_path, fails_after):
    out = tmp_path / "out"
    run(out, 1)
    before = content(out)

    def write(sink):
        for i in range(4):
            if i == fails_after:
                raise OSError(errno.ENOSPC, "No space left on device")
            sink.write(b"x" * 100_000)

    with pytest.raises(InfeasibleError, match="plus de place pour écrire"):
        publish(out, {"lists.csv": write}, lambda _: b"{}")
    assert content(out) == before
    assert leftovers(out) == []


def test_a_bug_in_a_writer_is_no_user_error_and_leaves_the_earlier_run(tmp_path):
    out = tmp_path / "out"
    run(out, 1)
    before = content(out)
    with pytest.raises(ZeroDivisionError):
        publish(out, {"lists.csv": lambda _: 1 // 0}, lambda _: b"{}")
    assert content(out) == before
    assert leftovers(out) == []


def test_what_is_not_as_a_run_wrote_it_is_moved_and_never_deleted(tmp_path):
    out = tmp_path / "out"
    run(out, 1)
    (out / "lists.csv").write_text("corrected by hand")

    assert publish(out, FILES, seal_of(2)) == (tmp_path / "out.kept-1",)
    assert content(out)["lists.csv"] == b"lists"
    assert content(tmp_path / "out.kept-1") == {"lists.csv": b"corrected by hand"}
    assert publish(out, FILES, seal_of(3)) == ()


def test_a_file_dropped_while_a_run_is_written_is_kept(tmp_path):
    out = tmp_path / "out"
    run(out, 1)
    (tmp_path / "out.kept-1").mkdir()

    def drop(_staged):
        (out / "notes.txt").write_text("mine")
        (out / "photos").mkdir()
        (out / "photos" / "a.png").write_bytes(b"png")
        (out / "link").symlink_to(tmp_path)

    kept = publish(out, FILES, seal_of(2), check=drop)

    assert kept == (tmp_path / "out.kept-2",)
    assert sorted(content_names(kept[0])) == ["link", "notes.txt", "photos"]
    assert (kept[0] / "photos" / "a.png").read_bytes() == b"png"
    assert (kept[0] / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["precious", "../precious", "precious/a.txt", "tables/../precious/a.txt"]
)
def test_a_manifest_gives_no_right_to_folders_nor_to_what_lies_elsewhere(tmp_path, name):
    out = tmp_path / "out"
    for folder_ in (out / "precious", tmp_path / "precious"):
        folder_.mkdir(parents=True)
        (folder_ / "a.txt").write_text("mine")
    (out / "manifest.json").write_text(json.dumps({"outputs": {name: "0" * 64}}))

    with pytest.raises(UsageError, match="precious"):
        run(out, 1)
    assert (out / "precious" / "a.txt").read_text() == "mine"
    assert (tmp_path / "precious" / "a.txt").read_text() == "mine"


def test_what_a_killed_run_left_is_cleared_away_and_what_another_writes_is_not(tmp_path):
    out = tmp_path / "out"
    run(out, 1)
    half, working, other = (
        tmp_path / f".{name}.partial-abcdefg{i}" for i, name in enumerate(("out", "out", "output"))
    )
    for staged in (half, working, other):
        staged.mkdir()
        (staged / "lists.csv").write_text("half")
    earlier = tmp_path / ".out.partial-abcdefg9"
    earlier.mkdir()
    (earlier / "manifest.json").write_text(json.dumps({"outputs": {"lists.csv": "0" * 64}}))
    (earlier / "lists.csv").write_text("corrected by hand, then the run was killed")
    handle = locked(working)
    try:
        kept = publish(out, FILES, seal_of(2))
    finally:
        os.close(handle)

    assert not half.exists()
    assert not earlier.exists()
    assert working.exists()
    assert other.exists()
    assert kept == (tmp_path / "out.kept-1",)
    assert "killed" in (kept[0] / "lists.csv").read_text()


def beside(out, mark, told):
    """Return another run into `out`, at work since now: it has ended soon, or waits for us."""

    def other():
        try:
            run(out, mark)
            told.append("done")
        except UsageError as error:
            told.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(0.3)
    return thread


def test_two_runs_that_start_at_the_same_instant_leave_each_other_alone(tmp_path, monkeypatch):
    """The second looks around just when the first has made its folder, and not locked it yet."""
    out, real, told, threads = tmp_path / "out", tempfile.mkdtemp, [], []

    def make(**given):
        made = real(**given)
        if not threads:
            threads.append(None)
            threads.append(beside(out, 2, told))
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", make)
    run(out, 1)
    threads[1].join()
    assert told == ["done"]
    assert content(out)["lists.csv"] in (b"lists 1", b"lists 2")
    assert leftovers(out) == []


def test_a_run_that_starts_between_two_renames_of_another_waits(tmp_path, monkeypatch):
    """What stands aside then has no lock, and looks like what a killed run left."""
    out, told, threads = tmp_path / "out", [], []
    run(out, 0)

    def fail(*_):
        raise OSError(errno.ENOSYS, "none here")

    rename = Path.rename

    def slow(self, to):
        moved = rename(self, to)
        if str(to).endswith(".earlier") and not threads:
            threads.append(None)
            threads.append(beside(out, 2, told))
        return moved

    monkeypatch.setattr(folder, "_exchange", fail)
    monkeypatch.setattr(Path, "rename", slow)
    run(out, 1)
    threads[1].join()
    assert told == ["done"]
    assert content(out)["lists.csv"] in (b"lists 1", b"lists 2")
    assert leftovers(out) == []


@pytest.mark.parametrize("name", ["tables/mine", "tables/deep/mine", "reference/mine"])
def test_what_lies_in_a_sub_folder_and_no_run_wrote_refuses_the_folder(tmp_path, name):
    out = tmp_path / "out"
    run(out, 1)
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text("mine")
    before = content(out)
    with pytest.raises(UsageError, match="qu'aucun calcul de matchmaker n'y a écrit"):
        run(out, 2)
    assert content(out) == before


def test_what_is_dropped_into_a_sub_folder_or_changed_in_it_is_kept(tmp_path):
    out = tmp_path / "out"
    run(out, 1)
    (out / "tables" / "youths").write_text("corrected by hand")

    def drop(_staged):
        (out / "tables" / "notes.txt").write_text("mine")
        (out / "tables" / "deep").mkdir()
        (out / "tables" / "deep" / "a.txt").write_text("deep")
        (out / "reference").symlink_to(tmp_path)

    files = {**FILES, "tables/youths": FILES["lists.csv"]}
    kept = publish(out, files, seal_of(2), check=drop)

    assert kept == (tmp_path / "out.kept-1",)
    assert (kept[0] / "reference").is_symlink()
    (kept[0] / "reference").unlink()
    assert content(kept[0]) == {
        "tables/youths": b"corrected by hand",
        "tables/notes.txt": b"mine",
        "tables/deep/a.txt": b"deep",
    }
    assert content(out)["tables/youths"] == b"lists"
    assert leftovers(out) == ["out.kept-1"]


def test_half_a_run_with_sub_folders_is_cleared_away(tmp_path):
    out, half = tmp_path / "out", tmp_path / ".out.partial-abcdefgh"
    (half / "tables").mkdir(parents=True)
    (half / "tables" / "youths").write_text("half")
    (half / "reference").mkdir()
    assert publish(out, FILES, seal_of(1)) == ()
    assert leftovers(out) == []


def test_the_manifest_of_what_is_cleared_away_goes_last(tmp_path, monkeypatch):
    """A run killed meanwhile leaves a folder that still says which of its files are a run's."""
    out = tmp_path / "out"
    run(out, 1)
    (out / "z.txt").write_text("mine")  # behind the manifest, by its name
    gone = []
    monkeypatch.setattr(Path, "unlink", lambda self, **_: gone.append(self.name))
    with contextlib.suppress(OSError):
        folder._discard(out, out)
    assert gone[-1] == "manifest.json"
    assert "z.txt" not in gone


def test_a_run_killed_between_two_renames_is_put_back_before_anything_can_fail(tmp_path):
    out = tmp_path / "out"
    run(out, 1)
    out.rename(tmp_path / ".out.partial-abcdefgh.earlier")

    def fail(_sink):
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(UsageError):
        publish(out, {"lists.csv": fail}, seal_of(2))
    assert content(out)["lists.csv"] == b"lists 1"
    assert leftovers(out) == []


def test_of_a_run_killed_while_it_wrote_its_manifest_nothing_stays(tmp_path):
    """Half a manifest names no files, and lists of people would pile up in DIR.kept-N."""
    out, killed = tmp_path / "out", tmp_path / "killed"

    def stop(_hashes):
        killed.symlink_to(next(tmp_path.glob(".out.partial-*")))
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder.shutil, "rmtree", lambda *_, **__: None)  # as SIGKILL leaves it
        with pytest.raises(KeyboardInterrupt):
            publish(out, FILES, stop)
    names = content_names(killed.resolve())
    killed.unlink()
    assert "manifest.json" not in names
    assert publish(out, FILES, seal_of(2)) == ()
    assert leftovers(out) == []
