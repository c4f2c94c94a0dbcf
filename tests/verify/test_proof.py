"""The arithmetic of a certificate, on one offer and two youths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matchmaker.verify import Faults
from matchmaker.verify.proof import Shown, check_proof

LINES = pd.DataFrame({"youth_id": [0, 1], "offer_id": [0, 0], "score": [700, 500]})


def per_offer(n):
    return pd.Series([n], index=[0])


SHOWN = Shown(
    lines=LINES, others=LINES[:0], room=per_offer(2), used=per_offer(0), width=per_offer(1),
    lines_per_youth=1, unit_costs=(), floors=(),
)  # fmt: skip


def certificate(*, price, of_offer, bonus, bounds, capacity=2):
    return pd.DataFrame(
        {
            "proof": "lists",
            "side": ["offer", "youth", "youth"],
            "id": [0, 0, 1],
            "capacity": [capacity, 1, 1],
            "price": [price, 0, 0],
            "bonus": [0, bonus, bonus],
            "bound": np.array([of_offer, *bounds], dtype=np.int64),
        }
    )


def claim(score_bound, *, score=1200, costs=0):
    reached = score - costs
    return {
        "youths_served": 2, "score": score, "costs": costs, "score_bound": score_bound,
        "gap": (score_bound - reached) / reached,
    }  # fmt: skip


def faults_of(claim, table, shown=SHOWN):
    faults = Faults()
    check_proof("lists", claim, table, shown, faults)
    return [(fault.rule, fault.column) for fault in faults.shown]


def test_weak_duality_adds_up():
    table = certificate(price=400, of_offer=800, bonus=0, bounds=(300, 150))
    assert faults_of(claim(1250), table) == []


@pytest.mark.parametrize("short", [0, 1])
def test_prices_beyond_the_whole_numbers_of_floating_point(short):
    """The last unit of a price of 2**60 and more decides."""
    price = (1 << 60) + 1
    table = certificate(
        price=price, of_offer=price, capacity=1, bonus=price, bounds=(700 - short, price + 500)
    )
    two = pd.Series([1, 1], index=[0, 1])  # the other offer has no row, its price is 0
    shown = replace(SHOWN, lines=LINES.assign(offer_id=[0, 1]), room=two, used=two - 1, width=two)
    found = faults_of(claim(1200 - short), table, shown)
    assert (("youth_bound", "lists.bound") in found) == bool(short)
    assert bool(found) == bool(short)


def test_a_bound_that_no_whole_number_of_a_machine_holds():
    """Sums are Python's own: 2 x 2**62 is more than an int64 holds."""
    price = 1 << 62
    table = certificate(price=price, of_offer=2**63 - 1, bonus=price, bounds=(700, 500))
    assert ("offer_bound", "lists.bound") in faults_of(claim(1200), table)


@pytest.mark.parametrize(
    ("used", "width", "costs", "earned"),
    [
        (0, 1, 0 + 90, 400 + 310),
        (0, 2, 0 + 0, 400 + 400),
        (1, 1, 90 + 450, 310 + 0),
        (1, 2, 0 + 90, 400 + 310),
        (2, 1, 450 + 450, 0),
        (9, 1, 450 + 450, 0),
    ],
)
def test_costs_of_an_offers_lists(used, width, costs, earned):
    """0 for the first lists, 90 for the next, 450 for all others; what went before counts."""
    shown = replace(SHOWN, unit_costs=(0, 90, 450), used=per_offer(used), width=per_offer(width))
    table = certificate(price=400, of_offer=earned, bonus=0, bounds=(300, 100))
    bound = earned + 400
    assert faults_of(claim(bound, costs=costs), table, shown) == []
    found = faults_of(claim(bound, costs=costs + 1), table, shown)
    assert found[0] == ("figure", "proofs.lists.costs")


def test_lines_of_a_band_earn_its_bonus():
    shown = replace(SHOWN, floors=(600,))
    bands = {"bands": {"floors": [600], "bonuses": [0, 1000]}}
    table = certificate(price=400, of_offer=800, bonus=0, bounds=(1300, 100))
    assert faults_of({**claim(1200), **bands}, table, shown) == []
    assert faults_of({**claim(1200), **bands}, table) != []


def test_an_offer_in_no_line_is_held_to_its_price():
    """With costs, the files do not say how many lists it stood in before."""
    shown = replace(SHOWN, unit_costs=(0, 90))
    table = certificate(price=400, of_offer=710, bonus=0, bounds=(300, 100))
    other = table.iloc[[0]].assign(id=5, capacity=3, price=10)
    for bound, is_held in ((30, True), (31, False)):
        both = pd.concat([table, other.assign(bound=bound)])
        found = faults_of(claim(1110 + bound, costs=90), both, shown)
        assert (found == []) == is_held
