"""``matchmaker check``: the faults of the input, without matching."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import typer

from matchmaker.errors import InputError, Issue, printable
from matchmaker_cli import options
from matchmaker_cli.console import print_json

# What is counted, in the order in which it matters; rejected rows are spelled out above it.
_KINDS = {
    "warning": "Worth a look",
    "left_out": "Left out",
    "flag": "Flagged for a person",
    "repair": "Repaired, nothing to do",
    "default": "Assumed, the cell or the column being empty",
}

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
        is_refused = True
        faults = list(error.issues)
        counts: list[dict[str, Any]] = []
    else:
        is_refused = False
        faults = to_issues(tables.rejects)
        counts = [
            {str(name): cell for name, cell in row.items()}
            for row in tables.quality.to_dict(orient="records")
        ]
    if output_format == "json":
        print_json(
            {
                "is_ok": not faults,
                "is_refused": is_refused,
                "faults": [{**asdict(f), "value": _shown(f)} for f in faults],
                "quality": counts,
            }
        )
    else:
        print("\n".join(_report(faults, counts, is_refused=is_refused)))
    raise typer.Exit(1 if faults else 0)


def _shown(fault: Issue) -> str | None:
    return None if fault.is_personal else fault.value


def _report(
    faults: list[Issue], counts: list[dict[str, Any]], *, is_refused: bool
) -> Iterator[str]:
    """Give the lines of the report: faults by file, then counts by kind, then the verdict."""
    for file in dict.fromkeys(fault.file for fault in faults):
        yield f"{printable(file)}"
        for fault in faults:
            if fault.file == file:
                sentence = fault.sentence().removeprefix(file).lstrip(",: ")
                yield f"  {printable(sentence, limit=2000)}"
        yield ""
    for kind, title in _KINDS.items():
        rows = [row for row in counts if row["kind"] == kind]
        if rows:
            yield title
            yield from (f"  {_count_text(row)}" for row in rows)
            yield ""
    if is_refused:
        yield f"{_faults(faults)}: a run would refuse these files."
    elif faults:
        yield f"{_faults(faults)}: a run would go on without these rows, and list them in rejects.csv."
    else:
        yield "No fault."


def _faults(faults: list[Issue]) -> str:
    return "1 fault" if len(faults) == 1 else f"{len(faults)} faults"


def _count_text(row: dict[str, Any]) -> str:
    """Say what was found, how often, and where an example stands."""
    where = f"{row['table']}, column '{row['column']}'" if row["column"] else row["table"]
    example = f" (line {row['example_line']})" if row["example_line"] > 0 else ""
    return f"{where}: {row['reason'].replace('_', ' ')}: {row['count']}{example}"
