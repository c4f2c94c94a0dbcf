"""``matchmaker assign``: one offer a youth from preference files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from matchmaker_cli import options
from matchmaker_cli.console import print_json

EPILOG = options.example(
    "matchmaker assign --method stable --youth-preferences wishes.csv"
    " --offer-preferences rankings.csv --capacities seats.csv --out assigned"
)

_TITLES = {
    "fr": ("méthode", "placés", "1er vœu", "3 premiers", "rang moyen", "paires bloquantes"),
    "en": ("method", "placed", "first wish", "first three", "mean rank", "blocking pairs"),
}


def assign(
    *,
    youth_preferences: Annotated[
        Path, typer.Option(help="CSV id,rank,other_id: the wishes of the youths; 1 is first.")
    ],
    offer_preferences: Annotated[
        Path, typer.Option(help="CSV id,rank,other_id: the youths each offer accepts, in order.")
    ],
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
            help="stable: nobody is passed over without reason. best: the best ranks in sum."
            " most: as many placed as can be, then the best ranks."
        ),
    ] = "stable",
    lottery: Annotated[
        Literal["common", "per_offer"],
        typer.Option(help="One lottery number a youth, or one for each offer."),
    ] = "common",
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    settings: options.SettingsFile = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the lottery.")] = None,
    lang: options.Lang = None,
    output_format: options.Format = "text",
) -> None:
    """Assign youths to offers by their preference lists; print what each method would give."""
    chosen = options.read_settings(settings, seed=seed, lang=lang)

    from dataclasses import asdict
    from functools import partial
    from hashlib import sha256

    from matchmaker import assignment
    from matchmaker.report import check_target, json_bytes, publish, write_csv

    check_target(out)
    wishes = assignment.read_preferences(youth_preferences)
    rankings = assignment.read_preferences(offer_preferences)
    seats = dict.fromkeys(rankings, 1)
    if capacities is not None:
        seats = assignment.read_capacities(capacities)
    market = assignment.encode(wishes, rankings, seats, seed=chosen.seed, lottery=lottery)
    methods = assignment.compare_methods(
        market.preferences, assignment.rank_weights(market.preferences)
    )
    matching = methods[method][0]
    summary = {
        "method": method,
        "seed": chosen.seed,
        "lottery": lottery,
        "youths": len(market.youth_ids),
        "offers": len(market.offer_ids),
        "seats": sum(seats.values()),
        "methods": {name: asdict(figures) for name, (_, figures) in methods.items()},
    }
    inputs = {
        file.name: sha256(file.read_bytes()).hexdigest()
        for file in (youth_preferences, offer_preferences, capacities)
        if file is not None
    }
    tables = {
        "youths.csv": assignment.youth_table(market, matching, lang=chosen.lang),
        "offers.csv": assignment.offer_table(market, matching),
        "methods.csv": assignment.method_table(methods),
    }
    publish(
        out,
        {name: partial(write_csv, frame) for name, frame in tables.items()},
        lambda hashes: json_bytes({**summary, "inputs": inputs, "outputs": hashes}),
    )
    if output_format == "json":
        print_json(summary)
        return
    print("  ".join(f"{title:>17}" for title in _TITLES[chosen.lang]))
    for name, (_, one) in methods.items():
        mark = "*" if name == method else " "
        cells = (
            mark + name,
            one.placed,
            one.first,
            one.top_three,
            "" if one.mean_rank is None else f"{one.mean_rank:.2f}",
            one.blocking_pairs,
        )
        print("  ".join(f"{cell:>17}" for cell in cells))
    print({"fr": "Résultats : ", "en": "Results: "}[chosen.lang] + str(out))
