"""What happens to the nights of docs/tutorials/trois-nuits.md; called by its commands.

``prepare`` lays the samples out as exports, ``halve`` cuts the offers in half as an export does
that broke off, ``kill STAGE WORDS ...`` runs a command and kills it when a stage begins.
"""
# ruff: noqa: T201 - it is a command

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

SAMPLES, EXPORTS = Path("data/samples"), Path("entree")
KILLED = """
import os, signal, sys
from matchmaker.runs.clock import Clock
within = Clock.within
def watch(self, done):
    within(self, done)
    if (self._stage, done) == ({stage!r}, 0):
        os.kill(os.getpid(), signal.SIGKILL)
Clock.within = watch
from matchmaker_cli.app import main
main()
"""


def main(action: str, *words: str) -> None:
    """Do what the page asks for."""
    offers = EXPORTS / "offres.csv"
    if action == "prepare":
        EXPORTS.mkdir()
        for name, copy in (("youths", "jeunes"), ("wishes", "voeux"), ("offers", "offres")):
            shutil.copy(SAMPLES / f"{name}.csv", EXPORTS / f"{copy}.csv")
        print("entree/jeunes.csv entree/voeux.csv entree/offres.csv")
    elif action == "halve":
        lines = offers.read_text(encoding="utf-8").splitlines(keepends=True)
        offers.write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
        print(f"entree/offres.csv : {len(lines) - 1} lignes, puis {len(lines) // 2 - 1}")
    elif action == "kill":
        stage, *command = words
        code = KILLED.format(stage=stage)
        done = subprocess.run([sys.executable, "-c", code, *command], check=False)
        print(f"signal {-done.returncode}")


if __name__ == "__main__":
    main(*sys.argv[1:])
