"""Kernels without a home, without a compiler, and in a folder that others can write to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from matchmaker.kernel_cache import is_private

KERNEL = """
from matchmaker.jit import jit
@jit
def twice(n):
    return 2 * n
@jit
def thrice(n):
    return 3 * n
"""


def imported(folder, *, environment, before=""):
    (folder / "kernel.py").write_text(KERNEL)
    command = [
        sys.executable,
        "-c",
        f"{before}\nimport kernel; print(kernel.twice(21), kernel.thrice(2))",
    ]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path]), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "42 6\n"), done.stderr
    return done.stderr


NO_FOLDER = """
import numba.core.caching as caching
caching.CacheImpl._locator_classes = []
"""


def test_without_any_folder_kernels_work_and_that_is_said_once(tmp_path):
    """As in a container whose package is read-only, for a user without a home."""
    said = imported(tmp_path, environment={}, before=NO_FOLDER)
    assert said.count("aucun dossier où garder les noyaux compilés") == 1
    assert len(said.splitlines()) == 1


def test_a_folder_that_others_can_write_to_is_neither_read_nor_written(tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    environment = {"NUMBA_CACHE_DIR": str(cache)}
    assert imported(tmp_path, environment=environment) == ""
    (index,) = cache.rglob("*twice*.nbi")
    for at in (cache, *cache.iterdir()):
        at.chmod(0o777)
    index.write_bytes(PLANTED)
    said = imported(tmp_path, environment=environment)
    assert said.count("d'autres que vous peuvent écrire dans ce dossier") == 1
    assert index.read_bytes() == PLANTED
    assert not (tmp_path / "planted").exists()


# A pickle that would make the folder `planted`, had anybody read it.
PLANTED = b"cos\nmkdir\n(S'planted'\ntR."


def test_a_folder_beside_the_source_need_only_be_as_closed_as_that(tmp_path):
    source, beside = tmp_path / "kernel.py", tmp_path / "__pycache__"
    beside.mkdir()
    tmp_path.chmod(0o775)
    beside.chmod(0o775)
    assert is_private(beside, source=source)
    beside.chmod(0o777)
    assert not is_private(beside, source=source)
    tmp_path.chmod(0o700)


def test_a_folder_under_one_that_others_can_write_to(tmp_path):
    cache = tmp_path / "open" / "cache"
    cache.mkdir(parents=True)
    assert is_private(cache, source=Path("/nowhere/kernel.py"))
    (tmp_path / "open").chmod(0o777)
    assert not is_private(cache, source=Path("/nowhere/kernel.py"))
    (tmp_path / "open").chmod(0o1777)  # as /tmp
    assert is_private(cache, source=Path("/nowhere/kernel.py"))
    assert not is_private(tmp_path / "none", source=Path("/nowhere/kernel.py"))
