"""Hashes: the same numbers as hashlib by hand, in compiled code and in numpy."""

from hashlib import blake2b

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.hashing import hash_ids, mix

U64 = st.integers(0, 2**64 - 1)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))), st.integers(0, 2**63 - 1))
def test_hash_is_the_digest_of_seed_and_id(ids, seed):
    by_hand = [
        int.from_bytes(blake2b(f"{seed}:{one}".encode(), digest_size=8).digest(), "big")
        for one in ids
    ]
    assert hash_ids(ids, seed).tolist() == by_hand


def splitmix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
    return z ^ (z >> 31)


@given(st.lists(st.tuples(U64, U64)))
def test_mix_is_equal_compiled_in_numpy_and_by_hand(pairs):
    a = np.array([p[0] for p in pairs], dtype=np.uint64)
    b = np.array([p[1] for p in pairs], dtype=np.uint64)
    by_hand = [splitmix((splitmix((x + 0x9E3779B97F4A7C15) % 2**64) + y) % 2**64) for x, y in pairs]
    assert mix(a, b).tolist() == by_hand
    assert mix.py_func(a, b).tolist() == by_hand
    assert [int(mix(x, y)) for x, y in zip(a, b, strict=True)] == by_hand


def test_mix_tells_sides_apart_and_spreads():
    h = hash_ids([f"Y{i}" for i in range(1000)], seed=1)
    grid = mix(np.repeat(h, 1000), np.tile(h, 1000))
    assert len(np.unique(grid)) == len(grid)
    bits = (grid[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    assert np.all(np.abs(bits.mean(axis=0) - 0.5) < 0.005)
