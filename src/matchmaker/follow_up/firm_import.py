"""From workbooks that ambassadors filled in to offers for the next run, and firms never to ask."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matchmaker.errors import InputError, Issue
from matchmaker.follow_up.firm_answers import FirmAnswer, firm_answers
from matchmaker.follow_up.firm_columns import ANSWERED
from matchmaker.follow_up.firms import DO_NOT_ASK
from matchmaker.follow_up.grids import grids
from matchmaker.follow_up.returned import Row, added, guarded, read_rows, write_rows
from matchmaker.follow_up.sheet_reader import ReadBack
from matchmaker.reference.lookup import fold

__all__ = ["FirmsBroughtBack", "NetworkCount", "import_employers"]

OFFERS = (
    "offer_id", "title", "trade_code", "commune_code", "postal_code", "place_name", "capacity",
    "start_date", "contract_type", "employer", "siret", "naf_code", "kind", "status", "size",
    "opco", "source", "contact",
)  # fmt: skip
"""Columns of ``employer_offers.csv``: the neutral table of offers, and whom to ring."""

CONFLICTS = ("firm_id", "about", "value", "where", "other_value", "other_where")
_ENDS = ("filled", "not_this_year", DO_NOT_ASK)
_ABOUT = ("answer", "seats", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCount:
    """What one network brought.

    Attributes
    ----------
    network : str
        "" where no row says it.
    asked, offers, seats, never : int
        Firms that answered; offers, which count for who brought them first; their places; firms
        never to be asked again.
    """

    network: str
    asked: int
    offers: int
    seats: int
    never: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmsBroughtBack:
    """What an import read and wrote.

    Attributes
    ----------
    rows, answers : int
        Rows read that hold an answer; those that are new.
    offers, never, conflicts : int
        In the files now.
    networks : tuple of NetworkCount
        Of all that the folder holds.
    faults : tuple of Issue
        Cells that could not be read; nothing of their rows was taken.
    unread : tuple of (str, str, str)
        File, sheet, header of columns that somebody added.
    """

    rows: int
    answers: int
    offers: int
    never: int
    conflicts: int
    networks: tuple[NetworkCount, ...]
    faults: tuple[Issue, ...]
    unread: tuple[tuple[str, str, str], ...]


def import_employers(files: Sequence[Path], out: Path) -> FirmsBroughtBack:
    """Read workbooks back: answers are added, offers and oppositions made of all of them.

    Parameters
    ----------
    files : sequence of Path
        XLSX, ODS or CSV.
    out : Path
        Folder of ``employer_answers.csv``, only added to; ``employer_offers.csv``,
        ``firm_oppositions.csv`` and ``conflicts.csv`` are made of it anew.

    Returns
    -------
    FirmsBroughtBack

    Raises
    ------
    UsageError
        A file is not there.
    InputError
        ``employer_answers.csv`` is not one that an import wrote.
    """
    found: ReadBack[FirmAnswer] = ReadBack()
    for path in files:
        try:
            one = firm_answers(grids(path))
        except InputError as error:
            found.faults += error.issues
            continue
        found.answers += one.answers
        found.faults += one.faults
        found.unread += one.unread
    before = read_rows(out / "employer_answers.csv", ANSWERED)
    new = guarded(row for row, _ in found.answers)
    rows = added(before, new)
    told = [(row, "employer_answers.csv") for row in before]
    told += [(row, where) for row, (_, where) in zip(new, found.answers, strict=True)]
    at_odds = sorted(set(_at_odds(told)))
    brought = tuple(_offers(rows))
    never = [row for row in rows if _cells(row)["answer"] == DO_NOT_ASK]
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_rows(out / "employer_answers.csv", ANSWERED, rows)
    write_rows(out / "employer_offers.csv", OFFERS, [row for row, _ in brought])
    write_rows(out / "firm_oppositions.csv", ANSWERED, never)
    write_rows(out / "conflicts.csv", CONFLICTS, guarded(at_odds))
    return FirmsBroughtBack(
        rows=len(found.answers),
        answers=len(rows) - len(before),
        offers=len(brought),
        never=len({row[0] for row in never}),
        conflicts=len(at_odds),
        networks=_networks(rows, brought),
        faults=tuple(found.faults),
        unread=tuple(dict.fromkeys(found.unread)),
    )


def _cells(row: Row) -> Mapping[str, str]:
    return dict(zip(ANSWERED, row, strict=True))


def _offers(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Yield each offer that firms promised, and the network that brought it first.

    Two rows on one firm, trade and month are one offer with the larger number of places.  An
    answer of a later day that ends it (filled, not this year, do not ask again) closes it.
    """
    by_offer: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    ends: dict[str, str] = {}
    for row in rows:
        cells = _cells(row)
        firm, answer = cells["firm_id"], cells["answer"]
        if answer == "takes":
            trade = fold(cells["trade"] or cells["trade_codes"])
            by_offer.setdefault((firm, trade, cells["month"]), []).append(cells)
        elif answer == DO_NOT_ASK:
            ends[firm] = "9999"
        elif answer in _ENDS:
            ends[firm] = max(ends.get(firm, ""), cells["on"])
    for about, told in sorted(by_offer.items()):
        first = min(told, key=lambda cells: cells["on"] or "9999")
        seats = max(int(cells["seats"] or 1) for cells in told)
        last = max(cells["on"] for cells in told)
        is_open = ends.get(about[0], "") <= last or not ends.get(about[0])
        yield _offer(about, first, seats, is_open=is_open), first["network"]


