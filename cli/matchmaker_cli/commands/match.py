"""``matchmaker match``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from matchmaker.errors import UsageError
from matchmaker_cli import options
from matchmaker_cli.console import print_json, progress

EPILOG = options.example(
    "matchmaker match --youths youths.csv --wishes wishes.csv --offers offers.csv --out results"
)


def match(
    *,
    wishes: options.Wishes,
    offers: options.Offers,
    youths: options.Youths = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; an earlier run's folder is replaced.")
    ] = None,
    referents: Annotated[
        Path | None, typer.Option(help="Referents, for youths with few lines or none.")
    ] = None,
    sent: Annotated[
        Path | None,
        typer.Option(help="What earlier waves sent, or an earlier run's lists: not sent again."),
    ] = None,
    ignore_sent: Annotated[
        bool,
        typer.Option(
            "--ignore-sent",
            help="Make lists as if nothing had been sent, and say what heeding it would cost.",
        ),
    ] = False,
    settings: options.SettingsFile = None,
    as_of: options.AsOf = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the ties.")] = None,
    assignment: Annotated[
        bool, typer.Option("--assignment", help="Also choose one offer a youth to follow up.")
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
            help="Write the addresses of an Affelnet or Parcoursup file here, outside the"
            " results; a key beside it keeps ids the same from run to run."
        ),
    ] = None,
) -> None:
    """Write each youth's list of offers with reasons, and who has none and why."""
    chosen = options.read_settings(settings, seed=seed, lang=lang)
    date = as_of or options.today()
    if out is None and not dry_run:
        raise UsageError("--out is missing: name a folder for the results, or use --dry-run.")

    if ignore_sent and sent is None:
        raise UsageError("--ignore-sent says what heeding --sent would cost: give --sent too.")

    import matchmaker
    from matchmaker.report import check_target
    from matchmaker.tables import contacts as addresses

    if out is not None:
        check_target(out)
    key = None
    if contacts is not None:
        if dry_run or out is None:
            raise UsageError("--contacts writes a file, so it does not go with --dry-run.")
        key = addresses.read_or_make_key(addresses.key_path(contacts))
    with progress() as show:
        given: dict[str, Any] = {
            "as_of": date,
            "settings": chosen,
            "referents": referents,
            "sent": sent,
            "ignore_sent": ignore_sent,
            "assignment": assignment,
            "progress": show,
            "youths_format": youths_format,
            "wishes_format": wishes_format,
            "offers_format": offers_format,
        }
        if dry_run:
            counts = matchmaker.dry_run(youths, wishes, offers, **given)
        else:
            result = matchmaker.match(youths, wishes, offers, contacts_key=key, **given)
    if out is None or dry_run:
        print_json(counts)
        return
    if contacts is not None:
        addresses.write(result.contacts, contacts, run_dir=out)
    result.save(out)
    if output_format == "json":
        print_json(result.summary)
    else:
        print(result)
        print({"fr": "Résultats : ", "en": "Results: "}[chosen.lang] + str(out))
