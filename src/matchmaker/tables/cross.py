"""Checks across rows and tables: ids that stand twice, wishes of nobody, wishes made twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.reference.lookup import is_among, repeated
from matchmaker.tables.checks import Checked, blank_wishes
from matchmaker.tables.lost_zeros import ids_with_zeros
from matchmaker.words import said

__all__ = [
    "check_ids",
    "check_wish_rows",
    "count_without_wish",
    "joined_offers",
    "positions",
    "reject_ids_of_other_files",
]

# Letters of other alphabets that look like a Latin one, and digits like letters do.
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅАЕОРСУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧавекмнорстухіјѕο",
    "ABEKMHOPCTYXIJSAEOPCYXIJSABEZHIKMNOPTYXabekmhopctyxijso",
)
_DIGITS = str.maketrans("oil", "011")


def _skeleton(text: str) -> str:
    """Return an id in the form in which look-alikes are equal."""
    folded = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES).casefold()
    return folded.replace(" ", "").translate(_DIGITS)


def check_ids(table: Checked) -> None:
    """Reject rows whose id stands on an earlier line; warn of ids that differ by case only.

    Rows that are wholly the same are dropped and counted; of rows that contradict each
    other the first line stands, and both lines are named.
    """
    findings, frame = table.findings, table.frame
    name = "offer_id" if "offer_id" in frame else "youth_id"
    usable = np.flatnonzero(~findings.is_bad)
    ids = frame[name].iloc[usable]
    codes, distinct = pd.factorize(ids)
    if len(distinct) < len(usable):
        first = np.full(len(distinct), -1, dtype=np.int64)
        first[codes[::-1]] = usable[::-1]
        again = np.flatnonzero(usable != first[codes])
        rows, originals = usable[again], first[codes[again]]
        is_same = _rows_equal(frame, rows, originals)
        findings.count("left_out", "same_row_twice", name, rows[is_same])
        conflict, before = rows[~is_same], originals[~is_same]
        findings.reject(
            conflict,
            reason="duplicate_id",
            column=name,
            value=frame[name].iloc[conflict],
            message=[said("cell.duplicate_id", line=findings.lines[row]) for row in before],
            hint=said("cell.duplicate_id_hint"),
        )
        findings.is_bad[rows] = True
    folded = pd.Series(distinct, dtype="str").str.lower()
    if not folded.equals(pd.Series(distinct)):
        twins = repeated(folded)
        findings.count("warning", "ids_differ_by_case", name, usable[twins[codes]])


def _rows_equal(
    frame: pd.DataFrame, rows: NDArray[np.intp], others: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell which rows equal their counterpart in every clean column."""
    left = frame.iloc[rows].reset_index(drop=True)
    right = frame.iloc[others].reset_index(drop=True)
    same = (left == right) | (left.isna() & right.isna())
    return np.asarray(same.to_numpy(dtype=bool).all(axis=1), dtype=bool)


def reject_ids_of_other_files(tables: Sequence[Checked]) -> None:
    """Reject offers whose id an earlier file has too."""
    seen = pd.Series([], dtype="str")
    for table in tables if len(tables) > 1 else ():
        findings, frame = table.findings, table.frame
        usable = np.flatnonzero(~findings.is_bad)
        taken = usable[is_among(frame["offer_id"].iloc[usable], seen)]
        findings.reject(
            taken,
            reason="duplicate_id",
            column="offer_id",
            value=frame["offer_id"].iloc[taken],
            message=said("cell.id_in_other_file"),
            hint=said("cell.id_in_other_file_hint"),
        )
        seen = pd.concat([seen, frame["offer_id"][~findings.is_bad]])


