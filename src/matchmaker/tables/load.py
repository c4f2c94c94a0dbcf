"""Files or frames in, clean tables out: the way through this room from top to bottom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.allocators import collector_paused, give_back
from matchmaker.errors import Issue, UsageError
from matchmaker.reference.places import resolve_places
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings
from matchmaker.tables.borrowed import borrow_trades
from matchmaker.tables.checks import (
    Checked,
    Findings,
    blank_wishes,
    check_offers,
    check_wishes,
    check_youths,
    quality_frame,
    rejects_frame,
)
from matchmaker.tables.checks.notes import Part, frame_of_notes, notes_of
from matchmaker.tables.cross import (
    check_ids,
    check_wish_rows,
    count_without_wish,
    joined_offers,
    positions,
    reject_ids_of_other_files,
)
from matchmaker.tables.few_youths import told_of_few
from matchmaker.tables.finish import (
    flag,
    kinds_by_source,
    pool,
    refuse_if_spoilt,
    sorted_by_id,
    sorted_wishes,
)
from matchmaker.tables.first_steps import Step, first_steps
from matchmaker.tables.freshness import old_exports
from matchmaker.tables.intake import all_or_faults, check_format, take_in
from matchmaker.tables.mapping import check_map
from matchmaker.tables.offer_words import with_words
from matchmaker.tables.oppositions import Oppositions, contacts_left
from matchmaker.tables.pooling_numbers import say_shared_numbers
from matchmaker.tables.raw import Given, InputFile, RawTable
from matchmaker.tables.sources import Source, sources_for
from matchmaker.words import said, text_of, word

__all__ = ["Tables", "load"]

_CHECKS = {"youths": check_youths, "wishes": check_wishes, "offers": check_offers}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tables:
    """The clean tables of a run, and what was found on the way.

    Attributes
    ----------
    youths : DataFrame
        One row a youth, sorted by the bytes of ``youth_id``.
    wishes : DataFrame
        One row a wish, sorted by youth, rank (unranked last), trade.
    offers : DataFrame
        One row an offer, sorted by the bytes of ``offer_id``.
    rejects : DataFrame
        One row a fault that costs its row: table, file, sheet, line, column, value, reason,
        message, hint; sorted by file and line.
    quality : DataFrame
        Counts: table, kind (``repair``, ``default``, ``warning``, ``rejected``,
        ``left_out``, ``flag``), reason, column, count, example_line.
    files : tuple of InputFile
    notes : DataFrame
        Each cell that was repaired, assumed, doubted or rejected
        (`matchmaker.tables.checks.notes.notes_frame`).
    kinds : DataFrame
        source, kind, count: usable offers by the format of their file, before pooling.
    pooled : DataFrame
        Offers that were found again under another id, and what they were merged into.
    flagged : DataFrame
        offer_id, flags, is_left_out: offers that a person should look at.
    alerts : tuple of Issue
        What casts doubt on a whole file: an export older than the setting allows.
    steps : tuple of Step
        What to mend, most youths and offers hit first.
    contacts : DataFrame
        Names and addresses of the youths (`matchmaker.tables.contact_rows.Contacts.rows`);
        personal, never in a run's folder.
    oppositions : mapping of str to int, or None
        Counts of `matchmaker.tables.oppositions.Heeded`; None where no file named any.
    """

    youths: pd.DataFrame
    wishes: pd.DataFrame
    offers: pd.DataFrame
    rejects: pd.DataFrame
    quality: pd.DataFrame
    files: tuple[InputFile, ...]
    notes: pd.DataFrame
    kinds: pd.DataFrame
    pooled: pd.DataFrame
    flagged: pd.DataFrame
    contacts: pd.DataFrame
    alerts: tuple[Issue, ...] = ()
    steps: tuple[Step, ...] = ()
    oppositions: Mapping[str, int] | None = None

    @property
    def is_synthetic(self) -> bool:
        """Whether any youth, wish or offer says of itself that it was made up."""
        return any(
            bool((frame["source"] == "synthetic").any())
            for frame in (self.youths, self.wishes, self.offers)
        )


@collector_paused()
def load(  # noqa: PLR0913 - one keyword a thing that is read or heeded
    youths: Given | None,
    wishes: Given,
    offers: Given | Sequence[Given],
    *,
    as_of: dt.date,
    settings: Settings,
    formats: Mapping[str, str] | None = None,
    sources: Sequence[Source] | None = None,
    oppositions: Oppositions | None = None,
) -> Tables:
    """Read and check the tables of a run.

    Parameters
    ----------
    youths : path, DataFrame or None
        None where the wishes file holds both, as those of some sources do.
    wishes : path or DataFrame
    offers : path or DataFrame, or several
        Several are pooled: an offer that stands in two sources, or twice in one, is kept once.
    as_of : date
        Day of the run.
    settings : Settings
    formats : mapping of str to str, optional
        ``youths``, ``wishes``, ``offers`` to the name of their source; what is left out is
        recognised by its content.
    sources : sequence of Source, optional
        All that a file may be of, as `matchmaker.tables.sources.sources_for` puts them
        together; by default those of the package and of ``settings.sources``.
    oppositions : Oppositions, optional
        Who must not be written to: their status is ``opposed``, and no contact is theirs.

    Returns
    -------
    Tables

    Raises
    ------
    UsageError
        A file is not there, a format is not known, or a source is none.
    InputError
        A file cannot be used, or too many of its rows cannot; every fault is named.
    """
    check_map(settings.map)
    known = sources_for(settings) if sources is None else tuple(sources)
    given = _given(youths, wishes, offers, formats or {}, known)
    checked, told_of, alerts = _checked(given, known, as_of, settings)
    contacts, heeded = contacts_left(told_of, _of(checked, "youths"), oppositions, as_of)
    noted = all_or_faults([partial(_notes, table.findings, table.frame) for table in checked])
    offered = [table for table in checked if table.raw.role == "offers"]
    kinds = kinds_by_source(offered)
    is_bad = {table.raw.role: table.findings.is_bad for table in checked}
    is_blank = blank_wishes(_of(checked, "wishes").findings)
    frames = {role: _of(checked, role).frame for role in ("youths", "wishes")}
    frames["offers"], usable = joined_offers(offered)
    # Half of the memory that a large file takes is what was written, and is done with by now.
    checked, offered = [_let_go(table) for table in checked], []
    give_back()

    extra = Findings("offers", "", np.zeros(0, dtype=np.int64))
    with ThreadPoolExecutor(max_workers=1) as beside:
        of_offers = beside.submit(_pooled_and_flagged, frames, usable, settings, as_of, extra)
        rows = np.flatnonzero(~is_bad["youths"])
        youth_frame = sorted_by_id(frames.pop("youths"), "youth_id", rows)
        wished = frames.pop("wishes")
        rows = np.flatnonzero(~is_bad["wishes"])
        wish_frame = sorted_wishes(wished, rows, youth_frame["youth_id"])
        is_lost = is_bad["wishes"].copy()
        is_lost[is_blank] = False
        youth_frame["wishes_rejected"] = _all_rejected(
            youth_frame["youth_id"], wished["youth_id"][is_lost], wish_frame["youth_id"]
        )
        youth_frame["wishes_unread"] = _unread(youth_frame["youth_id"], _of(checked, "wishes"))
    offer_frame, pooled, flagged = of_offers.result()
    return Tables(
        youths=youth_frame,
        wishes=wish_frame,
        offers=offer_frame,
        rejects=rejects_frame((table.findings for table in checked), settings.lang),
        quality=quality_frame([*(table.findings for table in checked), extra]),
        files=tuple(_file_of(table, settings) for table in checked),
        notes=frame_of_notes(chain(*noted, notes_of(extra, pd.DataFrame()))),
        kinds=kinds,
        pooled=pooled,
        flagged=flagged,
        alerts=alerts,
        steps=first_steps(checked, extra),
        contacts=contacts,
        oppositions=heeded,
    )


def _checked(
    given: Sequence[tuple[Given, str, str | None]],
    known: Sequence[Source],
    as_of: dt.date,
    settings: Settings,
) -> tuple[list[Checked], list[RawTable], tuple[Issue, ...]]:
    """Return the tables after all checks, contacts behind pseudonyms, and doubts about files."""
    raws, contacts = _read(given, known, as_of, settings)
    give_back()
    checked = all_or_faults(
        [partial(_CHECKS[raw.role], raw, settings, as_of=as_of) for raw in raws],
        sizes=[raw.frame.size for raw in raws],
    )
    give_back()  # what parsing half a million ids took
    people, wished = _of(checked, "youths"), _of(checked, "wishes")
    offered = [table for table in checked if table.raw.role == "offers"]
    all_or_faults(
        [partial(_cross_people, people, wished), partial(_cross_offers, offered, settings)]
    )
    alerts = old_exports(raws, as_of=as_of, most_days=settings.max_export_days)
    for table in checked:
        is_old = sum(alert.file == table.raw.file for alert in alerts if table.raw.days)
        table.findings.add("warning", "export_old", "", is_old)
    refuse_if_spoilt(checked, settings)
    return checked, contacts, (*alerts, *told_of_few(raws))


def _cross_people(people: Checked, wished: Checked) -> None:
    """Check youths and wishes against each other."""
    check_ids(people)
    check_wish_rows(wished, people)
    count_without_wish(people, wished)


def _cross_offers(offered: Sequence[Checked], settings: Settings) -> None:
    """Check the offers of all files against each other."""
    for table in offered:
        check_ids(table)
    reject_ids_of_other_files(offered)
    say_shared_numbers(offered)
    borrow_trades(offered, settings)


def _notes(findings: Findings, frame: pd.DataFrame) -> list[Part]:
    """Return the notes of one table while its cells are still there."""
    return list(notes_of(findings, frame))


def _of(tables: Iterable[Checked], role: str) -> Checked:
    return next(table for table in tables if table.raw.role == role)


def _let_go(table: Checked) -> Checked:
    """Return a checked table of which nothing is kept but ids and findings."""
    name = "offer_id" if table.raw.role == "offers" else "youth_id"
    table.findings.cells = {}
    raw = replace(table.raw, frame=pd.DataFrame())
    return replace(table, raw=raw, frame=table.frame[[name]])


def _all_rejected(youths: pd.Series, rejected: pd.Series, kept: pd.Series) -> NDArray[np.int32]:
    """Count the rejected wishes of each youth who has no other: it was not for want of wishing."""
    lost = np.zeros(len(youths), dtype=np.int32)
    if not len(rejected):
        return lost
    counts = rejected.value_counts()
    # Few youths have a rejected wish: only theirs are looked for among those that were kept.
    rows = np.flatnonzero(positions(youths, counts.index.to_series()) >= 0)
    at = positions(kept, youths.iloc[rows])
    rows = np.delete(rows, at[at >= 0])
    lost[rows] = youths.iloc[rows].map(counts)
    return lost


def _unread(youths: pd.Series, wished: Checked) -> pd.Series:
    """Return the lines of each youth's wishes that were rejected, ``3|7``; "" for none."""
    findings = wished.findings
    faulty = [line for _, _, _, line, *_ in findings.faults]
    rows = np.flatnonzero(findings.is_bad & np.isin(findings.lines, faulty))
    lines: dict[str, list[str]] = {}
    for youth_id, line in zip(
        wished.frame["youth_id"].iloc[rows], findings.lines[rows], strict=True
    ):
        lines.setdefault(youth_id, []).append(str(line))
    # Few youths have such a line: only they are looked for, and all others hold "".
    at = positions(pd.Series(list(lines), dtype="str"), youths)
    of_youth = np.full(len(youths), "", dtype=object)
    of_youth[at[at >= 0]] = ["|".join(f) for f, i in zip(lines.values(), at, strict=True) if i >= 0]
    return pd.Series(of_youth, dtype="str")


