"""The whole sharing-out, rounds and all, against OR-tools' optimum over all eligible pairs."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import build_market
from matchmaker.generator import generate
from matchmaker.lists.make import make_lists
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from matchmaker.solvers.duality import dual_bound, value
from matchmaker.solvers.min_cost_flow import min_cost_flow
from matchmaker.solvers.problem import BMatching
from matchmaker.tables import load

AS_OF = dt.date(2023, 9, 15)
BONUS = 10**9  # serving one youth more is worth more than any change of their lines


@pytest.fixture(scope="module")
def scarce(tmp_path_factory):
    """2,000 youths and 3,000 offers of one region; generated, so the data are synthetic."""
    paths = generate(
        youths=2000, offers=3000, out=tmp_path_factory.mktemp("scarce"), firm_share=0.1,
        seed=11, as_of=AS_OF, regions=["Bretagne"],
    )  # fmt: skip
    tables = load(
        paths["youths"], paths["wishes"], paths["offers"], as_of=AS_OF, settings=Settings()
    )
    market = build_market(tables, Settings(), as_of=AS_OF)
    scores = score_tables(market, Settings())
    return market, scores, fused_engine(market, scores)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(lists_per_seat=1, lists_per_firm=1, other_sector_lines=0, lines_per_employer=0),
        Settings(lists_per_seat=2, lists_per_firm=1, other_sector_lines=4, lines_per_employer=1),
        Settings(lists_per_seat=2, competition_costs=(0, 40_000, 90_000)),
    ],
    ids=["plain", "varied", "costs of competition"],
)
def test_lists_equal_the_optimum_of_or_tools_within_the_printed_gap(scarce, settings):
    market, _scores, engine = scarce
    lists = make_lists(engine, settings)
    proof, terms = lists.proofs["lists"], lists.terms["lists"]
    everything = engine.best(k=len(market.offer_hash)).pairs
    problem = BMatching(
        indptr=everything.indptr, column=everything.offer, weight=everything.score,
        row_capacity=terms.youth_capacity, column_capacity=terms.offer_capacity,
        first_bonus=np.full(len(terms.youth_capacity), BONUS),
        convex_costs=terms.convex_costs, laminar_caps=terms.laminar_caps,
    )  # fmt: skip
    exact = min_cost_flow(problem)
    best = value(problem, exact.is_taken)
    assert dual_bound(problem, exact.price) == best
    served = len(np.unique(problem.row[exact.is_taken]))
    assert proof.is_most_served
    assert proof.served == served < proof.servable
    assert proof.score - proof.costs <= best - served * BONUS <= proof.bound
    assert 0 <= proof.gap <= settings.max_gap
