"""How many lines each youth and each offer may have, and the lists made of chosen pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchmaker.candidates.index import OfferIndex
from matchmaker.candidates.market import KINDS, Market
from matchmaker.candidates.pairs import Pairs, ScoreTables
from matchmaker.hashing import mix
from matchmaker.lists.share import Proof, Shared, merge_pairs, share_out
from matchmaker.settings import Settings
from matchmaker.solvers.auction import auction
from matchmaker.solvers.problem import Solver

__all__ = ["Lists", "exposure_caps", "make_lists", "seats_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Lists of all youths, best line first.

    Attributes
    ----------
    pairs : Pairs
        The lines, by youth and then offer.
    rank : ndarray of int16, shape (n_lines,)
        Place of each line in its list, 1 first.
    is_assigned : ndarray of bool, shape (n_lines,)
        The line is the youth's one pair of the assignment.
    has_candidate : ndarray of bool, shape (n_youths,)
        The youth has an eligible pair, served or not.
    proof : Proof
        Of the lists; with an assignment, of the lines beside its pairs.
    assignment_proof : Proof or None
    """

    pairs: Pairs
    rank: NDArray[np.int16]
    is_assigned: NDArray[np.bool_]
    has_candidate: NDArray[np.bool_]
    proof: Proof
    assignment_proof: Proof | None


def seats_of(market: Market) -> NDArray[np.int32]:
    """Return the seats of each offer, 0 for those that take no part."""
    seats = market.offers["capacity"].to_numpy(dtype=np.int32)
    return np.where(market.offer_state == 0, seats, 0).astype(np.int32)


def exposure_caps(market: Market, settings: Settings) -> NDArray[np.int32]:
    """Return in how many lists each offer may stand.

    A seat stands in ``lists_per_seat`` lists; a firm that takes spontaneous applications
    in ``lists_per_firm``, whatever its size, since nobody asked it how many it wants.
    """
    seats = seats_of(market)
    is_firm = market.offer_kind == KINDS.index("spontaneous")
    caps = np.where(is_firm, settings.lists_per_firm * (seats > 0), seats * settings.lists_per_seat)
    return np.minimum(caps, len(market.youth_hash)).astype(np.int32)


def make_lists(
    market: Market,
    tables: ScoreTables,
    index: OfferIndex,
    settings: Settings,
    *,
    assignment: bool = False,
    solver: Solver = auction,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Lists:
    """Share the offers out, with a one-to-one assignment first where it is asked for.

    The assignment places as many youths as can be placed, one seat each; its pairs are
    lines of the lists, and the other lines share the exposure that remains.

    Parameters
    ----------
    market, tables, index, settings
    assignment : bool
    solver : Solver
    threads : int, optional
    progress : callable, optional

    Returns
    -------
    Lists
    """
    takes_part = market.youth_state == 0
    rows = np.where(takes_part, settings.lines_per_youth, 0).astype(np.int32)
    columns = exposure_caps(market, settings)

    def share(
        row_capacity: NDArray[np.int32],
        column_capacity: NDArray[np.int32],
        fixed: NDArray[np.int32] | None = None,
    ) -> Shared:
        return share_out(
            market,
            tables,
            index,
            row_capacity=row_capacity,
            column_capacity=column_capacity,
            candidates=settings.candidates_per_youth,
            max_gap=settings.max_gap,
            fixed=fixed,
            solver=solver,
            threads=threads,
            progress=progress,
        )

    if not assignment:
        shared = share(rows, columns)
        pairs = shared.pairs
        is_assigned = np.zeros(len(pairs), dtype=bool)
        assignment_proof = None
    else:
        placed = share(takes_part.astype(np.int32), np.minimum(seats_of(market), columns))
        chosen = np.full(len(rows), -1, dtype=np.int32)
        chosen[placed.pairs.youth] = placed.pairs.offer
        shared = share(
            rows - (chosen >= 0).astype(np.int32),
            columns - np.bincount(placed.pairs.offer, minlength=len(columns)).astype(np.int32),
            chosen,
        )
        pairs = merge_pairs(placed.pairs, shared.pairs, len(columns))
        is_assigned = chosen[pairs.youth] == pairs.offer
        assignment_proof = placed.proof
    return Lists(
        pairs=pairs,
        rank=_ranks(market, pairs),
        is_assigned=is_assigned,
        has_candidate=shared.has_candidate,
        proof=shared.proof,
        assignment_proof=assignment_proof,
    )


def _ranks(market: Market, pairs: Pairs) -> NDArray[np.int16]:
    """Return the place of each line in its list: best score first, ties by hash."""
    youth = pairs.youth
    tie = mix(market.youth_hash[youth], market.offer_hash[pairs.offer])
    order = np.lexsort((tie, -pairs.score.astype(np.int64), youth))
    rank = np.empty(len(pairs), dtype=np.int16)
    rank[order] = np.arange(len(pairs)) - pairs.indptr[youth[order]] + 1
    return rank
