"""Synthetic offers and firms that take spontaneous applications."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.generator.columns import (
    Bools,
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
from matchmaker.generator.trades import TITLE_SHARES, Trades, pair, titles
from matchmaker.generator.written import around, commune_codes, postal_codes, trade_codes

__all__ = ["offer_columns"]

# Jobs stand closer together than homes.
_OFFER_POWER, _FIRM_POWER = 1.15, 1.05
_JITTER_KM = 2.0
# An advertisement ends 60 days after it was put up, as La bonne alternance sets by default.
_DAYS_ONLINE = 60
# Made-up names: none is meant to be a firm that exists.
_NAMES = (
    "du Pré Vert",
    "des Trois Rivières",
    "du Vieux Chêne",
    "Horizon",
    "des Tilleuls",
    "Atlantis",
    "du Moulin Bleu",
    "de la Colline",
    "Boréal",
    "des Quatre Vents",
    "du Lavoir",
    "Solstice",
    "de l'Étang",
    "Ambre et Fils",
    "du Grand Large",
    "des Alizés",
    "Équinoxe",
    "du Beffroi",
    "de la Fontaine Claire",
    "Méridien",
    "des Acacias",
    "du Pont Neuf",
    "Aurore",
    "du Verger",
    "des Hirondelles",
    "Cap Ouest",
    "de la Halle",
    "Zénith",
    "du Clocher",
    "des Remparts",
)
_GROUPS = (
    "Groupe Altaïr",
    "Maison Véga",
    "Réseau Orion",
    "Compagnie du Sirius",
    "Enseigne Lyra",
    "Groupe Cassiopée",
    "Distribution Rigel",
    "Ateliers Antarès",
    "Services Bételgeuse",
    "Groupe Pollux",
    "Réseau Castor",
    "Maison Deneb",
)


def offer_columns(
    rng: np.random.Generator,
    count: int,
    firms: int,
    territory: Ground,
    trades: Trades,
    as_of: dt.date,
) -> dict[str, pa.Array]:
    """Return the columns of offers.csv: `count` rows, the last `firms` of them firms.

    Parameters
    ----------
    rng : Generator
    count, firms : int
    territory : Ground
    trades : Trades
    as_of : date

    Returns
    -------
    dict of str to Arrow array
    """
    is_firm = np.arange(count) >= count - firms
    trade = np.concatenate(
        [
            choose(rng, trades.offer_weight, count - firms),
            choose(rng, trades.firm_weight, firms),
        ]
    )
    place = np.concatenate(
        [
            choose(rng, territory.population**_OFFER_POWER, count - firms),
            choose(rng, territory.population**_FIRM_POWER, firms),
        ]
    )
    is_training = ~is_firm & (rng.random(count) < 0.04)
    return (
        {"offer_id": ids("O", count)}
        | _what(rng, trade, is_firm, trades)
        | _where(rng, place, territory)
        | _terms(rng, is_firm, trades, trade, as_of)
        | _who(rng, trade, is_firm, trades)
        | {
            "kind": texts(["offer", "spontaneous", "training"], is_firm + 2 * is_training),
            "url": joined("https://example.org/offre/", ids("O", count)),
            "source": texts(["synthetic"], np.zeros(count, np.int64)),
        }
    )


def _what(
    rng: np.random.Generator, trade: Ints, is_firm: Bools, trades: Trades
) -> dict[str, pa.Array]:
    """Return titles and codes; firms have several codes, as La Bonne Boîte gives them."""
    count = len(trade)
    form = choose(rng, np.array(TITLE_SHARES, dtype="float64"), count)
    title = texts(titles(trades), trade * len(TITLE_SHARES) + form)
    firm_title = texts(
        [
            f"Candidature spontanée - {pair(m, f, ' / ')}"
            for m, f in zip(trades.masculine, trades.feminine, strict=True)
        ],
        trade,
    )
    code = trade_codes(rng, trades, trade, older_share=0.35)
    second, third = (choose_in_rows(rng, trades.firm_codes, trade) for _ in range(2))
    more = choose(rng, np.array([0.3, 0.4, 0.3]), count)
    wider = _several(trades, trade, second, third, more)
    return {
        "title": pc.if_else(pa.array(is_firm), firm_title, title),
        "trade_code": with_blanks(
            pc.if_else(pa.array(is_firm), wider, code), ~is_firm & (rng.random(count) < 0.1)
        ),
    }


def _several(trades: Trades, first: Ints, second: Ints, third: Ints, more: Ints) -> pa.Array:
    """Return one to three different codes a row, joined by "|".

    The distinct combinations are few, so each is joined once.
    """
    size = len(trades.code)
    second = np.where(more >= 1, second, first)
    third = np.where(more == 2, third, first)
    distinct, position = np.unique((first * size + second) * size + third, return_inverse=True)
    rows = zip(distinct // size**2, distinct // size % size, distinct % size, strict=True)
    return texts(["|".join(dict.fromkeys(trades.code[i] for i in row)) for row in rows], position)


def _where(rng: np.random.Generator, place: Ints, territory: Ground) -> dict[str, pa.Array]:
    """Return addresses: many on the one point of their commune or arrondissement."""
    count = len(place)
    latitude, longitude = around(rng, territory, place, _JITTER_KM)
    is_central = rng.random(count) < np.where(territory.is_district[place], 0.65, 0.4)
    latitude = np.where(is_central, territory.latitude[place], latitude)
    longitude = np.where(is_central, territory.longitude[place], longitude)
    is_blank = rng.random(count) < 0.12
    return {
        "postal_code": with_blanks(postal_codes(rng, territory, place), rng.random(count) < 0.01),
        "commune_code": with_blanks(commune_codes(rng, territory, place), rng.random(count) < 0.2),
        "place_name": texts(territory.name, place),
        "latitude": with_blanks(pa.array(latitude), is_blank),
        "longitude": with_blanks(pa.array(longitude), is_blank),
    }


def _terms(
    rng: np.random.Generator, is_firm: Bools, trades: Trades, trade: Ints, as_of: dt.date
) -> dict[str, pa.Array]:
    """Return level, places, dates and contract; firms give none of them."""
    count = len(trade)
    level = choose_in_rows(rng, trades.level_of, trade)
    start = rng.choice(np.array([-14, 3, 17, 17, 31, 45, 77, 108]), count)
    start += rng.integers(0, 8, count)
    age = rng.integers(0, _DAYS_ONLINE + 6, count)  # a few are older than they should be
    capacity = one_of(
        rng, {"1": 84, "": 4, "0": 2, "2": 5, "3": 2.5, "4": 1, "6": 1, "12": 0.5}, count
    )
    contract = one_of(
        rng,
        {
            "apprentissage": 55,
            "Contrat d'apprentissage": 15,
            "": 11,
            "professionnalisation": 9,
            "Alternance": 9,
            "CDI": 1,
        },
        count,
    )
    return {
        "level": with_blanks(
            texts(["3", "4", "5", "6", "7"], level), is_firm | (rng.random(count) < 0.83)
        ),
        "capacity": with_blanks(capacity, is_firm),
        "start_date": with_blanks(dates(as_of, start), is_firm | (rng.random(count) < 0.35)),
        "expiry_date": with_blanks(dates(as_of, _DAYS_ONLINE - age), is_firm),
        "contract_type": with_blanks(contract, is_firm),
        "status": with_blanks(
            one_of(rng, {"open": 97, "filled": 2, "cancelled": 1}, count), is_firm
        ),
    }


def _who(
    rng: np.random.Generator, trade: Ints, is_firm: Bools, trades: Trades
) -> dict[str, pa.Array]:
    """Return employers: made-up names; SIRET numbers that begin with 000 exist nowhere."""
    count = len(trade)
    names = [f"{word} {name}" for word in trades.employer_word for name in _NAMES]
    own = texts(names, trade * len(_NAMES) + rng.integers(0, len(_NAMES), count))
    group = texts(_GROUPS, rng.integers(0, len(_GROUPS), count))
    is_group = rng.random(count) < np.where(is_firm, 0.03, 0.12)
    siren = pc.utf8_lpad(pc.cast(pa.array(np.arange(1, count + 1)), pa.string()), 9, "0")
    return {
        "employer": with_blanks(
            pc.if_else(pa.array(is_group), group, own), rng.random(count) < 0.01
        ),
        "siret": with_blanks(joined(siren, "00010"), ~is_firm & (rng.random(count) < 0.2)),
        "naf_code": texts(trades.naf_code, trade),
    }
