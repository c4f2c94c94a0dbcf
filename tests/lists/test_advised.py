"""Lists that obey advisers: the best ones of all that obey, by another solver, and the order said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from matchmaker.candidates.plain import plain_pairs
from matchmaker.lists.earlier import remembered_lines
from matchmaker.lists.excluded import Excluded
from matchmaker.lists.make import make_lists
from matchmaker.lists.pins import advised_of
from matchmaker.lists.terms import whole_terms
from matchmaker.lists.word_prices import costs_of_words
from matchmaker.settings import Settings
from matchmaker.tables.advice_heeded import ADVICE
from tests.candidates.test_engines import prepared

SEEDS = st.integers(0, 10**6)
CAPS = {
    "lines_per_youth": 4, "min_lines": 1, "lists_per_seat": 2, "lists_per_firm": 2,
    "lines_per_employer": 1, "other_sector_lines": 1, "max_gap": 0.0,
}  # fmt: skip
BONUS = 10**7


def advice_of(rows):
    """Return words as the run keeps them: (youth, offer, word, value), all of one day."""
    told = [(y, o, "", w, v, "2023-09-14", "heeded", "", 0) for y, o, w, v in rows]
    types = dict.fromkeys(ADVICE, "str") | {"seats": "int32"}
    return pd.DataFrame(sorted(told), columns=list(ADVICE)).astype(types)


def drawn(market, everything, rng, n):
    """Draw words on eligible pairs, some of them about one list or one offer."""
    youths, offers = market.youths["youth_id"], market.offers["offer_id"]
    at = rng.permutation(len(everything))[: 3 * n]
    words = [["pin", "ban", "order"][i % 3] for i in range(len(at))]
    return advice_of(
        (youths[everything.youth[e]], offers[everything.offer[e]], word,
         str(rng.integers(1, 4)) if word == "order" else "")
        for e, word in zip(at, words, strict=True)
    )  # fmt: skip


@examples(max_examples=25)
@given(seed=SEEDS)
def test_lists_that_obey_are_the_best_of_all_that_obey(seed):
    """Every legal line kept is there, none that is barred is; another solver finds no better."""
    settings = Settings(**CAPS)
    market, scores, engine = prepared(seed, settings, n_youths=20, n_offers=60)
    everything = plain_pairs(market, scores, k=None)
    nothing = remembered_lines(None, market)
    advice = drawn(market, everything, np.random.default_rng(seed), 12)
    advised, told = advised_of(advice, market, scores, settings, nothing)
    lists = make_lists(engine, settings, advised=advised)
    pins = Excluded.of(advised.pins.youth, advised.pins.offer, len(market.offer_hash))
    assert pins.holds(lists.pairs).sum() == len(advised.pins)
    assert not advised.banned.holds(lists.pairs).any()
    assert set(told["state"][told["word"] == "pin"]) <= {"heeded", "refused"}
    proof = lists.proofs["lists"]
    whole = whole_terms(market, settings, nothing)
    served, score = _best(
        everything, whole, pins.holds(everything), advised.banned.holds(everything)
    )
    fixed = int(advised.pins.score.sum(dtype=np.int64))
    assert int((np.diff(lists.pairs.indptr) > 0).sum()) == served
    reached = int(lists.pairs.score.sum(dtype=np.int64))
    assert reached == proof.score + fixed
    assert reached <= score <= proof.bound + fixed
    assert score - reached <= max(1e-5 * score, 4 * 20)


def _best(pairs, whole, is_pinned, is_banned) -> tuple[int, int]:
    """Return most youths served, then the best score, with lines fixed: whole numbers."""
    n, youths, offers = len(pairs), len(whole.youth_capacity), len(whole.offer_capacity)
    if not n:
        return 0, 0
    at, one = np.arange(n), np.ones(n)

    def counted(rows, size):
        return csr_array((one, (rows, at)), shape=(size, n + youths))

    has = csr_array(
        (np.r_[one, -np.ones(youths)],
         (np.r_[pairs.youth, np.arange(youths)], np.r_[at, n + np.arange(youths)])),
        shape=(youths, n + youths),
    )  # fmt: skip
    limits = [
        LinearConstraint(
            vstack([counted(pairs.youth, youths), counted(pairs.offer, offers)]),
            ub=np.r_[whole.youth_capacity, whole.offer_capacity],
        ),
        LinearConstraint(has, lb=0),
    ]
    caps = whole.laminar_caps
    if caps is not None:
        for group, most in ((caps.outer, caps.outer_caps), (caps.inner, caps.inner_caps)):
            key = pairs.youth.astype(np.int64) * (group.max() + 1) + group[pairs.offer]
            _, first, number = np.unique(key, return_index=True, return_inverse=True)
            limits.append(
                LinearConstraint(counted(number, len(first)), ub=most[pairs.youth[first]])
            )
    low = np.r_[is_pinned.astype(float), np.zeros(youths)]
    high = np.r_[1.0 - is_banned, np.ones(youths)]
    worth = np.r_[pairs.score.astype(float), np.full(youths, float(BONUS))]
    answer = milp(
        -worth, constraints=limits, integrality=np.ones(n + youths), bounds=Bounds(low, high),
        options={"mip_rel_gap": 0},
    )  # fmt: skip
    assert answer.x is not None
    chosen = np.rint(answer.x).astype(bool)
    return int(chosen[n:].sum()), int(pairs.score[chosen[:n]].sum(dtype=np.int64))


@examples(max_examples=25)
@given(seed=SEEDS, is_fair=st.booleans())
def test_first_lines_and_assignments_stand_beside_what_is_kept(seed, is_fair):
    own = {"objective": "fair", "fair_floors": (600_000, 800_000)} if is_fair else {}
    settings = Settings(**CAPS | own)
    market, scores, engine = prepared(seed, settings, n_youths=20, n_offers=50)
    advice = drawn(market, plain_pairs(market, scores, k=None), np.random.default_rng(seed), 12)
    advised, _ = advised_of(advice, market, scores, settings, remembered_lines(None, market))
    lists = make_lists(engine, settings, advised=advised, assignment=not is_fair)
    whole = lists.whole
    for counts, most in (
        (np.diff(lists.pairs.indptr), whole.youth_capacity),
        (np.bincount(lists.pairs.offer, minlength=len(market.offer_hash)), whole.offer_capacity),
    ):
        assert (counts <= most).all()
    assert all(proof.gap >= 0 for proof in lists.proofs.values())
    kept = Excluded.of(advised.pins.youth, advised.pins.offer, len(market.offer_hash))
    assert kept.holds(lists.pairs).sum() == len(advised.pins)


@examples(max_examples=25)
@given(seed=SEEDS)
def test_the_order_that_was_said_comes_before_all_else(seed):
    settings = Settings(**CAPS)
    market, scores, engine = prepared(seed, settings, n_youths=20, n_offers=60)
    plain = make_lists(engine, settings)
    youths, offers = market.youths["youth_id"], market.offers["offer_id"]
    rng = np.random.default_rng(seed)
    told = [
        (youths[y], offers[o], "order", str(place))
        for y, o, place in zip(
            plain.pairs.youth, plain.pairs.offer, rng.integers(1, 4, len(plain.pairs)), strict=True
        )
        if rng.random() < 0.5
    ]
    nothing = remembered_lines(None, market)
    advised, _ = advised_of(advice_of(told), market, scores, settings, nothing)
    lists = make_lists(engine, settings, advised=advised)
    np.testing.assert_array_equal(lists.pairs.offer, plain.pairs.offer)
    place = {(y, o): int(value) for y, o, _, value in told}
    said = [
        place.get((youths[y], offers[o]), 9)
        for y, o in zip(lists.pairs.youth, lists.pairs.offer, strict=True)
    ]
    # By what was said; of equal places in the order that they had before.
    due = np.lexsort((plain.rank, said, lists.pairs.youth))
    if not set(said) - {9}:
        return
    here = np.argsort(lists.pairs.youth * 100 + lists.rank, kind="stable")
    assert [said[i] for i in here] == [said[i] for i in due]


@examples(max_examples=25)
@given(seed=SEEDS)
def test_a_word_costs_what_its_youth_could_do_without_it(seed):
    """At the prices of the lists, by trying all choices of a youth with few offers."""
    settings = Settings(**CAPS)
    market, scores, engine = prepared(seed, settings, n_youths=12, n_offers=25)
    everything = plain_pairs(market, scores, k=None)
    nothing = remembered_lines(None, market)
    advice = drawn(market, everything, np.random.default_rng(seed), 5)
    advised, told = advised_of(advice, market, scores, settings, nothing)
    lists = make_lists(engine, settings, advised=advised)
    price = lists.certificates["lists"].price
    costs = costs_of_words(told, advised, market, scores, lists.whole, nothing.pairs, price)
    is_priced = (told["state"] == "heeded") & told["word"].isin(["pin", "ban"])
    assert (costs[is_priced] >= 0).all()
    assert (costs[~is_priced] == -1).all()
    for at in np.flatnonzero(is_priced)[:6]:
        without = told.drop(index=at).reset_index(drop=True)
        youth = market.youths.index[market.youths["youth_id"] == told["youth_id"][at]][0]
        before, after = (
            _alone(words, market, scores, settings, everything, price, youth)
            for words in (told, without)
        )
        assert costs[at] == after - before


def _alone(told, market, scores, settings, everything, price, youth) -> int:
    """Return the best that a youth does at prices: a program in whole numbers."""
    heeded = told[told["state"] == "heeded"]
    advised, _ = advised_of(heeded.reset_index(drop=True), market, scores, settings,
                            remembered_lines(None, market))  # fmt: skip
    here = slice(*everything.indptr[youth : youth + 2])
    offer = everything.offer[here]
    n_offers = len(market.offer_hash)
    keys = youth * n_offers + offer.astype(np.int64)
    kept = Excluded.of(advised.pins.youth, advised.pins.offer, n_offers)
    whole = whole_terms(market, settings, remembered_lines(None, market))
    caps = whole.laminar_caps
    rows, most = [np.ones(len(offer))], [int(whole.youth_capacity[youth])]
    for group, cap in ((caps.outer, int(caps.outer_caps[youth])), (caps.inner, caps.inner_cap)):
        rows += [(group[offer] == one).astype(float) for one in np.unique(group[offer])]
        most += [cap] * len(np.unique(group[offer]))
    net = everything.score[here].astype(np.int64) - price[offer]
    answer = milp(
        -net.astype(float), constraints=LinearConstraint(np.array(rows), ub=most),
        integrality=np.ones(len(offer)),
        bounds=Bounds(np.isin(keys, kept.key).astype(float),
                      1.0 - np.isin(keys, advised.banned.key)),
        options={"mip_rel_gap": 0},
    )  # fmt: skip
    return int(net[np.rint(answer.x).astype(bool)].sum())


REFUSED = {
    "list_full": {"lines_per_youth": 1, "min_lines": 1, "other_sector_lines": 0},
    "offer_full": {"lists_per_seat": 1, "lists_per_firm": 1},
    "one_employer": {"lines_per_employer": 1, "other_sector_lines": 0},
    "one_sector": {"lines_per_youth": 3, "min_lines": 1, "other_sector_lines": 2},
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_line_that_may_not_be_kept_is_refused_by_its_rule(rule):
    """Keeping everything that is eligible meets every cap; the first ones said stay."""
    settings = Settings(**REFUSED[rule])
    market, scores, _ = prepared(7, settings, n_youths=40, n_offers=400)
    everything = plain_pairs(market, scores, k=None)
    youths, offers = market.youths["youth_id"], market.offers["offer_id"]
    rows = [
        (youths[y], offers[o], "pin", "")
        for y, o in zip(everything.youth, everything.offer, strict=True)
    ]
    nothing = remembered_lines(None, market)
    advised, told = advised_of(advice_of(rows), market, scores, settings, nothing)
    assert rule in set(told["rule"])
    assert len(advised.pins) == (told["state"] == "heeded").sum()
    shuffled = advice_of(rows).sample(frac=1, random_state=1)
    again, _ = advised_of(
        shuffled.sort_values(list(ADVICE)).reset_index(drop=True), market, scores, settings, nothing
    )
    np.testing.assert_array_equal(again.pins.offer, advised.pins.offer)


def test_what_was_sent_or_does_not_go_together_is_refused():
    settings = Settings(**CAPS)
    market, scores, _ = prepared(7, settings, n_youths=40, n_offers=400)
    everything = plain_pairs(market, scores, k=None)
    youths, offers = market.youths["youth_id"], market.offers["offer_id"]
    known = set(zip(everything.youth.tolist(), everything.offer.tolist(), strict=True))
    y = int(everything.youth[0])
    alien = next(o for o in np.flatnonzero(market.is_open) if (y, int(o)) not in known)
    closed = int(np.flatnonzero(~market.is_open)[0])
    out = int(np.flatnonzero(~market.takes_part)[0])
    first = int(everything.offer[0])
    told = [(youths[y], offers[o], "pin", "") for o in (first, alien, closed)]
    told.append((youths[out], offers[first], "pin", ""))
    sent = pd.DataFrame({"youth_id": [youths[y]], "offer_id": [offers[first]]})
    _, found = advised_of(advice_of(told), market, scores, settings, remembered_lines(sent, market))
    due = {(youths[y], offers[first]): "sent_before", (youths[y], offers[alien]): "not_eligible",
           (youths[y], offers[closed]): "offer_closed", (youths[out], offers[first]): "youth_out"}  # fmt: skip
    pairs = zip(found["youth_id"], found["offer_id"], strict=True)
    assert dict(zip(pairs, found["rule"], strict=True)) == due


def test_nothing_said_changes_nothing():
    settings = Settings(**CAPS)
    market, scores, engine = prepared(3, settings, n_youths=30, n_offers=60)
    advised, _ = advised_of(advice_of([]), market, scores, settings, remembered_lines(None, market))
    one, other = make_lists(engine, settings), make_lists(engine, settings, advised=advised)
    for name in ("rank", "doubt", "exposure"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.proofs == other.proofs
    assert replace(one.whole, excluded=other.whole.excluded).longest_list == 4
