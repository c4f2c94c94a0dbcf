"""What earlier waves sent: the table `sent`, or the lists of an earlier run as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.errors import InputError, Issue
from matchmaker.settings import Settings
from matchmaker.tables.checks import quality_frame, rejects_frame
from matchmaker.tables.checks.notes import notes_frame
from matchmaker.tables.checks.tables import Checked, as_checked, read_columns
from matchmaker.tables.finish import refuse_if_spoilt
from matchmaker.tables.intake import read_given
from matchmaker.tables.mapping import mapped, under_title
from matchmaker.tables.raw import Given, InputFile, RawTable
from matchmaker.tables.schemas import columns_of, normal_name
from matchmaker.words import said, text_of, word

__all__ = ["Sent", "joined_sent", "load_sent", "no_sent"]

_FRAME = ("youth_id", "offer_id", "wave", "sent_at", "outcome", "state")
_OF_LISTS = frozenset({"rank", "score", "rung"})  # headers of a run's lists, never of `sent`
# The guard of our CSV files against formulas (`matchmaker.report.cells`) put this apostrophe.
_GUARD: Final = "(^|[;,|\"]\\s*)'('*[=+\\-@＝＋－＠﹦﹢﹣﹫])"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sent:
    """Lines that earlier waves sent, and what was found while reading them.

    Attributes
    ----------
    frame : DataFrame
        youth_id, offer_id, wave (str), sent_at (datetime64[s], NaT unknown), outcome (str),
        state (str); one row a pair, sorted by the bytes of both ids.
    rejects, notes, quality : DataFrame
        As in `matchmaker.tables.Tables`.
    files : tuple of InputFile
        For the manifest.
    """

    frame: pd.DataFrame
    rejects: pd.DataFrame
    notes: pd.DataFrame
    quality: pd.DataFrame
    files: tuple[InputFile, ...]


def load_sent(given: Given, *, settings: Settings, as_of: dt.date) -> Sent:
    """Read and check the table of what was sent.

    Parameters
    ----------
    given : path or DataFrame
        The table `sent`, or ``lists.csv`` or ``lists.parquet`` of an earlier run, whose
        further columns are not read. It may have no row: nothing was sent so far.
    settings : Settings
        ``max_rejected_share`` and ``max_rejected_rows`` are read.
    as_of : date
        Day of the run; what was sent after it is kept, and counted.

    Returns
    -------
    Sent
        A pair that was sent several times stands once, as it was sent last, in the gravest state
        that any of its rows has (what came back stands in another file). Ids need not
        be those of a youth or an offer of today: they may have left since.

    Raises
    ------
    UsageError
        The file is not there.
    InputError
        The file cannot be used, or too many of its rows cannot; every fault is named.

    Examples
    --------
    >>> lines = pd.DataFrame({"youth_id": ["Y2", "Y1"], "offer_id": ["O1", "O1"]})
    >>> load_sent(lines, settings=Settings(), as_of=dt.date(2023, 9, 15)).frame["youth_id"].tolist()
    ['Y1', 'Y2']
    """
    (raw,) = mapped([under_title(read_given(given, "sent"))], settings.map)
    if not isinstance(raw, RawTable):
        raise InputError(
            [
                Issue(
                    reason="unknown_json",
                    file=raw.file,
                    hint=said("header.flat_list_or_csv"),
                    message=said("header.not_a_list", table=word("of_table", "sent")),
                )
            ]
        )
    columns, findings, values = read_columns(_without_the_rest(raw), as_of)
    values["state"] = values["state"].replace("", "written")
    table = as_checked(raw, columns, pd.DataFrame(values), findings)
    if table.n_rows:
        refuse_if_spoilt([table], settings)
    is_ahead = values["sent_at"] > np.datetime64(as_of, "s")
    findings.count("warning", "sent_after_this_day", "sent_at", np.flatnonzero(is_ahead))
    rows = _last_sent(table)
    usable = table.frame[~findings.is_bad]
    return Sent(
        frame=_with_gravest(table.frame.iloc[rows][list(_FRAME)].reset_index(drop=True), usable),
        rejects=rejects_frame([findings], settings.lang),
        notes=notes_frame([(findings, table.frame)]),
        quality=quality_frame([findings]),
        files=(
            InputFile(
                role=raw.role,
                name=raw.file,
                sha256=raw.sha256,
                rows=table.n_rows,
                notes=tuple(text_of(note, settings.lang) for note in raw.notes),
                sheets=raw.sheets.names if raw.sheets else (),
            ),
        ),
    )


def joined_sent(parts: Sequence[Sent]) -> Sent:
    """Return what several tables say together: a pair of several stands once, as sent last.

    Parameters
    ----------
    parts : sequence of Sent
        One at least.

    Returns
    -------
    Sent

    Examples
    --------
    >>> one, two = (
    ...     load_sent(pd.DataFrame({"youth_id": "Y1", "offer_id": offers}), settings=Settings(),
    ...               as_of=dt.date(2023, 9, 15))
    ...     for offers in (["O1", "O2"], ["O2", "O3"])
    ... )
    >>> joined_sent([one, two]).frame["offer_id"].tolist()
    ['O1', 'O2', 'O3']
    """
    if len(parts) == 1:
        return parts[0]
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    order, is_older, _ = _in_order(frame)
    return Sent(
        frame=_with_gravest(frame.iloc[order[~is_older]].reset_index(drop=True), frame),
        rejects=pd.concat([part.rejects for part in parts], ignore_index=True),
        notes=pd.concat([part.notes for part in parts], ignore_index=True),
        quality=pd.concat([part.quality for part in parts], ignore_index=True),
        files=tuple(file for part in parts for file in part.files),
    )


def no_sent() -> pd.DataFrame:
    """Return the frame of `Sent` where nothing was sent.

    Examples
    --------
    >>> len(no_sent()), list(no_sent())
    (0, ['youth_id', 'offer_id', 'wave', 'sent_at', 'outcome', 'state'])
    """
    types = {name: "datetime64[s]" if name == "sent_at" else "str" for name in _FRAME}
    return pd.DataFrame(columns=list(_FRAME)).astype(types)


def _with_gravest(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return pairs, each once, in the gravest state that one of `rows` has for it."""
    if rows["state"].nunique() < 2:
        return frame
    order = [value for value, _ in columns_of("sent")["state"].choices]
    rank = rows["state"].map({state: place for place, state in enumerate(order)})
    least = rank.groupby([rows["youth_id"], rows["offer_id"]]).min()
    pairs = pd.MultiIndex.from_frame(frame[["youth_id", "offer_id"]])
    states = np.array(order, dtype=object)[least.reindex(pairs).to_numpy(dtype=np.int64)]
    return frame.assign(state=pd.array(states, dtype="str"))


