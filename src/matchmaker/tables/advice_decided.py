"""Which of several words about one thing counts, by one rule that no order of rows changes.

The word of the latest day counts; a word without a day is older than all others.  Of one day the
more careful one does: a pair is barred rather than kept, a contract broken rather than signed.
What is left beside that is settled by the bytes of what was said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from matchmaker.tables.advice import SIREN_SIGNS, AdviceRow

__all__ = ["Verdict", "at_odds", "decided", "events_of"]

Verdict = tuple[str, str]
"""State and rule of a word: heeded, superseded (by a later or a more careful word), noted."""

HEEDED: Verdict = ("heeded", "")
SUPERSEDED: Verdict = ("superseded", "later_word")
NOTED: Verdict = ("noted", "")
_CAREFUL = ("pin", "ban")
_OF_CONTRACTS = ("contract", "broken")
_About = tuple[str, ...]


def _about(row: AdviceRow) -> _About:
    """Return what a word is about: words about one thing cannot all be heeded."""
    line = (row.youth_id, row.offer_id or row.siret[:SIREN_SIGNS])
    if row.word in _CAREFUL:
        return ("opinion", *line)
    return ("order", *line) if row.word == "order" else (row.word, row.youth_id)


def _strength(row: AdviceRow) -> tuple[str, int, tuple[int, ...]]:
    """Return what a word outweighs others by: its day, how careful it is, what it says."""
    careful = _CAREFUL.index(row.word) if row.word in _CAREFUL else 0
    # Smaller places and texts come first, whatever their length.
    said = tuple(-sign for sign in row.value.rjust(4).encode())
    return row.on, careful, said


def decided(rows: Sequence[AdviceRow], sirens: Mapping[str, str], as_of: str) -> list[Verdict]:
    """Return the verdict on each row.

    Parameters
    ----------
    rows : sequence of AdviceRow
    sirens : mapping of str to str
        Offer to the SIREN of its firm.
    as_of : str
        ISO date of the run.

    Returns
    -------
    list of (str, str)

    Examples
    --------
    >>> def said(word, on, offer="O1", value=""):
    ...     return AdviceRow(file=0, row=0, youth_id="Y1", offer_id=offer, siret="", word=word,
    ...                      value=value, by="", on=on)
    >>> rows = [said("pin", "2023-10-02"), said("ban", "2023-10-02"), said("note", "")]
    >>> [state for state, _ in decided(rows, {}, "2023-10-09")]
    ['superseded', 'heeded', 'noted']
    """
    verdicts = [NOTED] * len(rows)
    of_thing: dict[_About, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row.word in ("pin", "ban", "order", "trade"):
            of_thing[_about(row)].append(at)
    for places in of_thing.values():
        best = max(places, key=lambda at: _strength(rows[at]))
        for at in places:
            verdicts[at] = HEEDED if at == best else SUPERSEDED
    _decide_outcomes(rows, verdicts, as_of)
    _bar_firms(rows, verdicts, sirens)
    return verdicts


def _bar_firms(
    rows: Sequence[AdviceRow], verdicts: list[Verdict], sirens: Mapping[str, str]
) -> None:
    """Take back the lines kept of a firm that was barred on the same day or later."""
    barred: dict[tuple[str, str], str] = {}
    for row, (state, _) in zip(rows, verdicts, strict=True):
        if state == "heeded" and row.siret and row.word in ("ban", "broken"):
            key = (row.youth_id, row.siret[:SIREN_SIGNS])
            day = row.value if row.word == "broken" else row.on
            barred[key] = max(barred.get(key, ""), day)
    for at, row in enumerate(rows):
        firm = barred.get((row.youth_id, sirens.get(row.offer_id, "")))
        if row.word == "pin" and verdicts[at] == HEEDED and firm is not None and firm >= row.on:
            verdicts[at] = SUPERSEDED


def _decide_outcomes(rows: Sequence[AdviceRow], verdicts: list[Verdict], as_of: str) -> None:
    """Decide what was told of contracts, and of youths who are not to be called again."""
    for events in events_of(rows, as_of).values():
        last = max((day, kind) for day, kind, _ in events)
        for at in _counting(rows, events, last):
            verdicts[at] = HEEDED
        for _, _, at in events:
            if verdicts[at] != HEEDED:
                verdicts[at] = SUPERSEDED
    silent: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row.word == "outcome" and row.value not in ("signed", "broken"):
            silent[row.youth_id].append(at)
    for places in silent.values():
        last_day = max(rows[at].on for at in places)
        for at in places:
            if rows[at].value == "not_again":
                verdicts[at] = HEEDED if rows[at].on == last_day else SUPERSEDED


def _counting(
    rows: Sequence[AdviceRow], events: Sequence[tuple[str, int, int]], last: tuple[str, int]
) -> list[int]:
    """Return the rows that count of what was told of one youth's contracts.

    One contract takes one place, however often it was told: the row that names the firm or the
    offer counts.  Of contracts that were broken every firm is barred, not the last one alone.
    """
    ends = [at for day, kind, at in events if (day, kind) == last]
    if last[1] == 0:
        return [max(ends, key=lambda at: _named(rows[at]))]
    return ends + [at for _, kind, at in events if kind == 1 and rows[at].siret]


def _named(row: AdviceRow) -> tuple[str, ...]:
    return row.offer_id, row.siret, row.word, row.on


def events_of(rows: Sequence[AdviceRow], as_of: str) -> dict[str, list[tuple[str, int, int]]]:
    """Return by youth the days of contracts: the day, 0 signed or 1 broken, and the row.

    A contract that ends after the day of the run still holds.

    Parameters
    ----------
    rows : sequence of AdviceRow
    as_of : str

    Returns
    -------
    dict of str to list of (str, int, int)
    """
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for at, row in enumerate(rows):
        is_told = row.word == "outcome" and row.value in ("signed", "broken")
        if not is_told and row.word not in _OF_CONTRACTS:
            continue
        day = row.on if is_told else row.value
        is_broken = row.word == "broken" or (is_told and row.value == "broken")
        if is_broken and day > as_of:
            if not row.signed_on:
                continue
            day, is_broken = row.signed_on, False
        found[row.youth_id].append((day, int(is_broken), at))
    return found


def at_odds(rows: Sequence[AdviceRow]) -> Iterable[int]:
    """Yield the rows that contradict another one of the same day, or of no day.

    Parameters
    ----------
    rows : sequence of AdviceRow

    Yields
    ------
    int
    """
    of_thing: dict[_About, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row.word in ("pin", "ban", "order", "trade"):
            of_thing[_about(row)].append(at)
    for places in of_thing.values():
        for at in places:
            one = rows[at]
            if any(
                (one.word, one.value) != (rows[other].word, rows[other].value)
                and (one.on == rows[other].on or not one.on or not rows[other].on)
                for other in places
            ):
                yield at
