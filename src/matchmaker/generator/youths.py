"""Synthetic youths, their wishes, and the audit table that nothing but the audit reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.generator.columns import (
    Bools,
    Floats,
    Ints,
    choose,
    choose_in_rows,
    dates,
    ids,
    joined,
    one_of,
    texts,
    with_blanks,
)
from matchmaker.generator.territory import Ground
from matchmaker.generator.trades import LEVELS, Trades, pair
from matchmaker.generator.written import around, commune_codes, postal_codes, trade_codes
from matchmaker.reference.levels import LEVEL_NAMES_FR

__all__ = ["Population", "audit_columns", "draw_youths", "wish_columns", "youth_columns"]

# Wishes of a youth, 1 to 10: mean 3.6 once those made twice are left out.
_WISH_COUNTS = (0.125, 0.165, 0.185, 0.165, 0.125, 0.09, 0.06, 0.04, 0.025, 0.02)
# Mean age in years of those who aim at level 3 to 7, and its spread.
_MEAN_AGE = np.array([16.9, 18.0, 19.6, 21.3, 22.9])
_SPREAD_YEARS = 1.9
_YOUNGEST, _OLDEST = 15.0, 29.95
_JITTER_KM = 1.0
_RURAL_PEOPLE = 2_000  # a commune below this counts as rural
_URBAN_PEOPLE = 50_000  # one above this may hold priority quarters (QPV)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """What the tables of one population share; arrays of n youths.

    Attributes
    ----------
    youth_id : Arrow array of text
    place, trade, level : int64 arrays
        Home, trade of the first wish, and position in `LEVELS` of the level aimed at.
    is_woman : bool array
    age : float64 array, years
    """

    youth_id: pa.Array
    place: Ints
    trade: Ints
    level: Ints
    is_woman: Bools
    age: Floats


def draw_youths(
    rng: np.random.Generator, count: int, territory: Ground, trades: Trades
) -> Population:
    """Draw who the youths are: home, trade, level, gender, age.

    Parameters
    ----------
    rng : Generator
    count : int
    territory : Ground
    trades : Trades

    Returns
    -------
    Population
    """
    trade = choose(rng, trades.youth_weight, count)
    level = choose_in_rows(rng, trades.level_of, trade)
    age = _MEAN_AGE[level] + _SPREAD_YEARS * (rng.gamma(3.0, 1.0, count) / np.sqrt(3.0) - 1.2)
    return Population(
        youth_id=ids("Y", count),
        place=choose(rng, territory.population, count),
        trade=trade,
        level=level,
        is_woman=rng.random(count) < trades.women_share[trade],
        age=np.clip(age, _YOUNGEST + rng.random(count) * 0.7, _OLDEST),
    )


def youth_columns(
    rng: np.random.Generator, youths: Population, territory: Ground, as_of: dt.date
) -> dict[str, pa.Array]:
    """Return the columns of youths.csv.

    Parameters
    ----------
    rng : Generator
    youths : Population
    territory : Ground
    as_of : date

    Returns
    -------
    dict of str to Arrow array
    """
    count = len(youths.place)
    has_rqth = rng.random(count) < 0.025
    # Without an upper limit of age, a few of those with RQTH are older.
    age = youths.age + np.where(has_rqth & (rng.random(count) < 0.05), 8.0, 0.0)
    is_unplaced = rng.random(count) < 0.004
    level = texts([str(level) for level in LEVELS], youths.level)
    named = texts([LEVEL_NAMES_FR[level] for level in LEVELS], youths.level)
    level = pc.if_else(pa.array(rng.random(count) < 0.12), named, level)
    has_point = (rng.random(count) < 0.35) & ~is_unplaced
    latitude, longitude = around(rng, territory, youths.place, _JITTER_KM)
    is_mobile = rng.random(count) < np.where(youths.age >= 18, 0.34, 0.08)
    reach = one_of(
        rng,
        {"": 55, "5": 3, "10": 7, "15": 6, "20": 10, "30": 9, "40": 3, "50": 5, "80": 2},
        count,
    )
    # Brothers and sisters may share an address: the next youth's e-mail then.
    shares_mail = rng.random(count) < 0.015
    mail_of = np.minimum(np.arange(count) + shares_mail, count - 1)
    email = joined(pc.utf8_lower(youths.youth_id), "@example.org").take(pa.array(mail_of))
    return {
        "youth_id": youths.youth_id,
        "birth_date": with_blanks(
            dates(as_of, -(age * 365.25).astype(np.int64)), rng.random(count) < 0.02
        ),
        "postal_code": with_blanks(
            postal_codes(rng, territory, youths.place), is_unplaced | (rng.random(count) < 0.02)
        ),
        "commune_code": with_blanks(
            commune_codes(rng, territory, youths.place), is_unplaced | (rng.random(count) < 0.25)
        ),
        "latitude": with_blanks(pa.array(latitude), ~has_point),
        "longitude": with_blanks(pa.array(longitude), ~has_point),
        "level": with_blanks(level, rng.random(count) < 0.15),
        "max_distance_km": reach,
        "available_from": with_blanks(
            dates(as_of, rng.integers(0, 90, count)), rng.random(count) < 0.6
        ),
        "is_mobile": _yes_no(is_mobile),
        "has_rqth": _yes_no(has_rqth),
        "opt_out": one_of(rng, {"non": 98.3, "oui": 1.7}, count),
        "status": one_of(rng, {"seeking": 92, "placed": 7, "withdrawn": 1}, count),
        "email": with_blanks(email, rng.random(count) < 0.04),
        "source": texts(["synthetic"], np.zeros(count, np.int64)),
    }


def wish_columns(
    rng: np.random.Generator, youths: Population, territory: Ground, trades: Trades
) -> dict[str, pa.Array]:
    """Return the columns of wishes.csv, a youth's wishes one after another.

    Parameters
    ----------
    rng : Generator
    youths : Population
    territory : Ground
    trades : Trades

    Returns
    -------
    dict of str to Arrow array
    """
    wanted = choose(rng, np.array(_WISH_COUNTS), len(youths.place)) + 1
    youth = np.repeat(np.arange(len(wanted)), wanted)
    first = youths.trade[youth]
    row = first * len(LEVELS) + youths.level[youth]
    trade = choose_in_rows(rng, trades.other_wish, row)
    starts = np.cumsum(wanted) - wanted
    trade[starts] = youths.trade
    region, centre = _training_centres(rng, youths.place[youth], territory)

    # One trade in one commune is one wish.
    youth_trade = youth * len(trades.code) + trade
    commune = territory.commune[centre]
    kept = _first_of_each(youth_trade * (territory.commune.max() + 1) + commune)
    youth, trade, youth_trade = youth[kept], trade[kept], youth_trade[kept]
    region, centre = region[kept], centre[kept]
    per_youth = np.bincount(youth)
    position = np.arange(len(youth)) - np.repeat(np.cumsum(per_youth) - per_youth, per_youth)
    count = len(youth)
    # The centre is told where it is all that sets two wishes apart.
    is_repeated = np.ones(count, dtype=np.bool_)
    is_repeated[_first_of_each(youth_trade)] = False

    # What is written: code and label, code only, label only, name of the diploma only.
    form = choose(rng, np.array([0.60, 0.12, 0.16, 0.12]), count)
    is_ranked = rng.random(len(per_youth)) < 0.85
    rank = pc.cast(pa.array(position + 1), pa.string())
    return {
        "youth_id": youths.youth_id.take(pa.array(youth)),
        "rank": with_blanks(rank, ~is_ranked[youth]),
        "trade_code": with_blanks(trade_codes(rng, trades, trade, older_share=0.2), form >= 2),
        "trade_label": with_blanks(
            _trade_labels(rng, trades, trade, youths.is_woman[youth], form == 3), form == 1
        ),
        "level": with_blanks(
            texts([str(level) for level in LEVELS], youths.level[youth]), rng.random(count) < 0.3
        ),
        "region_code": with_blanks(texts(territory.region_codes, region), rng.random(count) < 0.15),
        "commune_code": with_blanks(
            texts(territory.commune_code, centre), (rng.random(count) < 0.65) & ~is_repeated
        ),
        "source": texts(["synthetic"], np.zeros(count, np.int64)),
    }


def audit_columns(
    rng: np.random.Generator, youths: Population, territory: Ground
) -> dict[str, pa.Array]:
    """Return the columns of audit.csv.

    Parameters
    ----------
    rng : Generator
    youths : Population
    territory : Ground

    Returns
    -------
    dict of str to Arrow array
    """
    count = len(youths.place)
    people = territory.population[youths.place]
    is_qpv = rng.random(count) < np.where(people > _URBAN_PEOPLE, 0.15, 0.03)
    sex = texts(["F", "M"], (~youths.is_woman).astype(np.int64))
    return {
        "youth_id": youths.youth_id,
        "sex": with_blanks(sex, rng.random(count) < 0.01),
        "is_qpv": _yes_no(is_qpv),
        "is_rural": _yes_no(people < _RURAL_PEOPLE),
        "source": texts(["synthetic"], np.zeros(count, np.int64)),
    }


def _training_centres(rng: np.random.Generator, home: Ints, territory: Ground) -> tuple[Ints, Ints]:
    """Return the region and the place of a training centre for each home."""
    home_region = territory.region[home]
    region = choose_in_rows(rng, territory.region_moves, home_region)
    is_near = (region == home_region) & (rng.random(len(home)) < 0.8)
    town = np.where(
        is_near,
        choose_in_rows(rng, territory.centre_in_departement, territory.departement_row[home]),
        choose_in_rows(rng, territory.centre_in_region, region),
    )
    return region, territory.towns[town]


def _first_of_each(keys: Ints) -> Ints:
    """Return the positions, rising, where each key stands for the first time."""
    return np.sort(np.unique(keys, return_index=True)[1])


def _yes_no(values: Bools) -> pa.Array:
    """Return "oui" and "non"."""
    return texts(["non", "oui"], values.astype(np.int64))


def _trade_labels(
    rng: np.random.Generator, trades: Trades, trade: Ints, is_woman: Bools, is_diploma: Bools
) -> pa.Array:
    """Return what a youth or a form would write for a trade."""
    kinds = 5
    labels = [
        text
        for m, f, informal, diploma in zip(
            trades.masculine, trades.feminine, trades.informal, trades.diploma, strict=True
        )
        for text in (m, f, informal, pair(m, f, " / "), diploma)
    ]
    plain = np.where(is_woman, 1, 0)
    drawn = choose(rng, np.array([0.7, 0.15, 0.15]), len(trade))
    kind = np.where(drawn == 0, plain, drawn + 1)
    return texts(labels, trade * kinds + np.where(is_diploma, kinds - 1, kind))
