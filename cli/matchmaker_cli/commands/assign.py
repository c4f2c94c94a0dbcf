"""``matchmaker assign``: one offer a youth, by scores or by preference files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from matchmaker.errors import UsageError
from matchmaker.words import said, say
from matchmaker_cli import options
from matchmaker_cli.console import print_json, progress

EPILOG = options.example(
    "matchmaker assign --method stable --youths youths.csv --wishes wishes.csv"
    " --offers offers.csv --out assigned"
)


def assign(
    *,
    youths: options.Youths = None,
    wishes: Annotated[Path | None, typer.Option(help="Wishes, as for match.")] = None,
    offers: Annotated[
        list[Path] | None, typer.Option(help="Offers, as for match; repeat it for several files.")
    ] = None,
    youth_preferences: Annotated[
        Path | None,
        typer.Option(
            help="In place of the tables: CSV id,rank,other_id, the wishes of the youths;"
            " 1 is first, equal ranks tie."
        ),
    ] = None,
    offer_preferences: Annotated[
        Path | None,
        typer.Option(help="CSV id,rank,other_id: the youths each offer accepts, in order."),
    ] = None,
    capacities: Annotated[
        Path | None,
        typer.Option(
            help="CSV offer_id,capacity. An offer named here without a ranking of its own"
            " takes youths by lottery. Left out: one seat for each offer with a ranking."
        ),
    ] = None,
    method: Annotated[
        Literal["stable", "best", "most"],
        typer.Option(
            help="stable: nobody is passed over without reason. best: the best scores (or"
            " ranks) in sum. most: as many placed as can be, then the best sum."
        ),
    ] = "stable",
    priority: Annotated[
        Literal["score", "lottery"] | None,
        typer.Option(
            help="With tables: offers rank youths by score (the default) or by lottery alone."
        ),
    ] = None,
    lottery: Annotated[
        Literal["common", "per_offer"],
        typer.Option(help="One lottery number a youth, or one for each offer."),
    ] = "common",
    out: Annotated[
        Path, typer.Option(help="Folder to write; an earlier run's folder is replaced.")
    ],
    headers: options.Headers = None,
    settings: options.SettingsFile = None,
    as_of: options.AsOf = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the lottery.")] = None,
    lang: options.Lang = None,
    output_format: options.Format = "text",
    youths_format: options.YouthsFormat = None,
    wishes_format: options.WishesFormat = None,
    offers_format: options.OffersFormat = None,
) -> None:
    """Assign each youth one offer at most; print what each method would give."""
    chosen = options.read_settings(settings, seed=seed, lang=lang, headers=headers)
    tables = {"--youths": youths, "--wishes": wishes, "--offers": offers, "--priority": priority}
    lists = {
        "--youth-preferences": youth_preferences,
        "--offer-preferences": offer_preferences,
        "--capacities": capacities,
    }
    mixed = [next((name for name, value in part.items() if value), "") for part in (tables, lists)]
    if all(mixed):
        raise UsageError(said("command.exclude", one=mixed[0], other=mixed[1]))

    import matchmaker
    from matchmaker.runs.publishing import check_target

    check_target(out)
    if youth_preferences is not None and offer_preferences is not None:
        result = matchmaker.assign_preferences(
            youth_preferences,
            offer_preferences,
            capacities,
            method=method,
            lottery=lottery,
            settings=chosen,
        )
    elif wishes is not None and offers:
        with progress() as show:
            result = matchmaker.assign(
                youths,
                wishes,
                offers,
                as_of=as_of or options.today(),
                method=method,
                priority=priority or "score",
                lottery=lottery,
                settings=chosen,
                formats=options.formats(youths_format, wishes_format, offers_format),
                progress=show,
            )
    else:
        raise UsageError(said("command.tables_or_preferences"))
    result.save(out)
    if output_format == "json":
        print_json(result.summary)
    else:
        print(result)
        print(say(chosen.lang, "command.results", out=out))
