"""Places where no folder can be exchanged are refused before a run; who may look in stays so."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from matchmaker.errors import CheckError, InfeasibleError, UsageError
from matchmaker.runs import place
from matchmaker.runs import publishing as folder
from matchmaker.runs.publishing import check_target, publish
from matchmaker.verify.folder import faults_of_folder

FILES = {"lists.csv": lambda sink: sink.write(b"lists")}
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def seal(hashes):
    return json.dumps({"outputs": hashes}).encode()


def test_the_folder_one_stands_in(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    with pytest.raises(UsageError, match="vous êtes dans ce dossier"):
        check_target(".")
    check_target("results")


def test_a_current_folder_that_is_gone_is_nobodys(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    check_target(tmp_path)


@pytest.mark.parametrize("name", ["out", "out put", "out\\"])
def test_a_mount_point(tmp_path, monkeypatch, name):
    (tmp_path / name).mkdir()
    written = os.fsencode(tmp_path / name).replace(b"\\", b"\\134").replace(b" ", b"\\040")
    mounts = tmp_path / "mountinfo"
    mounts.write_bytes(
        b"36 35 98:0 /mnt1 " + written + b" rw,noatime master:1 - ext3 /dev/root rw\n"
    )
    monkeypatch.setattr(place, "_MOUNTS", mounts)
    with pytest.raises(UsageError, match="est monté sur ce dossier"):
        check_target(tmp_path / name)
    check_target(tmp_path / name / "results")


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_no_utf8_is_told_as_what_it_is(tmp_path):
    with pytest.raises(UsageError, match=r"caf� : le nom de ce dossier n'est pas de l'UTF-8"):
        check_target(tmp_path / os.fsdecode(b"caf\xe9"))


def test_a_place_that_cannot_be_written_to_is_said_before_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(place.os, "access", lambda *_: False)
    with pytest.raises(UsageError, match="impossible d'écrire dans"):
        check_target(tmp_path / "a" / "b")


@pytest.mark.parametrize("name", [".~lock.lists.csv#", "~$lists.xlsx"])
def test_a_table_that_somebody_has_open_stops_no_night(tmp_path, name):
    out = tmp_path / "out"
    publish(out, FILES, seal)
    (out / name).write_text("Camille, 15.09.2023")
    assert publish(out, FILES, seal) == ()
    assert (out / name).read_text() == "Camille, 15.09.2023"  # it still is open
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_the_mode_of_the_folder_stays_and_files_are_their_owners(tmp_path):
    out = tmp_path / "out"
    publish(out, FILES, seal)
    out.chmod(0o2750)
    publish(out, FILES, seal)
    assert stat.S_IMODE(out.stat().st_mode) == 0o2750
    assert {stat.S_IMODE(p.stat().st_mode) for p in out.iterdir()} == {0o600}


@pytest.mark.skipif(not ROOT, reason="only root has groups to give")
def test_the_group_of_the_folder_stays(tmp_path):
    out = tmp_path / "out"
    publish(out, FILES, seal)
    os.chown(out, 1234, 5678)
    publish(out, FILES, seal)
    assert (out.stat().st_uid, out.stat().st_gid) == (1234, 5678)


def test_of_a_group_that_cannot_be_kept_no_rights_go_to_another(tmp_path, monkeypatch):
    out = tmp_path / "out"
    publish(out, FILES, seal)
    out.chmod(0o770)
    found = os.stat_result([*out.stat()[:5], 99999, *out.stat()[6:]])
    true_stat = Path.stat
    monkeypatch.setattr(
        Path, "stat", lambda self, **kw: found if self == out else true_stat(self, **kw)
    )

    def refuse(*_args):
        raise PermissionError(errno.EPERM, "no")

    monkeypatch.setattr(place.os, "chown", refuse)
    new = tmp_path / "new"
    new.mkdir(mode=0o755)
    place.keep_access(out, new)
    assert stat.S_IMODE(true_stat(new).st_mode) == 0o700


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="access lists of Linux")
def test_the_access_list_of_the_folder_stays(tmp_path):
    out = tmp_path / "out"
    publish(out, FILES, seal)
    # Version 2; owner rwx, user 1234 r-x, group none, mask r-x, others none.
    entries = [(1, 7, -1), (2, 5, 1234), (4, 0, -1), (16, 5, -1), (32, 0, -1)]
    acl = (2).to_bytes(4, "little") + b"".join(
        tag.to_bytes(2, "little") + may.to_bytes(2, "little") + (who % 2**32).to_bytes(4, "little")
        for tag, may, who in entries
    )
    try:
        os.setxattr(out, "system.posix_acl_access", acl)
    except OSError:
        pytest.skip("this file system has no access lists")
    publish(out, FILES, seal)
    assert os.getxattr(out, "system.posix_acl_access") == acl


def test_a_disk_that_fails_after_the_exchange_says_that_the_new_results_are_there(
    tmp_path, monkeypatch
):
    out = tmp_path / "out"
    publish(out, FILES, seal)
    sync = folder._sync_folder

    def fail(path):
        if path == tmp_path:
            raise OSError(errno.EIO, "Input/output error")
        sync(path)

    monkeypatch.setattr(folder, "_sync_folder", fail)
    new = {"lists.csv": lambda sink: sink.write(b"new")}
    with pytest.raises(InfeasibleError, match="les nouveaux résultats sont publiés, entiers"):
        publish(out, new, seal)
    assert (out / "lists.csv").read_bytes() == b"new"


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.EMFILE])
def test_a_disk_that_cannot_be_read_while_checking_is_no_refusal(tmp_path, monkeypatch, number):
    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("matchmaker.verify.folder.check_forms", fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        faults_of_folder(tmp_path)
    with pytest.raises(UsageError, match="impossible d'écrire"):
        publish(tmp_path / "out", FILES, seal, check=lambda path: faults_of_folder(path) and None)
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CheckError):
        faults_of_folder(tmp_path).refuse("x")
