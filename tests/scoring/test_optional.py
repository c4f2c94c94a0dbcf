"""Optional criteria: their points at every bound, their words, and what they leave alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.candidates.market import build_market
from matchmaker.errors import UsageError
from matchmaker.explain.reasons import reasons
from matchmaker.scoring.criteria import CRITERIA, OPTIONAL, criteria_for, every_criterion
from matchmaker.scoring.criteria.days_left import LONGEST, days_left
from matchmaker.scoring.total import scoring_of, weights
from matchmaker.settings import Settings
from tests.candidates.test_engine_contract import ENGINES
from tests.languages import raises
from tests.worlds import AS_OF, hand_made, random_tables, text

NAMES = tuple(criterion.name for criterion in OPTIONAL)
ENGINE = pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
YOUTH = {"driving_licence": "", "training_started_on": pd.NaT, "has_rqth": False}
OFFER = {"hiring_chance": np.nan, "answer_rate": np.nan, "welcomes_disabled": "",
         "licence_asked": ""}  # fmt: skip


def scored(youth, offers, settings, engine_of=ENGINES["plain"]):
    """Return the lines of a hand-made youth, in the order of the offers, and their sentences."""
    tables = hand_made({**YOUTH, **youth}, [{**OFFER, **offer} for offer in offers])
    market = build_market(tables, settings, as_of=AS_OF)
    scoring = scoring_of(market, settings, criteria_for(settings))
    engine = engine_of(market, scoring.tables)
    pairs = engine.best(k=len(offers)).pairs
    assert len(pairs) == len(offers)
    lines = engine.score(pairs.youth, pairs.offer)
    np.testing.assert_array_equal(lines.score, pairs.score)
    return lines, reasons(lines, market, settings, scoring).tolist()


def points(name, youth, offers, engine_of, values=None):
    settings = Settings(weights={name: 7}, values={name: values} if values else {})
    lines, _ = scored(youth, offers, settings, engine_of)
    assert set(lines.points) == {name, *(c.name for c in CRITERIA)}
    return (lines.points[name] // 7).tolist()


@ENGINE
@pytest.mark.parametrize("name", ["hiring_chance", "answer_rate"])
def test_points_rise_with_a_share_and_unknown_is_its_middle(engine_of, name):
    expected = {np.nan: 5_000, 0.0: 0, 0.004: 0, 0.006: 100, 0.29: 2_900, 0.5: 5_000, 0.994: 9_900,
                0.996: 10_000, 1.0: 10_000}  # fmt: skip
    offers = [{name: share} for share in expected]
    assert points(name, {}, offers, engine_of) == list(expected.values())
    own = {np.nan: 77, 0.0: 10, 0.5: 510, 1.0: 1_010}
    offers = [{name: share} for share in own]
    assert points(name, {}, offers, engine_of, [10, 1_010, 77]) == list(own.values())


@ENGINE
@pytest.mark.parametrize(
    ("held", "expected"),
    [("", [6_000, 6_000, 6_000, 10_000]), ("no", [6_000, 0, 4_000, 10_000]),
     ("yes", [6_000, 10_000, 10_000, 10_000])],
)  # fmt: skip
def test_a_licence_asked_against_the_one_held(engine_of, held, expected):
    offers = [{"licence_asked": asked} for asked in ("", "required", "wished", "none")]
    for is_mobile in (False, True):  # a vehicle is no licence
        youth = {"driving_licence": held, "is_mobile": is_mobile}
        assert points("driving_licence", youth, offers, engine_of) == expected


@ENGINE
def test_a_welcome_counts_for_youths_with_rqth_and_a_no_is_no_worse_than_silence(engine_of):
    offers = [{"welcomes_disabled": said} for said in ("", "no", "yes")]
    with_rqth = points("welcomes_disabled", {"has_rqth": True}, offers, engine_of)
    assert with_rqth == [0, 0, 10_000]
    assert points("welcomes_disabled", {"has_rqth": False}, offers, engine_of) == [0, 0, 0]


@ENGINE
@pytest.mark.parametrize(
    ("started", "expected"),
    [
        (None, 3),
        ("2023-01-31", 4),
        ("2023-06-14", 4),  # the last day was yesterday
        ("2023-06-15", 9_201),  # today is the last day
        ("2023-06-16", 1 + 9_200 * 91 // 92),
        ("2023-09-15", 1 + 9_200 * 1 // 92),  # 91 days to 15 December
        ("2023-09-16", 1),
        ("2024-09-01", 1),  # not begun yet
    ],
)
def test_the_fewer_days_are_left_the_more_points_for_all_offers(engine_of, started, expected):
    youth = {"training_started_on": pd.Timestamp(started) if started else pd.NaT}
    own = [9_201, 1, 3, 4]
    assert points("days_left", youth, [{}, {"capacity": 5}], engine_of, own) == [expected] * 2


def in_three_months(day):
    """The day of the same number three months on, or the last of that month."""
    month = day.month - 1 + 3
    year, month = day.year + month // 12, month % 12 + 1
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return min(following - dt.timedelta(days=1), dt.date(year, month, 1).replace(day=min(day.day, 28))
               + dt.timedelta(days=max(day.day - 28, 0)))  # fmt: skip


@given(day=st.dates(dt.date(1995, 1, 1), dt.date(2090, 1, 1)), later=st.integers(0, 400))
def test_three_months_are_counted_from_date_to_date(day, later):
    as_of = day + dt.timedelta(days=later)
    started = pd.Series([pd.Timestamp(day)]).astype("datetime64[s]")
    (left,) = days_left(started, as_of)
    assert left == (in_three_months(day) - as_of).days
    assert left <= LONGEST


@pytest.mark.parametrize(
    ("started", "last"),
    [("2023-11-30", "2024-02-29"), ("2024-11-30", "2025-02-28"), ("2024-11-29", "2025-02-28"),
     ("2024-11-28", "2025-02-28"), ("2023-03-31", "2023-06-30"), ("2023-12-31", "2024-03-31")],
)  # fmt: skip
def test_a_month_without_such_a_day_ends_the_three_on_its_last(started, last):
    begun = pd.Series([pd.Timestamp(started)])
    assert days_left(begun, dt.date.fromisoformat(last)).tolist() == [0.0]


def test_who_gives_no_weight_has_the_criteria_of_before():
    silent = Settings(weights=dict.fromkeys(NAMES, 0))
    assert criteria_for(Settings()) == criteria_for(silent) == CRITERIA
    assert [c.name for c in every_criterion(Settings())] == [c.name for c in (*CRITERIA, *OPTIONAL)]
    assert not any(c.weight for c in OPTIONAL)
    one = Settings(weights={"answer_rate": 1})
    assert [c.name for c in criteria_for(one)] == [*(c.name for c in CRITERIA), "answer_rate"]
    assert weights(one, criteria_for(one))["answer_rate"] == 1


def test_a_criterion_that_is_off_looks_at_no_column():
    tables = random_tables(np.random.default_rng(0), 5, 9)  # has none of the columns
    market = build_market(tables, Settings(), as_of=AS_OF)
    assert not set(OFFER) & set(tables.offers.columns)
    assert scoring_of(market, Settings(), criteria_for(Settings())).tables.names == tuple(
        c.name for c in CRITERIA
    )


def test_their_names_and_bounds_are_checked_as_those_of_others():
    with raises(UsageError, "Did you mean 'answer_rate'"):
        weights(Settings(weights={"anser_rate": 3}))
    with raises(UsageError, "weight of 'days_left' is 101"):
        weights(Settings(weights={"days_left": 101}))
    with raises(UsageError, "values of 'days_left' needs 4 numbers"):
        weights(Settings(values={"days_left": [1]}))


@pytest.mark.parametrize(
    ("weight", "youth", "offer", "fr", "en"),
    [
        ("hiring_chance", {}, {"hiring_chance": 0.7},
         "Les chances d'embauche y sont estimées à 70 %.", "The chance of being hired there is put at 70 %."),
        ("hiring_chance", {}, {"hiring_chance": 0.49}, "", ""),
        ("hiring_chance", {}, {}, "", ""),
        ("answer_rate", {}, {"answer_rate": 0.5},
         "Cet employeur répond à 50 % des candidatures.", "This employer answers 50 % of applications."),
        ("answer_rate", {}, {"answer_rate": 0.0}, "", ""),
        ("driving_licence", {"driving_licence": "no"}, {"licence_asked": "required"},
         "Le permis B est demandé.", "A car driving licence is required."),
        ("driving_licence", {"driving_licence": "yes"}, {"licence_asked": "wished"},
         "Le permis B est souhaité.", "A car driving licence is wished for."),
        ("driving_licence", {"driving_licence": "yes"}, {"licence_asked": "none"}, "", ""),
        ("welcomes_disabled", {"has_rqth": True}, {"welcomes_disabled": "yes"}, "", ""),
        ("days_left", {"training_started_on": pd.Timestamp("2023-07-03")}, {},
         "Votre contrat est à signer au plus tard le 3 octobre.", "Your contract has to be signed by 3 October."),
        ("days_left", {"training_started_on": pd.Timestamp("2023-07-17")}, {}, "", ""),
        ("days_left", {"training_started_on": pd.Timestamp("2023-06-14")}, {}, "", ""),
        ("days_left", {}, {}, "", ""),
    ],
)  # fmt: skip
def test_what_each_says(weight, youth, offer, fr, en):
    for lang, words in (("fr", fr), ("en", en)):
        off, on = (
            scored(youth, [offer], Settings(lang=lang, weights=given))[1][0]
            for given in ({}, {weight: 5})
        )
        assert on == (f"{off} {words}" if words else off)


@pytest.mark.parametrize("said", ["", "no", "yes"])
def test_no_sentence_tells_who_has_rqth(said):
    settings = Settings(weights={"welcomes_disabled": 100})
    told = [
        scored({"has_rqth": has_rqth}, [{"welcomes_disabled": said}], settings)[1]
        for has_rqth in (False, True)
    ]
    assert told[0] == told[1]


@given(seed=st.integers(0, 10**6), given_weights=st.tuples(*[st.integers(0, 40)] * len(NAMES)))
def test_both_engines_find_the_same_and_points_add_up(seed, given_weights):
    settings = Settings(weights=dict(zip(NAMES, given_weights, strict=True)))
    rng = np.random.default_rng(seed)
    tables = with_columns(rng, random_tables(rng, 15, 80))
    market = build_market(tables, settings, as_of=AS_OF)
    scoring = scoring_of(market, settings, criteria_for(settings))
    fused, plain = (make(market, scoring.tables) for make in ENGINES.values())
    pairs, theirs = fused.best(k=80).pairs, plain.best(k=80).pairs
    np.testing.assert_array_equal(pairs.offer, theirs.offer)
    np.testing.assert_array_equal(pairs.score, theirs.score)
    lines = fused.score(pairs.youth, pairs.offer)
    total = sum(lines.points.values()) - sum(lines.costs.values())
    np.testing.assert_array_equal(total, pairs.score)
    if "welcomes_disabled" in lines.points:
        has_rqth = tables.youths["has_rqth"].to_numpy()[pairs.youth]
        assert not lines.points["welcomes_disabled"][~has_rqth].any()


def with_columns(rng, tables):
    """Return tables with the columns of the optional criteria, some cells unknown."""
    n_youths, n_offers = len(tables.youths), len(tables.offers)
    started = (np.datetime64("2023-05-01") + rng.integers(0, 200, n_youths)).astype("datetime64[s]")
    started[rng.random(n_youths) < 0.5] = np.datetime64("NaT")
    share = {
        name: np.where(rng.random(n_offers) < 0.5, np.nan, rng.random(n_offers))
        for name in ("hiring_chance", "answer_rate")
    }
    return replace(
        tables,
        youths=tables.youths.assign(
            driving_licence=text(rng.choice(["", "no", "yes"], n_youths)),
            training_started_on=started,
        ),
        offers=tables.offers.assign(
            **share,
            welcomes_disabled=text(rng.choice(["", "no", "yes"], n_offers)),
            licence_asked=text(rng.choice(["", "required", "wished", "none"], n_offers)),
        ),
    )
