"""``matchmaker verify``: whether a saved run is whole, and its lines may be sent."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.words import say, table, text_of
from matchmaker_cli import options
from matchmaker_cli.console import language, print_json

EPILOG = options.example("matchmaker verify results")
REFUSED = 4


def verify(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, or a HOME.")],
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Derive the bounds of all youths again, not of 256.")
    ] = False,
    mail: Annotated[
        Path | None, typer.Option(help="Also a folder that 'matchmaker mail' wrote of this run.")
    ] = None,
    output_format: options.Format = "text",
    lang: options.Lang = None,
) -> None:
    """Verify a saved run from its folder alone: files, lines, mailing, figures, proofs."""
    from dataclasses import asdict

    from matchmaker.runs.folder import open_run
    from matchmaker.verify import verified
    from matchmaker.verify.mail import check_mail

    spoken = lang or language()
    opened = open_run(run)
    found = verified(opened.path, full=full)
    faults = found.faults
    sent = None if mail is None else check_mail(opened.path, mail)
    if output_format == "json":
        print_json(
            {
                "run_id": opened.run_id,
                "by_rule": faults.by_rule,
                "faults": [asdict(fault) for fault in faults.shown],
                "youths_rechecked": found.youths,
                "youths": found.of_youths,
                "unchecked": list(found.unchecked),
                **({} if sent is None else {"mail": sent.by_rule}),
            }
        )
    else:
        for sentence in faults.sentences:
            print(text_of(sentence, spoken))
        if found.youths:
            n = {"n": found.youths, "whole": found.of_youths}
            print(say(spoken, "verified.all" if full else "verified.some", **n))
        known = table(spoken, "unchecked")
        for name in found.unchecked:
            print(known.get(name) or say(spoken, "verified.criterion", name=name))
        key = "verified.refused" if faults.counts else "verified.holds"
        print(say(spoken, key, path=run, n=sum(faults.counts.values())))
        if mail is not None and sent is not None:
            for sentence in sent.sentences:
                print(text_of(sentence, spoken))
            if sent.counts:
                broken = sum(sent.counts.values())
                print(say(spoken, "verified.mail_refused", path=mail, n=broken))
            else:
                print(say(spoken, "verified.mail_holds", path=mail))
    if faults.counts or (sent is not None and sent.counts):
        sys.exit(REFUSED)