def joined_offers(tables: Sequence[Checked]) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return the offers of all files, and which of its rows are usable."""
    if len(tables) == 1:
        return tables[0].frame, np.flatnonzero(~tables[0].findings.is_bad)
    joined = pd.concat([table.frame[~table.findings.is_bad] for table in tables], ignore_index=True)
    return joined, np.arange(len(joined))


def positions(ids: pd.Series, among: pd.Series) -> NDArray[np.int64]:
    """Return where each id stands in `among`, -1 for nowhere.

    Examples
    --------
    >>> positions(pd.Series(["b", "x"], dtype="str"), pd.Series(["a", "b"], dtype="str")).tolist()
    [1, -1]
    """
    known = pa.array(among, type=pa.large_string())
    found = pc.index_in(pa.array(ids, type=pa.large_string()), value_set=known)
    return np.asarray(pc.fill_null(found, -1)).astype(np.int64)


def check_wish_rows(wishes: Checked, youths: Checked) -> None:
    """Check wishes against the youths and against each other.

    A wish of a youth who is not in the table is rejected; one of a youth whose own row
    was rejected is left out with it.  A wish made twice (the same trade, level, region and
    training centre, as for two schools whose place is not known) counts once, at its
    better rank; that is no fault of the file.
    """
    findings, frame = wishes.findings, wishes.frame
    usable = np.flatnonzero(~findings.is_bad)
    owner = youths.frame["youth_id"][~youths.findings.is_bad]
    at = positions(frame["youth_id"].iloc[usable], owner)
    lost = usable[at < 0]
    possible: dict[str, str] = {}
    if len(lost):
        ids = frame["youth_id"].iloc[usable]
        certain, possible = ids_with_zeros(ids.iloc[at < 0].unique(), ids, youths.frame["youth_id"])
        mended = lost[is_among(frame["youth_id"].iloc[lost], certain)]
        if len(mended):
            written = frame["youth_id"].iloc[mended].tolist()
            frame.loc[mended, "youth_id"] = [certain[text] for text in written]
            findings.count("repair", "id_zeros", "youth_id", mended)
            _say_shortened(youths, certain)
            at = positions(frame["youth_id"].iloc[usable], owner)
            lost = usable[at < 0]
    if len(lost):
        rejected = youths.frame["youth_id"][youths.findings.is_bad]
        goes_along = is_among(frame["youth_id"].iloc[lost], rejected)
        findings.count("left_out", "youth_rejected", "youth_id", lost[goes_along])
        findings.is_bad[lost] = True
        _reject_orphans(wishes, lost[~goes_along], owner, possible)
    _leave_out_repeats(wishes, usable[at >= 0], at[at >= 0])


def count_without_wish(youths: Checked, wishes: Checked) -> None:
    """Count the youths who seek and have no line of wishes: no error, a person's work."""
    frame, findings = youths.frame, youths.findings
    is_blank = np.zeros(len(wishes.frame), dtype=bool)
    is_blank[blank_wishes(wishes.findings)] = True
    is_seeking = (frame["status"] == "seeking").to_numpy() & ~frame["opt_out"].to_numpy(dtype=bool)
    has_wish = is_among(frame["youth_id"], wishes.frame["youth_id"][~is_blank])
    rows = np.flatnonzero(is_seeking & ~has_wish & ~findings.is_bad)
    findings.count("warning", "without_wish", "youth_id", rows)


def _say_shortened(youths: Checked, certain: Mapping[str, str]) -> None:
    """Name youths whose own id lost the zeros: lists will bear it as it stands."""
    short = [known for text, known in certain.items() if len(known) < len(text)]
    rows = np.flatnonzero(youths.frame["youth_id"].isin(short))
    youths.findings.count("warning", "id_lost_zeros", "youth_id", rows)


def _reject_orphans(
    wishes: Checked, rows: NDArray[np.intp], owner: pd.Series, possible: Mapping[str, str]
) -> None:
    """Reject wishes of nobody; an id that looks like a known one is said."""
    ids = wishes.frame["youth_id"].iloc[rows]
    known = {_skeleton(text): text for text in owner} if len(rows) else {}
    hints = {
        text: said("cell.zeros_lost", id=text, known=possible[text])
        if text in possible
        else said("cell.looks_like", known=known[key])
        if (key := _skeleton(text)) in known
        else said("cell.add_youth")
        for text in ids.unique()
    }
    wishes.findings.reject(
        rows,
        reason="unknown_youth",
        column="youth_id",
        value=ids,
        message=said("cell.unknown_youth"),
        hint=[hints[text] for text in ids],
    )


def _leave_out_repeats(wishes: Checked, rows: NDArray[np.intp], owner: NDArray[np.int64]) -> None:
    """Leave out wishes made again, at the same or a lesser rank; count ranks that are tied."""
    findings = wishes.findings
    names = ("rank", "trade_codes", "trade_label", "level", "region_code", "commune_code")
    ranks, trade, label, *rest = (wishes.frame[name].iloc[rows] for name in names)
    rank = ranks.to_numpy(dtype=np.int64)
    # Wishes whose trade is not known are the same only if their labels are.
    what = [trade, label.where(trade == "", ""), *rest]
    same = _packed([owner, *(pd.factorize(column)[0] for column in what)])
    # Best rank first, unranked last; the sort is stable, so the first line wins a tie.
    order = np.lexsort((np.where(rank == 0, 1 << 20, rank), same))
    is_again = np.zeros(len(rows), dtype=bool)
    is_again[order[1:]] = same[order[1:]] == same[order[:-1]]
    if is_again.any():
        first = np.flatnonzero(~is_again[order])
        best = np.zeros(len(rows), dtype=np.int64)
        best[order] = np.repeat(order[first], np.diff(np.append(first, len(order))))
        at_other_rank = is_again & (rank != rank[best])
        findings.count("left_out", "wish_twice", "youth_id", rows[is_again & ~at_other_rank])
        findings.count("left_out", "trade_at_two_ranks", "rank", rows[at_other_rank])
        findings.is_bad[rows[is_again]] = True
    ranked = np.flatnonzero(~is_again & (rank > 0))
    place = owner[ranked].astype(np.int64) * 2048 + rank[ranked]
    tied = pd.Series(place).duplicated(keep=False).to_numpy(dtype=bool)
    findings.count("warning", "rank_twice", "rank", rows[ranked[tied]])


def _packed(keys: Sequence[NDArray[np.integer]]) -> NDArray[np.int64]:
    """Return one number for each combination of small numbers."""
    packed = np.zeros(len(keys[0]), dtype=np.int64)
    room = 1
    for key in keys:
        size = int(key.max(initial=0)) + 1
        if room * size >= 1 << 62:
            packed = pd.factorize(packed)[0].astype(np.int64)
            room = int(packed.max(initial=0)) + 1
        packed = packed * size + key
        room *= size
    return packed
