"""``matchmaker match``: the main job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matchmaker.errors import UsageError
from matchmaker.words import said, say
from matchmaker_cli import options
from matchmaker_cli.console import print_json, progress, sheet_lines
from matchmaker_cli.streams import published

if TYPE_CHECKING:
    from matchmaker.runs.match_result import MatchResult

EPILOG = options.example(
    "matchmaker match --youths youths.csv --wishes wishes.csv --offers offers.csv --out results"
)


def match(
    *,
    youths: options.Youths = None,
    wishes: options.Wishes = None,
    offers: options.Offers = None,
    workbook: options.Workbook = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; an earlier run's folder is replaced.")
    ] = None,
    referents: Annotated[
        Path | None, typer.Option(help="Referents, for youths with few lines or none.")
    ] = None,
    sent: Annotated[
        list[Path] | None,
        typer.Option(
            help="What earlier waves sent: a table, or the folder of an earlier run with all that"
            " it remembered. Not sent again. Repeat it."
        ),
    ] = None,
    ignore_sent: Annotated[
        bool,
        typer.Option(
            "--ignore-sent",
            help="Make lists as if nothing had been sent, and say what heeding it would cost.",
        ),
    ] = False,
    do_not_contact: Annotated[
        list[Path] | None,
        typer.Option(
            help="Who must not be written to: e-mails, phones, INE or ids, as the mailing tool"
            " exports them. Who is named gets no list. Repeat it."
        ),
    ] = None,
    words: Annotated[
        list[Path] | None,
        typer.Option(
            help="What advisers said: words.csv or outcomes.csv of cells import. Lines kept or"
            " dropped, contracts, new trades are obeyed. Repeat it."
        ),
    ] = None,
    price_of_words: Annotated[
        bool,
        typer.Option(
            "--price-of-words",
            help="Share the offers out once more without the lines that advisers keep or drop,"
            " and say what these cost.",
        ),
    ] = False,
    headers: options.Headers = None,
    settings: options.SettingsFile = None,
    as_of: options.AsOf = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the ties.")] = None,
    assignment: Annotated[
        bool,
        typer.Option(
            "--assignment",
            help="Also choose one offer a youth to follow up. These pairs are chosen first and are"
            " lines of the lists, which differ from those without it.",
        ),
    ] = False,
    lang: options.Lang = None,
    output_format: options.Format = "text",
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Read, check and count candidates; write nothing."),
    ] = False,
    youths_format: options.YouthsFormat = None,
    wishes_format: options.WishesFormat = None,
    offers_format: options.OffersFormat = None,
    contacts: Annotated[
        Path | None,
        typer.Option(
            help="Write the names and addresses of the youths here, outside the results; a key"
            " beside it keeps ids of Affelnet and Parcoursup the same from run to run."
        ),
    ] = None,
    force: options.Force = False,
) -> None:
    """Write each youth's list of offers with reasons, and who has none and why."""
    chosen = options.read_settings(settings, seed=seed, lang=lang, headers=headers)
    youths, wishes, offers = options.tables(youths, wishes, offers, workbook)
    date = as_of or options.today()
    if out is None and not dry_run:
        raise UsageError(said("command.out_missing"))

    _refuse_alone(ignores=ignore_sent and not sent, prices=price_of_words and not words)

    from matchmaker.runs.before import SUMMARY, sources_before
    from matchmaker.runs.dry_run import dry_run_inputs
    from matchmaker.runs.inputs import inputs_of
    from matchmaker.runs.match import match_inputs
    from matchmaker.runs.publishing import check_target
    from matchmaker.runs.setup import setup_of
    from matchmaker.tables import contacts as addresses

    if out is not None:
        check_target(out)
    key = None
    if contacts is not None:
        if dry_run or out is None:
            raise UsageError(said("command.contacts_and_dry_run"))
        read = (
            youths,
            wishes,
            *offers,
            referents,
            *(sent or ()),
            *(do_not_contact or ()),
            *(words or ()),
            settings,
        )
        key = addresses.key_for(contacts, run_dir=out, inputs=read, force=force)
    inputs = inputs_of(
        youths,
        wishes,
        offers,
        as_of=date,
        formats=options.formats(youths_format, wishes_format, offers_format),
        referents=referents,
        sent=sent,
        do_not_contact=do_not_contact,
        words=words,
        contacts_key=key,
    )
    inputs = replace(inputs, wants_contacts=contacts is not None)
    if out is not None and (out / SUMMARY).exists():
        inputs = replace(inputs, before=sources_before(out))
    with progress() as show:
        setup = setup_of(
            chosen,
            progress=show,
            assignment=assignment,
            ignore_sent=ignore_sent,
            price_of_words=price_of_words,
        )
        if out is None or dry_run:
            print_json(dry_run_inputs(inputs, setup))
            return
        result = match_inputs(inputs, setup)
    _save(result, out, contacts)
    if output_format == "json":
        print_json(result.summary)
    else:
        print(result)
        print("".join(sheet_lines(result.manifest["inputs"], chosen.lang)), end="")
        print(say(chosen.lang, "command.results", out=out))


def _refuse_alone(*, ignores: bool, prices: bool) -> None:
    """Refuse to say what heeding something costs of which nothing was given."""
    if ignores:
        raise UsageError(said("command.ignore_without_sent"))
    if prices:
        raise UsageError(said("command.price_without_words"))


def _save(result: MatchResult, out: Path, contacts: Path | None) -> None:
    """Write the run, then its addresses: without the run that they are of they help nobody."""
    from matchmaker.tables import contacts as addresses

    result.save(out)
    published(out)
    if contacts is not None:
        addresses.write(result.contacts, contacts, run_dir=out, run_id=result.manifest["run_id"])
        published(contacts)
