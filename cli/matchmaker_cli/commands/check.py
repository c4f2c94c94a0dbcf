"""``matchmaker check``: the faults of the input, without matching."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from matchmaker.errors import InputError, Issue, printable
from matchmaker_cli import options
from matchmaker_cli.console import print_json

EPILOG = options.example(
    "matchmaker check --youths youths.csv --wishes wishes.csv --offers offers.csv"
)


def check(
    *,
    wishes: options.Wishes,
    offers: options.Offers,
    youths: options.Youths = None,
    settings: options.SettingsFile = None,
    as_of: options.AsOf = None,
    output_format: options.Format = "text",
    youths_format: options.YouthsFormat = None,
    wishes_format: options.WishesFormat = None,
    offers_format: options.OffersFormat = None,
) -> None:
    """Read the files and name every fault; ends with 1 if a row or a file is refused."""
    chosen = options.read_settings(settings)

    from matchmaker.tables import load
    from matchmaker.tables.checks import to_issues

    try:
        tables = load(
            youths,
            wishes,
            offers,
            as_of=as_of or options.today(),
            settings=chosen,
            youths_format=youths_format,
            wishes_format=wishes_format,
            offers_format=offers_format,
        )
    except InputError as error:
        faults = list(error.issues)
        counts: list[dict[str, Any]] = []
    else:
        faults = to_issues(tables.rejects)
        counts = [
            {str(name): cell for name, cell in row.items()}
            for row in tables.quality.to_dict(orient="records")
        ]
    if output_format == "json":
        print_json(
            {
                "is_ok": not faults,
                "faults": [{**asdict(f), "value": _shown(f)} for f in faults],
                "quality": counts,
            }
        )
    else:
        for fault in faults:
            print(printable(fault.sentence(), limit=2000))
        for row in counts:
            if row["kind"] != "rejected":  # the sentences above say these
                print(_count_text(row))
        print(f"{len(faults)} faults." if faults else "No fault.")
    raise typer.Exit(1 if faults else 0)


def _shown(fault: Issue) -> str | None:
    return None if fault.is_personal else fault.value


def _count_text(row: dict[str, Any]) -> str:
    """Say what was repaired, filled in or left out, and where an example stands."""
    what = f"{row['kind']} {row['reason']}".replace("_", " ")
    where = f", column '{row['column']}'" if row["column"] else ""
    example = f", for example line {row['example_line']}" if row["example_line"] > 0 else ""
    return f"{row['table']}{where}: {what}: {row['count']}{example}."
