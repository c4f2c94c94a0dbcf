"""Which pairs are eligible, asked pair by pair."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.candidates.breakdown import eligible
from matchmaker.candidates.plain import plain_pairs
from tests.candidates.test_engine_contract import SETTINGS, world


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), chosen=SETTINGS)
def test_a_pair_is_eligible_if_it_is_among_all_that_are(seed, chosen):
    market, tables = world(seed, chosen)
    n_youths, n_offers = len(market.youth_hash), len(market.offer_hash)
    youth, offer = (at.ravel().astype(np.int32) for at in np.indices((n_youths, n_offers)))
    pairs = plain_pairs(market, tables, k=None)
    due = np.zeros((n_youths, n_offers), dtype=bool)
    due[pairs.youth, pairs.offer] = True
    shuffled = np.random.default_rng(seed).permutation(len(youth))
    told = eligible(market, tables, youth[shuffled], offer[shuffled])
    assert (told == due.ravel()[shuffled]).all()
