"""``matchmaker check``: the faults of the input, without matching."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from matchmaker.errors import InputError, Issue, UsageError, printable
from matchmaker.settings import Settings
from matchmaker.words import Lang, code_text, said, say, table, word
from matchmaker_cli import options
from matchmaker_cli.console import language, print_json, sheet_lines
from matchmaker_cli.streams import published

# What is counted, in the order in which it matters; rejected rows are spelled out above it.
_KINDS = ("warning", "left_out", "flag", "repair", "default")

_HIT = {"youths": "check.step_youths", "offers": "check.step_offers"}
_LABELS = 10
_STEPS = 6  # of the list of what to do first: a handful is done, a page is put off

EPILOG = options.example(
    "matchmaker check --youths youths.csv --wishes wishes.csv --offers offers.csv"
)


def check(
    *,
    youths: options.Youths = None,
    wishes: options.Wishes = None,
    offers: options.Offers = None,
    workbook: options.Workbook = None,
    headers: options.Headers = None,
    settings: options.SettingsFile = None,
    as_of: options.AsOf = None,
    lang: options.Lang = None,
    output_format: Annotated[
        Literal["text", "json", "xlsx"],
        typer.Option("--format", help="text and json go to stdout; xlsx needs --out."),
    ] = "text",
    out: Annotated[
        Path | None, typer.Option(help="Workbook to write with --format xlsx; never replaced.")
    ] = None,
    before: Annotated[
        Path | None,
        typer.Option(
            help="An earlier run, or a HOME: sources that gave offers then and none now are said."
        ),
    ] = None,
    youths_format: options.YouthsFormat = None,
    wishes_format: options.WishesFormat = None,
    offers_format: options.OffersFormat = None,
) -> None:
    """Read the files, name every fault and what to do first; ends with 1 if anything is refused."""
    speaks = lang or language()
    chosen = replace(options.read_settings(settings, headers=headers), lang=speaks)
    youths, wishes, offers = options.tables(youths, wishes, offers, workbook)
    day = as_of or options.today()
    if (out is not None) != (output_format == "xlsx"):
        raise UsageError(
            said("check.xlsx_without_out" if out is None else "check.out_without_xlsx")
        )

    from matchmaker.report.checked import check_answer, check_workbook, verdict
    from matchmaker.runs.before import sources_before
    from matchmaker.tables import Tables, load
    from matchmaker.tables.checks import to_issues
    from matchmaker.tables.freshness import silent_sources
    from matchmaker.tables.workbook_file import check_new, write_new

    if out is not None:
        check_new(out)
    earlier = {} if before is None else sources_before(options.run_folder(before))
    found: Tables | InputError
    try:
        found = load(
            youths,
            wishes,
            offers,
            as_of=day,
            settings=chosen,
            formats=options.formats(youths_format, wishes_format, offers_format),
        )
    except InputError as error:
        found = error
    given = {"offers": offers, "wishes": [wishes], "youths": [youths] if youths else []}
    answer = check_answer(
        found,
        as_of=day,
        lang=speaks,
        alerts=()
        if isinstance(found, InputError)
        else silent_sources(earlier, found.kinds, speaks),
        roles={path.name: role for role, paths in given.items() for path in paths},
    )
    if output_format == "json":
        print_json(answer)
        raise typer.Exit(0 if answer["is_ok"] else 1)
    if out is not None:
        write_new(out, check_workbook(answer, speaks))
        published(out)
        shown = [
            *_first_steps(answer, speaks),
            *_unread_labels(answer, speaks),
            verdict(answer, speaks),
        ]
        print("\n".join([*shown, say(speaks, "command.results", out=out)]))
        raise typer.Exit(0 if answer["is_ok"] else 1)
    faults = list(found.issues) if isinstance(found, InputError) else to_issues(found.rejects)
    print(
        "".join(
            [
                *_block(sheet_lines(answer["files"], speaks)),
                *_block(
                    _as_read({"youths": youths, "wishes": wishes, "offers": offers[0]}, chosen, day)
                ),
                "\n".join(
                    [
                        *_alert_lines(answer, speaks),
                        *_kind_lines(answer["kinds"], speaks),
                        *_report(faults, answer["quality"], speaks),
                        *_first_steps(answer, speaks),
                        *_unread_labels(answer, speaks),
                        verdict(answer, speaks),
                    ]
                ),
            ]
        )
    )
    raise typer.Exit(0 if answer["is_ok"] else 1)


def _alert_lines(answer: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Give what casts doubt on a whole file."""
    if answer["alerts"]:
        yield say(lang, "check.alerts")
        yield from (f"  {printable(alert, limit=500)}" for alert in answer["alerts"])
        yield ""


