"""Contributions add up, settings are obeyed, and a new criterion is one file and one line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.breakdown import score_lines
from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import build_market
from matchmaker.candidates.pairs import FORBIDDEN
from matchmaker.candidates.plain import plain_pairs
from matchmaker.errors import UsageError
from matchmaker.explain.reasons import reasons
from matchmaker.scoring.criteria import CRITERIA
from matchmaker.scoring.criterion import PairPoints, Phrases
from matchmaker.scoring.total import score_tables, scoring_of, weights
from matchmaker.settings import Settings
from tests.languages import raises
from tests.worlds import AS_OF, hand_made, random_tables


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
    lines = score_lines(market, scores, pairs.youth, pairs.offer)
    total = sum(lines.points.values()) - sum(lines.costs.values())
    np.testing.assert_array_equal(lines.costs["rung"], scores.rung_cost[pairs.rung])
    np.testing.assert_array_equal(total, pairs.score)
    assert list(lines.points) == [c.name for c in CRITERIA]
    if len(pairs):
        assert pairs.score.min() > 0


@pytest.mark.parametrize("is_strict", [False, True])
def test_of_several_levels_read_the_nearest_counts_and_none_closes(is_strict):
    sets = {"5": 10_000, "4|5": 10_000, "6|7": 4_000, "7|8": 0, "": 7_000}
    tables = hand_made({"level": np.int8(5)}, [{"level": 0, "levels_read": text} for text in sets])
    settings = Settings(strict_level=is_strict)
    market = build_market(tables, settings, as_of=AS_OF)
    scoring = scoring_of(market, settings)
    pairs = plain_pairs(market, scoring.tables, k=None)
    lines = score_lines(market, scoring.tables, pairs.youth, pairs.offer)
    points = dict(
        zip(lines.offer, lines.points["level"] // weights(settings)["level"], strict=True)
    )
    assert [points[offer] for offer in range(5)] == list(sets.values())
    # Of a set the lowest level counts as far above: who may enter there may enter.
    costs = dict(zip(lines.offer, lines.costs["doubt"], strict=True))
    assert [costs[offer] for offer in range(5)] == [0, 0, 0, settings.level_doubt_cost, 0]


def test_each_step_has_its_points():
    """A world of one youth and hand-made offers, each worth what its page says."""
    tables = random_tables(np.random.default_rng(0), 1, 4)
    youths = tables.youths.assign(
        latitude=48.8566, longitude=2.3522, region_code="11", level=np.int8(5), opt_out=False,
        status="seeking", max_distance_km=30.0, is_mobile=False, available_from=np.datetime64("NaT"),
        birth_date=np.datetime64("2006-01-01"), has_rqth=False, is_approximate=False,
    )  # fmt: skip
    wishes = _wish(tables.wishes)
    offers = tables.offers.assign(
        latitude=48.8566, longitude=2.3522, region_code=["11", "24", "84", ""],
        level=np.array([5, 4, 0, 8], dtype="int8"), levels_read="", capacity=np.int32(1), status="open",
        kind="offer", contract_type="apprentissage", trade_codes="D1102",
        start_date=np.datetime64("2023-10-02"), expiry_date=np.datetime64("NaT"),
        is_approximate=False,
    )  # fmt: skip
    settings = Settings()
    tables = replace(tables, youths=youths, wishes=wishes, offers=offers)
    market = build_market(tables, settings, as_of=AS_OF)
    scoring = scoring_of(market, settings)
    pairs = plain_pairs(market, scoring.tables, k=None)
    lines = score_lines(market, scoring.tables, pairs.youth, pairs.offer)
    points = lines.points
    weight = weights(settings)
    assert (points["region"] / weight["region"]).tolist() == [10_000, 5_000, 0, 5_000]
    assert (points["level"] / weight["level"]).tolist() == [10_000, 4_000, 7_000, 0]
    assert set(points["trade"] / weight["trade"]) == {10_000}
    assert set(points["wish"] / weight["wish"]) == {9_300}
    assert set(points["distance"] / weight["distance"]) == {10_000}
    assert set(points["start"] / weight["start"]) == {10_000}
    said = reasons(lines, market, settings, scoring).tolist()
    assert said[0] == (
        "Boulanger ou boulangère : c'est votre deuxième vœu. Ce poste se trouve à moins de 1 km de"
        " chez vous, commence le 2 octobre et mène à un diplôme de niveau Bac+2. Tant que vous avez"
        " moins de 18 ans, l'employeur doit avoir l'autorisation de l'inspection du travail pour"
        " vous faire commencer avant 6 heures, et jamais avant 4 heures."
    )
    assert "dans une autre région (Centre-Val de Loire)" in said[1]
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
        ({"rung_costs": (0, 0, 0, 0, 0, 900_000)}, "costs of a line can reach 920000"),
        ({"rung_costs": (0, 0, 80_000, 0, 0, 0), "later_code_cost": 800_000}, "can reach 900000"),
        ({"rung_costs": (0, 0, 0, 0, 900_000, 0)}, "can reach 920000"),
        ({"source_levels": {"affelnet": [4, 3]}}, "setting 'source_levels': for 'affelnet'"),
        ({"source_levels": {"affelnet": [2, 3]}}, "from 3 to 8; got"),
        ({"source_levels": {"affelnet": [3]}}, "setting 'source_levels'"),
    ],
)
def test_settings_that_cannot_be_are_refused(given, said):
    tables = random_tables(np.random.default_rng(0), 20, 40)
    with raises(UsageError, said):
        settings = Settings(**given)
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
        return Phrases(
            code=lines.offer.astype(np.int64) % 3, text=("numéro paire", "", "Il est impair.")
        )


def test_a_new_criterion_works_in_both_engines_and_speaks():
    settings = Settings()
    tables = random_tables(np.random.default_rng(3), 40, 120)
    market = build_market(tables, settings, as_of=AS_OF)
    criteria = (*CRITERIA, EvenOffers())
    scoring = scoring_of(market, settings, criteria)
    scores = scoring.tables
    pairs = fused_engine(market, scores).best(k=1000).pairs
    plain = plain_pairs(market, scores, k=None)
    np.testing.assert_array_equal(pairs.score, plain.score)
    assert 0 not in pairs.offer
    before = plain_pairs(market, score_tables(market, settings), k=None)
    assert 0 in before.offer
    lines = score_lines(market, scores, pairs.youth, pairs.offer)
    said = reasons(lines, market, settings, scoring)
    assert said[pairs.offer % 3 == 0].str.endswith(". À noter : numéro paire.").all()
    assert said[pairs.offer % 3 == 2].str.endswith(". Il est impair.").all()
    assert not said[pairs.offer % 3 == 1].str.contains("pair", regex=False).any()
    assert set(lines.points["even"][pairs.offer % 2 == 0]) == {100_000}
