"""Parcoursup: an export of wishes whose columns the user names in the settings.

No list of columns is public, so `Settings.parcoursup_columns` says which header
holds what.  Field by field: ``docs/reference/sources/parcoursup.md``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from matchmaker.errors import InputError, Issue, did_you_mean
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.schemas import OF_PEOPLE
from matchmaker.tables.sources.source import Head, Kind, table_in
from matchmaker.tables.sources.wish_files import cells, header_key, split
from matchmaker.words import Text, said

__all__ = ["Parcoursup"]

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
# Of the person alone; the INE is what `youth_id` is made of.
_CONTACT_FIELDS = ("email", *sorted(OF_PEOPLE - {"ine"}))
_TRAINING = ("trade_code", "trade_label", "diploma_code", "rncp_code")
_FIELDS = ("youth_id", *_CONTACT_FIELDS, *_YOUTH_FIELDS, *_WISH_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcoursup:
    """Youths, wishes and contacts of an export.

    Wishes for apprenticeship are not ranked there, so all of them are unranked and tie.

    Attributes
    ----------
    columns : mapping of str to str
        `Settings.parcoursup_columns`: field -> header of the file, compared without case,
        accents and signs. ``youth_id`` and one of trade_code, trade_label, diploma_code,
        rncp_code are needed.
    key : bytes or None
        Secret of the pseudonyms, from `matchmaker.tables.contacts`; None draws one from the
        set of youths in the file.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    key: bytes | None = field(default=None, repr=False)
    name: str = "parcoursup"
    kinds: frozenset[Kind] = frozenset({"youths", "wishes"})

    def recognises(self, head: Head) -> int:
        """Return 1 where all headers that the settings name stand in the file."""
        known = {header_key(header) for header in head.headers}
        is_whole = all(header_key(header) in known for header in self.columns.values())
        return int("youth_id" in self.columns and is_whole)

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return youths and wishes under pseudonyms, and the contacts behind these.

        Raises
        ------
        InputError
            The mapping lacks a needed field, uses an unknown one, or names a header
            that is not in the file; every fault is named.
        """
        del as_of  # days are taken over as they are written
        table = table_in(raw)
        headers = {header_key(h): h for h in reversed(list(table.frame.columns))}
        faults = _faults(table, self.columns, headers)
        if faults:
            raise InputError(faults)
        header_of = {name: headers[header_key(h)] for name, h in self.columns.items()}
        source = pd.Series(self.name, index=table.frame.index, dtype="str")
        unranked = pd.Series("", index=table.frame.index, dtype="str")

        def taken(fields: Mapping[str, str]) -> dict[str, pd.Series]:
            return {
                neutral: cells(table.frame, header_of[name])
                for name, neutral in fields.items()
                if name in header_of
            }

        return split(
            table,
            numbers=cells(table.frame, header_of["youth_id"]),
            key=self.key,
            youth_columns=taken(_YOUTH_FIELDS) | {"source": source},
            wish_columns=taken(_WISH_FIELDS) | {"rank": unranked, "source": source},
            contact_columns=taken({name: name for name in _CONTACT_FIELDS}),
            notes=("Parcoursup",),
        )


def _faults(raw: RawTable, columns: Mapping[str, str], headers: Mapping[str, str]) -> list[Issue]:
    """Return what is wrong with the mapping, for this file."""

    def issue(reason: str, column: str, message: Text, hint: Text) -> Issue:
        return Issue(reason=reason, file=raw.file, column=column, message=message, hint=hint)

    faults = [
        issue(
            "unknown_field",
            field,
            said("source.unknown_field"),
            did_you_mean(field, _FIELDS) or said("source.fields", names=list(_FIELDS)),
        )
        for field in columns
        if field not in _FIELDS
    ]
    faults += [
        issue(
            "column_missing",
            header,
            said("source.mapped_column", field=field),
            did_you_mean(header, raw.frame.columns) or said("source.name_a_column"),
        )
        for field, header in columns.items()
        if header_key(header) not in headers
    ]
    if "youth_id" not in columns:
        faults.append(
            issue(
                "field_not_mapped",
                "youth_id",
                said("source.number_not_mapped"),
                said("source.name_number"),
            )
        )
    if not any(field in columns for field in _TRAINING):
        faults.append(
            issue(
                "field_not_mapped",
                "trade_label",
                said("source.training_not_mapped"),
                said("source.map_one", names=list(_TRAINING)),
            )
        )
    return faults
