"""Files or frames in, clean tables out: the way through this room from top to bottom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.reference.places import resolve_places
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings
from matchmaker.tables.checks import (
    Findings,
    check_offers,
    check_wishes,
    check_youths,
    quality_frame,
    rejects_frame,
    to_issues,
)
from matchmaker.tables.checks.columns import check_column
from matchmaker.tables.checks.header import pick_columns
from matchmaker.tables.cross import check_ids, check_wish_rows, join_offers
from matchmaker.tables.finish import flag, pool, refuse_if_spoilt, sorted_by_id, sorted_wishes
from matchmaker.tables.intake import Source, all_or_faults, check_format, read_source, take_in
from matchmaker.tables.raw import InputFile, RawTable
from matchmaker.tables.schemas import TABLES

__all__ = ["Source", "Tables", "load", "load_referents"]

_CHECKS = {"youths": check_youths, "wishes": check_wishes, "offers": check_offers}
_DEFAULT_CAPACITY = 100  # youths a referent follows, where the file does not say


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
        One row a fault that costs its row: table, file, line, column, value, reason,
        message, hint; sorted by file and line.
    quality : DataFrame
        Counts: table, kind (``repair``, ``default``, ``warning``, ``rejected``,
        ``left_out``, ``flag``), reason, column, count, example_line.
    files : tuple of InputFile
    pooled : DataFrame
        Offers that were found again under another id, and what they were merged into.
    flagged : DataFrame
        offer_id, flags, is_left_out: offers that a person should look at.
    contacts : DataFrame
        Addresses behind pseudonyms (Affelnet, Parcoursup); personal, never in a run's
        folder; no row for neutral tables.
    """

    youths: pd.DataFrame
    wishes: pd.DataFrame
    offers: pd.DataFrame
    rejects: pd.DataFrame
    quality: pd.DataFrame
    files: tuple[InputFile, ...]
    pooled: pd.DataFrame
    flagged: pd.DataFrame
    contacts: pd.DataFrame


def load(
    youths: Source | None,
    wishes: Source,
    offers: Source | Sequence[Source],
    *,
    as_of: dt.date,
    settings: Settings,
    youths_format: str | None = None,
    wishes_format: str | None = None,
    offers_format: str | None = None,
    contacts_key: bytes | None = None,
) -> Tables:
    """Read and check the tables of a run.

    Parameters
    ----------
    youths : path, DataFrame or None
        None where the wishes file holds both (Affelnet, Parcoursup).
    wishes : path or DataFrame
    offers : path or DataFrame, or several
        Several are pooled: an offer that stands in two sources is kept once.
    as_of : date
        Day of the run.
    settings : Settings
    youths_format, wishes_format, offers_format : str, optional
        Source of a file; by default it is recognised by its content.
    contacts_key : bytes, optional
        Secret of the pseudonyms (`matchmaker.tables.contacts`).

    Returns
    -------
    Tables

    Raises
    ------
    UsageError
        A file is not there, or a format is not known.
    InputError
        A file cannot be used, or too many of its rows cannot; every fault is named.
    """
    formats = {"youths": youths_format, "wishes": wishes_format, "offers": offers_format}
    for role, name in formats.items():
        check_format(role, name)
    several = [offers] if isinstance(offers, str | Path | pd.DataFrame) else list(offers)
    if not several:
        raise UsageError("offers: no file is given.")
    given = [*([] if youths is None else [(youths, "youths")]), (wishes, "wishes"),
             *((source, "offers") for source in several)]  # fmt: skip
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The tables of reference are put together while the files are split into cells.
        ready = beside.submit(_prepare, settings)
        raws, contacts = take_in(
            [(source, role, formats[role]) for source, role in given], settings, contacts_key
        )
        ready.result()
    checked = all_or_faults(
        [partial(_CHECKS[raw.role], raw, settings, as_of=as_of) for raw in raws],
        sizes=[raw.frame.size for raw in raws],
    )
    people = next(table for table in checked if table.raw.role == "youths")
    wished = next(table for table in checked if table.raw.role == "wishes")
    offered = [table for table in checked if table.raw.role == "offers"]
    for table in (people, *offered):
        check_ids(table)
    check_wish_rows(wished, people)
    joined = join_offers(offered)
    refuse_if_spoilt(checked, settings)

    extra = Findings("offers", "", np.zeros(0, dtype=np.int64))
    with ThreadPoolExecutor(max_workers=1) as beside:
        of_offers = beside.submit(_pooled_and_flagged, *joined, len(offered), settings, extra)
        youth_frame = sorted_by_id(
            people.frame, "youth_id", np.flatnonzero(~people.findings.is_bad)
        )
        wish_frame = sorted_wishes(
            wished.frame, np.flatnonzero(~wished.findings.is_bad), youth_frame["youth_id"]
        )
    offer_frame, pooled, flagged = of_offers.result()
    return Tables(
        youths=youth_frame,
        wishes=wish_frame,
        offers=offer_frame,
        rejects=rejects_frame(table.findings for table in checked),
        quality=quality_frame([*(table.findings for table in checked), extra]),
        files=tuple(
            InputFile(role=table.raw.role, name=table.raw.file, sha256=table.raw.sha256,
                      rows=table.n_rows, notes=table.raw.notes)
            for table in checked
        ),
        pooled=pooled,
        flagged=flagged,
        contacts=contacts,
    )  # fmt: skip


def _prepare(settings: Settings) -> None:
    """Build the look-ups that the checks share, once and for all of them."""
    nothing = pd.Series([], dtype="str")
    resolve_places(pd.DataFrame({"commune_code": nothing}), settings.communes_file)
    resolve_trades(nothing, settings)


def _pooled_and_flagged(
    offers: pd.DataFrame,
    rows: NDArray[np.intp],
    n_files: int,
    settings: Settings,
    findings: Findings,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the offers that are kept, what was pooled, and what was flagged."""
    kept, pooled = pool(offers, rows, n_files, findings)
    offer_frame, flagged = flag(kept, settings, findings)
    return offer_frame, pooled, flagged


def load_referents(source: Source) -> pd.DataFrame:
    """Read the table of referents.

    Returns
    -------
    DataFrame
        departement, commune_code, referent_name, referent_contact, capacity (int64).

    Raises
    ------
    UsageError
        The file is not there.
    InputError
        Any row of it is faulty: the table is short, and each row is somebody's referent.
    """
    raw = read_source(source, "referents")
    if not isinstance(raw, RawTable):
        raise InputError([
            Issue(reason="unknown_json", file=raw.file, message="is JSON, but no list of referents",
                  hint="Give a list of flat objects, or CSV.")
        ])  # fmt: skip
    columns = pick_columns(raw)
    findings = Findings("referents", raw.file, columns.lines)
    findings.reject_lines((*raw.faults, *columns.faults))
    values = {
        c.name: check_column(columns.cells.get(c.name), c, findings, as_of=dt.date.max)
        for c in TABLES["referents"]
    }
    nameless = np.flatnonzero((values["referent_name"] == "").to_numpy(dtype=bool))
    findings.reject(nameless, reason="missing_name", column="referent_name", value="",
                    message="is empty", hint="Every row needs a name.")  # fmt: skip
    if findings.faults:
        raise InputError(to_issues(rejects_frame([findings])))
    capacity = np.nan_to_num(values["capacity"], nan=_DEFAULT_CAPACITY).astype(np.int64)
    frame = pd.DataFrame({**values, "capacity": capacity})
    short = frame["departement"].str.fullmatch(r"\d")
    frame["departement"] = frame["departement"].where(~short, "0" + frame["departement"])
    return frame
