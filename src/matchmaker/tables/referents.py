"""The table of referents: whom to name to youths with few lines or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchmaker.errors import InputError, Issue
from matchmaker.tables.checks import Findings, issues_of
from matchmaker.tables.checks.columns import check_column
from matchmaker.tables.checks.header import pick_columns
from matchmaker.tables.checks.places import check_regions
from matchmaker.tables.intake import read_given
from matchmaker.tables.mapping import mapped, under_title
from matchmaker.tables.raw import Given, InputFile, RawTable
from matchmaker.tables.schemas import TABLES
from matchmaker.words import said, word

__all__ = ["Referents", "load_referents", "no_referents"]

_DEFAULT_CAPACITY = 100  # youths a referent follows, where the file does not say


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Referents:
    """Whom to name to youths with few lines or none.

    Attributes
    ----------
    frame : DataFrame
        departement, commune_code, region_code, referent_name, referent_contact,
        capacity (int64).
    file : InputFile
        For the manifest.
    """

    frame: pd.DataFrame
    file: InputFile


def load_referents(
    given: Given, *, names: Mapping[str, Mapping[str, str]] | None = None
) -> Referents:
    """Read the table of referents.

    Parameters
    ----------
    given : path or DataFrame
    names : mapping of table to mapping of column to header
        As the setting ``map``.

    Returns
    -------
    Referents

    Raises
    ------
    UsageError
        The file is not there.
    InputError
        Any row of it is faulty: the table is short, and each row is somebody's referent.
    """
    (raw,) = mapped([under_title(read_given(given, "referents"))], names or {})
    if not isinstance(raw, RawTable):
        message = said("header.not_a_list", table=word("of_table", "referents"))
        hint = said("header.flat_list_or_csv")
        raise InputError([Issue(reason="unknown_json", file=raw.file, message=message, hint=hint)])
    columns = pick_columns(raw)
    findings = Findings("referents", raw.file, columns.lines, sheets=columns.sheets)
    findings.reject_lines((*raw.faults, *columns.faults))
    values = {
        c.name: check_column(columns.cells.get(c.name), c, findings, as_of=dt.date.max)
        for c in TABLES["referents"]
    }
    values["region_code"] = check_regions(pd.Series(values["region_code"]), findings)
    nameless = np.flatnonzero((values["referent_name"] == "").to_numpy(dtype=bool))
    findings.reject(
        nameless,
        reason="missing_name",
        column="referent_name",
        value="",
        message=said("cell.no_name"),
        hint=said("cell.no_name_hint"),
    )
    if findings.faults:
        raise InputError(issues_of([findings]))
    capacity = np.nan_to_num(values["capacity"], nan=_DEFAULT_CAPACITY).astype(np.int64)
    frame = pd.DataFrame({**values, "capacity": capacity})
    short = frame["departement"].str.fullmatch(r"\d")
    frame["departement"] = frame["departement"].where(~short, "0" + frame["departement"])
    file = InputFile(
        role=raw.role,
        name=raw.file,
        sha256=raw.sha256,
        rows=len(frame),
        sheets=raw.sheets.names if raw.sheets else (),
    )
    return Referents(frame=frame, file=file)


def no_referents() -> pd.DataFrame:
    """Return the frame of `Referents` where none were given.

    Examples
    --------
    >>> len(no_referents())
    0
    """
    columns = [column.name for column in TABLES["referents"]]
    types = {name: "int64" if name == "capacity" else "str" for name in columns}
    return pd.DataFrame(columns=columns).astype(types)
