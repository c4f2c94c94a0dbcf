"""Boundaries of single pairs: dates, distance, level, region, contract, seats.

Offers are named after the place where they stand: the day (or the kilometre) before, on
and after the boundary.
"""

from __future__ import annotations

import math

from tests.rules.case import Case

__all__ = ["CASES"]

KM_A_DEGREE = math.pi * 6371.0088 / 180  # northwards
HOME = (46.5, 2.5)


def north(km):
    """Return the cells of a place so many kilometres north of home."""
    return {
        "commune_code": "",
        "latitude": f"{HOME[0] + km / KM_A_DEGREE:.9f}",
        "longitude": f"{HOME[1]}",
    }


def starts(**days):
    return {name: {"start_date": day} for name, day in days.items()}


def expires(**days):
    return {name: {"expiry_date": day} for name, day in days.items()}


EXPIRY = [
    Case(
        rule="min_days_left",
        says="five days must be left, the fifth one counts; no end, no rule",
        offers=expires(before="2023-09-19", on="2023-09-20", after="2023-09-21", never=""),
        settings={"min_days_left": 5},
        expect={"lists": {"Y": "on after never"}},
    ),
    Case(
        rule="min_days_left",
        says="who fits no other offer is told that they expire",
        offers=expires(before="2023-09-19"),
        settings={"min_days_left": 5},
        expect={"why alone": {"Y": "expired"}},
    ),
    Case(
        rule="min_days_left",
        says="none need be left: an offer may expire today, not yesterday",
        offers=expires(yesterday="2023-09-14", today="2023-09-15"),
        settings={"min_days_left": 0},
        expect={"lists": {"Y": "today"}},
    ),
    Case(
        rule="min_days_left",
        says="assign goes by the same day",
        door="assign",
        offers=expires(before="2023-09-19", on="2023-09-20"),
        settings={"min_days_left": 5},
        youths={"Y1": {}, "Y2": {"status": "placed"}},
        expect={"assigned, or why not": {"Y1": "on", "Y2": "placed"}},
    ),
    Case(
        rule="min_days_left",
        says="a dry run counts by the same day",
        door="dry_run",
        offers=expires(before="2023-09-19", on="2023-09-20"),
        settings={"min_days_left": 5},
        expect={"offers counted": {"takes_part": 1, "expired": 1}, "pairs counted": 1},
    ),
]

STARTS = [
    Case(
        rule="max_early_start_days",
        says="ten days early is not too early; unknown never is",
        youths={"Y": {"available_from": "2023-10-01"}},
        offers=starts(before="2023-09-20", on="2023-09-21", after="2023-09-22", unknown=""),
        settings={"max_early_start_days": 10},
        expect={"lists": {"Y": "on after unknown"}},
    ),
    Case(
        rule="max_late_start_days",
        says="twenty days late is not too late",
        youths={"Y": {"available_from": "2023-10-01"}},
        offers=starts(before="2023-10-20", on="2023-10-21", after="2023-10-22"),
        settings={"max_late_start_days": 20},
        expect={"lists": {"Y": "before on"}},
    ),
    Case(
        rule="max_late_start_days",
        says="who fits no other offer is told that the start is why",
        offers=starts(after="2023-10-06"),
        settings={"max_late_start_days": 20},
        expect={"why alone": {"Y": "start"}},
    ),
    Case(
        rule="available_from",
        says="not said, today and long ago are all at once: from today on",
        youths={
            "unsaid": {},
            "today": {"available_from": "2023-09-15"},
            "past": {"available_from": "2023-06-01"},
        },
        offers=starts(today="2023-09-15", on="2023-10-05", after="2023-10-06"),
        settings={"max_early_start_days": 0, "max_late_start_days": 20},
        expect={"lists": dict.fromkeys(("unsaid", "today", "past"), "today on")},
    ),
    Case(
        rule="available_from",
        says="tomorrow is a day after today",
        youths={"tomorrow": {"available_from": "2023-09-16"}},
        offers=starts(
            today="2023-09-15", tomorrow="2023-09-16", on="2023-10-06", after="2023-10-07"
        ),
        settings={"max_early_start_days": 0, "max_late_start_days": 20},
        expect={"lists": {"tomorrow": "tomorrow on"}},
    ),
    Case(
        rule="start_date",
        says="a start that has passed is today: ten days early, not eleven",
        youths={
            "ten": {"available_from": "2023-09-25"},
            "eleven": {"available_from": "2023-09-26"},
        },
        offers=starts(passed="2023-08-28"),
        settings={"max_early_start_days": 10},
        expect={"lists": {"ten": "passed", "eleven": ""}},
    ),
]

