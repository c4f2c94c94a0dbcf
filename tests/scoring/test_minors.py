"""Under 18: the day before, on and after the birthday, at the start; the rule and the words."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import matchmaker
from matchmaker.candidates.breakdown import score_lines
from matchmaker.candidates.market import build_market
from matchmaker.explain.reasons import reasons
from matchmaker.reference.minors import closed_to_minors, minors_rules
from matchmaker.scoring.total import scoring_of
from matchmaker.settings import Settings
from tests.candidates.test_engine_contract import ENGINES
from tests.scoring.by_hand import day, eligible
from tests.worlds import AS_OF, hand_made

SETTINGS = Settings(max_early_start_days=3650, max_late_start_days=3650)
DIVER = "I1502"
OPEN = {c for cell in minors_rules()["trades"] for c in cell.split("|")} - closed_to_minors()
UNDER_18 = "Tant que vous avez moins de 18 ans, "


def born(days_ago):
    """Return the birth date of who turned 18 so many days before the run (15 September)."""
    birthday = AS_OF - dt.timedelta(days=days_ago)
    return birthday.replace(year=birthday.year - 18)


# birth, year only, days from the run to the start, may be a diver, is told of the rule
BOUNDARY = [
    (born(-100), False, 99, False, True),
    (born(-100), False, 100, True, False),
    (born(-100), False, 101, True, False),
    # unknown, or past: the day of the run
    (born(-1), False, None, False, True),
    (born(0), False, None, True, False),
    (born(1), False, None, True, False),
    (born(-1), False, -50, False, True),
    (born(0), False, -50, True, False),
    # 18 on some day of the year: it may be so, and may not be
    (dt.date(2005, 12, 31), True, None, True, True),
    (dt.date(2006, 12, 31), True, None, False, True),
    (dt.date(2004, 12, 31), True, None, True, False),
    # nobody knows
    (None, False, None, True, False),
]
boundary = pytest.mark.parametrize(("birth", "is_year", "start", "is_legal", "is_told"), BOUNDARY)


def world(birth, codes, *, is_year=False, start=None, **offer):
    youth = {"birth_date": birth, "birth_is_year": is_year}
    one = {"trade_codes": codes, "start_date": None if start is None else day(start), **offer}
    made = hand_made(youth, [one])
    made.wishes["trade_codes"] = pd.Series([codes], dtype="str")
    return made


def said(made, settings=SETTINGS):
    market = build_market(made, settings, as_of=AS_OF)
    scoring = scoring_of(market, settings)
    row = np.zeros(1, dtype=np.int32)
    return reasons(score_lines(market, scoring.tables, row, row), market, settings, scoring)[0]


@boundary
def test_what_a_roofer_is_told(birth, is_year, start, is_legal, is_told):
    del is_legal
    text = said(world(birth, "F1619", is_year=is_year, start=start))
    assert (UNDER_18 in text) == is_told


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
@boundary
def test_a_closed_trade_gives_no_line(engine_of, birth, is_year, start, is_legal, is_told):
    del is_told
    made = world(birth, DIVER, is_year=is_year, start=start)
    market = build_market(made, SETTINGS, as_of=AS_OF)
    engine = engine_of(market, scoring_of(market, SETTINGS).tables)
    assert len(engine.best(k=1).pairs) == int(is_legal)


@pytest.mark.parametrize("engine_of", ENGINES.values(), ids=ENGINES)
def test_an_offer_of_another_trade_as_well_stays(engine_of):
    youth = {"birth_date": born(-400)}
    offers = [{"trade_codes": f"D1102|{DIVER}"}, {"trade_codes": "D1102"}]
    assert eligible(engine_of, youth, offers, SETTINGS) == [True, True]


@pytest.mark.parametrize(("wished", "is_told"), [(DIVER, True), ("D1102", False)])
def test_of_several_trades_the_rule_told_is_that_of_the_line(wished, is_told):
    """The offer is kept for its open trade; a line about the closed one says that it is closed."""
    made = world(born(-400), f"M1607|{DIVER}|D1102")
    made.wishes["trade_codes"] = pd.Series([wished], dtype="str")
    assert ("sous l'eau comme scaphandrier" in said(made)) == is_told
    assert UNDER_18 in said(made)  # bakers have a rule of their own


@pytest.mark.parametrize("code", sorted(OPEN))
def test_each_trade_has_the_sentence_of_its_row(code):
    rules = minors_rules()
    (row,) = rules[rules["trades"].str.contains(code)].itertuples(index=False)
    made = world(born(-400), code)
    assert said(made).endswith(f" {row.sentence_fr}")
    assert said(made, Settings(lang="en")).endswith(f" {row.sentence_en}")


@pytest.mark.parametrize(
    ("offer", "is_told"),
    [
        ({"kind": "offer", "contract_type": "professionnalisation"}, True),
        ({"kind": "spontaneous", "contract_type": ""}, True),
        # no employer, or no contract to learn: another law
        ({"kind": "training", "contract_type": ""}, False),
        ({"kind": "school", "contract_type": ""}, False),
        ({"kind": "job", "contract_type": ""}, False),
        ({"kind": "offer", "contract_type": "stage"}, False),
    ],
)
def test_only_employers_of_apprentices_declare(offer, is_told):
    settings = Settings(contract_types=("apprentissage", "professionnalisation", "stage"))
    assert (UNDER_18 in said(world(born(-400), "F1619", **offer), settings)) == is_told


def test_a_trade_without_rule_says_nothing():
    assert UNDER_18 not in said(world(born(-400), "M1607"))


def test_from_tables_to_lists(tmp_path):
    """A roofer of 17, one of 18, and a diver of 17, from CSV to lists.csv and unserved.csv."""
    (tmp_path / "youths.csv").write_text(
        "youth_id,commune_code,birth_date\nY1,35238,2006-05-01\nY2,35238,2005-05-01\n"
        "Y3,35238,2006-05-01\n",
        encoding="utf-8",
    )
    (tmp_path / "wishes.csv").write_text(
        "youth_id,rank,trade_code\nY1,1,F1619\nY2,1,F1619\nY3,1,I1502\n", encoding="utf-8"
    )
    (tmp_path / "offers.csv").write_text(
        "offer_id,trade_code,title,employer,commune_code,start_date\n"
        "O1,F1619,Couvreur en apprentissage,Toits,35238,2023-10-02\n"
        "O2,I1502,Scaphandrier en apprentissage,Plongée,35238,2023-10-02\n",
        encoding="utf-8",
    )
    tables = (tmp_path / f"{name}.csv" for name in ("youths", "wishes", "offers"))
    matchmaker.match(*tables, as_of=AS_OF).save(tmp_path / "out")
    lists = pd.read_csv(tmp_path / "out" / "lists.csv", sep=None, engine="python")
    reason = lists.set_index("youth_id")["reason"]
    assert reason["Y1"].endswith(
        " Tant que vous avez moins de 18 ans, l'employeur doit faire une déclaration à"
        " l'inspection du travail avant de vous faire travailler en hauteur avec un harnais."
    )
    assert UNDER_18 not in reason["Y2"]
    alone = pd.read_csv(tmp_path / "out" / "unserved.csv", sep=None, engine="python")
    assert dict(zip(alone["youth_id"], alone["reason_code"], strict=True)) == {"Y3": "minor"}