def _first_steps(answer: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Give what to do first, a line a step."""
    steps = answer["first_steps"]
    if not steps:
        yield say(lang, "check.nothing_to_do")
    else:
        yield say(lang, "check.first_steps")
        for number, step in enumerate(steps[:_STEPS], start=1):
            yield f"  {number}. {printable(_step_text(step, lang), limit=1000)}"
        if len(steps) > _STEPS:
            yield "  " + say(lang, "check.step_more", n=len(steps) - _STEPS)
    yield ""


def _unread_labels(answer: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Give the labels that are not understood, and the line that teaches each."""
    rows = answer["unread_labels"]
    if rows:
        yield say(lang, "unread.head")
        for row in rows[:_LABELS]:
            yield "  " + printable(say(lang, "unread.line", **row), limit=1000)
        if len(rows) > _LABELS:
            yield "  " + say(lang, "unread.more", n=len(rows) - _LABELS)
        yield ""


def _step_text(step: Mapping[str, Any], lang: Lang) -> str:
    """Say how many are hit by what, where it stands, and the one thing to do."""
    hit = [say(lang, key, n=step[name]) for name, key in _HIT.items() if step[name]]
    where = [step["file"] or code_text(lang, "table", step["table"])]
    where += [say(lang, "check.sheet", sheet=step["sheet"])] if step["sheet"] else []
    where = [", ".join(where)]
    if step["column"]:
        where = [say(lang, "error.at_column", where=where[0], column=step["column"])]
    if step["lines"]:
        more = " …" if step["count"] > len(step["lines"]) else ""
        lines = ", ".join(map(str, step["lines"])) + more
        where.append(say(lang, "check.step_lines", n=step["count"], lines=lines))
    return say(
        lang,
        "check.step",
        hit=hit or say(lang, "check.step_file"),
        reason=step["what"],
        where=", ".join(where),
        to_do=step["to_do"],
    )


def _kind_lines(kinds: list[dict[str, Any]], lang: Lang) -> Iterator[str]:
    """Give the table of kinds by source, one line a source."""
    if not kinds:
        return
    yield say(lang, "check.kinds_head")
    for source in dict.fromkeys(row["source"] for row in kinds):
        counts = [
            say(lang, "check.kind_count", kind=code_text(lang, "kind", row["kind"]), n=row["count"])
            for row in kinds
            if row["source"] == source
        ]
        yield "  " + say(
            lang, "check.kinds", source=code_text(lang, "format", source), counts=counts
        )
    yield ""


def _block(lines: Iterable[str]) -> list[str]:
    """Return lines with an empty one after them, if there are any."""
    several = list(lines)
    return [*several, "\n"] if several else []


def _as_read(given: Mapping[str, Path | None], settings: Settings, as_of: dt.date) -> Iterator[str]:
    """Show the first rows of the tables whose headers were named, as they are understood."""
    from matchmaker.tables import first_rows

    for role, path in given.items():
        if role in settings.map and path is not None:
            rows = first_rows(path, role, settings=settings, as_of=as_of)
            if rows:
                yield say(settings.lang, "check.as_read", table=word("table", role)) + "\n"
            for row in rows:
                cells = ", ".join(f"{name} = {printable(cell)}" for name, cell in row.items())
                yield f"  {cells}\n"


def _report(faults: list[Issue], counts: list[dict[str, Any]], lang: Lang) -> Iterator[str]:
    """Give the lines of the report: faults by file, then counts by kind."""
    for file in dict.fromkeys(fault.file for fault in faults):
        yield f"{printable(file)}"
        for fault in faults:
            if fault.file == file:
                sentence = fault.sentence(lang).removeprefix(file).lstrip(",: ")
                yield f"  {printable(sentence, limit=2000)}"
        yield ""
    for kind in _KINDS:
        rows = [row for row in counts if row["kind"] == kind]
        if rows:
            yield table(lang, "check_kind")[kind]
            yield from (f"  {_count_text(row, lang)}" for row in rows)
            yield ""


def _count_text(row: dict[str, Any], lang: Lang) -> str:
    """Say what was found, how often, and where an example stands."""
    from matchmaker.tables.raw import OF_A_SHEET

    where = code_text(lang, "table", row["table"])
    if row["column"] and row["reason"] in OF_A_SHEET:
        where = say(lang, "error.at_sheet", file=where, sheet=printable(row["column"]))
    elif row["column"]:
        where = say(lang, "error.at_column", where=where, column=row["column"])
    reason = code_text(lang, "quality", row["reason"])
    n, line = row["count"], row["example_line"]
    if row["reason"] == "column_in_words":
        from matchmaker.tables import header_option

        option = header_option(row["table"], row["column"])
        return say(lang, "check.to_read", where=where, reason=reason, option=option)
    if row["reason"] == "column_absent":
        return say(lang, "check.count_absent", where=where, reason=reason, n=n)
    if line > 0:
        return say(lang, "check.count_and_line", where=where, reason=reason, n=n, line=line)
    return say(lang, "check.count", where=where, reason=reason, n=n)
