"""Parcoursup: an export of wishes whose columns the user names in the settings.

No list of columns is public, so `Settings.parcoursup_columns` says which header
holds what.  Field by field: ``docs/reference/sources/parcoursup.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from matchmaker.errors import InputError, Issue, did_you_mean
from matchmaker.tables.raw import RawTable
from matchmaker.tables.sources.wish_files import WishFile, cells, header_key, split

__all__ = ["is_parcoursup", "to_tables"]

# Names that the mapping may use -> (table, neutral column).  Home and training
# centre are told apart by name, because the export holds both and a wrong one
# sends youths to the town of their school.
_YOUTH_FIELDS = {
    "birth_date": "birth_date",
    "birth_year": "birth_year",
    "home_postal_code": "postal_code",
    "home_commune_code": "commune_code",
    "home_place_name": "place_name",
    "max_distance_km": "max_distance_km",
    "available_from": "available_from",
    "is_mobile": "is_mobile",
    "has_rqth": "has_rqth",
    "opt_out": "opt_out",
}
_WISH_FIELDS = {
    "trade_code": "trade_code",
    "trade_label": "trade_label",
    "diploma_code": "diploma_code",
    "rncp_code": "rncp_code",
    "level": "level",
    "region_code": "region_code",
    "training_commune_code": "commune_code",
}
_TRAINING = ("trade_code", "trade_label", "diploma_code", "rncp_code")
_FIELDS = ("youth_id", "email", *_YOUTH_FIELDS, *_WISH_FIELDS)


def is_parcoursup(headers: Iterable[str], columns: Mapping[str, str]) -> bool:
    """Tell whether all headers that the settings name stand in the file."""
    known = {header_key(header) for header in headers}
    return "youth_id" in columns and all(header_key(h) in known for h in columns.values())


def to_tables(raw: RawTable, columns: Mapping[str, str], key: bytes | None) -> WishFile:
    """Return the youths, wishes and contacts of a Parcoursup export.

    Wishes for apprenticeship are not ranked there, so all of them are unranked
    and tie.

    Parameters
    ----------
    raw : RawTable
        The export as read.
    columns : mapping of str to str
        `Settings.parcoursup_columns`: field -> header of the file, compared without
        case, accents and signs. ``youth_id`` and one of trade_code, trade_label,
        diploma_code, rncp_code are needed.
    key : bytes or None
        Secret of the pseudonyms, from `matchmaker.tables.contacts`; None draws one
        from the set of youths in the file.

    Raises
    ------
    InputError
        The mapping lacks a needed field, uses an unknown one, or names a header
        that is not in the file; every fault is named.
    """
    headers = {header_key(h): h for h in reversed(list(raw.frame.columns))}
    faults = _faults(raw, columns, headers)
    if faults:
        raise InputError(faults)
    header_of = {field: headers[header_key(h)] for field, h in columns.items()}
    source = pd.Series("parcoursup", index=raw.frame.index, dtype="str")
    unranked = pd.Series("", index=raw.frame.index, dtype="str")

    def taken(fields: Mapping[str, str]) -> dict[str, pd.Series]:
        return {
            neutral: cells(raw.frame, header_of[field])
            for field, neutral in fields.items()
            if field in header_of
        }

    return split(
        raw,
        numbers=cells(raw.frame, header_of["youth_id"]),
        number_header=header_of["youth_id"],
        key=key,
        youth_columns=taken(_YOUTH_FIELDS) | {"source": source},
        wish_columns=taken(_WISH_FIELDS) | {"rank": unranked, "source": source},
        emails=[cells(raw.frame, header_of["email"])] if "email" in header_of else [],
        notes=("Parcoursup",),
    )


def _faults(raw: RawTable, columns: Mapping[str, str], headers: Mapping[str, str]) -> list[Issue]:
    """Return what is wrong with the mapping, for this file."""

    def issue(reason: str, column: str, message: str, hint: str) -> Issue:
        return Issue(reason=reason, file=raw.file, column=column, message=message, hint=hint)

    faults = [
        issue(
            "unknown_field",
            field,
            "is no field that 'parcoursup_columns' may map",
            did_you_mean(field, _FIELDS) or f"It may map {', '.join(_FIELDS)}.",
        )
        for field in columns
        if field not in _FIELDS
    ]
    faults += [
        issue(
            "column_missing",
            header,
            f"is not there, but 'parcoursup_columns' takes '{field}' from it",
            did_you_mean(header, raw.frame.columns) or "Name a column of this file.",
        )
        for field, header in columns.items()
        if header_key(header) not in headers
    ]
    if "youth_id" not in columns:
        faults.append(
            issue(
                "field_not_mapped",
                "youth_id",
                "is not mapped by the setting 'parcoursup_columns'",
                "Name the column that holds the candidate's number.",
            )
        )
    if not any(field in columns for field in _TRAINING):
        faults.append(
            issue(
                "field_not_mapped",
                "trade_label",
                "is not mapped by the setting 'parcoursup_columns', nor is any other training",
                f"Map one of {', '.join(_TRAINING)}.",
            )
        )
    return faults
