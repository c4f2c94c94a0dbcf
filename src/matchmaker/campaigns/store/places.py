"""The count of each offer: how many lists of a campaign it stands in, and in how many it may."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select

from matchmaker.campaigns.store.rows import insert_columns
from matchmaker.campaigns.store.schema import EXPOSURE

__all__ = ["change_counts"]


def change_counts(
    connection: Connection,
    campaign: str,
    changes: Mapping[str, int],
    caps: Mapping[str, int] | None = None,
) -> None:
    """Add to the counts of offers, or take from them, in the caller's transaction.

    A cap that fell under what is taken already is kept at that: nothing more is given.

    Parameters
    ----------
    connection : Connection
        Which holds the campaign.
    campaign : str
    changes : mapping of str to int
        By offer.
    caps : mapping of str to int, optional
        Of the same offers, as they are today; by default those that stand.
    """
    known = {
        row.offer_id: (row.n, row.cap)
        for row in connection.execute(select(EXPOSURE).where(EXPOSURE.c.campaign == campaign))
    }
    new: list[tuple[str, int, int]] = []
    changed: list[dict[str, str | int]] = []
    for offer in sorted(changes):
        before, cap = known.get(offer, (0, 0))
        n = before + changes[offer]
        cap = max(n, cap if caps is None else caps[offer])
        if offer not in known:
            new.append((offer, n, cap))
        elif (before, known[offer][1]) != (n, cap):
            changed.append({"of_offer": offer, "n": n, "cap": cap})
    made = [[row[at] for row in new] for at in range(3)]
    columns = dict(zip(("offer_id", "n", "cap"), made, strict=True))
    insert_columns(connection, EXPOSURE, {"campaign": [campaign] * len(new), **columns})
    if changed:
        is_it = (EXPOSURE.c.campaign == campaign) & (EXPOSURE.c.offer_id == bindparam("of_offer"))
        connection.execute(EXPOSURE.update().where(is_it), changed)
