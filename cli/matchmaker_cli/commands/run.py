"""``matchmaker run``: one night, from a configuration to the run that counts."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matchmaker.words import Lang, code_text, say
from matchmaker_cli import options
from matchmaker_cli.console import fail, language, print_json, progress
from matchmaker_cli.journal import journal

if TYPE_CHECKING:
    from matchmaker.runs.night import Night, Record

EPILOG = options.example("matchmaker run night.toml --log-file night.jsonl")


def run(
    config: Annotated[
        Path, typer.Argument(help="Configuration (TOML): [inputs], [settings], [run].")
    ],
    *,
    as_of: options.AsOf = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Take up the night that was begun and killed, with its date.",
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Say what there is to do and count candidates; write nothing."
        ),
    ] = False,
    log_file: Annotated[
        Path | None,
        typer.Option(help="Add a line of JSON for each event here; no personal data stands in it."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print the seconds of each stage too.")
    ] = False,
    lang: options.Lang = None,
) -> None:
    """Compute a night's run into its HOME; with nothing changed there is nothing to do."""
    from matchmaker.runs.config import read_config
    from matchmaker.runs.night import dry_night, run_night

    chosen = read_config(config)
    if lang is not None:
        chosen = replace(chosen, settings=replace(chosen.settings, lang=lang))
    options.see_own(chosen.settings)
    day = as_of or options.today()
    if dry_run:
        print_json(dry_night(chosen, as_of=day))
        return
    inputs = [path for _, path in chosen.inputs.by_role()]
    speaks = language()
    with (
        _only_errors(quiet),
        journal(log_file, inputs=[config, *inputs]) as record,
        progress() as show,
    ):
        night = run_night(
            chosen,
            as_of=day,
            resume=resume,
            record=_spoken(record) if verbose and not quiet else record,
            progress=None if quiet else show,
        )
    if not quiet:
        _tell(night, speaks)


def _tell(night: Night, lang: Lang) -> None:
    """Print what the night came to."""
    for sentence in night.said:
        fail(sentence.text(lang))
    if not night.is_new:
        print(say(lang, "home.unchanged", run_id=night.run.run_id))
        return
    print(night.report)
    if night.pruned:
        print(say(lang, "home.pruned", n=len(night.pruned)))
    print(say(lang, "home.published", run_id=night.run.run_id, folder=night.run.path))


@contextmanager
def _only_errors(quiet: bool) -> Iterator[None]:
    """Keep warnings of the library off the terminal."""
    log = logging.getLogger("matchmaker")
    before = log.level
    if quiet:
        log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def _spoken(record: Record) -> Record:
    """Return what records an event, and prints the seconds of a stage too."""
    lang = language()

    def tell(event: str, figures: Mapping[str, Any]) -> None:
        record(event, figures)
        if event == "stage":
            stage = code_text(lang, "stage", figures["stage"])
            if sys.stderr.isatty():
                sys.stderr.write("\r\x1b[2K")  # in the place of the line that shows progress
            fail(say(lang, "home.stage", stage=stage, seconds=figures["seconds"]))

    return tell
