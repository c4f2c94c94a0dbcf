"""Whatever becomes of stdout, what was published counts, and nobody sees a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

# A command that publishes, or that only shows; its work is not what is looked at here.
COMMAND = """
import sys
from matchmaker_cli import app
from matchmaker_cli.console import print_json
from matchmaker_cli.streams import published
def work():
    if {publishes}:
        published("résultats")
    {does}
    raise SystemExit({code})
app.app = work
app.main()
"""
SHOWS = 'print("Jeunes servis → œuvre\\u2009: 10" * 2000)'


def call(*, publishes, code=0, does=SHOWS, stdout="", environment=None):
    command = [sys.executable, "-c", COMMAND.format(publishes=publishes, code=code, does=does)]
    if stdout:  # a redirection of the shell
        command = ["sh", "-c", f'exec "$@" {stdout}', "sh", *command]
    done = subprocess.run(
        command, capture_output=True, env={**os.environ, **(environment or {})}, check=False
    )
    error = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in error
    assert "Exception ignored" not in error
    return done.returncode, done.stdout, error


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
@pytest.mark.parametrize(
    ("publishes", "code", "expected"), [(True, 0, 0), (False, 0, 3), (False, 1, 1)]
)
def test_a_full_disk_behind_stdout(publishes, code, expected):
    ended, _, error = call(publishes=publishes, code=code, stdout=">/dev/full")
    assert ended == expected
    assert error.startswith("la sortie n'a pas pu être écrite (No space left on device).")
    assert ("Les résultats sont publiés : résultats" in error) == publishes


@pytest.mark.parametrize("publishes", [True, False])
def test_a_closed_stdout(publishes):
    assert call(publishes=publishes, stdout=">&-") == (0, b"", "")


def test_a_table_is_never_opened_as_stdout(tmp_path):
    """With stdout closed the next file would get its number, and what is printed goes into it."""
    does = (
        f'open({str(tmp_path / "lists.csv")!r}, "w").write("lists"); import os; os.write(1, b"x")'
    )
    call(publishes=True, stdout=">&-", does=does)
    assert (tmp_path / "lists.csv").read_text() == "lists"


@pytest.mark.parametrize("code", [0, 1])
def test_a_reader_that_went_away_changes_no_exit_code(code):
    read, write = os.pipe()
    os.close(read)
    text = COMMAND.format(publishes=False, code=code, does=SHOWS)
    done = subprocess.run(
        [sys.executable, "-c", text], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_letters_that_the_encoding_lacks(encoding):
    does = 'print("élèves, œuvre → l’été"); print_json({"é→": 1})'
    code, out, error = call(publishes=True, does=does, environment={"PYTHONIOENCODING": encoding})
    assert (code, error) == (0, "")
    line, _, figures = out.decode(encoding).partition("\n")
    plain = {"ascii": "eleves, oeuvre -> l'ete", "latin-1": "élèves, oeuvre -> l'été"}
    assert line == plain.get(encoding, "élèves, œuvre → l’été")
    assert json.loads(figures) == {"é→": 1}


def test_a_failure_after_publishing_says_what_is_published():
    does = 'raise OSError(5, "Input/output error", "contacts.csv")'
    code, _, error = call(publishes=True, does=does)
    assert code == 3
    assert "Input/output error" in error
    assert "Déjà publié et complet : résultats" in error


def test_a_bug_is_70_with_the_place_and_without_values():
    does = 'private = "jean.dupont@example.org"; {}[private]'
    code, _, error = call(publishes=False, does=does)
    assert code == 70
    assert "C'est une erreur de matchmaker" in error
    assert "KeyError, matchmaker" in error
    assert "jean" not in error
