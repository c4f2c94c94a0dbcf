"""The same bytes without a compiler, and for a user without a home and a read-only package."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"
TIMINGS = "timings.json"


# What a container has that gives a package a user of its own: no home, no entry in the list of
# users, and a package that this user cannot write to.
NOBODY = """
import os, pwd
import numba.core.caching as caching
def unknown(number):
    raise KeyError(number)
caching.CacheImpl._locator_classes = []
pwd.getpwuid = unknown
"""
COMMAND = "{}from matchmaker_cli.app import main; main()"


def rows_of(name):
    with (SAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Ten youths of the samples and a hundred offers, and what a plain run makes of them."""
    folder = tmp_path_factory.mktemp("world")
    youths, wishes, offers = (rows_of(name) for name in ("youths", "wishes", "offers"))
    youths, offers = youths[:11], offers[:120]
    ids = {row[0] for row in youths}
    tables = {"youths": youths, "wishes": [r for r in wishes if r[0] in ids], "offers": offers}
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as sink:
            csv.writer(sink).writerows(rows)
    matched(folder, folder / "plain")
    return folder


def matched(folder, out, *, environment=None, before=""):
    tables = [f"--{name}={folder / name}.csv" for name in ("youths", "wishes", "offers")]
    words = ["match", *tables, "--as-of=2023-09-15", f"--out={out}"]
    search = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", COMMAND.format(before), *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": search, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    assert list(folder.glob("~*")) == []  # "~" was not taken for a folder
    return done.stderr


def content(out):
    files = [path for path in out.rglob("*") if path.is_file() and path.name != TIMINGS]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


@pytest.mark.long
def test_without_a_compiler(world):
    said = matched(world, world / "plain2", environment={"NUMBA_DISABLE_JIT": "1"})
    assert "Warning" not in said
    assert content(world / "plain2") == content(world / "plain")


@pytest.mark.long
def test_for_a_user_without_a_home(world):
    """Every kernel is compiled anew."""
    said = matched(world, world / "nobody", before=NOBODY)
    assert said.count("noyaux compilés") == 1
    assert len(said.splitlines()) == 1
    assert content(world / "nobody") == content(world / "plain")
