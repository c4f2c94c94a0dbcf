"""One youth taken out of the store: rows, lines and what the log says of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from sqlalchemy import select

from matchmaker.campaigns.store.log import LogEntry, append
from matchmaker.campaigns.store.opening import Store, stamp, writing
from matchmaker.campaigns.store.schema import (
    CONTRACTS,
    FORGOTTEN,
    OUTCOMES_TOLD,
    PAYLOADS,
    SENT,
    WORDS_TOLD,
    YOUTHS,
)
from matchmaker.lists.earlier import FREED

__all__ = ["forget_youth"]


def forget_youth(store: Store, campaign: str, youth_id: str, *, at: dt.datetime) -> int:
    """Delete all that a campaign holds on one youth; places that were taken stay counted.

    An opposition stays: it is a hash, and without it the person would be written to again.

    Parameters
    ----------
    store : Store
    campaign : str
    youth_id : str
    at : datetime

    Returns
    -------
    int
        Rows that were deleted.
    """
    with writing(store, campaign) as connection:
        lines = connection.execute(
            select(SENT.c.offer_id, SENT.c.territory, SENT.c.state).where(
                SENT.c.campaign == campaign, SENT.c.youth_id == youth_id
            )
        ).all()
        gone = 0
        for table in (YOUTHS, SENT, CONTRACTS, OUTCOMES_TOLD, WORDS_TOLD, PAYLOADS):
            is_theirs = (table.c.campaign == campaign) & (table.c.youth_id == youth_id)
            gone += connection.execute(table.delete().where(is_theirs)).rowcount
        taken = Counter((row.offer_id, row.territory) for row in lines if row.state not in FREED)
        for (offer, territory), n in sorted(taken.items()):
            is_it = (
                (FORGOTTEN.c.campaign == campaign)
                & (FORGOTTEN.c.offer_id == offer)
                & (FORGOTTEN.c.territory == territory)
            )
            more = FORGOTTEN.update().where(is_it).values(n=FORGOTTEN.c.n + n)
            if connection.execute(more).rowcount == 0:
                connection.execute(
                    FORGOTTEN.insert().values(
                        campaign=campaign, offer_id=offer, territory=territory, n=n
                    )
                )
        if gone:
            entry = LogEntry(kind="forgotten", youth_id="", content={"rows": gone})
            append(connection, campaign, [entry], at=stamp(at), draw=store.draw)
    return gone
