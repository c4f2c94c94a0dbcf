"""Hashes of ids, the only source of chance: lottery numbers and the order of ties.

A hash depends on the seed and on the id alone, so row order, chunks, threads and
engines cannot change who wins a tie, and anybody can work a number out by hand::

    python -c "from hashlib import blake2b; \
print(int.from_bytes(blake2b(b'SEED:ID', digest_size=8).digest(), 'big'))"
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matchmaker.jit import jit

__all__ = ["hash_ids", "mix"]

U = TypeVar("U", np.uint64, NDArray[np.uint64])

# The constants of SplitMix64.
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FACTOR_1, FACTOR_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
SHIFT_1, SHIFT_2, SHIFT_3 = np.uint64(30), np.uint64(27), np.uint64(31)


def hash_ids(ids: Iterable[str], seed: int) -> NDArray[np.uint64]:
    """Return BLAKE2b-64 of the UTF-8 bytes of ``seed:id``, one number an id.

    Parameters
    ----------
    ids : iterable of str
        Ids, in any order.
    seed : int
        Seed of the run.

    Returns
    -------
    ndarray of uint64, shape (n,)
        The eight bytes of each digest, read with the highest first, in the order
        of `ids`.

    Examples
    --------
    >>> hash_ids(["Y1", "Y2"], seed=0)
    array([16934327832612923333, 14345565963684375629], dtype=uint64)
    """
    # The seed is fed once; a copy of the state costs less than formatting it again.
    start = blake2b(f"{seed}:".encode(), digest_size=8)

    def digests() -> Iterable[bytes]:
        for one in ids:
            state = start.copy()
            state.update(one.encode())
            yield state.digest()

    return np.frombuffer(b"".join(digests()), dtype=">u8").astype(np.uint64)


@jit
def mix(a: U, b: U) -> U:
    """Return one 64-bit hash of each ordered pair of hashes (a, b).

    Twice the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), `b` being added
    between the two: each bit of both moves about half of the bits of the result.

    Parameters
    ----------
    a, b : uint64, or ndarray of uint64 of equal shapes
        Hashes of the youth and of the offer, in this order.  Compiled code calls it with
        numbers, numpy code with arrays; the results are equal.

    Returns
    -------
    uint64, or ndarray of uint64 of the same shape

    Examples
    --------
    >>> youths, offers = hash_ids(["Y1", "Y2"], seed=0), hash_ids(["O1", "O2"], seed=0)
    >>> mix(youths, offers)
    array([ 5282106917563704261, 16130700526042984801], dtype=uint64)
    """
    z = a + GOLDEN
    z = (z ^ (z >> SHIFT_1)) * FACTOR_1
    z = (z ^ (z >> SHIFT_2)) * FACTOR_2
    z = (z ^ (z >> SHIFT_3)) + b
    z = (z ^ (z >> SHIFT_1)) * FACTOR_1
    z = (z ^ (z >> SHIFT_2)) * FACTOR_2
    return z ^ (z >> SHIFT_3)