REACH = [
    Case(
        rule="max_distance_km",
        says="thirty kilometres reach thirty and no step farther",
        youths={"Y": north(0) | {"max_distance_km": "30"}},
        offers={"before": north(29.99), "after": north(30.01)},
        expect={"lists": {"Y": "before"}},
    ),
    Case(
        rule="max_distance_km",
        says="a part of a kilometre is rounded down",
        youths={"Y": north(0) | {"max_distance_km": "30.9"}},
        offers={"before": north(29.99), "after": north(30.5)},
        expect={"lists": {"Y": "before"}},
    ),
    Case(
        rule="reach_km",
        says="who does not say how far goes as far as the setting",
        youths={"Y": north(0)},
        settings={"reach_km": 12},
        offers={"before": north(11.99), "after": north(12.01)},
        expect={"lists": {"Y": "before"}},
    ),
    Case(
        rule="reach_km",
        says="who fits no other offer is told that they are too far",
        youths={"Y": north(0)},
        settings={"reach_km": 12},
        offers={"after": north(12.01)},
        expect={"why alone": {"Y": "out_of_reach"}},
    ),
    Case(
        rule="mobile_reach_factor",
        says="a vehicle doubles the reach, for wished trades alone",
        youths={"Y": north(0) | {"max_distance_km": "30", "is_mobile": "oui"}},
        offers={
            "inside": north(29.99),
            "beyond": north(30.01),
            "edge": north(59.99),
            "after": north(60.01),
            "near": north(29.99) | {"trade_code": "D1106"},
            "near beyond": north(30.01) | {"trade_code": "D1106"},
        },
        expect={
            "lists": {"Y": "inside beyond edge near"},
            "rungs": {"inside": 1, "beyond": 5, "edge": 5, "near": 2},
        },
    ),
]

LEVELS = {"same": {"level": "3"}, "next": {"level": "4"}, "far": {"level": "6"}, "unknown": {}}
AIMS = {
    "of the wish": ({"level": "5"}, {"level": "3"}),
    "of the youth": ({"level": "3"}, {}),
    "unknown": ({}, {}),
}
REGIONS = {"same": {}, "next": {"commune_code": "44109"}, "unknown": north(0)}
HOMES = {  # Rennes, and where the wish points to
    "of the home": ("35238", ""),
    "of the wish": ("44109", "53"),
    "unknown": ("", ""),
}

