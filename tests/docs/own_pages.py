"""A tutorial page with files, one command and Python, written into a folder and run."""

from __future__ import annotations

import io
import re
import shlex
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from matchmaker_cli.app import main

TUTORIALS = Path(__file__).resolve().parents[2] / "docs" / "tutorials"


def blocks_of(page):
    text = (TUTORIALS / page).read_text("utf-8")
    return re.findall(r"^```(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE)


def write_files(page, folder):
    """Write the files that the page shows; return their names."""
    named = [(kind.partition(" ")[2], text) for kind, text in blocks_of(page)]
    for name, text in named:
        if name:
            (folder / name).write_text(text, encoding="utf-8")
    return [name for name, _ in named if name]


def command_of(page):
    (command,) = [text for kind, text in blocks_of(page) if kind == "sh"]
    return command


def run(command, monkeypatch):
    monkeypatch.setattr(sys, "argv", shlex.split(command))
    with redirect_stdout(io.StringIO()) as said, pytest.raises(SystemExit) as end:
        main()
    return end.value.code, said.getvalue()


def run_python(page):
    """Run the Python of the page, block by block, beside what it says that it prints."""
    names: dict[str, object] = {}
    shown = [(kind, text) for kind, text in blocks_of(page) if kind in {"python", "text"}]
    for (_, code), (_, expected) in zip(shown[::2], shown[1::2], strict=True):
        with redirect_stdout(io.StringIO()) as said:
            exec(compile(code, page, "exec"), names)
        yield said.getvalue(), expected
