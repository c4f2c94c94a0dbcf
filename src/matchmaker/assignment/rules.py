"""Reserves, upper quotas and employers' caps, as cells that youths apply to.

**Reserves** are soft minimum reserves by seat reservation (Kurata, Hamada, Iwasaki and
Yokoo, JAIR 58, 2017): an offer's seats are split into one block a group and an open one.
A block takes the members of its group first, then everybody by priority, so no seat
stays empty while an acceptable youth was refused.  A youth applies to the blocks of an
offer in the order of the groups, then to the open seats, and takes one seat however many
groups they belong to: that keeps a stable matching in existence, and the truth a youth's
best answer, also when groups overlap.  With one group it is the choice of Hafalir,
Yenmez and Yildirim (Theoretical Economics 8, 2013).

**Quotas** are upper bounds on a group at an offer, for groups that do not overlap there.

**Caps** bound the youths of an employer over all its offers: Student-Project Allocation
(Abraham, Irving and Manlove, 2007).

A reserve of an employer is spread over its offers beforehand (`spread_reserve`).  Were it
decided over all of them at once, a better member at one offer could free a seat at
another and take back a refusal; stable matchings need not exist then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.errors import UsageError
from matchmaker.words import Said, said

__all__ = ["Cells", "Rules", "cells", "spread_reserve"]

NO_QUOTA = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Bounds beyond the capacity of an offer.

    Attributes
    ----------
    member : bool, shape (n_youths, n_groups)
    reserve : int64, shape (n_offers, n_groups)
        Seats at which the group goes first; 0 for none.
    quota : int64, shape (n_offers, n_groups)
        Most members that an offer takes, -1 for no bound.
    employer : int32, shape (n_offers,)
        -1 for an offer without a cap over it.
    employer_cap : int64, shape (n_employers,)
    """

    member: NDArray[np.bool_]
    reserve: NDArray[np.int64]
    quota: NDArray[np.int64]
    employer: NDArray[np.int32]
    employer_cap: NDArray[np.int64]

    def faults(self, capacity: NDArray[np.int64]) -> list[tuple[int, Said]]:
        """Return (offer, what is wrong) for bounds that contradict each other.

        Parameters
        ----------
        capacity : int64, shape (n_offers,)

        Returns
        -------
        list of (int, Said)
            Row of an offer, and what is wrong with its rules.
        """
        has_quota = self.quota != NO_QUOTA
        found = [
            (o, said("assignment.reserves_too_many", total=total, seats=int(capacity[o])))
            for o, total in enumerate(self.reserve.sum(axis=1).tolist())
            if total > capacity[o]
        ]
        found += [
            (o, said("assignment.reserve_and_quota"))
            for o in np.flatnonzero(has_quota.any(axis=1) & self.reserve.any(axis=1)).tolist()
        ]
        shared = self.member.astype(np.int64).T @ self.member  # youths in both of two groups
        np.fill_diagonal(shared, 0)
        found += [
            (o, said("assignment.shared_groups"))
            for o in np.flatnonzero(has_quota.sum(axis=1) > 1).tolist()
            if shared[np.ix_(has_quota[o], has_quota[o])].any()
        ]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A market whose bounds are a tree of nodes; see `kernels.youths_propose`.

    ``pair`` is the entry of the preferences behind each application, ``group`` the group
    whose reserved seats a node holds (-1: none).

    Attributes
    ----------
    indptr : int64, shape (n_youths + 1,)
        Applications of each youth, in the order in which they are made.
    pair, cell, priority : int64, int32, integers, shape (n_applications,)
        Entry of the preferences, node applied to, and standing there (higher goes first).
    parent, capacity, group : int32, int64, int16, shape (n_nodes,)
        The wider node around a node (-1: none), its seats, its group.
    """

    indptr: NDArray[np.int64]
    pair: NDArray[np.int64]
    cell: NDArray[np.int32]
    priority: NDArray[np.integer[Any]]
    parent: NDArray[np.int32]
    capacity: NDArray[np.int64]
    group: NDArray[np.int16]

    def heap_start(self) -> NDArray[np.int64]:
        """Return where each node's heap starts, shape (n_nodes + 1,).

        Returns
        -------
        int64, shape (n_nodes + 1,)
        """
        pairs = np.bincount(self.cell, minlength=len(self.parent))
        is_alone = self.parent < 0
        # Inner nodes have larger numbers than those around them.
        for node in np.flatnonzero(self.parent >= 0)[::-1].tolist():
            pairs[self.parent[node]] += pairs[node]
            is_alone[self.parent[node]] = False
        room = np.where(is_alone, np.minimum(pairs, self.capacity), pairs)
        return np.concatenate(([0], np.cumsum(room))).astype(np.int64)


def cells(
    indptr: NDArray[np.int64],
    offer: NDArray[np.int32],
    priority: NDArray[np.integer[Any]],
    capacity: NDArray[np.int64],
    rules: Rules | None,
) -> Cells:
    """Turn preferences under rules into applications to a tree of nodes.

    Parameters
    ----------
    indptr, offer, priority, capacity
        As in `matchmaker.assignment.arrays.Preferences`.
    rules : Rules or None

    Returns
    -------
    Cells

    Raises
    ------
    UsageError
        The rules contradict each other (see `Rules.faults`).
    """
    n_offers = len(capacity)
    if rules is None:
        return Cells(
            indptr=indptr,
            pair=np.arange(len(offer)),
            cell=offer,
            priority=priority,
            parent=np.full(n_offers, -1, dtype=np.int32),
            capacity=capacity,
            group=np.full(n_offers, -1, dtype=np.int16),
        )
    faults = rules.faults(capacity)
    if faults:
        raise UsageError(
            *(said("assignment.offer_number", offer=o, what=what) for o, what in faults)
        )

    # Nodes: employers, then offers (with their open seats), then blocks and quotas.
    n_employers = len(rules.employer_cap)
    block_offer, block_group = np.nonzero(rules.reserve)
    quota_offer, quota_group = np.nonzero(rules.quota != NO_QUOTA)
    open_seats = capacity - rules.reserve.sum(axis=1)
    around = np.where(rules.employer >= 0, rules.employer, -1)
    parent = np.concatenate(
        (np.full(n_employers, -1), around, around[block_offer], n_employers + quota_offer)
    ).astype(np.int32)
    node_capacity = np.concatenate(
        (
            rules.employer_cap,
            open_seats,
            rules.reserve[block_offer, block_group],
            rules.quota[quota_offer, quota_group],
        )
    )
    group = np.full(len(parent), -1, dtype=np.int16)
    first_block = n_employers + n_offers
    first_quota = first_block + len(block_offer)
    group[first_block:first_quota] = block_group

    # One application a block, then one to the open seats.
    n_blocks = np.bincount(block_offer, minlength=n_offers)
    blocks_before = np.concatenate(([0], np.cumsum(n_blocks)))
    copies = n_blocks[offer] + 1
    pair = np.repeat(np.arange(len(offer)), copies)
    first = np.concatenate(([0], np.cumsum(copies)))
    step = np.arange(len(pair)) - first[pair]
    is_open = step == n_blocks[offer[pair]]
    cell = np.where(
        is_open, n_employers + offer[pair], first_block + blocks_before[offer[pair]] + step
    )

    youth = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))[pair]
    quota_node = np.full(rules.quota.shape, -1)
    quota_node[quota_offer, quota_group] = np.arange(first_quota, len(parent))
    goes_first = np.zeros(len(pair), dtype=bool)
    for one in range(rules.member.shape[1]):
        is_member = rules.member[youth, one]
        # A member stands before all others at the group's block: a class, not a constant.
        goes_first |= is_member & (group[cell] == one)
        node = quota_node[offer[pair], one]
        cell = np.where(is_member & (node >= 0), node, cell)
    levels, level = np.unique(priority, return_inverse=True)
    return Cells(
        indptr=first[indptr].astype(np.int64),
        pair=pair,
        cell=cell.astype(np.int32),
        priority=(level[pair] + len(levels) * goes_first).astype(np.int64),
        parent=parent,
        capacity=node_capacity.astype(np.int64),
        group=group,
    )


def spread_reserve(capacity: NDArray[np.int64], seats: int) -> NDArray[np.int64]:
    """Share an employer's reserved seats out over its offers, by capacity.

    Parts are rounded down; the seats left go to the largest remainders, the earlier offer
    first.

    Parameters
    ----------
    capacity : int64, shape (n_offers,)
        Seats of the employer's offers.
    seats : int
        Reserved ones, 0 or more.

    Returns
    -------
    int64, shape (n_offers,)

    Raises
    ------
    UsageError
        More seats are reserved than there are.

    Examples
    --------
    >>> import numpy as np
    >>> spread_reserve(np.array([5, 3, 2]), 3)
    array([1, 1, 1])
    """
    total = int(capacity.sum())
    if seats > total:
        raise UsageError(said("assignment.reserve_exceeds", seats=seats, total=total))
    share = capacity * seats // max(total, 1)
    left = seats - int(share.sum())
    share[np.argsort(-(capacity * seats % max(total, 1)), kind="stable")[:left]] += 1
    return share
