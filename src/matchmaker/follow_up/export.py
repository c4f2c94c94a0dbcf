"""From a saved run to the workbooks of its cells, one a territory, and the pilot's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from matchmaker.errors import UsageError
from matchmaker.follow_up.book import Book, book_bytes
from matchmaker.follow_up.facts import Saved, facts_of
from matchmaker.follow_up.figures import by_structure, counts, shared_offers, sheet_of
from matchmaker.follow_up.returned import read_words
from matchmaker.follow_up.risks import with_risks
from matchmaker.follow_up.territories import territories
from matchmaker.reference.structures import structures
from matchmaker.reference.trades import trade_names
from matchmaker.replacing import may_replace, replaced
from matchmaker.report.page import page
from matchmaker.runs.folder import Run, open_run
from matchmaker.tables.contacts import read_contacts
from matchmaker.tables.referents import no_referents
from matchmaker.words import Lang, date_text, number, said, say, table

__all__ = ["Exported", "export_cells"]

_CALLS = 15  # a day and person, where nothing else is said
_PILOT = "pilote.html"
_COLUMNS = ("entered", "written", "answered", "found", "left", "never", "oldest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written.

    Attributes
    ----------
    files : tuple of (Path, int)
        Each workbook and its youths.
    pilot : Path
    youths : int
        Followed, in all workbooks.
    without_contact : int
        Of them, those whom the contacts give neither an address nor a number.
    without_referent : int
    """

    files: tuple[tuple[Path, int], ...]
    pilot: Path
    youths: int
    without_contact: int
    without_referent: int


def export_cells(
    run: str | Path,
    *,
    by: str,
    contacts: Path,
    out: Path,
    words: Sequence[Path] = (),
    calls: int = _CALLS,
    force: bool = False,
) -> Exported:
    """Write a workbook for each territory of a saved run, and one page for who steers.

    Parameters
    ----------
    run : path
        Folder of a run of lists, or a HOME.
    by : str
        ``region``, ``departement``, ``mission_locale``, ``cfa``, or the path of a CSV with
        ``commune_code`` and ``territory``.
    contacts : Path
        What ``match --contacts`` wrote for this run.
    out : Path
        Folder for the files, not inside the run's; each file is its owner's alone.
    words : sequence of Path
        ``words.csv`` of earlier imports: last contact, last outcome, transfers, appointments.
    calls : int
        Calls that one person makes a day.
    force : bool
        Replace workbooks that are there, which people may have filled in.

    Returns
    -------
    Exported

    Raises
    ------
    UsageError
        The run has no lists, a file is missing, or one that is there would be replaced.
    InputError
        The contacts are of another run, or a commune is in two territories.
    """
    opened = open_run(run)
    if not opened.is_match:
        raise UsageError(said("cells.no_lists", path=run))
    if out.resolve().is_relative_to(opened.path.resolve()):
        raise UsageError(said("contacts.inside", path=out, folder=opened.path))
    saved = _saved(opened, contacts, words)
    known = structures(opened.settings)
    facts = facts_of(saved, known, calls=calls)
    facts["sheet"] = sheet_of(facts)
    codes, named = territories(saved.youths, by, known, saved.lang)
    of_youth = dict(zip(saved.youths["youth_id"], codes, strict=True))
    facts["territory"] = facts["youth_id"].map(of_youth)
    paths = {
        code: out / territory.file
        for code, territory in named.items()
        if (facts["territory"] == code).any()
    }
    for path in paths.values():
        _refuse_filled(path, force=force)
    may_replace(out / _PILOT, is_ours=_is_pilot, force=force)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = []
    # Cut once: a hundred territories would each look through all lines and all offers.
    lines_of = dict(list(saved.lists.groupby(saved.lists["youth_id"].map(of_youth))))
    offers = opened.table("tables/offers", ["offer_id", "siret", "start_date"])
    offers = offers.set_index("offer_id")
    for code, path in paths.items():
        mine = facts[facts["territory"] == code]
        book = Book(
            name=named[code].name,
            facts=mine,
            offers=shared_offers(mine, lines_of.get(code, saved.lists[:0]), offers, saved.lang),
            counts=counts(mine, saved.lang),
            run_id=opened.run_id,
            as_of=saved.as_of,
            lang=saved.lang,
        )
        with replaced(path) as sink:
            sink.write(book_bytes(book))
        files.append((path, len(mine)))
    _write_pilot(
        out / _PILOT, opened, saved, facts, codes.map({c: t.name for c, t in named.items()})
    )
    reached = (facts["email"] != "") | (facts["phone_1"] != "")
    nobody = say(saved.lang, "cells.no_referent")
    return Exported(
        files=tuple(files),
        pilot=out / _PILOT,
        youths=len(facts),
        without_contact=int((~reached).sum()),
        without_referent=int((facts["referent"] == nobody).sum()),
    )


