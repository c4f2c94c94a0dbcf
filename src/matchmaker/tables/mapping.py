"""Headers of the user's own: which column each of them is, as ``--map`` and the settings say."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from matchmaker.errors import InputError, Issue, UsageError, did_you_mean
from matchmaker.tables.raw import JsonAnswer, RawTable, Remark
from matchmaker.tables.reading.header_rows import LOOKED_AT, is_header
from matchmaker.tables.schemas import TABLES, columns_of, normal_name
from matchmaker.tables.synonyms import may_mean, sheet_key
from matchmaker.words import said

__all__ = ["check_map", "header_option", "map_option", "mapped", "under_title"]


def map_option(role: str, column: str, header: str) -> str:
    """Return what to type so that a header is read as a column.

    Examples
    --------
    >>> map_option("youths", "postal_code", "code postal")
    '--map youths.postal_code="code postal"'
    """
    if set(header) & set('"$`\\!'):
        return f"--map {shlex.quote(f'{role}.{column}={header}')}"
    return f'--map {role}.{column}="{header}"'


def header_option(role: str, header: str) -> str:
    """Return what to type so that a header in words is read as the column that it may mean.

    Examples
    --------
    >>> header_option("youths", "Niveau")
    '--map youths.level="Niveau"'
    """
    return map_option(role, may_mean(role, header), header)


def check_map(names: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse a map of tables or columns that are not known.

    Raises
    ------
    UsageError
        All unknown names at once.
    """
    faults = [
        said("header.map_no_table", name=role, known=list(TABLES))
        for role in names
        if role not in TABLES
    ]
    faults += [
        said(
            "header.map_no_column",
            name=f"{role}.{column}",
            hint=did_you_mean(column, columns_of(role)),
        )
        for role, columns in names.items()
        if role in TABLES
        for column in columns
        if column not in columns_of(role)
    ]
    if faults:
        raise UsageError(*faults)


def mapped(
    raws: Sequence[RawTable | JsonAnswer], names: Mapping[str, Mapping[str, str]]
) -> list[RawTable | JsonAnswer]:
    """Return tables with the headers that a map names under their neutral names.

    A column mapped to "" is said to be absent: headers that look like it are not read.

    Raises
    ------
    InputError
        No file of the table has a header that the map names.
    """
    issues = [issue for role, columns in names.items() for issue in _missing(raws, role, columns)]
    if issues:
        raise InputError(issues)
    return [
        _renamed(raw, names[raw.role]) if isinstance(raw, RawTable) and raw.role in names else raw
        for raw in raws
    ]


def _missing(
    raws: Sequence[RawTable | JsonAnswer], role: str, columns: Mapping[str, str]
) -> Iterator[Issue]:
    """Name the headers of a map that no file of the table has."""
    tables = [raw for raw in raws if isinstance(raw, RawTable) and raw.role == role]
    headers = [str(header) for table in tables for header in table.frame.columns]
    keys = set(map(sheet_key, headers))
    for column, header in columns.items():
        if tables and header and sheet_key(header) not in keys:
            yield Issue(
                reason="map_no_header",
                file=tables[0].file,
                line=tables[0].header_line,
                column=column,
                message=said("header.map_no_header", header=header),
                hint=did_you_mean(header, headers),
            )


def _renamed(raw: RawTable, columns: Mapping[str, str]) -> RawTable:
    """Return one table with its headers renamed."""
    names = {sheet_key(header): column for column, header in columns.items() if header}
    absent = {column for column, header in columns.items() if not header}
    new = {str(h): names.get(sheet_key(str(h)), str(h)) for h in raw.frame.columns}
    frame = raw.frame.rename(columns=new)
    frame = frame.loc[
        :,
        [
            normal_name(str(h)) in columns_of(raw.role) or may_mean(raw.role, str(h)) not in absent
            for h in frame.columns
        ],
    ]
    sheets = raw.sheets
    if sheets is not None:
        sheets = replace(
            sheets,
            columns=tuple(
                {new.get(h, h): i for h, i in places.items()} for places in sheets.columns
            ),
        )
    return replace(raw, frame=frame, sheets=sheets)


def under_title(raw: RawTable | JsonAnswer) -> RawTable | JsonAnswer:
    """Return a table whose header stands in one of its first rows, under a title, with that header.

    Readers of text and workbooks look for it themselves; this is for data frames, Parquet and
    JSON, whose columns somebody named by the title.
    """
    if not isinstance(raw, RawTable) or is_header(raw.role, [str(h) for h in raw.frame.columns]):
        return raw
    for row in range(min(LOOKED_AT, len(raw.frame))):
        header = [str(cell).strip() for cell in raw.frame.iloc[row]]
        if is_header(raw.role, header):
            line = int(raw.lines[row])
            frame = raw.frame.iloc[row + 1 :].reset_index(drop=True).set_axis(header, axis=1)
            remark = Remark(kind="repair", reason="header_below", line=line)
            return replace(
                raw,
                frame=frame,
                lines=raw.lines[row + 1 :],
                header_line=line,
                remarks=(*raw.remarks, remark),
            )
    return raw
