"""Contributions add up, settings are obeyed, and a new criterion is one file and one line."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.index import build_index
from matchmaker.candidates.market import build_market
from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.candidates.plain import plain_pairs
from matchmaker.candidates.search import find_pairs
from matchmaker.errors import UsageError
from matchmaker.explain.reasons import reasons
from matchmaker.scoring.apart import contributions, take_apart
from matchmaker.scoring.criteria import CRITERIA
from matchmaker.scoring.criterion import PairPoints, Phrases
from matchmaker.scoring.total import score_tables, weights
from matchmaker.settings import Settings
from tests.worlds import AS_OF, random_tables


@given(
    seed=st.integers(0, 10**6),
    trade=st.integers(10, 100),
    wish=st.integers(10, 100),
    unknown=st.integers(0, 10_000),
)
def test_contributions_add_up_to_the_score(seed, trade, wish, unknown):
    settings = Settings(
        weights={"trade": trade, "wish": wish},
        values={"level": [10_000, unknown, 4_000, 0]},
        rung_costs=(0, 5_000, 6_000, 7_000, 8_000, 9_000),
    )
    tables = random_tables(np.random.default_rng(seed), 40, 80)
    market = build_market(tables, settings, as_of=AS_OF)
    scores = score_tables(market, settings)
    pairs = plain_pairs(market, scores, k=None)
    lines = take_apart(market, scores, pairs)
    with pytest.MonkeyPatch.context() as patch:  # a few lines at a time find the same
        patch.setattr("matchmaker.scoring.apart.BLOCK", 7)
        again = take_apart(market, scores, pairs)
    for field_of in fields(lines):
        one, other = (getattr(found, field_of.name) for found in (lines, again))
        np.testing.assert_array_equal(one, other)
    points = contributions(lines, market, settings)
    total = sum(points.values()) - scores.rung_cost[pairs.rung]
    np.testing.assert_array_equal(total, pairs.score)
    assert set(points) == {c.name for c in CRITERIA}
    if len(pairs):
        assert pairs.score.min() > 0


def test_each_step_has_its_points():
    """A world of one youth and hand-made offers, each worth what its page says."""
    tables = random_tables(np.random.default_rng(0), 1, 4)
    youths = tables.youths.assign(
        latitude=48.8566, longitude=2.3522, region_code="11", level=np.int8(3), opt_out=False,
        status="seeking", max_distance_km=30.0, is_mobile=False, available_from=np.datetime64("NaT"),
        birth_date=np.datetime64("2006-01-01"), has_rqth=False,
    )  # fmt: skip
    wishes = _wish(tables.wishes)
    offers = tables.offers.assign(
        latitude=48.8566, longitude=2.3522, region_code=["11", "24", "84", ""],
        level=np.array([3, 4, 0, 5], dtype="int8"), capacity=np.int32(1), status="open",
        kind="offer", contract_type="apprentissage", trade_codes="D1102",
        start_date=np.datetime64("2023-10-02"), expiry_date=np.datetime64("NaT"),
    )  # fmt: skip
    settings = Settings()
    tables = replace(tables, youths=youths, wishes=wishes, offers=offers)
    market = build_market(tables, settings, as_of=AS_OF)
    scores = score_tables(market, settings)
    pairs = plain_pairs(market, scores, k=None)
    lines = take_apart(market, scores, pairs)
    points = contributions(lines, market, settings)
    weight = weights(settings)
    assert (points["region"] / weight["region"]).tolist() == [10_000, 5_000, 0, 5_000]
    assert (points["level"] / weight["level"]).tolist() == [10_000, 4_000, 7_000, 0]
    assert set(points["trade"] / weight["trade"]) == {10_000}
    assert set(points["wish"] / weight["wish"]) == {9_300}
    assert set(points["distance"] / weight["distance"]) == {10_000}
    assert set(points["start"] / weight["start"]) == {10_000}
    said = reasons(lines, market, settings).tolist()
    assert said[0] == (
        "Boulanger / Boulangère à moins de 1 km de chez vous, votre vœu n° 2, niveau CAP,"
        " début le 2 octobre."
    )
    assert "en région Centre-Val de Loire" in said[1]
    assert "niveau" not in said[2]  # unknown: not a word of it
    assert "région" not in said[3]


def _wish(wishes):
    import pandas as pd

    row = {
        "youth_id": "Y0000", "wish_id": 0, "rank": 2, "trade_codes": "D1102", "trade_label": "",
        "trade_how": "code", "trade_confidence": 1.0, "level": 0, "region_code": "",
        "commune_code": "", "source": "",
    }  # fmt: skip
    return pd.DataFrame([row]).astype(wishes.dtypes.to_dict())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"weights": {"tade": 3}},
            "unknown criterion 'tade' in \\[weights\\]. Did you mean 'trade'",
        ),
        ({"weights": {"trade": 101}}, "weight of 'trade' is 101"),
        ({"values": {"level": [1, 2]}}, "values of 'level' needs 4 numbers"),
        ({"values": {"level": [1, 2, 3, 10_001]}}, "between 0 and 10000"),
        ({"rung_costs": (0, 0, 0, 0, 0, 900_000)}, "a rung costs 900000"),
    ],
)
def test_settings_that_cannot_be_are_refused(given, said):
    tables = random_tables(np.random.default_rng(0), 20, 40)
    settings = Settings(**given)
    with pytest.raises(UsageError, match=said):
        score_tables(build_market(tables, settings, as_of=AS_OF), settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvenOffers:
    """A criterion of a user's own: offers at even rows are better, row 0 is ruled out."""

    name: str = "even"
    weight: int = 10
    steps: dict[str, int] = field(default_factory=lambda: {"odd": 0, "even": 10_000})

    def table(self, context):
        market = context.market
        row = np.arange(len(market.offer_hash))
        points = np.array([[context.points["odd"], context.points["even"], FORBIDDEN]])
        return PairPoints(
            entry=np.zeros(len(market.entry_wish), dtype=np.uint8),
            offer=np.where(row == 0, 2, 1 - row % 2).astype(np.uint8),
            points=points.astype(np.int32),
        )

    def phrases(self, lines, context, lang):
        del context, lang
        return Phrases(code=(lines.offer % 2).astype(np.int64), text=("offre paire", ""))


def test_a_new_criterion_works_in_both_engines_and_speaks():
    settings = Settings()
    tables = random_tables(np.random.default_rng(3), 40, 120)
    market = build_market(tables, settings, as_of=AS_OF)
    criteria = (*CRITERIA, EvenOffers())
    scores = score_tables(market, settings, criteria)
    pairs = find_pairs(market, scores, build_index(market, scores), k=1000)
    plain = plain_pairs(market, scores, k=None)
    np.testing.assert_array_equal(pairs.score, plain.score)
    assert 0 not in pairs.offer
    before = plain_pairs(market, score_tables(market, settings), k=None)
    assert 0 in before.offer
    lines = take_apart(market, scores, pairs)
    said = reasons(lines, market, settings, criteria)
    assert said[pairs.offer % 2 == 0].str.contains("offre paire").all()
    points = contributions(lines, market, settings, criteria)["even"]
    assert set(points[pairs.offer % 2 == 0]) == {100_000}
