"""The three main tables, column by column: raw text to clean values and findings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.settings import Settings
from matchmaker.tables.checks.codes import check_contracts, check_levels, check_trades
from matchmaker.tables.checks.columns import check_column
from matchmaker.tables.checks.findings import Findings
from matchmaker.tables.checks.header import Columns, pick_columns
from matchmaker.tables.checks.places import (
    check_centres,
    check_places,
    check_regions,
    postal_codes,
)
from matchmaker.tables.raw import RawTable
from matchmaker.tables.schemas import TABLES

__all__ = [
    "Checked",
    "as_checked",
    "check_offers",
    "check_wishes",
    "check_youths",
    "read_columns",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One table after its own checks.

    Attributes
    ----------
    raw : RawTable
        What was read.
    frame : DataFrame
        Clean columns of every row, the faulty ones included, in the order of the file.
    findings : Findings
        Row `i` of `frame` is row `i` of its ``lines`` and ``is_bad``.
    n_rows : int
        Rows read, those without shape included.
    """

    raw: RawTable
    frame: pd.DataFrame
    findings: Findings
    n_rows: int


def check_youths(raw: RawTable, settings: Settings, *, as_of: dt.date) -> Checked:
    """Check a table of youths.

    Parameters
    ----------
    raw : RawTable
    settings : Settings
        ``reach_km`` and ``communes_file`` are read.
    as_of : date
        Bounds of birth dates.

    Raises
    ------
    InputError
        The header is unusable.
    """
    columns, findings, values = read_columns(raw, as_of)
    birth, is_year = _birth(values)
    places = check_places(_place_cells(values), findings, settings)
    reach = values["max_distance_km"]
    _count_shared_addresses(columns, values["email"], findings)
    frame = pd.DataFrame(
        {
            "youth_id": values["youth_id"],
            "birth_date": birth,
            "birth_is_year": is_year,
            "postal_code": postal_codes(values["postal_code"]),
            **_placed(places, "commune_code", "departement", "region_code", "latitude",
                      "longitude", "is_approximate"),
            "place_how": places["how"],
            "level": check_levels(values["level"], findings),
            "max_distance_km": np.where(np.isnan(reach), float(settings.reach_km), reach),
            "available_from": values["available_from"],
            "is_mobile": values["is_mobile"],
            "has_rqth": values["has_rqth"],
            "opt_out": values["opt_out"],
            "status": values["status"],
            "can_email": values["email"],
            "source": values["source"],
        }
    )  # fmt: skip
    return as_checked(raw, columns, frame, findings)


def check_wishes(raw: RawTable, settings: Settings, *, as_of: dt.date) -> Checked:
    """Check a table of wishes; parameters and errors as for `check_youths`."""
    columns, findings, values = read_columns(raw, as_of)
    rank = values["rank"]
    trades = check_trades(
        values["trade_code"],
        values["trade_label"],
        findings,
        settings,
        label_column="trade_label",
        diplomas={name: values[name] for name in ("diploma_code", "rncp_code")},
    )
    level = check_levels(values["level"], findings)
    places = check_centres(values["commune_code"], findings, settings)
    region = check_regions(values["region_code"], findings)
    frame = pd.DataFrame(
        {
            "youth_id": values["youth_id"],
            "rank": np.nan_to_num(rank, nan=0).astype(np.int16),
            "trade_codes": trades["trade_codes"],
            "trade_label": values["trade_label"],
            "trade_how": trades["trade_how"],
            "trade_confidence": trades["trade_confidence"],
            "level": np.where(level == 0, trades["level"].to_numpy(), level).astype(np.int8),
            "region_code": region.where(region != "", places["region_code"]),
            "commune_code": places["commune_code"],
            "source": values["source"],
        }
    )
    return as_checked(raw, columns, frame, findings)


