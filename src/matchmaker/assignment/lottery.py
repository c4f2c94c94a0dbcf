"""Lottery numbers: who goes first among equals.

The number of a youth is BLAKE2b-64 of ``seed:youth_id`` (`matchmaker.hashing.hash_ids`);
the smallest wins.  By default it is common to all offers, which costs youths less than
one lottery an offer (Abdulkadiroglu, Pathak and Roth, AER 2009).  With one lottery an
offer the number is ``mix(hash(seed:youth_id), hash(seed:offer_id))``.  Seed and ids are
all that is needed to work a number out again.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchmaker.hashing import mix

__all__ = ["Lottery", "tickets"]

Lottery = Literal["common", "per_offer"]


def tickets(
    youth: NDArray[np.int32],
    offer: NDArray[np.int32],
    youth_hash: NDArray[np.uint64],
    offer_hash: NDArray[np.uint64],
    lottery: Lottery,
) -> NDArray[np.uint64]:
    """Return the lottery number of each pair; the smaller goes first.

    Parameters
    ----------
    youth, offer : int32, shape (n,)
        Ends of the pairs.
    youth_hash, offer_hash : uint64
        Hashes of all youths and of all offers.
    lottery : {"common", "per_offer"}

    Returns
    -------
    uint64, shape (n,)

    Examples
    --------
    >>> import numpy as np
    >>> from matchmaker.hashing import hash_ids
    >>> youths, offers = hash_ids(["Y1", "Y2"], seed=0), hash_ids(["O1"], seed=0)
    >>> tickets(np.int32([0, 1]), np.int32([0, 0]), youths, offers, "common")
    array([16934327832612923333, 14345565963684375629], dtype=uint64)
    """
    if lottery == "common":
        return youth_hash[youth]
    return mix(youth_hash[youth], offer_hash[offer])
