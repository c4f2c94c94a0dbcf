"""The worked examples of the docs give what they print."""

import doctest
import io
import itertools
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from matchmaker_cli.app import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/how-to/assign.md"


@pytest.mark.parametrize(("name", "examples"), [("affelnet-points.md", 10), ("assign.md", 2)])
def test_the_python_of_the_page_runs(monkeypatch, name, examples):
    monkeypatch.chdir(ROOT)
    done = doctest.testfile(str(ROOT / "docs/how-to" / name), module_relative=False)
    assert done.attempted > examples
    assert done.failed == 0


def said_by(command, monkeypatch):
    """Output of one command of the page; `cat` and `python` are no commands of ours."""
    program, *arguments = shlex.split(command)
    if program == "cat":
        return Path(arguments[0]).read_text(encoding="utf-8")
    if program == "python":
        done = subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        return done.stdout.decode()
    monkeypatch.setattr("sys.argv", [program, *arguments])
    with redirect_stdout(io.StringIO()) as said, pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return said.getvalue()


def without_figures(lines):
    """Lines up to the reasons; figures over the samples move with the reference tables."""
    table = list(itertools.takewhile(lambda line: not line.startswith("Youths without"), lines))
    return [re.sub(r"[\d,.]+|\s+", " ", line) for line in table]


def test_the_commands_of_the_page_print_what_it_shows(monkeypatch, tmp_path):
    blocks = re.findall(r"(?:^    .*\n)+", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    shown = [block.replace("\n    ", "\n")[4:].rstrip("\n") for block in blocks]
    commands = [one.partition("\n") for one in shown if one.startswith("$ ")]
    assert len(commands) == 8
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    for line, _, expected in commands:
        command = line.removeprefix("$ ")
        file = command.removeprefix("cat ")
        if file != command and not Path(file).exists():
            Path(file).write_text(expected + "\n", encoding="utf-8")  # an input, shown first
        lines = said_by(command, monkeypatch).rstrip("\n").splitlines()
        wanted = expected.splitlines()
        if "data/samples" in command:
            lines, wanted = without_figures(lines), without_figures(wanted)
            assert len(wanted) == 6
        assert [one.rstrip() for one in lines] == [one.rstrip() for one in wanted], command
