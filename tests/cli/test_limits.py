"""A limit of memory that is too low ends in a sentence, before a library ends the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("resource", reason="limits of POSIX")

CALL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({limit}, resource.RLIM_INFINITY))
sys.argv = {words!r}
from matchmaker_cli.app import main
main()
"""


def call(limit, *words):
    text = CALL.format(limit=limit, words=["matchmaker", *words])
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("limit", [500_000_000, 1_000_000_000, 1_100_000_000, 1_499_999_999])
def test_too_little_memory_is_said_before_anything_is_loaded(limit):
    words = ("match", "--wishes", "w.csv", "--offers", "o.csv", "--out", "x")
    code, _, error = call(limit, *words)
    assert code == 3
    assert error.startswith("la mémoire de ce processus est limitée à ")
    assert error.count("\n") == 1


def test_help_needs_little():
    code, shown, error = call(500_000_000, "match", "--help")
    assert (code, error) == (0, "")
    assert "--youths" in shown


def test_enough_is_enough():
    code, _, error = call(1_500_000_000, "settings", "show")
    assert (code, error) == (0, "")
