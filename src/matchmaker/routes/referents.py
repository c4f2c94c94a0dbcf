"""Sharing out the youths who need a person among the referents of their territory."""

from __future__ import annotations

from collections import defaultdict
from heapq import heapify, heappop, heappush

import pandas as pd

__all__ = ["REFERENT_COLUMNS", "assign_referents"]

REFERENT_COLUMNS = (
    "departement",
    "commune_code",
    "region_code",
    "referent_name",
    "referent_contact",
    "capacity",
)
"""Columns of a clean referents frame; one row a referent and territory."""


def assign_referents(youths: pd.DataFrame, referents: pd.DataFrame) -> pd.DataFrame:
    """Give each youth a referent of their commune, else department, else region, else of all.

    Among the referents of a territory the one with the smallest share of their capacity
    in use comes first, so the load is even; a referent listed for several territories
    has one load.  A territory's referents who are full pass youths on to the next larger
    one's.  When all are full the least loaded one of the smallest territory takes more than
    planned, because nobody may be left without a name.

    Parameters
    ----------
    youths : pandas.DataFrame
        ``youth_id``, ``departement``, ``commune_code``, ``region_code`` ("" = unknown); ids
        are distinct.
    referents : pandas.DataFrame
        `REFERENT_COLUMNS`: text but for ``capacity`` (whole number of youths).  A row
        serves its commune; without one its department; without both its region; without any
        everybody, also those whose home is not known.

    Returns
    -------
    pandas.DataFrame
        ``youth_id``, ``referent_name``, ``referent_contact``, and ``of``, the kind of
        territory: commune, departement, region, all, or "" where there is no referent and
        the other texts are empty too.  In the order of `youths`.  The result does not depend on
        the order of the rows.

    Examples
    --------
    >>> youths = pd.DataFrame({"youth_id": ["a", "b", "c"], "departement": ["35", "35", "29"],
    ...                        "commune_code": ["35238", "35001", "29019"], "region_code": "53"})
    >>> referents = pd.DataFrame({"departement": ["35", "35"], "commune_code": ["35238", ""],
    ...     "region_code": "", "referent_name": ["ML Rennes", "CIO 35"], "referent_contact": "",
    ...     "capacity": 9})
    >>> assign_referents(youths, referents)["referent_name"].tolist()
    ['ML Rennes', 'CIO 35', '']
    """
    people = _People(referents)
    chosen: dict[str, tuple[int, str]] = {}
    columns = [youths[name] for name in ("youth_id", "commune_code", "departement", "region_code")]
    homes = zip(*columns, strict=True)
    for youth_id, commune, departement, region in sorted(homes, key=lambda home: home[0].encode()):
        chosen[youth_id] = people.take(commune, departement, region)
    picks = [chosen[youth_id][0] for youth_id in youths["youth_id"]]
    return pd.DataFrame(
        {
            "youth_id": youths["youth_id"],
            "referent_name": pd.array([people.names[p] for p in picks], dtype="str"),
            "referent_contact": pd.array([people.contacts[p] for p in picks], dtype="str"),
            "of": pd.array([chosen[youth_id][1] for youth_id in youths["youth_id"]], dtype="str"),
        },
        index=youths.index,
    )


class _People:
    """Referents, their loads, and a queue of them for each territory."""

    def __init__(self, referents: pd.DataFrame) -> None:
        rows = referents[list(REFERENT_COLUMNS)].itertuples(index=False, name=None)
        capacity: dict[tuple[str, str], int] = {}
        served: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for departement, commune, region, name, contact, room in rows:
            person = (name, contact)
            capacity[person] = max(int(room), capacity.get(person, 0))
            served[_territories(commune, departement, region)[0]].add(person)
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

    def take(self, commune: str, departement: str, region: str) -> tuple[int, str]:
        """Return the position of the referent who takes the next youth, and of what they are.

        The position is -1 for none.
        """
        serving = [
            (self._queues[at][0][1], at)
            for at in _territories(commune, departement, region)
            if self._renewed(at)
        ]
        if not serving:
            return -1, ""
        free = (one for one in serving if self._load[one[0]] < self._capacity[one[0]])
        person, at = next(free, serving[0])
        self._charge(at)
        return person, at[0]

    def _key(self, person: int) -> float:
        """Return the share of capacity in use; without capacity, last of all."""
        capacity = self._capacity[person]
        return self._load[person] / capacity if capacity else float(1 + self._load[person])

    def _renewed(self, at: tuple[str, str]) -> bool:
        """Put who is first in a territory's queue first; tell whether anybody is."""
        queue = self._queues.get(at)
        if not queue:
            return False
        # A load only grows, so an entry that another territory made stale is too small.
        while queue[0][0] != self._key(queue[0][1]):
            _, person = heappop(queue)
            heappush(queue, (self._key(person), person))
        return True

    def _charge(self, at: tuple[str, str]) -> None:
        """Give one more youth to who is first in a territory's queue."""
        queue = self._queues[at]
        _, person = heappop(queue)
        self._load[person] += 1
        heappush(queue, (self._key(person), person))


def _territories(commune: str, departement: str, region: str) -> list[tuple[str, str]]:
    """Return the territories of a home or a row that are known, smallest first."""
    parts = (("commune", commune), ("departement", departement), ("region", region))
    return [part for part in parts if part[1]] + [("all", "")]