STRICT = [
    Case(
        rule="strict_level",
        says="a known level is that of the wish, else of the youth",
        youths={name: own for name, (own, _) in AIMS.items()},
        wishes=tuple((name, wished) for name, (_, wished) in AIMS.items()),
        offers=LEVELS,
        settings={"strict_level": True},
        expect={
            "lists": {
                "of the wish": "same unknown",
                "of the youth": "same unknown",
                "unknown": "same next far unknown",
            }
        },
    ),
    Case(
        rule="strict_level",
        says="without it every level may stand in a list that the baccalauréat does not close",
        youths={"Y": {"level": "5"}},
        offers={
            "below": {"level": "4"},
            "same": {"level": "5"},
            "far": {"level": "8"},
            "unknown": {},
        },
        expect={"lists": {"Y": "below same far unknown"}},
    ),
    Case(
        rule="baccalaureat",
        says="Bac+2 is open to a wish of Bac+2, not to one of a CAP or a Bac pro",
        youths={level or "unknown": {"level": level} for level in ("3", "4", "5", "")},
        offers={"cap": {"level": "3"}, "bac": {"level": "4"}, "bts": {"level": "5"}, "any": {}},
        expect={
            "lists": {
                "3": "cap bac any",
                "4": "cap bac any",
                "5": "cap bac bts any",
                "unknown": "cap bac bts any",
            }
        },
    ),
    Case(
        rule="baccalaureat",
        says="a level that is read counts too, and of several the lowest",
        youths={"Y": {"level": "4"}},
        offers={
            "title": {"title": "Boulanger - BTS en alternance"},
            "text": {"description": "Vous préparez un Bac+5."},
            "both": {"description": "Formation du Bac à Bac+3."},
            "held": {"description": "Titulaire d'un BTS, vous préparez un CAP."},
        },
        expect={"lists": {"Y": "both held"}},
    ),
    Case(
        rule="baccalaureat",
        says="who fits no other offer is told that the level is why",
        youths={"Y": {"level": "4"}},
        offers={"next": {"title": "Boulanger - BTS en alternance"}},
        expect={"why alone": {"Y": "level"}},
    ),
    Case(
        rule="strict_level",
        says="who fits no other offer is told that the level is why",
        youths={"Y": {"level": "3"}},
        offers={"next": {"level": "4"}},
        settings={"strict_level": True},
        expect={"why alone": {"Y": "level"}},
    ),
    Case(
        rule="strict_level",
        says="a level that stands in title or text alone closes nothing",
        youths={"Y": {"level": "5"}},
        offers={
            "given": {"level": "6", "title": "Boulanger"},
            "title": {"title": "Boulanger - Bachelor en alternance"},
            "text": {"description": "Vous préparez un Bac+5."},
        },
        settings={"strict_level": True},
        expect={"lists": {"Y": "title text"}, "doubts": {"title": "none", "text": "level"}},
    ),
    Case(
        rule="start_date",
        says="a start that stands in the text alone closes nothing, however late",
        youths={"Y": {"available_from": "2023-10-01"}},
        offers={
            "given": {"start_date": "2025-01-06"},
            "text": {"description": "Début du contrat : 6 janvier 2025."},
        },
        expect={"lists": {"Y": "text"}},
    ),
    Case(
        rule="strict_region",
        says="a known region is that of the wish, else of the home",
        youths={
            name: {"commune_code": home, "max_distance_km": "400"} | (north(0) if not home else {})
            for name, (home, _) in HOMES.items()
        },
        wishes=tuple((name, {"region_code": region}) for name, (_, region) in HOMES.items()),
        offers=REGIONS,
        settings={"strict_region": True},
        expect={
            "lists": {
                "of the home": "same unknown",
                "of the wish": "same unknown",
                "unknown": "same next unknown",
            }
        },
    ),
    Case(
        rule="strict_region",
        says="without it every region may stand in a list",
        youths={"Y": {"max_distance_km": "400"}},
        offers=REGIONS,
        expect={"lists": {"Y": "same next unknown"}},
    ),
    Case(
        rule="strict_region",
        says="who fits no other offer is told that the region is why",
        youths={"Y": {"max_distance_km": "400"}},
        offers={"next": {"commune_code": "44109"}},
        settings={"strict_region": True},
        expect={"why alone": {"Y": "region"}},
    ),
]

OPEN = [
    Case(
        rule="contract_types",
        says="what the campaign proposes, and what does not say what it is",
        offers={
            "proposed": {"contract_type": "apprentissage"},
            "unsaid": {"contract_type": ""},
            "either": {"contract_type": "Alternance"},
            "other": {"contract_type": "contrat de professionnalisation"},
            "job": {"contract_type": "CDI"},
        },
        settings={"contract_types": ["apprentissage"]},
        expect={"lists": {"Y": "proposed unsaid either"}},
    ),
    Case(
        rule="capacity",
        says="0 is full, nothing said is one seat",
        offers={
            "none": {"capacity": "0"},
            "unsaid": {},
            "one": {"capacity": "1"},
            "two": {"capacity": "2"},
        },
        expect={"lists": {"Y": "unsaid one two"}},
    ),
    Case(
        rule="status of an offer",
        says="open, or not said; filled and cancelled stand in no list",
        offers={
            "unsaid": {},
            "open": {"status": "ouverte"},
            "filled": {"status": "pourvue"},
            "cancelled": {"status": "annulée"},
        },
        expect={"lists": {"Y": "unsaid open"}},
    ),
    Case(
        rule="order of reasons",
        says="of two rules that each would do, the first one is told",
        youths={"Y": {}},
        settings={"min_days_left": 5},
        offers={
            "old": {"expiry_date": "2023-09-19"},
            "full": {"status": "pourvue"},
            "gone": {"status": "annulée"},
        },
        expect={"why alone": {"Y": "full"}},
    ),
    Case(
        rule="order of reasons",
        says="a cancelled offer is a reason before another contract is",
        youths={"Y": {}},
        offers={"job": {"contract_type": "CDI"}, "gone": {"status": "annulée"}},
        expect={"why alone": {"Y": "cancelled"}},
    ),
    Case(
        rule="order of reasons",
        says="where each offer breaks two rules, no single one is why",
        youths={"Y": {}},
        settings={"min_days_left": 5},
        offers={"old and full": {"expiry_date": "2023-09-19", "status": "pourvue"}},
        expect={"why alone": {"Y": "several"}},
    ),
    Case(
        rule="order of reasons",
        says="the start is a reason before the age is",
        youths={"Y": {"birth_date": "2008-10-03"}},
        settings={"max_late_start_days": 20},
        offers={"late": {"start_date": "2023-10-06"}, "young": {"start_date": "2023-09-30"}},
        expect={"why alone": {"Y": "start"}},
    ),
]

