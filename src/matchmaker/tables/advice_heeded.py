"""What advisers' words change in the clean tables, and what is kept of each word.

A contract found places the youth and takes a seat; a broken one brings the youth back; a new
trade is a wish before all others; who is not to be called again is opposed.  What is said of
single lines changes no table: `matchmaker.lists` obeys it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from matchmaker.settings import Settings
from matchmaker.tables.advice import OF_ADVISER, SIREN_SIGNS, AdviceRead, AdviceRow
from matchmaker.tables.advice_decided import Verdict, at_odds, decided, events_of
from matchmaker.tables.checks import quality_frame, rejects_frame
from matchmaker.tables.checks.notes import notes_frame
from matchmaker.tables.checks.tables import check_wishes
from matchmaker.tables.finish import sorted_wishes
from matchmaker.tables.load import Tables
from matchmaker.tables.oppositions import OPPOSED
from matchmaker.tables.reading.frames import from_frame
from matchmaker.words import said

__all__ = ["ADVICE", "heed_advice", "no_advice"]

ADVICE = ("youth_id", "offer_id", "siren", "word", "value", "on", "state", "rule", "seats")
"""Columns of what is kept: all text, but ``seats`` (int32)."""

PLACED, SEEKING = "placed", "seeking"
_GONE: Verdict = ("gone", "youth_gone")
_OFFER_GONE: Verdict = ("gone", "offer_gone")
_CODE = re.compile(r"[A-N][0-9]{4}")
_CONTRACT, _BROKEN = "contract", "broken"


@dataclass(slots=True, kw_only=True)
class _Word:
    """A word with what is decided of it."""

    row: AdviceRow
    word: str
    state: str
    rule: str
    value: str
    offer_id: str
    seats: int = 0

    @property
    def is_heeded(self) -> bool:
        """Whether it changes anything."""
        return self.state == "heeded"


def no_advice() -> pd.DataFrame:
    """Return what is kept where nobody said anything.

    Examples
    --------
    >>> len(no_advice())
    0
    """
    return _frame([])


def heed_advice(
    tables: Tables,
    read: AdviceRead,
    sent: pd.DataFrame | None,
    *,
    settings: Settings,
    as_of: dt.date,
) -> tuple[Tables, pd.DataFrame]:
    """Change the clean tables as advisers' words say, and return what is kept of the words.

    Parameters
    ----------
    tables : Tables
    read : AdviceRead
    sent : DataFrame or None
        Lines of earlier waves: which offer of a firm a youth was shown.
    settings : Settings
    as_of : date

    Returns
    -------
    tables : Tables
        What was found in the words stands in its rejects, notes, quality and files too.
    advice : DataFrame
        `ADVICE`, sorted by the bytes of all columns.
    """
    words = _words(tables, read.rows, as_of)
    wishes = _with_trades(tables, words, read, settings, as_of)
    offers = _without_seats(tables.offers, words, sent)
    status = _states(tables.youths, words)
    for file, findings in enumerate(read.findings):
        for reason, rows in _doubts(words, read.rows, file).items():
            findings.count("warning", reason, "word", np.array(rows, dtype=np.intp))
    blank = pd.DataFrame()
    changed = replace(
        tables,
        youths=tables.youths.assign(status=status),
        wishes=wishes,
        offers=offers,
        rejects=pd.concat(
            [tables.rejects, rejects_frame(read.findings, settings.lang)], ignore_index=True
        ),
        notes=pd.concat(
            [tables.notes, notes_frame((found, blank) for found in read.findings)],
            ignore_index=True,
        ),
        quality=pd.concat([tables.quality, quality_frame(read.findings)], ignore_index=True),
        files=(*tables.files, *read.files),
    )
    return changed, _frame(words)


def _words(tables: Tables, rows: Sequence[AdviceRow], as_of: dt.date) -> list[_Word]:
    """Return each word once, with what is decided of it; those of who has left among them."""
    pooled = dict(zip(tables.pooled["offer_id"], tables.pooled["kept_offer_id"], strict=True))
    named = _once(replace(row, offer_id=pooled.get(row.offer_id, row.offer_id)) for row in rows)
    siret = tables.offers["siret"]
    siren = dict(zip(tables.offers["offer_id"], siret.str[:SIREN_SIGNS], strict=True))
    kinds = {
        at: kind for events in events_of(named, as_of.isoformat()).values()
        for _, kind, at in events
    }  # fmt: skip
    youths = frozenset(tables.youths["youth_id"])
    words = []
    for at, (row, (state, rule)) in enumerate(
        zip(named, decided(named, siren, as_of.isoformat()), strict=True)
    ):
        kind = kinds.get(at)
        word = row.word if kind is None else (_CONTRACT, _BROKEN)[kind]
        verdict: Verdict = (state, rule)
        if row.youth_id not in youths:
            verdict = _GONE if state == "heeded" else verdict
        elif word in ("pin", "ban", "order") and row.offer_id and row.offer_id not in siren:
            verdict = _OFFER_GONE if state == "heeded" else verdict
        value = row.value if kind is None or row.word == word else row.signed_on or row.on
        words.append(
            _Word(
                row=row, word=word, state=verdict[0], rule=verdict[1], value=value,
                offer_id=row.offer_id,
            )
        )  # fmt: skip
    return words


def _once(rows: Iterable[AdviceRow]) -> list[AdviceRow]:
    """Return the words, each once: two persons may say the same."""
    found = {replace(row, file=0, row=0, by=""): row for row in rows}
    return list(found.values())


def _states(youths: pd.DataFrame, words: Iterable[_Word]) -> pd.Series:
    """Return the status of each youth after all words."""
    said_of: dict[str, set[str]] = {_CONTRACT: set(), _BROKEN: set(), "outcome": set()}
    for one in words:
        if one.is_heeded and one.word in said_of:
            said_of[one.word].add(one.row.youth_id)
    status, ids = youths["status"].copy(), youths["youth_id"]
    status[ids.isin(said_of[_BROKEN]) & status.eq(PLACED)] = SEEKING
    status[ids.isin(said_of[_CONTRACT]) & status.ne(OPPOSED)] = PLACED
    status[ids.isin(said_of["outcome"]) & status.eq(SEEKING)] = OPPOSED
    return status


def _without_seats(
    offers: pd.DataFrame, words: Sequence[_Word], sent: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the offers less the seats that contracts took; each word gets its offer and its seats.

    Where a firm has several offers: one that the youth was sent, a published one, the one with
    most seats left, the first id.
    """
    taken = [one for one in words if one.word == _CONTRACT and one.state in ("heeded", "gone")]
    if not taken:
        return offers
    ids = offers["offer_id"].tolist()
    at = {offer_id: row for row, offer_id in enumerate(ids)}
    seats = offers["capacity"].to_numpy(dtype=np.int32)
    left = seats.copy()
    is_firm = offers["kind"].eq("spontaneous").to_numpy(dtype=bool)
    of_site: dict[str, list[int]] = {}
    sites = {one.row.siret for one in taken if len(one.row.siret) > SIREN_SIGNS}
    for row in np.flatnonzero(offers["siret"].isin(sites).to_numpy(dtype=bool)).tolist():
        of_site.setdefault(str(offers["siret"].iloc[row]), []).append(row)
    shown = frozenset[tuple[str, str]]()
    if sent is not None:
        shown = frozenset(zip(sent["youth_id"], sent["offer_id"], strict=True))
    for one in sorted(taken, key=lambda one: (one.value, one.row.youth_id.encode())):
        youth = one.row.youth_id
        its = [at[one.offer_id]] if one.offer_id in at else of_site.get(one.row.siret, [])
        if not its:
            one.offer_id = ""
            continue
        row = max(
            its,
            key=lambda row: (
                left[row] > 0, (youth, ids[row]) in shown, not is_firm[row], left[row], -row
            ),
        )  # fmt: skip
        left[row] = max(left[row] - 1, 0)
        one.offer_id, one.seats = ids[row], int(seats[row])
    return offers.assign(capacity=left)


