"""The bounds of some youths, found again without the search and without the solver.

A proof is only as good as its claim that no eligible pair was forgotten.  So for a sample
of youths all eligible pairs are listed and scored once more by the plain engine: their
lines must be among them, with the same scores, and what such a youth could do at the
prices of the certificate is added up by a few lines of Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.count import sample_of
from matchmaker.candidates.market import Market
from matchmaker.candidates.pairs import Pairs, ScoreTables
from matchmaker.candidates.plain import plain_pairs
from matchmaker.errors import CheckError
from matchmaker.lists.certificate import Certificate
from matchmaker.lists.terms import Terms
from matchmaker.solvers.problem import Nested

__all__ = ["best_lines", "recheck"]

SAMPLE = 256  # youths: one wrong bound in a hundred is missed 8 times in 100


def recheck(
    market: Market,
    tables: ScoreTables,
    lines: Pairs,
    terms: Mapping[str, Terms],
    certificates: Mapping[str, Certificate],
    *,
    size: int = SAMPLE,
) -> int:
    """Derive again the lines of `size` youths, and their bounds in each certificate.

    Parameters
    ----------
    market, tables
    lines : Pairs
        All lines of all lists.
    terms, certificates : mapping
        By the name of the proof.
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
    who = sample_of(market, size)
    pairs = plain_pairs(market, tables, k=None, who=who)
    n_offers = len(market.offer_hash)
    key = _keys(pairs, n_offers)
    _check_lines(lines, who, pairs, key, n_offers)
    for name, certificate in certificates.items():
        its = terms[name]
        worth = pairs.score.astype(np.int64) if its.bands is None else its.bands.worth(pairs.score)
        net = worth - certificate.price[pairs.offer]
        is_free = ~np.isin(key, its.excluded.key)
        wrong = 0
        for youth in who.tolist():
            mine = np.arange(pairs.indptr[youth], pairs.indptr[youth + 1])
            mine = mine[is_free[mine]]
            best_first = mine[np.argsort(-net[mine], kind="stable")]
            best = best_lines(
                ((int(net[i]), int(pairs.offer[i])) for i in best_first),
                youth=youth,
                most=int(its.youth_capacity[youth]),
                bonus=int(certificate.bonus[youth]),
                nested=its.nested,
            )
            wrong += best > int(certificate.youth_bound[youth])
        if wrong:
            raise CheckError(
                f"The independent check refused the proof '{name}': {wrong} of {len(who)} youths "
                "could do better at its prices than their bound says; nothing was written."
            )
    return len(who)


def _keys(pairs: Pairs, n_offers: int) -> NDArray[np.int64]:
    return pairs.youth.astype(np.int64) * n_offers + pairs.offer


def _check_lines(
    lines: Pairs, who: NDArray[np.int32], pairs: Pairs, key: NDArray[np.int64], n_offers: int
) -> None:
    """Raise unless the lines of these youths are pairs, with the same scores."""
    mine = np.isin(lines.youth, who)
    at = np.searchsorted(key, _keys(lines, n_offers)[mine])
    is_right = np.isin(_keys(lines, n_offers)[mine], key)
    is_right[is_right] = pairs.score[at[is_right]] == lines.score[mine][is_right]
    if not is_right.all():
        raise CheckError(
            f"The independent check refused the lists: {int((~is_right).sum())} lines of "
            f"{len(who)} youths are no eligible pairs or have another score; nothing was written."
        )


def best_lines(
    offers: Iterable[tuple[int, int]], *, youth: int, most: int, bonus: int, nested: Nested | None
) -> int:
    """Return the most that one youth can earn from offers at their prices.

    The best are taken one after another as long as they add something and the caps on
    sectors and employers leave room; with caps one inside another nothing beats that
    (Edmonds, Matroids and the greedy algorithm, 1971).

    Parameters
    ----------
    offers : iterable of (int, int)
        Worth less price, and number, of each offer; best first.
    youth : int
        Its row, for the groups of a line that it has already.
    most : int
        Longest list.
    bonus : int
        What the first line earns more.
    nested : Nested or None

    Examples
    --------
    >>> best_lines([(7, 0), (5, 1), (-2, 2)], youth=0, most=3, bonus=10, nested=None)
    22
    >>> best_lines([(-2, 2)], youth=0, most=3, bonus=10, nested=None)
    8
    """
    total = lines = 0
    sectors: Counter[int] = Counter()
    employers: Counter[int] = Counter()
    if nested is not None and nested.held_outer[youth] >= 0:
        sectors[int(nested.held_outer[youth])] += 1
        employers[int(nested.held_inner[youth])] += 1
    for net, offer in offers:
        earned = net if lines else net + bonus
        if lines == most or earned <= 0:
            break
        if nested is not None:
            sector, employer = int(nested.outer[offer]), int(nested.inner[offer])
            if sectors[sector] >= nested.outer_cap or employers[employer] >= nested.inner_cap:
                continue
            sectors[sector] += 1
            employers[employer] += 1
        total += earned
        lines += 1
    return total