def _offer(about: tuple[str, ...], cells: Mapping[str, str], seats: int, *, is_open: bool) -> Row:
    sign = hashlib.blake2b("|".join(about).encode(), digest_size=6).hexdigest()
    trade = cells["trade"]
    is_code = len(trade) == 5 and trade[0].isalpha() and trade[1:].isdigit()
    codes = trade.upper() if is_code else "" if trade else cells["trade_codes"]
    offer = {
        **cells,
        "offer_id": f"EMP-{sign}",
        "title": "" if is_code else trade,
        "trade_code": codes,
        "place_name": cells["place"],
        "capacity": str(seats),
        "start_date": cells["month"],
        "contract_type": "apprentissage",
        "kind": "offer",
        "status": "open" if is_open else "filled",
        "source": cells["network"] or "ambassadeurs",
    }
    return tuple(offer.get(code, "") for code in OFFERS)


def _at_odds(told: Sequence[tuple[Row, str]]) -> Iterator[Row]:
    """Yield pairs of answers on one firm that differ, unless they are of two days."""
    by_firm: dict[str, list[tuple[Mapping[str, str], str]]] = {}
    for row, where in told:
        cells = _cells(row)
        for other, other_where in by_firm.setdefault(cells["firm_id"], []):
            days = cells["on"], other["on"]
            is_two_trades = fold(cells["trade"]) != fold(other["trade"])
            if all(days) and days[0] != days[1]:
                continue
            for about in _ABOUT:
                value, was = cells[about], other[about]
                if value and was and value != was and not (about != "answer" and is_two_trades):
                    yield (cells["firm_id"], about, was, other_where, value, where)
        by_firm[cells["firm_id"]].append((cells, where))


def _networks(rows: Sequence[Row], brought: Sequence[tuple[Row, str]]) -> tuple[NetworkCount, ...]:
    """Return what each network brought, those with most places first."""
    told = [_cells(row) for row in rows]
    names = {cells["network"] for cells in told}
    at = OFFERS.index("capacity")
    counts = [
        NetworkCount(
            network=name,
            asked=len({c["firm_id"] for c in told if c["network"] == name}),
            offers=sum(network == name for _, network in brought),
            seats=sum(int(row[at]) for row, network in brought if network == name),
            never=len({
                c["firm_id"] for c in told if c["network"] == name and c["answer"] == DO_NOT_ASK
            }),
        )
        for name in sorted(names)
    ]  # fmt: skip
    return tuple(sorted(counts, key=lambda one: (-one.seats, -one.offers, one.network)))