def _with_trades(
    tables: Tables, words: Sequence[_Word], read: AdviceRead, settings: Settings, as_of: dt.date
) -> pd.DataFrame:
    """Return the wishes with those that advisers added, each before all others of its youth.

    The word gets the codes of its trade in the place of what was written; where nobody
    understands it, its row is rejected.
    """
    asked = [one for one in words if one.word == "trade" and one.is_heeded]
    for one in words:
        if one.word == "trade" and not one.is_heeded:
            one.value = ""  # free words are not kept
    if not asked:
        return tables.wishes
    written = [one.value.strip() for one in asked]
    is_code = [bool(_CODE.fullmatch(text)) for text in written]
    given = pd.DataFrame(
        {
            "youth_id": [one.row.youth_id for one in asked],
            "rank": "1",
            "trade_code": [t if c else "" for t, c in zip(written, is_code, strict=True)],
            "trade_label": ["" if c else t for t, c in zip(written, is_code, strict=True)],
        }
    )
    found = check_wishes(from_frame(given, "wishes"), settings, as_of=as_of).frame
    is_known = found["trade_codes"].ne("").to_numpy(dtype=bool)
    for one, codes in zip(asked, found["trade_codes"], strict=True):
        one.value = str(codes)
        if not codes:
            one.state, one.rule = "refused", "trade_unknown"
            read.findings[one.row.file].reject(
                np.array([one.row.row]),
                reason="word_trade_unknown",
                column="value",
                value="",
                message=said("advice.word_trade_unknown"),
                hint=said("advice.word_trade_unknown_hint"),
            )
    added = found[is_known].assign(source=OF_ADVISER)
    if added.empty:
        return tables.wishes
    own = tables.wishes
    is_later = own["youth_id"].isin(added["youth_id"]) & (own["rank"] > 0)
    later = own["rank"].where(~is_later, own["rank"] + 1).astype(own["rank"].dtype)
    both = pd.concat([own.assign(rank=later).drop(columns="wish_id"), added], ignore_index=True)
    both = both.astype(own.drop(columns="wish_id").dtypes.to_dict())
    return sorted_wishes(both, np.arange(len(both)), tables.youths["youth_id"])


def _doubts(
    words: Sequence[_Word], rows: Sequence[AdviceRow], file: int
) -> Mapping[str, list[int]]:
    """Return the rows of a file that are worth a look, by reason."""
    found: dict[str, list[int]] = {"word_youth_gone": [], "word_offer_gone": []}
    for one in words:
        if one.state == "gone" and one.row.file == file:
            found[f"word_{one.rule}"].append(one.row.row)
    odd = [rows[at] for at in at_odds(rows)]
    found["word_conflict"] = sorted({one.row for one in odd if one.file == file})
    return found


def _frame(words: Iterable[_Word]) -> pd.DataFrame:
    rows = {
        (
            one.row.youth_id,
            one.offer_id,
            one.row.siret[:SIREN_SIGNS] if one.word in ("ban", _BROKEN) else "",
            one.word, one.value, one.row.on, one.state, one.rule, one.seats,
        )
        for one in words
    }  # fmt: skip
    ordered = sorted(rows, key=lambda row: tuple(str(cell).encode() for cell in row))
    types = dict.fromkeys(ADVICE, "str") | {"seats": "int32"}
    return pd.DataFrame(ordered, columns=list(ADVICE)).astype(types)
