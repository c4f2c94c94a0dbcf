"""The three main tables, column by column: raw text to clean values and findings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.reference.lookup import repeated
from matchmaker.reference.trades import are_codes
from matchmaker.settings import Settings
from matchmaker.tables.checks.codes import (
    BLANK_WISH,
    check_contracts,
    check_levels,
    check_sirets,
    check_trades,
)
from matchmaker.tables.checks.columns import check_column
from matchmaker.tables.checks.diplomas import wished_diplomas
from matchmaker.tables.checks.findings import NOT_A_ROW, Findings
from matchmaker.tables.checks.header import Columns, pick_columns
from matchmaker.tables.checks.meanings import refuse_dates_of_two_readings, say_units
from matchmaker.tables.checks.mojibake import is_damaged
from matchmaker.tables.checks.places import check_centres, check_places, check_regions
from matchmaker.tables.checks.ranks import from_one
from matchmaker.tables.raw import RawTable
from matchmaker.tables.schemas import TABLES

# A superset of `is_damaged` in the dialect of RE2: few texts have any.
_MAY_BE_DAMAGED = "\ufffd|ï¿½|[ÃÂ]|â€|√|├"

__all__ = [
    "Checked",
    "as_checked",
    "blank_wishes",
    "check_offers",
    "check_wishes",
    "check_youths",
    "read_columns",
]

_DAYS_OF_A_YEAR = 365
# Of offers: read by the criterion of that name, where it is given a weight.
_OPTIONAL = ("hiring_chance", "answer_rate", "welcomes_disabled", "licence_asked")
# Of offers: kept for people and later use, read by no rule and no criterion.
_KEPT = ("size", "opco", "duration", "remote", "is_delegated")


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
    places = check_places(_place_cells(values, columns), findings, settings)
    reach = values["max_distance_km"]
    _count_shared_addresses(columns, values["email"], findings)
    frame = pd.DataFrame(
        {
            "youth_id": values["youth_id"],
            "birth_date": birth,
            "birth_is_year": is_year,
            **_placed(
                places,
                "postal_code",
                "commune_code",
                "departement",
                "region_code",
                "latitude",
                "longitude",
                "is_approximate",
            ),
            "place_how": places["how"],
            "level": check_levels(values["level"], findings),
            "max_distance_km": np.where(np.isnan(reach), float(settings.reach_km), reach),
            "reach_is_assumed": np.isnan(reach),
            "available_from": values["available_from"],
            "is_mobile": values["is_mobile"],
            "driving_licence": values["driving_licence"],
            "training_started_on": values["training_started_on"],
            "training_centre": values["training_centre"],
            "has_rqth": values["has_rqth"],
            "opt_out": values["opt_out"],
            "status": values["status"],
            "can_email": values["email"],
            "source": values["source"],
        }
    )
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
    # A youth without a wish is no error; a line that wishes nothing is none of theirs.
    findings.is_bad[blank_wishes(findings)] = True
    level = check_levels(values["level"], findings)
    places = check_centres(values["commune_code"], findings, settings)
    region = check_regions(values["region_code"], findings)
    is_elsewhere = (
        (region != "") & (places["region_code"] != "") & (region != places["region_code"])
    )
    findings.count("warning", "centre_elsewhere", "region_code", np.flatnonzero(is_elsewhere))
    level = np.where(level == 0, trades["level"].to_numpy(), level).astype(np.int8)
    label = _label(values["trade_label"], values["trade_code"])
    named = pd.DataFrame({n: values[n] for n in ("diploma_code", "rncp_code")})
    named["trade_label"] = label
    frame = pd.DataFrame(
        {
            "youth_id": values["youth_id"],
            "rank": np.nan_to_num(rank, nan=0).astype(np.int16),
            "trade_codes": trades["trade_codes"],
            "trade_label": _fit_to_show(label),
            "trade_how": trades["trade_how"],
            "trade_confidence": trades["trade_confidence"],
            "diplomas": wished_diplomas(named, level, settings),
            "level": level,
            "region_code": region.where(region != "", places["region_code"]),
            "commune_code": places["commune_code"],
            "source": values["source"],
        }
    )
    return as_checked(raw, columns, frame, findings)


def _label(labels: pd.Series, codes: pd.Series) -> pd.Series:
    """Return the words of each wish: under headers that were swapped they stand among the codes."""
    distinct = labels.drop_duplicates()
    is_swapped = labels.isin(distinct[distinct.map(are_codes).astype(bool)])
    if not is_swapped.any():
        return labels
    return labels.mask(is_swapped & ~codes.map(are_codes).astype(bool), codes)


def blank_wishes(findings: Findings) -> NDArray[np.intp]:
    """Return the rows of wishes that say no trade at all."""
    kind, reason, _ = BLANK_WISH
    rows = findings.rows.get((kind, reason, "trade_label"), [])
    return np.concatenate([np.zeros(0, dtype=np.intp), *rows])


def check_offers(raw: RawTable, settings: Settings, *, as_of: dt.date) -> Checked:
    """Check a table of offers; parameters and errors as for `check_youths`."""
    columns, findings, values = read_columns(raw, as_of)
    places = check_places(_place_cells(values, columns), findings, settings)
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
    level = check_levels(values["level"], findings)
    _count_past_starts(values["start_date"], values["expiry_date"], findings, as_of)
    frame = pd.DataFrame(
        {
            "offer_id": values["offer_id"],
            "title": _fit_to_show(values["title"]),
            **_placed(trades, "trade_codes", "trade_how", "trade_confidence"),
            "title_differs": trades["differs"],
            **_placed(
                places,
                "postal_code",
                "commune_code",
                "departement",
                "region_code",
                "place_name",
                "latitude",
                "longitude",
                "is_approximate",
            ),
            "level": level,
            # "Bac+2 à Bac+5" is no level, and yet says more than nothing.
            "level_cell": values["level"].where(level == 0, ""),
            "capacity": np.nan_to_num(capacity, nan=1).astype(np.int32),
            "start_date": values["start_date"],
            "expiry_date": values["expiry_date"],
            "contract_type": check_contracts(values["contract_type"], values["kind"], findings),
            "status": values["status"],
            "employer": _fit_to_show(values["employer"]),
            "siret": check_sirets(values["siret"], values["source"], findings),
            "naf_code": values["naf_code"],
            "kind": values["kind"],
            "url": values["url"],
            **{name: values[name] for name in (*_OPTIONAL, *_KEPT)},
            "delegated_by": _fit_to_show(values["delegated_by"]),
            "source": values["source"],
            "description": values["description"],
        }
    )
    return as_checked(raw, columns, frame, findings)


def read_columns(raw: RawTable, as_of: dt.date) -> tuple[Columns, Findings, dict[str, Any]]:
    """Find the columns and parse those whose cells speak for themselves."""
    columns = pick_columns(raw)
    # A copy of the columns: notes quote a rank as it was written.
    findings = Findings(raw.role, raw.file, columns.lines, dict(columns.cells), columns.sheets)
    for remark in raw.remarks:
        findings.add(remark.kind, remark.reason, remark.column, remark.count, remark.line)
    for header in columns.unknown:
        reason = "column_in_words" if header in columns.in_words else "unknown_column"
        findings.add("warning", reason, header, 1)
    for place, count in columns.headless.items():
        findings.add("warning", "column_without_header", place, count)
    findings.add("repair", "blank_row", "", columns.blank_rows)
    if raw.role == "wishes" and {"rank", "youth_id"} <= set(columns.cells):
        ranks = from_one(columns.cells["rank"], columns.cells["youth_id"], findings)
        columns.cells["rank"] = ranks
    values = {
        column.name: check_column(columns.cells.get(column.name), column, findings, as_of=as_of)
        for column in TABLES[raw.role]
    }
    refuse_dates_of_two_readings(columns.cells, findings)
    say_units(columns.cells, findings)
    return columns, findings, values


def as_checked(raw: RawTable, columns: Columns, frame: pd.DataFrame, findings: Findings) -> Checked:
    """Return a table with its clean columns; rows without shape join its faults."""
    faults = (*raw.faults, *columns.faults)
    findings.reject_lines(faults)
    without_shape = sum(fault.reason != NOT_A_ROW for fault in faults)
    return Checked(raw=raw, frame=frame, findings=findings, n_rows=len(frame) + without_shape)


def _birth(values: dict[str, Any]) -> tuple[Any, Any]:
    """Return birth dates; where only the year is known, its last day: nobody is made older."""
    birth, year = values["birth_date"].copy(), values["birth_year"]
    is_year = np.isnat(birth) & ~np.isnan(year)
    years = (year[is_year].astype(np.int64) - 1970).astype("datetime64[Y]")
    birth[is_year] = (years + 1).astype("datetime64[D]") - 1
    return birth, is_year


def _count_past_starts(start: Any, expiry: Any, findings: Findings, as_of: dt.date) -> None:
    """Count starts that have passed; name those of offers that nobody seems to have taken down.

    An offer that is still open starts as soon as possible.  One that should have started more
    than a year ago and does not say until when it stands is kept too, but is worth a look.
    """
    day = np.datetime64(as_of, "s")
    findings.count("default", "start_in_past", "start_date", np.flatnonzero(start < day))
    is_old = (start < day - np.timedelta64(_DAYS_OF_A_YEAR, "D")) & np.isnat(expiry)
    findings.count("warning", "start_long_past", "start_date", np.flatnonzero(is_old))


def _fit_to_show(texts: pd.Series) -> pd.Series:
    """Return texts that lists and mails show: one that is damaged is shown to nobody.

    Its trade has been looked up by then, and its row counts as before.
    """
    may_be = pc.match_substring_regex(pa.array(texts, type=pa.large_string()), _MAY_BE_DAMAGED)
    rows = np.flatnonzero(np.asarray(may_be))
    rows = rows[[is_damaged(text) for text in texts.iloc[rows].tolist()]]
    if not len(rows):
        return texts
    shown = texts.copy()
    shown.iloc[rows] = ""
    return shown


def _place_cells(values: dict[str, Any], columns: Columns) -> dict[str, pd.Series]:
    """Return the cells of a place in the columns that the file has: others are not named."""
    names = ("commune_code", "postal_code", "place_name", "latitude", "longitude")
    return {name: values[name] for name in names if name in columns.cells}


def _placed(frame: pd.DataFrame, *names: str) -> dict[str, pd.Series]:
    return {name: frame[name] for name in names}


def _count_shared_addresses(columns: Columns, is_usable: Any, findings: Findings) -> None:
    """Count youths who share an e-mail address: siblings, whom nothing may merge."""
    cells = columns.cells.get("email")
    if cells is None:
        return
    address = cells.str.strip().str.lower()
    shared = repeated(address) & is_usable
    findings.count("warning", "shared_address", "email", np.flatnonzero(shared))
