"""Run the commands that pages show, and write what they print under them.

Run with ``make docs``; a test fails when a page no longer shows what its commands print.
A fenced block whose first line is ``$ COMMAND`` is a command and its output; commands run
in the order of the page, in an empty folder that sees ``data`` and ``tests`` of the
repository.  ``$ cat FILE`` of a file that no command wrote is an input: it is laid there
as it is shown.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("docs/how-to/assign.md", "docs/how-to/check-files.md", "docs/tutorials/trois-nuits.md")
_BLOCK = re.compile(r"^```text\n\$ (?P<command>.+)\n(?P<shown>(?:(?!```).*\n)*)```$", re.MULTILINE)
# `check` of faulty files ends with 1, a night that a check stopped with 4: that is their answer.
_MAY_FAIL = {("matchmaker", "check"): 1, ("matchmaker", "run"): 4}
_WITH_STDERR = ("matchmaker", "run")
_RUN_ID = re.compile(r"(?<=\d{4}-\d\d-\d\d-)[0-9a-f]{16}")  # of a checkout it changes with the code


def rewritten(page: str) -> str:
    """Return the text of a page with the output of each of its commands."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "out").mkdir()
        for seen in ("data", "tests"):
            (folder / seen).symlink_to(ROOT / seen)
        return _BLOCK.sub(lambda block: _told(block["command"], block["shown"], folder), page)


def _told(command: str, shown: str, folder: Path) -> str:
    words = shlex.split(command)
    if words[0] == "cat":
        file = folder / words[1]
        if not file.exists():
            file.write_text(shown, encoding="utf-8")
        return f"```text\n$ {command}\n{file.read_text(encoding='utf-8')}```"
    return f"```text\n$ {command}\n{output(words, folder)}```"


def output(words: list[str], folder: Path) -> str:
    """Return what ``matchmaker ...`` or ``python ...`` prints in a folder, by this Python.

    Raises
    ------
    SystemExit
        The command failed.
    """
    module = ["-m", "matchmaker"] if words[0] == "matchmaker" else []
    named = [sorted(map(str, folder.glob(one))) if "*" in one else [one] for one in words[1:]]
    done = subprocess.run(
        [sys.executable, *module, *(one for several in named for one in several)],
        cwd=folder,
        # Tables that this user has added, or their language, would change what is printed.
        env={**os.environ, "XDG_DATA_HOME": str(folder / "added"), "MATCHMAKER_LANG": ""},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    command = tuple(words[:2])
    if done.returncode not in (0, _MAY_FAIL.get(command, 0)):
        sys.exit(f"{shlex.join(words)}: ended with {done.returncode}: {done.stderr}")
    told = done.stderr + done.stdout if command == _WITH_STDERR else done.stdout
    lines = [line.rstrip() for line in told.splitlines()]
    return _RUN_ID.sub("0123456789abcdef", "\n".join(lines)) + "\n"


def main() -> None:
    """Write the pages."""
    for name in PAGES:
        page = ROOT / name
        page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"wrote {name}")


if __name__ == "__main__":
    main()