def _refuse_filled(path: Path, *, force: bool) -> None:
    """Refuse to write over a workbook: people may have filled it in."""
    if path.exists() and not force:
        raise UsageError(said("cells.is_there", path=path))


def _saved(opened: Run, contacts: Path, words: Sequence[Path]) -> Saved:
    """Return the tables that the workbooks are made of."""
    settings = opened.settings
    people = read_contacts(contacts, run_id=opened.run_id)
    follow = pd.read_csv(opened.path / "follow_up.csv", dtype=str, keep_default_na=False)
    why = pd.concat([opened.table("unserved"), follow])[["youth_id", "reason_code", "reason"]]
    has_referents = "reference/referents.parquet" in opened.outputs
    told = pd.concat([read_words(path) for path in words] or [read_words(None)])
    return Saved(
        youths=opened.table("tables/youths"),
        wishes=opened.table("tables/wishes"),
        lists=with_risks(
            opened.table("lists", _LINE_COLUMNS),
            opened.table("tables/youths", ["youth_id", "commune_code"]),
            opened.table("tables/offers", ["offer_id", "commune_code"]),
            settings,
        ),
        referents=opened.table("reference/referents") if has_referents else no_referents(),
        contacts=people.drop(columns=["run_id", "source_line"]),
        why=why,
        words=told.reset_index(drop=True),
        trades=trade_names(settings),
        as_of=opened.as_of or dt.date.max,  # a run of lists has a day
        min_lines=settings.min_lines,
        lang=settings.lang,
    )


_LINE_COLUMNS = (
    "youth_id", "rank", "offer_id", "distance_km", "rung", "doubt", "seats", "title", "employer",
    "place", "url",
)  # fmt: skip


def _write_pilot(
    path: Path, opened: Run, saved: Saved, facts: pd.DataFrame, territory: pd.Series
) -> None:
    """Write the page for who steers: counts, no names of youths."""
    lang = saved.lang
    everyone = saved.youths[["youth_id", "status", "opt_out"]].assign(structure=territory)
    sent = opened.table("tables/sent")
    rows = by_structure(everyone, facts, sent, saved.words, lang)
    heads = table(lang, "cells_pilot")
    values = {
        "date": date_text(saved.as_of, lang),
        "lead": say(lang, "cells.pilot_lead", n=len(facts), whole=len(everyone)),
        "heads": [heads["name"], *(heads[code] for code in _COLUMNS)],
        "rows": [{"name": row["name"], "cells": list(_cells(row, lang))} for row in rows],
        "title": say(lang, "cells.pilot_title"),
        "note": say(lang, "cells.pilot_note"),
        "synthetic": say(lang, "cells.synthetic") if opened.manifest.get("is_synthetic") else "",
    }
    with replaced(path) as sink:
        sink.write(page("pilot.html.j2", values, lang).encode())


def _cells(row: object, lang: Lang) -> Iterator[str]:
    values = dict(row) if isinstance(row, dict) else {}
    for code in _COLUMNS:
        value = values[code]
        if isinstance(value, dt.date):
            yield date_text(value, lang)
        else:
            yield "–" if value is None else number(value, lang)


def _is_pilot(path: Path) -> bool:
    with path.open("rb") as file:
        return b'<meta name="generator" content="matchmaker cells">' in file.read(600)
