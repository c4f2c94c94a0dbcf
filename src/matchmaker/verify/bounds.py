"""The bounds of some youths, found again without the kernel and without the solver.

A proof is only as good as its claim that no eligible pair was forgotten.  So for a sample
of youths all eligible pairs are listed and scored once more by the plain engine: their
lines must be among them, with the same scores, and what such a youth could do at the
prices of the certificate is added up by a few lines of Python.

This is the one file of the room that looks at the market and the tables of scores as the run
made them, through the one door that the contract in ``pyproject.toml`` leaves open: the plain
engine.  Caps, sectors, employers, earlier waves and first lines are derived anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.plain import PlainEngine, build_market, plain_engine
from matchmaker.hashing import hash_ids
from matchmaker.scoring.total import scoring_again
from matchmaker.settings import Settings
from matchmaker.verify.advice import barred, pinned, pins_of
from matchmaker.verify.clean import Clean, rows_of
from matchmaker.verify.fault import Faults
from matchmaker.verify.orphans import Claims
from matchmaker.verify.room import ListCaps, caps_of, caps_of_length, has_no_room
from matchmaker.verify.territories import own_values
from matchmaker.words import word

__all__ = [
    "Claims",
    "ListCaps",
    "best_lines",
    "check_bounds",
    "faults_of_bounds",
    "rechecked_bounds",
]

HEAD = word("verify", "proof")
SAMPLE = 256  # youths: one wrong bound in a hundred is missed 8 times in 100


def check_bounds(
    engine: PlainEngine,
    clean: Clean,
    settings: Settings,
    lists: pd.DataFrame,
    certificate: pd.DataFrame,
    *,
    claims: Claims | None = None,
    size: int = SAMPLE,
) -> int:
    """Derive again the lines of `size` youths, and their bounds in each proof.

    Parameters
    ----------
    engine : PlainEngine
        Of the market of the run, and of its tables of scores.
    clean : Clean
        The tables of which the market was made.
    settings : Settings
    lists, certificate : DataFrame
        As in `matchmaker.MatchResult`.
    claims : Claims, optional
    size : int
        The youths whose hashes are smallest are taken; all where there are fewer.

    Returns
    -------
    int
        How many youths were rechecked.

    Raises
    ------
    CheckError
        A line is no eligible pair or has another score; or a youth could do better than the
        certificate says, so that it proves nothing.
    """
    who = _sample(engine, size)
    faults = faults_of_bounds(engine, clean, settings, lists, certificate, who, claims or Claims())
    faults.refuse(HEAD)
    return len(who)


def rechecked_bounds(
    clean: Clean,
    settings: Settings,
    lists: pd.DataFrame,
    certificate: pd.DataFrame,
    claims: Claims,
    *,
    size: int | None = SAMPLE,
) -> tuple[Faults, int]:
    """Derive again the lines and bounds of some youths, from the clean tables alone.

    Parameters
    ----------
    clean, settings, lists, certificate, claims
        As for `check_bounds`.
    size : int or None
        Youths whose hashes are smallest; None for all.

    Returns
    -------
    (Faults, int)
        And how many youths were rechecked.
    """
    youths = clean.youths
    seeks = (youths["status"] == "seeking") & ~youths["opt_out"].astype(bool)
    rows = np.flatnonzero(seeks.to_numpy(dtype=bool))
    smallest = np.argsort(hash_ids(youths["youth_id"].iloc[rows], settings.seed), kind="stable")
    rows = np.sort(rows[smallest[:size]])
    theirs = youths["youth_id"].iloc[rows]
    some = replace(
        clean,
        youths=youths.iloc[rows].reset_index(drop=True),
        wishes=_of(clean.wishes, "youth_id", theirs).reset_index(drop=True),
    )
    market = build_market(some, settings, as_of=clean.as_of, kept_nearness=clean.nearness)
    engine = plain_engine(market, scoring_again(market, settings).tables)
    is_theirs = (certificate["side"] == "offer") | _among(certificate["id"], theirs)
    who = _sample(engine, len(theirs))
    faults = faults_of_bounds(
        engine,
        some,
        settings,
        _of(lists, "youth_id", theirs),
        certificate[is_theirs],
        who,
        claims,
    )
    return faults, len(who)


def _among(ids: pd.Series, known: pd.Series) -> NDArray[np.bool_]:
    is_known: NDArray[np.bool_] = rows_of(ids, known) >= 0
    return is_known


def _of(frame: pd.DataFrame, column: str, ids: pd.Series) -> pd.DataFrame:
    return frame[_among(frame[column], ids)]


def faults_of_bounds(
    engine: PlainEngine,
    clean: Clean,
    settings: Settings,
    lists: pd.DataFrame,
    certificate: pd.DataFrame,
    who: NDArray[np.int32],
    claims: Claims,
) -> Faults:
    """Return what is wrong with the lines and bounds of the youths `who` (rows, rising).

    Parameters
    ----------
    engine, clean, settings, lists, certificate, claims
        As for `check_bounds`.
    who : ndarray of int32, rising
        Rows of youths.

    Returns
    -------
    Faults
    """
    faults = Faults()
    pairs = engine.pairs(k=None, who=who)
    n_offers = len(clean.offers)
    youth_ids, offer_ids = clean.youths["youth_id"], clean.offers["offer_id"]
    key = pairs.youth.astype(np.int64) * n_offers + pairs.offer
    _check_lines(lists, who, clean, (key, pairs.score), faults)
    caps = caps_of(clean.offers, settings)
    longest = own_values(settings, "lines_per_youth", clean.youths["region_code"])
    sent = np.zeros(0, dtype=np.int64)
    if clean.sent is not None:
        its, theirs = (
            rows_of(clean.sent[name], ids)
            for name, ids in (("youth_id", youth_ids), ("offer_id", offer_ids))
        )
        sent = (its * n_offers + theirs)[(its >= 0) & (theirs >= 0)]
    # What advisers bar or keep is no choice of the lines beside.
    sent = np.concatenate([sent, barred(clean), pinned(clean)])
    pins = pins_of(clean)
    _check_refused(clean, key, who, faults)
    first = certificate[certificate["line"] != ""]
    first_offer = np.full(len(youth_ids), -1, dtype=np.int64)
    first_offer[rows_of(first["id"], youth_ids)] = rows_of(first["line"], offer_ids)
    has_first = np.flatnonzero(first_offer >= 0)
    before = has_first * n_offers + first_offer[has_first]
    if claims.unshown is not None:
        waits = claims.unshown[pairs.offer] & ~np.isin(key, sent)
        waiting = pairs.youth[waits], pairs.offer[waits]
        fits = has_no_room(lists, clean, settings, waiting, caps, first_offer, pins)
        faults.must("orphan_room", fits, column="offer_id", row=None)
    for name in sorted(certificate["proof"].unique()):
        is_whole = name == "lists"  # the others choose one line a youth, whatever its sector
        its_proof = certificate[certificate["proof"] == name]
        price = _figure(its_proof, "offer", "price", offer_ids)
        bonus = _figure(its_proof, "youth", "bonus", youth_ids)
        bound = _figure(its_proof, "youth", "bound", youth_ids)
        floors, extra = claims.bands.get(name, ((), (0,)))
        of_band = np.searchsorted(np.array(floors, dtype=np.int64), pairs.score, side="right")
        net = pairs.score + np.array(extra, dtype=np.int64)[of_band] - price[pairs.offer]
        is_free = ~np.isin(key, np.append(sent, before) if is_whole else sent)
        best = [
            best_lines(
                _best_first(slice(*pairs.indptr[youth : youth + 2]), pairs.offer, net, is_free),
                most=_most(longest[youth], pins.get(youth, []), first_offer[youth], is_whole),
                bonus=int(bonus[youth]),
                caps=caps_of_length(caps, int(longest[youth]), settings)
                if is_whole or pins
                else None,
                held=[*pins.get(youth, []), *([first_offer[youth]] if is_whole else [])],
            )
            for youth in who.tolist()
        ]
        faults.must(
            "better_choice",
            np.array(best, dtype=object) <= bound[who],
            file="certificate",
            column=f"{name}.bound",
            row=None,
        )
    return faults


def _most(longest: int, kept: Sequence[int], first: int, is_whole: bool) -> int:
    """Return how many lines a youth may get beside those that stood before."""
    left = int(longest) - len(kept)
    return left - (first >= 0) if is_whole else min(left, 1)


def _check_refused(
    clean: Clean, eligible: NDArray[np.int64], who: NDArray[np.int32], faults: Faults
) -> None:
    """Check that no line was refused to an adviser as not eligible that is."""
    if clean.words is None:
        return
    no = clean.words[clean.words["rule"] == "not_eligible"]
    youth = rows_of(no["youth_id"], clean.youths["youth_id"])
    pair = youth * len(clean.offers) + rows_of(no["offer_id"], clean.offers["offer_id"])
    is_right = ~np.isin(pair, eligible) | ~np.isin(youth, who)
    faults.must("word_refused", is_right, file="tables/words", row=None)


def _sample(engine: PlainEngine, size: int) -> NDArray[np.int32]:
    """Return the rows, rising, of the youths taking part whose hashes are smallest."""
    part = np.flatnonzero(engine.market.takes_part)
    smallest = np.argsort(engine.market.youth_hash[part], kind="stable")[:size]
    return np.sort(part[smallest]).astype(np.int32)


def _check_lines(
    lists: pd.DataFrame,
    who: NDArray[np.int32],
    clean: Clean,
    eligible: tuple[NDArray[np.int64], NDArray[np.int32]],
    faults: Faults,
) -> None:
    """Check that the lines of these youths are eligible pairs, with the same scores."""
    key, score = eligible
    youth = rows_of(lists["youth_id"], clean.youths["youth_id"])
    mine = np.flatnonzero(np.isin(youth, who))
    frame = lists.iloc[mine]
    line = youth[mine] * len(clean.offers) + rows_of(frame["offer_id"], clean.offers["offer_id"])
    is_right = np.isin(line, key)
    at = np.searchsorted(key, line[is_right])
    is_right[is_right] = score[at] == frame["score"].to_numpy()[is_right]
    faults.must("eligible_line", is_right, row=mine, column="score", found=frame["score"])


def _figure(proof: pd.DataFrame, side: str, column: str, ids: pd.Series) -> NDArray[np.int64]:
    """Return a column of the certificate by row of the clean table; 0 where it has no row."""
    rows = proof[proof["side"] == side]
    figure = np.zeros(len(ids), dtype=np.int64)
    figure[rows_of(rows["id"], ids)] = rows[column].to_numpy()
    return figure


def _best_first(
    mine: slice, offer: NDArray[np.int32], net: NDArray[np.int64], is_free: NDArray[np.bool_]
) -> Iterable[tuple[int, int]]:
    """Yield worth less price, and the offer, of the free pairs of one youth."""
    its, worth = offer[mine][is_free[mine]], net[mine][is_free[mine]]
    order = np.argsort(-worth, kind="stable")
    return zip(worth[order].tolist(), its[order].tolist(), strict=True)


def best_lines(
    offers: Iterable[tuple[int, int]],
    *,
    most: int,
    bonus: int,
    caps: ListCaps | None,
    held: Sequence[int] = (),
) -> int:
    """Return the most that one youth can earn from offers at their prices.

    The best are taken one after another as long as they add something and the caps on
    sectors and employers leave room; with caps one inside another nothing beats that
    (Edmonds, Matroids and the greedy algorithm, 1971).

    Parameters
    ----------
    offers : iterable of (int, int)
        Worth less price, and number, of each offer; best first.
    most : int
        Longest list.
    bonus : int
        What the first line earns more.
    caps : ListCaps or None
    held : sequence of int
        Offers of lines that the list holds already; -1 is none.

    Returns
    -------
    int
        In units of score.

    Examples
    --------
    >>> best_lines([(7, 0), (5, 1), (-2, 2)], most=3, bonus=10, caps=None)
    22
    >>> best_lines([(-2, 2)], most=3, bonus=10, caps=None)
    8
    """
    total = lines = 0
    sector: Counter[int] = Counter()
    employer: Counter[int] = Counter()
    for offer in held:
        if caps is not None and offer >= 0:
            sector[int(caps.sector[offer])] += 1
            employer[int(caps.employer[offer])] += 1
    for net, offer in offers:
        earned = net if lines else net + bonus
        if lines == most or earned <= 0:
            break
        if caps is not None:
            its, firm = int(caps.sector[offer]), int(caps.employer[offer])
            if sector[its] >= caps.most_of_sector or employer[firm] >= caps.most_of_employer:
                continue
            sector[its] += 1
            employer[firm] += 1
        total += earned
        lines += 1
    return total
