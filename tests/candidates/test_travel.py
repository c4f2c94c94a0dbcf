"""Times of travel in place of the straight line: both engines, the bounds of a step, the file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.geometry import STEPS_PER_REACH
from matchmaker.candidates.market import build_market
from matchmaker.candidates.travel import far_steps, travel_of, travel_step
from matchmaker.errors import InputError, UsageError
from matchmaker.explain.reasons import reasons
from matchmaker.reference.travel import travel_times
from matchmaker.scoring.total import scoring_of
from matchmaker.settings import Settings
from tests.candidates.test_engine_contract import ENGINES
from tests.languages import raises
from tests.worlds import AS_OF, hand_made, random_tables, text

COMMUNES = ("", "75101", "35238", "69381", "97105", "2A004")


def times(rows):
    return pd.DataFrame(rows, columns=["from_commune", "to_commune", "minutes"])


def file_of(folder, rows):
    times(rows).to_csv(folder / "times.csv", index=False)
    return str(folder / "times.csv")


@given(
    seed=st.integers(0, 10**6),
    share=st.sampled_from([0.1, 0.5, 1.0]),
    per_km=st.integers(1, 5),
    factor=st.integers(1, 3),
    k=st.sampled_from([1, 3, 10, 80]),
)
def test_both_engines_find_the_same_lines(seed, share, per_km, factor, k):
    rng = np.random.default_rng(seed)
    tables = random_tables(rng, 15, 80, one_point=bool(seed % 2))
    tables = replace(
        tables,
        youths=tables.youths.assign(commune_code=text(rng.choice(COMMUNES, 15))),
        offers=tables.offers.assign(commune_code=text(rng.choice(COMMUNES, 80))),
    )
    known = [(a, b, int(rng.integers(0, 200))) for a in COMMUNES[1:] for b in COMMUNES[1:]
             if rng.random() < share]  # fmt: skip
    settings = Settings(mobile_reach_factor=factor, weights={"distance": 60},
                        rung_costs=(0, 5_000, 6_000, 7_000, 8_000, 9_000))  # fmt: skip
    market = build_market(tables, settings, as_of=AS_OF)
    travel = travel_of(times(known), tables.youths["commune_code"], tables.offers["commune_code"],
                       per_km)  # fmt: skip
    market = replace(market, travel=travel)
    scoring = scoring_of(market, settings)
    engines = [make(market, scoring.tables) for make in ENGINES.values()]
    price = rng.integers(0, 400_000, 80) * rng.integers(0, 2, 80)
    for found in ({}, {"price": price}):
        pairs, theirs = (engine.best(k=k, **found).pairs for engine in engines)
        np.testing.assert_array_equal(pairs.offer, theirs.offer)
        np.testing.assert_array_equal(pairs.score, theirs.score)
        np.testing.assert_array_equal(pairs.rung, theirs.rung)
    lines = engines[0].score(pairs.youth, pairs.offer)
    np.testing.assert_array_equal(lines.score, pairs.score)
    total = sum(lines.points.values()) - sum(lines.costs.values())
    np.testing.assert_array_equal(total, pairs.score)


@given(
    minutes=st.integers(0, 1440),
    reach=st.integers(0, 500),
    per_km=st.integers(1, 60),
    last=st.sampled_from([19, 39, 79]),
)
def test_the_step_of_a_time_is_the_same_compiled_and_in_arrays(minutes, reach, per_km, last):
    travel = travel_of(times([("35238", "75101", minutes)]), text(["35238"]), text(["75101"]),
                       per_km)  # fmt: skip
    (step,) = far_steps(travel, np.array([0]), np.array([0]), np.array([reach], "i2"),
                        np.array([7], "i4"), last)  # fmt: skip
    assert step == travel_step(minutes, reach * per_km, last)
    # In step s the time is longer than s parts of the reach, and no longer than s + 1.
    part = reach * per_km
    if 0 < step < last:
        assert step * part < minutes * STEPS_PER_REACH <= (step + 1) * part


def scored(minutes, engine_of, folder, **youth):
    """Return points of distance and sentences of two offers: a time to the first is known."""
    there = {"commune_code": "75101"}
    tables = hand_made({"commune_code": "35238", "max_distance_km": 30.0, **youth},
                       [there, {"commune_code": "69381"}])  # fmt: skip
    path = file_of(folder, [("35238", "75101", minutes), ("75101", "35238", 1)])
    settings = Settings(travel_times_file=path)
    market = build_market(tables, settings, as_of=AS_OF)
    scoring = scoring_of(market, settings)
    engine = engine_of(market, scoring.tables)
    pairs = engine.best(k=2).pairs
    lines = engine.score(pairs.youth, pairs.offer)
    np.testing.assert_array_equal(lines.score, pairs.score)
    said = reasons(lines, market, settings, scoring).tolist()
    return (lines.points["distance"] // 20).tolist(), said


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(
    ("minutes", "points"),
    [(0, 10_000), (3, 10_000), (4, 9_578), (30, 6_210), (60, 2_000), (61, 0), (1440, 0)],
)
def test_minutes_count_where_they_are_known_and_the_straight_line_elsewhere(
    engine_of, minutes, points, tmp_path
):
    found, said = scored(minutes, engine_of, tmp_path)
    assert found == [points, 10_000]  # both offers lie at the door
    assert f"à {minutes} min de trajet de votre commune" in said[0]
    assert "à moins de 1 km de chez vous" in said[1]


def test_the_reach_stays_in_kilometres(tmp_path):
    near_by_time = {"commune_code": "75101", "latitude": 49.3, "longitude": 2.3522}
    tables = hand_made({"commune_code": "35238"}, [near_by_time])
    settings = Settings(travel_times_file=file_of(tmp_path, [("35238", "75101", 5)]))
    market = build_market(tables, settings, as_of=AS_OF)
    for engine_of in ENGINES.values():
        assert not len(engine_of(market, scoring_of(market, settings).tables).best(k=1).pairs)


def test_a_file_without_a_pair_that_occurs_changes_nothing(tmp_path):
    tables = hand_made({"commune_code": "35238"}, [{"commune_code": "75101"}])
    settings = Settings(travel_times_file=file_of(tmp_path, [("75101", "35238", 9)]))
    assert build_market(tables, settings, as_of=AS_OF).travel is None


def test_the_faults_of_a_file_are_named_all_at_once(tmp_path):
    rows = [("35238", "75101", "12"), ("35238", "75101", "12.0"), ("3523", "75101", "12"),
            ("35238", "Paris", "12"), ("35238", "69381", "1441"), ("35238", "69381", "12 min"),
            ("35238", "75101", "13"), ("2A004", "97105", "0.5")]  # fmt: skip
    with pytest.raises(InputError) as refused:
        travel_times(Settings(travel_times_file=file_of(tmp_path, rows)))
    where = sorted((i.line, i.column, i.value) for i in refused.value.issues)
    assert where == [(4, "from_commune", "3523"), (5, "to_commune", "Paris"),
                     (6, "minutes", "1441"), (7, "minutes", "12 min"),
                     (7, "minutes", "12 min"), (8, "minutes", "13")]  # fmt: skip
    good = travel_times(Settings(travel_times_file=file_of(tmp_path, [*rows[:2], rows[-1]])))
    assert good["minutes"].tolist() == [12, 1]


def test_a_file_that_is_not_there_or_lacks_a_column_is_refused(tmp_path):
    with raises(UsageError, "travel_times_file"):
        travel_times(Settings(travel_times_file=str(tmp_path / "none.csv")))
    pd.DataFrame({"from_commune": ["35238"], "minutes": ["3"]}).to_csv(tmp_path / "t.csv")
    with pytest.raises(InputError) as refused:
        travel_times(Settings(travel_times_file=str(tmp_path / "t.csv")))
    assert [(i.column, i.reason) for i in refused.value.issues] == [
        ("to_commune", "missing_column")
    ]
