"""``matchmaker prune``: delete the oldest runs of a HOME."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchmaker.words import say
from matchmaker_cli import options
from matchmaker_cli.console import language

EPILOG = options.example("matchmaker prune runs --keep 7")


def prune(
    home: Annotated[Path, typer.Argument(help="HOME of 'matchmaker run'.")],
    *,
    keep: Annotated[int, typer.Option(min=1, help="Runs to keep, the newest.")],
) -> None:
    """Delete all runs of a HOME but the newest; the one that counts is always kept."""
    from matchmaker.runs.home import check_home, holding
    from matchmaker.runs.home import prune as prune_home

    check_home(home)
    with holding(home):
        gone = prune_home(home, keep)
    print(say(language(), "home.pruned", n=len(gone)))