def _without_the_rest(raw: RawTable) -> RawTable:
    """Return a run's lists with the columns of `sent` only, ids as they were in the run."""
    names = [normal_name(str(header)) for header in raw.frame.columns]
    if not set(names) >= _OF_LISTS:
        return raw
    kept = raw.frame.loc[:, [name in columns_of("sent") for name in names]]
    if "Parquet" in raw.notes:
        return replace(raw, frame=kept)
    return replace(raw, frame=kept.apply(_without_guard))


def _without_guard(cells: pd.Series) -> pd.Series:
    """Return texts of a CSV file of ours as they were before the guard."""
    texts = pa.array(cells, type=pa.large_string())
    if not pc.any(pc.match_substring(texts, "'")).as_py():
        return cells
    plain = pc.replace_substring_regex(texts, pattern=_GUARD, replacement=r"\1\2")
    return pd.Series(pd.array(plain, dtype="str"))


def _last_sent(table: Checked) -> NDArray[np.intp]:
    """Return the usable rows, one a pair, sorted by the bytes of its ids; count the others."""
    usable = np.flatnonzero(~table.findings.is_bad)
    order, is_older, is_copy = _in_order(table.frame.iloc[usable])
    rows = usable[order]
    findings = table.findings
    findings.count("left_out", "same_row_twice", "youth_id", rows[is_copy])
    findings.count("left_out", "sent_again", "youth_id", rows[is_older & ~is_copy])
    last: NDArray[np.intp] = rows[~is_older]
    return last


def _in_order(
    frame: pd.DataFrame,
) -> tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the rows by their ids, the last one of a pair last; which are older, which copies."""
    # The order of the columns decides which of two rows came last, whatever the file's order.
    keys = ["youth_id", "offer_id", "sent_at", "wave", "outcome"]
    lines = frame[keys].copy()
    # As numbers, days that are not known come before all others.
    lines["sent_at"] = lines["sent_at"].to_numpy().astype(np.int64)
    order: NDArray[np.intp] = pc.sort_indices(
        pa.Table.from_pandas(lines, preserve_index=False),
        sort_keys=[(key, "ascending") for key in keys],
    ).to_numpy()
    same = [_equals_next(lines[key].iloc[order]) for key in keys]
    is_older = same[0] & same[1]
    is_copy: NDArray[np.bool_] = np.logical_and.reduce(same)
    return order, is_older, is_copy


def _equals_next(column: pd.Series) -> NDArray[np.bool_]:
    """Tell which cells equal the one that follows; the last one equals none."""
    codes, _ = pd.factorize(column)
    return np.append(codes[1:] == codes[:-1], np.zeros(min(len(codes), 1), dtype=bool))