def check_offers(raw: RawTable, settings: Settings, *, as_of: dt.date) -> Checked:
    """Check a table of offers; parameters and errors as for `check_youths`."""
    columns, findings, values = read_columns(raw, as_of)
    places = check_places(_place_cells(values), findings, settings)
    # A firm that takes spontaneous applications has the label of its activity for a title; an
    # offer says itself what it is for.
    is_firm = (values["kind"] == "spontaneous").to_numpy(dtype=bool)
    trades = check_trades(
        values["trade_code"],
        values["title"],
        findings,
        settings,
        label_column="title",
        activities=values["naf_code"].where(is_firm, ""),
    )
    capacity = values["capacity"]
    is_past = values["start_date"] < np.datetime64(as_of, "s")
    findings.count("default", "start_in_past", "start_date", np.flatnonzero(is_past))
    frame = pd.DataFrame(
        {
            "offer_id": values["offer_id"],
            "title": values["title"],
            **_placed(trades, "trade_codes", "trade_how", "trade_confidence"),
            "postal_code": postal_codes(values["postal_code"]),
            **_placed(places, "commune_code", "departement", "region_code", "place_name",
                      "latitude", "longitude", "is_approximate"),
            "level": check_levels(values["level"], findings),
            "capacity": np.nan_to_num(capacity, nan=1).astype(np.int32),
            "start_date": values["start_date"],
            "expiry_date": values["expiry_date"],
            "contract_type": check_contracts(values["contract_type"], findings),
            "status": values["status"],
            "employer": values["employer"],
            "siret": values["siret"].str.replace(" ", ""),
            "naf_code": values["naf_code"],
            "kind": values["kind"],
            "url": values["url"],
            "source": values["source"],
            "description": values["description"],
        }
    )  # fmt: skip
    return as_checked(raw, columns, frame, findings)


def read_columns(raw: RawTable, as_of: dt.date) -> tuple[Columns, Findings, dict[str, Any]]:
    """Find the columns and parse those whose cells speak for themselves."""
    columns = pick_columns(raw)
    findings = Findings(raw.role, raw.file, columns.lines)
    for header in columns.unknown:
        findings.add("warning", "unknown_column", header, 1)
    findings.add("repair", "blank_row", "", columns.blank_rows)
    values = {
        column.name: check_column(columns.cells.get(column.name), column, findings, as_of=as_of)
        for column in TABLES[raw.role]
    }
    return columns, findings, values


def as_checked(raw: RawTable, columns: Columns, frame: pd.DataFrame, findings: Findings) -> Checked:
    """Return a table with its clean columns; rows without shape join its faults."""
    faults = (*raw.faults, *columns.faults)
    findings.reject_lines(faults)
    return Checked(raw=raw, frame=frame, findings=findings, n_rows=len(frame) + len(faults))


def _birth(values: dict[str, Any]) -> tuple[Any, Any]:
    """Return birth dates; where only the year is known, its last day: nobody is made older."""
    birth, year = values["birth_date"].copy(), values["birth_year"]
    is_year = np.isnat(birth) & ~np.isnan(year)
    years = (year[is_year].astype(np.int64) - 1970).astype("datetime64[Y]")
    birth[is_year] = (years + 1).astype("datetime64[D]") - 1
    return birth, is_year


def _place_cells(values: dict[str, Any]) -> dict[str, pd.Series]:
    names = ("commune_code", "postal_code", "place_name", "latitude", "longitude")
    return {name: values[name] for name in names}


def _placed(frame: pd.DataFrame, *names: str) -> dict[str, pd.Series]:
    return {name: frame[name] for name in names}


def _count_shared_addresses(columns: Columns, is_usable: Any, findings: Findings) -> None:
    """Count youths who share an e-mail address: siblings, whom nothing may merge."""
    cells = columns.cells.get("email")
    if cells is None:
        return
    address = cells.str.strip().str.lower()
    shared = address.duplicated(keep=False).to_numpy(dtype=bool) & is_usable
    findings.count("warning", "shared_address", "email", np.flatnonzero(shared))