# Youths named after the reason that they must be told: each has one offer of a trade of its own.
BROKEN = {
    "full": ("D1102", {"status": "pourvue"}),
    "expired": ("F1603", {"expiry_date": "2023-09-19"}),
    "cancelled": ("G1602", {"status": "annulée"}),
    "contract_type": ("M1607", {"contract_type": "CDI"}),
    "flagged": ("N4101", {"description": "Femmes uniquement"}),
    "place_unknown": ("A1203", {"commune_code": ""}),
    "start": ("J1501", {"start_date": "2024-09-16"}),
    "age": ("H2903", {"start_date": "2023-09-15"}),
    "out_of_reach": ("I1604", {"commune_code": "13055"}),
}
# A youth of Affelnet, whose level is said by nothing but the source
PUPIL = {"source": "affelnet", "level": ""}
SOURCES = [
    Case(
        rule="source_contracts",
        says="from Affelnet only an apprenticeship is open, or a contract that is not said",
        youths={"Y": PUPIL},
        offers={
            "apprenticeship": {},
            "other": {"contract_type": "professionnalisation"},
            "unsaid": {"contract_type": ""},
        },
        expect={"lists": {"Y": "apprenticeship unsaid"}},
    ),
    Case(
        rule="source_contracts",
        says="who fits no other contract is told that the procedure is why",
        youths={"Y": PUPIL | {"birth_date": "2005-01-01"}},
        offers={"other": {"contract_type": "professionnalisation"}},
        expect={"why alone": {"Y": "procedure"}},
    ),
    Case(
        rule="source_levels",
        says="from Affelnet levels 3 and 4 are aimed at, and 5 is for those who have the bac",
        youths={"Y": PUPIL},
        offers={"five": {"level": "5"}, "four": {"level": "4"}, "three": {"level": "3"}},
        expect={"lists": {"Y": "four three"}, "doubts": {"four": "none", "three": "none"}},
    ),
    Case(
        rule="source_levels",
        says="from elsewhere 6 is one above 5 and no doubt, 7 is two above and one",
        youths={"Y": {"level": "5"}},
        offers={"six": {"level": "6"}, "seven": {"level": "7"}},
        expect={"doubts": {"six": "none", "seven": "level"}, "order": {"Y": "six seven"}},
    ),
    Case(
        rule="source_levels",
        says="of several levels in a text the lowest decides whether it is far above",
        youths={"Y": {"level": "5"}},
        offers={
            "some": {"description": "Formation de Bac+2 à Bac+5."},
            "all": {"description": "Formation Bac+5 ou doctorat."},
            "held": {"description": "Titulaire d'un master, vous préparez un BTS."},
        },
        expect={"doubts": {"some": "none", "all": "level", "held": "none"}},
    ),
    Case(
        rule="sector_trades",
        says="another trade of the sector is no line, and told as the reason",
        offers={"sector": {"trade_code": "D1101"}},
        expect={"why alone": {"Y": "other_trade"}},
    ),
    Case(
        rule="sector_trades",
        says="where it is shown, it stands behind all others and is told",
        offers={
            "sector": {"trade_code": "D1101"},
            "near": {"trade_code": "D1104", "commune_code": "35281"},
        },
        settings={"sector_trades": True},
        expect={"order": {"Y": "near sector"}, "doubts": {"near": "none", "sector": "sector"}},
    ),
]
REASONS = [
    Case(
        rule="reasons",
        says="who fits an offer but for one rule is told that rule",
        youths={reason: {} for reason in (*BROKEN, "no_trade_offer", "no_wish", "wish_rejected")}
        | {"age": {"birth_date": "2008-09-16"}},
        wishes=(
            *((reason, {"trade_code": code}) for reason, (code, _) in BROKEN.items()),
            ("no_trade_offer", {"trade_code": "K2104"}),
            ("wish_rejected", {"trade_code": "D1102", "rank": "the first"}),
        ),
        offers={
            f"offer, {reason}": {"trade_code": code, "title": "Apprentissage"} | cells
            for reason, (code, cells) in BROKEN.items()
        },
        expect={
            "why alone": {
                why: why for why in (*BROKEN, "no_trade_offer", "no_wish", "wish_rejected")
            }
        },
    ),
]

CASES = [*EXPIRY, *STARTS, *REACH, *STRICT, *OPEN, *SOURCES, *REASONS]
