"""``matchmaker diff``: what changed from one run to another, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matchmaker.words import say
from matchmaker_cli import options
from matchmaker_cli.console import print_json

EPILOG = options.example("matchmaker diff runs/runs/2026-03-01-0123456789abcdef runs")


def diff(
    before: Annotated[Path, typer.Argument(help="Folder of a run, or a HOME.")],
    after: Annotated[Path, typer.Argument(help="Folder of a later run, or a HOME.")],
    *,
    out: Annotated[Path | None, typer.Option(help="Page to write (HTML).")] = None,
    output_format: options.Format = "text",
    lang: options.Lang = None,
    force: options.Force = False,
) -> None:
    """Say what changed from one run to another: each line that went or came, by its cause."""
    from matchmaker.replacing import may_replace, replaced
    from matchmaker.runs.diff import diff as compare_runs

    if out is not None:
        may_replace(out, is_ours=_is_page, force=force)
    found = compare_runs(before, after, lang=lang)
    if out is not None:
        with replaced(out) as sink:
            sink.write(found.to_html().encode())
    if output_format == "json":
        print_json(found.to_dict())
        return
    print(found)
    if out is not None:
        print(say(found.lang, "command.results", out=out))


def _is_page(path: Path) -> bool:
    """Tell whether a file is a page that this command wrote."""
    with path.open("rb") as file:
        return b'<meta name="generator" content="matchmaker diff">' in file.read(1000)
