"""Each rule of lists: broken once by its own name, and tried on both sides of its boundary."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from matchmaker.errors import CheckError
from matchmaker.verify import check_lists, faults_of_lists
from matchmaker.verify.rules import _OF_A_LINE, _OF_LISTS
from tests.verify.world import AS_OF, KM_A_DEGREE, NAMES, legal_world


def test_the_world_is_legal():
    assert legal_world().faults() == {}


# ------------------------------------------------------------------ one fault, one name


def assigned(*pairs):
    return pd.DataFrame(pairs, columns=["youth_id", "offer_id"]).astype("str")


def twice(w):
    """The last line stands in the list once more."""
    lists = pd.concat([w.lists, w.lists.tail(1).assign(rank=3)], ignore_index=True)
    return w.having(lists=lists, lists_per_firm=2).but("lists", slice(7, 8), lists_of_offer=2)


def torn(w):
    """The first list continues behind the last one."""
    lists = w.lists.iloc[[0, 1, 3, 4, 5, 6, 7, 2]].reset_index(drop=True)
    return w.having(lists=lists.assign(rank=[1, 2, 1, 2, 3, 1, 2, 1]))


def alike(w):
    """All offers are of one employer."""
    return w.but("offers", employer="Martin", siret="")


def aiming(world, aim, offered):
    """Return the world with another aim of Y3 and another level of O4, their line telling both."""
    world = world.but("youths", "Y3", level=aim).but("offers", "O4", level=offered)
    return world.but("lists", 7, youth_level=aim)


def about_a_diploma(world, words):
    """Return the world with its first line about a diploma; these words were kept of the offer."""
    lists = world.lists.copy()
    code = "diploma:CAP Boulanger"
    lists.loc[0, ["wish_code", "trade_code", "reason"]] = code, code, "CAP Boulanger : votre vœu."
    wishes, offers = world.clean.wishes, world.clean.offers
    is_it = offers["offer_id"].eq("O1")
    stated = {"diplomas": "CAP Boulanger", "diploma_how": "text", "diploma_words": words}
    named = {name: is_it.map({True: text, False: ""}) for name, text in stated.items()}
    return world.having(
        lists=lists,
        wishes=wishes.assign(diplomas="CAP Boulanger"),
        offers=offers.assign(title="", **named),
    )


def of_another_level(world):
    """Return the world with a wish of Bac+3, whose near line leads to a CAP."""
    wishing = world.but("wishes", 0, level=6).but("offers", "O1", level=0)
    for row in (0, 2):
        wishing = wishing.but("lists", row, youth_level=6)
    return wishing.but("offers", "O2", level=3)


MUTATIONS = {
    "a near trade three levels below the aim": (of_another_level, {"near_level": 1}),
    "a diploma that the offer's words do not name": (
        lambda w: about_a_diploma(w, "CAP Cuisine"), {"diploma": 1}
    ),
    "a youth whom nobody knows": (lambda w: w.but("lists", 0, youth_id="Y0"), {"youth_exists": 1}),
    "an offer that nobody knows": (lambda w: w.but("lists", 0, offer_id="O0"), {"offer_exists": 1}),
    "a placed youth": (lambda w: w.but("youths", "Y3", status="placed"), {"youth_seeking": 2}),
    "a withdrawn youth": (lambda w: w.but("youths", "Y3", status="withdrawn"), {"youth_seeking": 2}),
    "a youth who opted out": (lambda w: w.but("youths", "Y3", opt_out=True), {"youth_opted_out": 2}),
    "a filled offer": (lambda w: w.but("offers", "O3", status="filled"), {"offer_open": 1}),
    "a cancelled offer": (lambda w: w.but("offers", "O3", status="cancelled"), {"offer_open": 1}),
    "an offer without a seat": (
        lambda w: w.but("offers", "O3", capacity=0).but("lists", 1, seats=0), {"offer_seat": 1}
    ),
    "an offer that expires soon": (
        lambda w: w.but("offers", "O5", expiry_date="2023-09-19"), {"offer_expiry": 1}
    ),
    "an offer whose flag is left out": (
        lambda w: w.but("offers", "O3", flags="nameless|discriminatory"), {"offer_flagged": 1}
    ),
    "a school's offer without the doubt": (
        lambda w: w.but("offers", "O3", flags="nameless|school"), {"doubt": 1}
    ),
    "another contract": (lambda w: w.but("offers", "O3", contract_type="cdi"), {"contract_type": 1}),
    "a contract the settings do not offer": (
        lambda w: w.having(contract_types=("apprentissage",)), {"contract_type": 2}
    ),
    "a youth of eight": (lambda w: w.but("youths", "Y3", birth_date="2015-01-10"), {"legal_age": 2}),
    "a diver under 18": (
        lambda w: w.but("youths", "Y3", birth_date="2006-01-10").but("wishes", 4, trade_codes="I1502")
        .but("offers", "O4", trade_codes="I1502").but("lists", 7, trade_code="I1502", wish_code="I1502"),
        {"minor_work": 1},
    ),
    "a start a year too late": (
        lambda w: w.but("offers", "O4", start_date="2025-09-15"), {"start_window": 1}
    ),
    "a wish of no such rank": (lambda w: w.but("lists", 0, wish_rank=7), {"wish": 1}),
    "a rank below none": (lambda w: w.but("lists", 3, wish_rank=-1), {"wish": 1}),
    "the rank of another wish": (lambda w: w.but("lists", 0, wish_rank=2), {"wish_code": 1}),
    "a code that is nobody's wish": (
        lambda w: w.but("lists", 7, wish_code="F1602"), {"wish_code": 1}
    ),
    "an unrelated trade": (
        lambda w: w.but("offers", "O3", trade_codes="M1607").but("lists", 1, trade_code="M1607"),
        {"trade": 1},
    ),
    "another trade of the sector, which is not shown": (
        lambda w: w.but("offers", "O2", trade_codes="D1104|D1101").but("lists", 2, trade_code="D1101"),
        {"trade": 1},
    ),
    "a trade that is not the offer's": (
        lambda w: w.but("lists", 0, trade_code="D1104"), {"trade_code": 1, "nearness": 1, "rung": 1}
    ),
    "an offer without trade": (lambda w: w.but("offers", "O3", trade_codes=""), {"trade_code": 1}),
    "a firm's title of another trade": (
        lambda w: w.but("lists", 1, title="Boulanger ou boulangère"), {"title": 1}
    ),
    "a firm's title beside the label": (
        lambda w: w.but("lists", 1, title=w.lists["title"][1] + " (H/F)"), {"title": 1}
    ),
    "a reason that names another trade": (
        lambda w: w.but("lists", 0, reason=w.lists["reason"][1]), {"reason": 1}
    ),
    "no reason": (lambda w: w.but("lists", 0, reason=""), {"reason": 1}),
    "nearer than the tables say": (
        lambda w: w.but("lists", 2, points_trade=185_050, points_distance=434_950), {"nearness": 1}
    ),
    "a later trade for nothing": (
        lambda w: w.but("offers", "O3", trade_codes="F1602|F1603"), {"later_cost": 1}
    ),
    "a first trade that costs": (
        lambda w: w.but("lists", 1, cost_later=30_000, score=770_000), {"later_cost": 1}
    ),
    "another level aimed at": (lambda w: w.but("lists", 0, youth_level=4), {"youth_level": 1}),
    "a level far above that costs nothing": (
        lambda w: aiming(w, 5, 7).but("lists", 7, doubt="level"), {"doubt_cost": 1}
    ),
    "a BTS for who wishes a Bac pro": (lambda w: aiming(w, 4, 5), {"baccalaureat": 1}),
    "a level far above of which nothing is said": (
        lambda w: aiming(w, 5, 7).but("lists", 7, cost_doubt=20_000, score=630_000),
        {"doubt": 1},
    ),
    "a contract that the procedure does not open": (
        lambda w: w.but("youths", "Y1", source="affelnet"), {"procedure": 1}
    ),
    "a wished trade said to be near": (
        lambda w: w.but("lists", 0, rung=2, cost_rung=20_000, score=880_000), {"rung": 1}
    ),
    "a level of 4": (
        lambda w: w.having(strict_level=True).but("offers", "O1", level=4), {"strict_level": 2}
    ),
    "another level of the offer": (lambda w: w.but("lists", 0, offer_level=0), {"offer_facts": 1}),
    "another region": (lambda w: w.having(strict_region=True), {"strict_region": 1}),
    "a region told wrongly": (lambda w: w.but("lists", 0, in_region=False), {"in_region": 1}),
    "too far without a vehicle": (lambda w: w.but("youths", "Y2", is_mobile=False), {"reach": 1}),
    "too far with a vehicle": (lambda w: w.but("youths", "Y2", max_distance_km=22), {"reach": 1}),
    "a reach that is not the territory's": (
        lambda w: w.but("youths", "Y1", reach_is_assumed=True), {"reach_assumed": 1}
    ),
    "a near trade beyond the own reach": (
        lambda w: w.but("youths", "Y1", max_distance_km=10, is_mobile=True), {"rung_reach": 1}
    ),
    "rung 5 within reach": (
        lambda w: w.but("youths", "Y2", max_distance_km=60), {"rung_reach": 1}
    ),
    "another distance": (lambda w: w.but("lists", 0, distance_km=5.2), {"distance": 1}),
    "no distance": (lambda w: w.but("lists", 0, distance_km=np.nan), {"distance": 1}),
    "a score beside its parts": (lambda w: w.but("lists", 0, score=900_001), {"points_sum": 1}),
    "more points than there are": (
        lambda w: w.but("lists", 1, score=900_001, points_distance=460_001).having(
            weights={"trade": 50, "distance": 46}
        ),
        {"points_bounds": 1, "order": 1},
    ),
    "points below 0": (
        lambda w: w.but("lists", 5, points_distance=-1, score=399_999), {"points_bounds": 1}
    ),
    "another cost of the rung": (
        lambda w: w.but("lists", 0, cost_rung=1, score=899_999), {"rung_cost": 1}
    ),
    "seats that are not there": (lambda w: w.but("lists", 0, seats=3), {"offer_facts": 1}),
    "another kind": (lambda w: w.but("lists", 1, kind="training"), {"offer_facts": 1}),
    "an offer twice in a list": (twice, {"pair_once": 1}),
    "a list in two places": (torn, {"list_together": 1}),
    "too long a list": (lambda w: w.having(lines_per_youth=2), {"list_length": 2}),
    "a rank left out": (lambda w: w.but("lists", 2, rank=4), {"rank": 1}),
    "a worse line first": (
        lambda w: w.but("lists", 0, score=790_000, points_distance=290_000), {"order": 1}
    ),
    "an order without chances": (lambda w: w.having(line_order="chance"), {"order": 2}),
    "a firm before a published offer of the same wish": (
        lambda w: w.but("offers", "O1", kind="spontaneous").having(lists_per_firm=3)
        .but("lists", 0, kind="spontaneous", rung=3, cost_rung=60_000, score=840_000),
        {"offer_facts": 1, "order": 1, "rung": 1},
    ),
    "a doubtful line before a sure one": (
        lambda w: w.but("offers", "O1", level=7)
        .but("wishes", [0, 2], level=5)
        .but("lists", [0, 2, 3, 4, 5], youth_level=5)
        .but("lists", 0, doubt="level", cost_doubt=20_000, score=880_000)
        .but("lists", 3, doubt="level", cost_doubt=20_000, score=830_000),
        {"order": 2},
    ),
    "a list of one sector": (lambda w: w.having(other_sector_lines=1), {"one_sector": 3}),
    "a list of one employer": (
        lambda w: alike(w).but("lists", 6, rank=1), {"one_employer": 3}
    ),
    "too many lists of a seat": (lambda w: w.having(lists_per_seat=1), {"exposure": 5}),
    "too many lists of a firm": (lambda w: w.having(lists_per_firm=0), {"exposure": 2}),
    "another exposure": (lambda w: w.but("lists", 0, lists_of_offer=2), {"exposure_written": 1}),
    "an exposure of somebody who has left": (
        lambda w: w.having(sent=assigned(("Y1", "O6"), ("Y9", "O1"), ("Y8", "O3"))),
        {"exposure": 1, "exposure_written": 1},
    ),
    "a line that was sent": (
        lambda w: w.having(sent=assigned(("Y1", "O1"), ("Y9", "O6"))), {"sent_before": 1}
    ),
    "an assigned pair that is no line": (
        lambda w: w.having(assignment=assigned(("Y1", "O4"))), {"assigned_line": 1}
    ),
    "an assigned offer that nobody knows": (
        lambda w: w.having(assignment=assigned(("Y1", "O0"))), {"assigned_line": 1}
    ),
    "a youth assigned twice": (
        lambda w: w.having(assignment=assigned(("Y1", "O1"), ("Y1", "O3"))), {"assigned_once": 1}
    ),
    "two youths on one seat": (
        lambda w: w.having(assignment=assigned(("Y1", "O2"), ("Y3", "O2"))), {"assigned_seats": 1}
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MUTATIONS)
def test_one_fault_is_refused_by_its_own_name(what):
    mutate, rules = MUTATIONS[what]
    assert mutate(legal_world()).faults() == rules


def test_a_diploma_that_the_offers_words_name_is_right():
    assert about_a_diploma(legal_world(), "CAP boulangers en deux ans").faults() == {}


def test_every_rule_of_lists_can_fail():
    broken = {rule for _, rules in MUTATIONS.values() for rule in rules}
    assert broken == {*_OF_A_LINE, *_OF_LISTS}


@pytest.mark.parametrize("what", MUTATIONS)
def test_no_sentence_names_a_person(what):
    world = MUTATIONS[what][0](legal_world())
    with pytest.raises(CheckError) as caught:
        check_lists(world.lists, world.assignment, world.clean, world.settings)
    assert "nothing was written" in caught.value.text("en")
    said = str(caught.value) + caught.value.text("en")
    assert not any(word in said for word in ("Y0", "Y1", "Y2", "Y3", "O0", "O1", "2015", "2006"))


# ------------------------------------------------------------------ both sides of each boundary


def one_line(row, **cells):
    """Return the world with a single line, its first wish rank and rank 1."""
    world = legal_world()
    code = cells.get("trade_code", world.lists["trade_code"][row])
    named = {"title": NAMES[code], "reason": NAMES[code]} | cells
    lists = world.lists.iloc[[row]].reset_index(drop=True).assign(rank=1, lists_of_offer=1, **named)
    none = world.assignment.iloc[:0]
    return world.having(lists=lists, assignment=none, sent=None)


def day(date):
    return None if date is None else pd.Timestamp(date)


AGES = [
    # contract, born, start, as_of, legal: the birthday on the day after, on it, the day before
    ("apprentissage", "2008-10-03", "2023-10-02", None, False),
    ("apprentissage", "2008-10-02", "2023-10-02", None, True),
    ("apprentissage", "2008-10-01", "2023-10-02", None, True),
    ("apprentissage", "1993-10-03", "2023-10-02", None, True),
    ("apprentissage", "1993-10-02", "2023-10-02", None, False),
    ("apprentissage", "1993-10-01", "2023-10-02", None, False),
    # unknown, or passed: the day of the run
    # of an unknown start the least age may be reached by the end of the year
    ("apprentissage", "2008-09-16", None, None, True),
    ("apprentissage", "2008-12-31", None, None, True),
    ("apprentissage", "2009-01-01", None, None, False),
    ("apprentissage", "2008-09-15", None, None, True),
    ("apprentissage", "1993-09-16", None, None, True),
    ("apprentissage", "1993-09-15", None, None, False),
    ("apprentissage", "2008-09-15", "2023-09-01", None, True),
    ("apprentissage", "2008-09-16", "2023-09-01", None, False),
    # signed at the earliest on the day of the run, whatever the start
    ("professionnalisation", "2007-09-16", "2023-10-02", None, False),
    ("professionnalisation", "2007-09-15", "2023-10-02", None, True),
    ("professionnalisation", "2007-09-14", "2023-10-02", None, True),
    ("professionnalisation", "1997-09-16", "2023-10-02", None, True),
    ("professionnalisation", "1997-09-15", "2023-10-02", None, False),
    ("professionnalisation", "1997-09-14", "2023-10-02", None, False),
    # born on 29 February: a year older on 1 March of a common year
    ("apprentissage", "2008-02-29", "2023-02-28", "2023-02-28", False),
    ("apprentissage", "2008-02-29", "2023-03-01", "2023-03-01", True),
    ("apprentissage", "1994-03-01", None, "2024-02-29", True),
    ("professionnalisation", "2008-02-29", None, "2024-02-28", False),
    ("professionnalisation", "2008-02-29", None, "2024-02-29", True),
    # not known, or of a contract that no rule is about
    ("apprentissage", None, None, None, True),
    ("", "2015-01-10", None, None, True),
    ("stage", "2015-01-10", None, None, True),
]


def age_is_legal(contract, born, start, as_of, **youth):
    world = one_line(7).having(contract_types=("apprentissage", "professionnalisation", "stage"))
    world = world.but("youths", "Y3", birth_date=born, **youth)
    world = world.but("offers", "O4", contract_type=contract, start_date=start)
    if as_of:
        world = world.having(as_of=pd.Timestamp(as_of).date())
    rules = world.faults()
    assert rules.keys() <= {"legal_age"}
    return not rules


@pytest.mark.parametrize(("contract", "born", "start", "as_of", "is_legal"), AGES)
def test_legal_ages(contract, born, start, as_of, is_legal):
    assert age_is_legal(contract, born, start, as_of) == is_legal


@pytest.mark.parametrize(("contract", "born", "is_legal"), [
    ("apprentissage", "1950-01-01", True),
    ("apprentissage", "2009-01-01", False),
    ("professionnalisation", "1997-09-15", False),  # the table has no such row
])  # fmt: skip
def test_disabled_workers_have_no_upper_limit_as_apprentices(contract, born, is_legal):
    assert age_is_legal(contract, born, None, None, has_rqth=True) == is_legal


@pytest.mark.parametrize(("year", "start", "is_legal"), [
    (2009, "2023-10-02", False),  # 14 at most
    (2008, "2023-10-02", True),  # 15 if born by 2 October
    (2009, "2024-01-01", True),  # 15 if born on 1 January
    (2009, "2023-12-31", False),
    (1993, "2023-10-02", True),  # 29 if born after it
    (1993, "2023-12-30", True),  # if born on 31 December
    (1993, "2023-12-31", False),
    (1992, "2023-10-02", False),
])  # fmt: skip
def test_one_day_of_the_year_of_birth_is_enough(year, start, is_legal):
    for born in (f"{year}-01-01", f"{year}-12-31"):  # whichever day stands for the year
        legal = age_is_legal("apprentissage", born, start, None, birth_is_year=True)
        assert legal == is_legal


DIVERS = [
    # born, start, codes, legal: 18 on the day after, on it, the day before
    ("2005-10-03", "2023-10-02", "I1502", False),
    ("2005-10-02", "2023-10-02", "I1502", True),
    ("2005-10-01", "2023-10-02", "I1502", True),
    ("2005-09-16", None, "I1502", False),  # unknown: the day of the run
    ("2005-09-15", None, "I1502", True),
    ("2005-09-16", "2023-09-01", "I1502", False),  # passed: the day of the run
    (None, None, "I1502", True),
    ("2007-01-10", None, "I1502|F1603", True),  # another trade beside it
    ("2007-01-10", None, "F1603", True),  # works that an employer declares, or none
]


@pytest.mark.parametrize(("born", "start", "codes", "is_legal"), DIVERS)
def test_trades_that_are_closed_to_minors(born, start, codes, is_legal):
    world = one_line(7).but("youths", "Y3", birth_date=born).but("wishes", 4, trade_codes=codes)
    world = world.but("offers", "O4", trade_codes=codes, start_date=start)
    world = world.but("lists", 0, trade_code=codes[:5], wish_code=codes[:5])
    assert world.faults() == ({} if is_legal else {"minor_work": 1})


@pytest.mark.parametrize(("year", "is_legal"), [(2005, True), (2006, False)])
def test_a_year_of_birth_may_be_of_age_on_one_day_of_it(year, is_legal):
    for born in (f"{year}-01-01", f"{year}-12-31"):
        world = one_line(7).but("youths", "Y3", birth_date=born, birth_is_year=True)
        world = world.but("wishes", 4, trade_codes="I1502").but("offers", "O4", trade_codes="I1502")
        world = world.but("lists", 0, trade_code="I1502", wish_code="I1502")
        assert world.faults() == ({} if is_legal else {"minor_work": 1})


@pytest.mark.parametrize(("available", "start", "is_legal"), [
    ("2024-01-31", "2023-12-01", False),  # 61 days before
    ("2024-01-31", "2023-12-02", True),
    ("2024-01-31", "2023-12-03", True),
    ("2023-10-01", "2024-09-29", True),
    ("2023-10-01", "2024-09-30", True),  # 365 days after
    ("2023-10-01", "2024-10-01", False),
    ("2020-01-01", "2024-09-14", True),  # available for long: as of the run
    ("2020-01-01", "2024-09-15", False),
    (None, "2024-09-14", True),
    (None, "2024-09-15", False),
    ("2023-11-14", "2020-01-01", True),  # a start that has passed: the day of the run
    ("2023-11-15", "2020-01-01", False),
    ("2030-01-01", None, True),
])  # fmt: skip
def test_start_windows_to_the_day(available, start, is_legal):
    world = one_line(7).but("youths", "Y3", available_from=available)
    rules = world.but("offers", "O4", start_date=start).faults()
    assert rules == ({} if is_legal else {"start_window": 1})


@pytest.mark.parametrize(("days", "is_legal"), [(4, False), (5, True), (6, True)])
def test_expiry_to_the_day(days, is_legal):
    last = pd.Timestamp(AS_OF) + pd.Timedelta(days=days)
    rules = one_line(7).but("offers", "O4", expiry_date=last).faults()
    assert rules == ({} if is_legal else {"offer_expiry": 1})


@pytest.mark.parametrize(("km", "is_mobile", "rung", "broken"), [
    (30.05, False, 1, {}),  # 30.9 km count as 30, and another formula has a tenth
    (30.15, False, 1, {"reach": 1, "rung_reach": 1}),
    (30.15, True, 1, {"rung_reach": 1}),
    (29.85, True, 5, {"rung_reach": 1}),
    (29.95, True, 5, {}),
    (60.05, True, 5, {}),
    (60.15, True, 5, {"reach": 1}),
    (30.15, False, 5, {"reach": 1}),
])  # fmt: skip
def test_reach_to_a_tenth_of_a_kilometre(km, is_mobile, rung, broken):
    cost = {1: 0, 5: 50_000}[rung]
    world = one_line(0, rung=rung, distance_km=round(km, 1), cost_rung=cost, score=900_000 - cost)
    world = world.but("youths", "Y1", is_mobile=is_mobile)
    assert world.but("offers", "O1", latitude=48.1173 + km / KM_A_DEGREE).faults() == broken


LADDER = {  # kind, wished trade, near one or another of the sector, to the rungs in and out of reach
    ("offer", "D1102"): {1, 5}, ("offer", "D1104"): {2}, ("offer", "D1101"): {2},
    ("spontaneous", "D1102"): {3}, ("spontaneous", "D1106"): {4},
    ("training", "D1102"): {6}, ("school", "D1101"): {6}, ("job", "D1104"): {6},
    ("offer", "M1607"): set(),
}  # fmt: skip
NEARNESS = {"D1102": 10_000, "D1104": 3_967, "D1106": 3_791, "D1101": 2_000, "M1607": 0}


@pytest.mark.parametrize(("kind", "code"), LADDER)
@pytest.mark.parametrize("rung", range(8))
def test_the_ladder(kind, code, rung):
    cost = [-1, *legal_world().settings.rung_costs, -1][rung]
    trade, km = 50 * NEARNESS[code], 45 if rung == 5 else 5
    world = one_line(
        0, rung=rung, kind=kind, distance_km=float(km), cost_rung=cost, score=trade + 400_000 - cost,
        points_trade=trade, points_distance=400_000, trade_code=code,
        doubt="sector" if code == "D1101" else "none",
    ).having(sector_trades=True)  # fmt: skip
    world = world.but("youths", "Y1", is_mobile=True)
    place = {"latitude": 48.1173 + km / KM_A_DEGREE, "kind": kind, "trade_codes": f"{code}|K1302"}
    broken = world.but("offers", "O1", **place).faults()
    if rung in LADDER[kind, code]:
        assert broken == {}
    else:
        assert broken.keys() & {"trade"} if not LADDER[kind, code] else broken.keys() & {"rung"}


@pytest.mark.parametrize("has_sectors", [False, True])
@pytest.mark.parametrize("doubt", ["none", "level", "school", "sector"])
def test_another_trade_of_the_sector(has_sectors, doubt):
    """It is a trade only where the settings ask for it, and then its doubt is said."""
    world = one_line(
        0, rung=2, cost_rung=20_000, points_trade=100_000, score=480_000, trade_code="D1101",
        doubt=doubt,
    ).having(sector_trades=has_sectors)  # fmt: skip
    broken = world.but("offers", "O1", trade_codes="D1101").faults()
    said = {} if doubt == "sector" else {"doubt": 1}
    assert broken == (said if has_sectors else {"trade": 1})


def test_a_trade_of_the_same_parent_is_a_wished_one():
    world = one_line(0, wish_code="A1101", trade_code="A1102", points_trade=404_050, score=804_050)
    world = world.but("wishes", 0, trade_codes="A1101").but("offers", "O1", trade_codes="A1102")
    assert world.faults() == {}
    near = {"rung": 2, "cost_rung": 20_000, "score": 784_050}
    assert world.but("lists", 0, **near).faults() == {"rung": 1}


@pytest.mark.parametrize(("code", "cost", "is_right"), [
    ("F1603", 0, True), ("F1603", 30_000, False), ("F1602", 0, False), ("F1602", 30_000, True),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["spontaneous", "offer"])
def test_a_later_trade_costs_a_firm_alone(kind, code, cost, is_right):
    rung, of_rung = (3, 60_000) if kind == "spontaneous" else (1, 0)
    world = one_line(
        1, kind=kind, rung=rung, cost_rung=of_rung, wish_code=code, trade_code=code,
        cost_later=cost, score=860_000 - of_rung - cost,
    )  # fmt: skip
    world = world.but("offers", "O3", kind=kind, trade_codes="F1603|F1602")
    is_right = is_right if kind == "spontaneous" else cost == 0
    assert world.faults() == ({} if is_right else {"later_cost": 1})


# Level of the wish, of the youth, source; level of the offer; aim written, off the aim, far above
AIMS = [
    (3, 8, "", 3, 3, False, False), (3, 8, "", 4, 3, True, False), (3, 8, "", 5, 3, True, True),
    (5, 0, "", 3, 5, True, False), (5, 0, "", 6, 5, True, False), (5, 0, "", 7, 5, True, True),
    (0, 4, "", 4, 4, False, False), (0, 4, "", 6, 4, True, True), (0, 0, "", 8, 0, False, False),
    (3, 4, "", 0, 3, False, False),
    # Affelnet leads to levels 3 and 4, Parcoursup to 5 and 6
    (0, 0, "affelnet", 3, 3, False, False), (0, 0, "affelnet", 4, 3, False, False),
    (0, 0, "affelnet", 5, 3, True, True), (4, 0, "affelnet", 4, 4, False, False),
    (4, 0, "affelnet", 5, 4, True, True), (5, 0, "affelnet", 5, 5, False, False),
    (5, 0, "affelnet", 6, 5, True, True),
    (0, 0, "parcoursup", 6, 5, False, False), (6, 0, "parcoursup", 6, 6, False, False),
    (6, 0, "parcoursup", 7, 6, True, True), (5, 0, "parcoursup", 6, 5, True, False),
    (0, 0, "parcoursup", 4, 5, True, False),
]  # fmt: skip


@pytest.mark.parametrize(("wished", "own", "source", "offered", "aim", "is_off", "is_far"), AIMS)
@pytest.mark.parametrize("is_strict", [False, True])
def test_levels(wished, own, source, offered, aim, is_off, is_far, is_strict):
    cost = 20_000 * is_far
    world = one_line(
        0, youth_level=aim, doubt="level" if is_far else "none", cost_doubt=cost,
        score=900_000 - cost,
    ).having(strict_level=is_strict).but("wishes", 0, level=wished)  # fmt: skip
    world = world.but("youths", "Y1", level=own, source=source).but("offers", "O1", level=offered)
    is_barred = aim in (3, 4) and offered > 4  # all of these aim at levels 3 and 4 alone
    is_refused = is_off and is_strict
    strict = {"strict_level": 1} if is_refused else {}
    assert world.faults() == ({"baccalaureat": 1} if is_barred else strict)
    if not is_barred and not is_refused:
        other = "none" if is_far else "level"
        assert world.but("lists", 0, doubt=other).faults() == {"doubt": 1}
        more = world.but("lists", 0, cost_doubt=20_000 - cost, score=880_000 + cost)
        assert more.faults() == {"doubt_cost": 1}


@pytest.mark.parametrize(("source", "contract", "is_open"), [
    ("affelnet", "apprentissage", True), ("affelnet", "professionnalisation", False),
    ("affelnet", "", True), ("parcoursup", "professionnalisation", True),
    ("", "professionnalisation", True),
])  # fmt: skip
def test_contracts_that_a_procedure_opens(source, contract, is_open):
    world = one_line(0, youth_level=3).but("youths", "Y1", source=source)
    world = world.but("offers", "O1", contract_type=contract)
    assert world.faults() == ({} if is_open else {"procedure": 1})
    assert world.having(source_contracts={}).faults() == {}


@pytest.mark.parametrize(("wished", "home", "there", "is_same"), [
    ("53", "28", "53", True), ("53", "28", "28", False), ("", "28", "28", True),
    ("", "28", "53", False), ("", "", "53", True), ("53", "28", "", True), ("", "", "", True),
])  # fmt: skip
@pytest.mark.parametrize("is_strict", [False, True])
def test_strict_region(wished, home, there, is_same, is_strict):
    world = one_line(0, in_region=is_same and "" not in (wished + home, there))
    world = world.having(strict_region=is_strict).but("wishes", 0, region_code=wished)
    world = world.but("youths", "Y1", region_code=home).but("offers", "O1", region_code=there)
    assert world.faults() == ({} if is_same or not is_strict else {"strict_region": 1})


def test_the_same_wish_has_to_bear_trade_and_level():
    """Of two wishes without rank, one has the trade and the other the level."""
    world = (
        legal_world().having(strict_level=True).but("wishes", 3, level=4).but("wishes", 4, level=3)
    )
    world = world.but("offers", "O2", level=3)
    assert world.faults() == {"strict_level": 1}
    assert world.but("wishes", 3, level=3).but("lists", 6, youth_level=3).faults() == {}


@pytest.mark.parametrize(("flags", "left_out", "is_legal"), [
    ("school", ("school",), False), ("school", (), True), ("nameless", ("school",), True),
    ("nameless|school", ("nameless",), False), ("preschool", ("school",), True),
])  # fmt: skip
def test_flags(flags, left_out, is_legal):
    doubt = "school" if "school" in flags.split("|") else "none"
    world = one_line(7).having(leave_out_flags=left_out).but("offers", "O4", flags=flags)
    world = world.but("lists", 0, doubt=doubt)
    assert world.faults() == ({} if is_legal else {"offer_flagged": 1})


def test_employers_are_told_by_siret_then_by_name_and_commune():
    world = alike(legal_world())  # three lines of it in a list, two are allowed
    assert world.faults() == {"one_employer": 3}
    assert world.having(lines_per_employer=3).faults() == {}
    assert world.having(lines_per_employer=0).faults() == {}
    assert world.but("offers", "O6", commune_code="35001").faults() == {}
    assert world.but("offers", "O6", employer="MARTIN").faults() == {"one_employer": 3}
    assert world.but("offers", "O6", siret="12345678900011").faults() == {}
    one = world.but("offers", siret="12345678900011", employer="")
    assert one.faults() == {"one_employer": 3}
    assert one.but("offers", siret="").faults() == {}  # nameless: each for itself


def test_variety_is_of_the_first_code_and_the_sector():
    world = legal_world().having(other_sector_lines=1)
    assert world.but("offers", "O6", trade_codes="F1603|D1102").faults() == {}
    assert world.but("offers", "O6", trade_codes="D1102|F1603").faults() == {"one_sector": 3}
    assert world.but("offers", "O6", trade_codes="D1101|D1102").faults() == {"one_sector": 3}
    # A list of one line may be of one sector, whatever the setting leaves.
    alone = one_line(0).having(lines_per_youth=1, other_sector_lines=1)
    assert alone.faults() == {}


def test_order_by_chance_counts_seats_and_lists():
    """Two seats in three lists: 900,000 becomes 600,000, as good as a sure 600,000."""
    world = legal_world().having(line_order="chance")
    for line, score in ((1, 600_000), (4, 560_000), (6, 1_000_000), (7, 500_000)):
        points = score + world.lists["cost_rung"][line] - 500_000
        world = world.but("lists", line, score=score, points_distance=points)
    assert world.faults() == {}
    better = {"score": 600_001, "points_distance": world.lists["points_distance"][1] + 1}
    assert world.but("lists", 1, **better).faults() == {"order": 1}


@pytest.mark.parametrize("block", [1, 2, 4, 100])
def test_rows_are_those_of_the_file(monkeypatch, block):
    monkeypatch.setattr("matchmaker.verify.lists.BLOCK", block)
    world = legal_world().but("lists", 7, score=1).but("lists", 2, rank=9, lists_of_offer=7)
    shown = faults_of_lists(world.lists, world.assignment, world.clean, world.settings).shown
    assert {(fault.rule, fault.row) for fault in shown} == {
        ("points_sum", 8), ("rank", 3), ("exposure_written", 3),
    }  # fmt: skip


@pytest.mark.parametrize("block", [1, 2, 4, 100])
def test_some_lists_at_a_time_are_the_same(monkeypatch, block):
    monkeypatch.setattr("matchmaker.verify.lists.BLOCK", block)
    assert legal_world().faults() == {}
    for what, (mutate, rules) in MUTATIONS.items():
        assert mutate(legal_world()).faults() == rules, what


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_clean_tables_does_not_matter(seed):
    for what, (mutate, rules) in MUTATIONS.items():
        world = mutate(legal_world())
        shuffled = {
            name: getattr(world.clean, name).sample(frac=1, random_state=seed, ignore_index=True)
            for name in ("youths", "wishes", "offers", "sent")
        }
        assert world.having(**shuffled).faults() == rules, what


def test_no_lists_at_all():
    world = legal_world()
    empty = world.having(lists=world.lists.iloc[:0], assignment=world.assignment.iloc[:0])
    assert empty.faults() == {}
    none = world.clean.wishes.iloc[:0]
    assert empty.having(wishes=none).faults() == {}