def _given(
    youths: Given | None,
    wishes: Given,
    offers: Given | Sequence[Given],
    formats: Mapping[str, str],
    known: Sequence[Source],
) -> list[tuple[Given, str, str | None]]:
    """Return what is to be read, each with its table and the format that is told, if any."""
    for role, name in formats.items():
        check_format(role, name, known)
    several = [offers] if isinstance(offers, str | Path | pd.DataFrame) else list(offers)
    if not several:
        raise UsageError(said("header.no_file", table=word("table", "offers")))
    people = [] if youths is None else [(youths, "youths")]
    given = [*people, (wishes, "wishes"), *((one, "offers") for one in several)]
    return [(one, role, formats.get(role)) for one, role in given]


def _read(
    given: Sequence[tuple[Given, str, str | None]],
    known: Sequence[Source],
    as_of: dt.date,
    settings: Settings,
) -> tuple[list[RawTable], list[RawTable]]:
    """Return the tables as they were read, and the contacts behind pseudonyms."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The tables of reference are put together while the files are split into cells.
        ready = beside.submit(_prepare, settings)
        found = take_in(given, known, as_of=as_of, names=settings.map)
        ready.result()
    return found


def _prepare(settings: Settings) -> None:
    """Build the look-ups that the checks share, once and for all of them."""
    nothing = pd.Series([], dtype="str")
    resolve_places(pd.DataFrame({"commune_code": nothing}), settings.communes_file)
    resolve_trades(nothing, settings)


def _file_of(table: Checked, settings: Settings) -> InputFile:
    """Return what the manifest says of the file of a table."""
    raw = table.raw
    notes = tuple(text_of(note, settings.lang) for note in raw.notes)
    sheets = raw.sheets.names if raw.sheets else ()
    return InputFile(
        role=raw.role,
        name=raw.file,
        sha256=raw.sha256,
        rows=table.n_rows,
        notes=notes,
        sheets=sheets,
    )


def _pooled_and_flagged(
    frames: dict[str, pd.DataFrame],
    rows: NDArray[np.intp],
    settings: Settings,
    as_of: dt.date,
    findings: Findings,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the offers that are kept, what was pooled, and what was flagged.

    The offers are taken out of `frames`, so that they are not kept beside their sorted copy.
    """
    offers = sorted_by_id(frames.pop("offers"), "offer_id", rows)
    kept, pooled = pool(offers, findings)
    del offers
    offer_frame, flagged = flag(with_words(kept, as_of, settings, findings), settings, findings)
    return offer_frame, pooled, flagged
