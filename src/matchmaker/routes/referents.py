"""Sharing out the youths who need a person among the referents of their territory."""

from __future__ import annotations

from collections import defaultdict
from heapq import heapify, heappop, heappush

import pandas as pd

__all__ = ["REFERENT_COLUMNS", "assign_referents"]

REFERENT_COLUMNS = (
    "departement",
    "commune_code",
    "referent_name",
    "referent_contact",
    "capacity",
)
"""Columns of a clean referents frame; one row a referent and territory."""


def assign_referents(youths: pd.DataFrame, referents: pd.DataFrame) -> pd.DataFrame:
    """Give each youth a referent of their commune, else of their department.

    Among the referents of a territory the one with the smallest share of their capacity
    in use comes first, so the load is even; a referent listed for several territories
    has one load.  A commune's referents who are full pass youths on to the department's.
    When all are full the least loaded one takes more than planned, because nobody may be
    left without a name.

    Parameters
    ----------
    youths : pandas.DataFrame
        ``youth_id``, ``departement``, ``commune_code`` ("" = unknown); ids are distinct.
    referents : pandas.DataFrame
        `REFERENT_COLUMNS`: text but for ``capacity`` (whole number of youths).  A row
        with a commune code serves that commune; one without serves the department.

    Returns
    -------
    pandas.DataFrame
        ``youth_id``, ``referent_name``, ``referent_contact``, in the order of `youths`;
        empty texts where the territory has no referent.  The result does not depend on
        the order of the rows.

    Examples
    --------
    >>> youths = pd.DataFrame({"youth_id": ["a", "b", "c"], "departement": ["35", "35", "29"],
    ...                        "commune_code": ["35238", "35001", "29019"]})
    >>> referents = pd.DataFrame({"departement": ["35", "35"], "commune_code": ["35238", ""],
    ...     "referent_name": ["ML Rennes", "CIO 35"], "referent_contact": "", "capacity": 9})
    >>> assign_referents(youths, referents)["referent_name"].tolist()
    ['ML Rennes', 'CIO 35', '']
    """
    people = _People(referents)
    chosen: dict[str, int] = {}
    homes = zip(youths["youth_id"], youths["commune_code"], youths["departement"], strict=True)
    for youth_id, commune, departement in sorted(homes, key=lambda home: home[0].encode()):
        chosen[youth_id] = people.take(commune, departement)
    picks = [chosen[youth_id] for youth_id in youths["youth_id"]]
    return pd.DataFrame(
        {
            "youth_id": youths["youth_id"],
            "referent_name": pd.array([people.names[p] for p in picks], dtype="str"),
            "referent_contact": pd.array([people.contacts[p] for p in picks], dtype="str"),
        },
        index=youths.index,
    )


class _People:
    """Referents, their loads, and a queue of them for each territory."""

    def __init__(self, referents: pd.DataFrame) -> None:
        rows = referents[list(REFERENT_COLUMNS)].itertuples(index=False, name=None)
        capacity: dict[tuple[str, str], int] = {}
        served: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for departement, commune, name, contact, room in rows:
            person = (name, contact)
            capacity[person] = max(int(room), capacity.get(person, 0))
            served[commune or f"departement {departement}"].add(person)
        order = sorted(capacity, key=lambda p: (p[0].encode(), p[1].encode()))
        position = {person: i for i, person in enumerate(order)}
        # The entry after the last stands for "nobody": index -1.
        self.names = [name for name, _ in order] + [""]
        self.contacts = [contact for _, contact in order] + [""]
        self._capacity = [capacity[person] for person in order]
        self._load = [0] * len(order)
        self._queues = {
            territory: [(self._key(position[p]), position[p]) for p in persons]
            for territory, persons in served.items()
        }
        for queue in self._queues.values():
            heapify(queue)

    def take(self, commune: str, departement: str) -> int:
        """Return the position of the referent who takes the next youth, -1 for none."""
        own = self._lightest(commune) if commune else -1
        if own >= 0 and self._load[own] < self._capacity[own]:
            return self._charge(own, commune)
        territory = f"departement {departement}"
        other = self._lightest(territory) if departement else -1
        if other >= 0 and (own < 0 or self._load[other] < self._capacity[other]):
            return self._charge(other, territory)
        return self._charge(own, commune) if own >= 0 else -1

    def _key(self, person: int) -> float:
        """Return the share of capacity in use; without capacity, last of all."""
        capacity = self._capacity[person]
        return self._load[person] / capacity if capacity else float(1 + self._load[person])

    def _lightest(self, territory: str) -> int:
        """Return who is first in a territory's queue, after renewing stale entries."""
        queue = self._queues.get(territory)
        if not queue:
            return -1
        # A load only grows, so an entry that another territory made stale is too small.
        while queue[0][0] != self._key(queue[0][1]):
            _, person = heappop(queue)
            heappush(queue, (self._key(person), person))
        return queue[0][1]

    def _charge(self, person: int, territory: str) -> int:
        self._load[person] += 1
        queue = self._queues[territory]
        heappop(queue)
        heappush(queue, (self._key(person), person))
        return person
