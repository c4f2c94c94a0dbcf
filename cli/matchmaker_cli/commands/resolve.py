"""``matchmaker resolve``: what the package reads in a trade, a place or a diploma."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from matchmaker.errors import UsageError, did_you_mean
from matchmaker.words import Said, code_text, said, say
from matchmaker_cli import options
from matchmaker_cli.console import language, print_json

if TYPE_CHECKING:
    import pandas as pd


app = typer.Typer(
    help="Show how a trade, a place or a diploma is read.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)

Texts = Annotated[list[str] | None, typer.Argument(metavar="TEXT...", help="What to read.")]
File = Annotated[
    Path | None, typer.Option("--file", help="Read a column of this CSV file instead.")
]
Column = Annotated[str, typer.Option(help="The column of the file.")]


@app.callback()
def group() -> None:
    """Show how a trade, a place or a diploma is read."""


@app.command(epilog=options.example('matchmaker resolve trade "apprentie boulangère H/F"'))
def trade(
    texts: Texts = None,
    *,
    file: File = None,
    column: Column = "title",
    settings: options.SettingsFile = None,
    output_format: options.Format = "text",
) -> None:
    """Print the ROME codes of titles, the confidence and the runners-up."""
    chosen = options.read_settings(settings)
    cells = _cells(texts, file, column)

    from matchmaker.reference.trades import rank_trades, resolve_trades

    found = resolve_trades(cells, chosen)
    rows = _rows(cells, found)
    if file is None:
        others = rank_trades(cells.tolist(), chosen)
        for i, row in enumerate(rows):
            best = others[others["row"] == i]
            row["runners_up"] = [
                {"code": code, "label": label, "score": round(float(score), 3)}
                for code, label, score in best[["code", "label", "score"]].itertuples(index=False)
                if code not in row["codes"].split("|")
            ]
    _show(rows, "codes", output_format, is_file=file is not None)


@app.command(epilog=options.example('matchmaker resolve place "75012 Paris 12e"'))
def place(
    texts: Texts = None,
    *,
    file: File = None,
    column: Column = "place_name",
    settings: options.SettingsFile = None,
    output_format: options.Format = "text",
) -> None:
    """Print the commune of places, how it was found and what else it could be."""
    chosen = options.read_settings(settings)
    cells = _cells(texts, file, column)

    from matchmaker.reference.places import resolve_places

    found = resolve_places(cells.to_frame("place_name"), chosen.communes_file)
    found = found.rename(columns={"place_name": "label"})[
        ["commune_code", "label", "departement", "how", "confidence", "note", "hint"]
    ]
    _show(_rows(cells, found), "commune_code", output_format, is_file=file is not None)


@app.command(epilog=options.example('matchmaker resolve diploma "BTS MCO" 50022137 RNCP37537'))
def diploma(
    texts: Texts = None,
    *,
    file: File = None,
    column: Column = "diploma_code",
    settings: options.SettingsFile = None,
    output_format: options.Format = "text",
) -> None:
    """Print level and ROME codes of diplomas: names, CFD, MEF or RNCP codes."""
    chosen = options.read_settings(settings)
    cells = _cells(texts, file, column)

    from matchmaker.reference.diplomas import resolve_diplomas

    is_rncp = cells.str.upper().str.startswith("RNCP")
    is_code = ~is_rncp & cells.str.fullmatch(r"[0-9A-Za-z]{7,11}") & cells.str[0].str.isdigit()
    columns = {"rncp_code": is_rncp, "diploma_code": is_code, "label": ~is_rncp & ~is_code}
    found = resolve_diplomas(
        cells.to_frame("text").assign(
            **{name: cells.where(mask, "") for name, mask in columns.items()}
        ),
        chosen,
    )
    _show(_rows(cells, found), "codes", output_format, is_file=file is not None)


def _cells(texts: list[str] | None, file: Path | None, column: str) -> pd.Series:
    """Return the texts of the command line, or of the file's column."""
    import pandas as pd

    if (texts is None) == (file is None):
        raise UsageError(said("command.texts_or_file"))
    if file is None:
        return pd.Series(texts, dtype="str")
    from matchmaker.reference.store import read_csv

    frame = read_csv(file)
    if column not in frame.columns:
        names = list(frame.columns)
        hint = did_you_mean(column, names) or said("command.has_columns", names=names)
        raise UsageError(said("command.no_column", file=file, column=column, hint=hint))
    return frame[column].astype("str")


def _rows(cells: pd.Series, found: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one plain dict a text."""
    records = found.to_dict(orient="records")
    return [
        {"text": text, **{str(k): _plain(v) for k, v in record.items()}}
        for text, record in zip(cells, records, strict=True)
    ]


def _plain(value: Any) -> Any:
    """Return a numpy number as Python's own, floats to three places; a hint as its words."""
    if isinstance(value, Said):
        return value.text(language())
    value = value.item() if hasattr(value, "item") else value
    return round(value, 3) if isinstance(value, float) else value


def _show(rows: list[dict[str, Any]], code: str, output_format: str, *, is_file: bool) -> None:
    """Print single texts one by one; a file as its coverage by how and by confidence."""
    lang = language()
    if is_file:
        summary = _coverage(rows, code)
        if output_format == "json":
            print_json({**summary, "rows": rows})
            return
        read, done = summary["rows_read"], summary["resolved"]
        print(say(lang, "resolve.resolved", n=done, rows=read))
        for name in ("how", "confidence"):
            words = code_text(lang, "resolve", name)
            for value, count in summary[name].items():
                shown = code_text(lang, "resolve", value)
                print("  " + say(lang, "resolve.count", name=words, value=shown, n=count))
        return
    if output_format == "json":
        print_json(rows)
        return
    for row in rows:
        told = {k: v for k, v in row.items() if k not in ("text", code, "label", "runners_up")}
        found = row[code] or say(lang, "resolve.unresolved")
        details = [f"{code_text(lang, 'resolve', k)} {v}" for k, v in told.items() if v]
        label, text = row["label"], row["text"]
        print(say(lang, "resolve.one", text=text, code=found, label=label, details=details))
        for other in row.get("runners_up", []):
            print(f"    {other['code']} {other['label']} (score {other['score']})")


def _coverage(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """Count the rows by how they were resolved, and by tenths of confidence."""
    how: dict[str, int] = {}
    confidence: dict[str, int] = {}
    for row in rows:
        name = (row["how"] if row[code] else "") or "unresolved"
        how[name] = how.get(name, 0) + 1
        if "confidence" in row and row[code]:
            tenth = int(min(row["confidence"], 0.99) * 10) / 10
            confidence[f"≥ {tenth:.1f}"] = confidence.get(f"≥ {tenth:.1f}", 0) + 1
    return {
        "rows_read": len(rows),
        "resolved": sum(bool(row[code]) for row in rows),
        "how": dict(sorted(how.items())),
        "confidence": dict(sorted(confidence.items(), reverse=True)),
    }
