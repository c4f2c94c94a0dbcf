"""How places and trades are written in the cells of youths, wishes and offers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.generator.columns import Floats, Ints, texts
from matchmaker.generator.territory import Ground
from matchmaker.generator.trades import Trades

__all__ = ["around", "commune_codes", "postal_codes", "trade_codes"]

_KM_PER_DEGREE = 111.2


def around(
    rng: np.random.Generator, territory: Ground, place: Ints, spread_km: float
) -> tuple[Floats, Floats]:
    """Return points spread around places, rounded to five decimals (about a metre).

    Parameters
    ----------
    rng : Generator
    territory : Ground
    place : int64, shape (n,)
        Positions in the territory.
    spread_km : float
        Standard deviation, north and east.

    Returns
    -------
    latitude, longitude : float64, shape (n,)
        Degrees.
    """
    spread = spread_km / _KM_PER_DEGREE
    latitude = territory.latitude[place] + spread * rng.standard_normal(len(place))
    narrowing = np.cos(np.radians(territory.latitude[place]))
    longitude = territory.longitude[place] + spread * rng.standard_normal(len(place)) / narrowing
    return np.round(latitude, 5), np.round(longitude, 5)


def postal_codes(rng: np.random.Generator, territory: Ground, place: Ints) -> pa.Array:
    """Return one of the postal codes of each place.

    Parameters
    ----------
    rng : Generator
    territory : Ground
    place : int64, shape (n,)

    Returns
    -------
    Arrow array of text, n long
    """
    codes = [code for group in territory.postal_codes for code in group]
    per_place = np.array([len(group) for group in territory.postal_codes])
    start = np.cumsum(per_place) - per_place
    return texts(codes, start[place] + rng.integers(0, per_place[place]))


def commune_codes(rng: np.random.Generator, territory: Ground, place: Ints) -> pa.Array:
    """Return the commune code; for a third of those in arrondissements the code of these.

    Parameters
    ----------
    rng : Generator
    territory : Ground
    place : int64, shape (n,)

    Returns
    -------
    Arrow array of text, n long
    """
    written = texts(territory.written_code, place)
    commune = texts(territory.commune_code, place)
    return pc.if_else(pa.array(rng.random(len(place)) < 0.33), written, commune)


def trade_codes(
    rng: np.random.Generator, trades: Trades, trade: Ints, *, older_share: float
) -> pa.Array:
    """Return ROME codes, of the older version for a share.

    Parameters
    ----------
    rng : Generator
    trades : Trades
    trade : int64, shape (n,)
        Positions in `trades`.
    older_share : float
        0 to 1.

    Returns
    -------
    Arrow array of text, n long
    """
    is_older = rng.random(len(trade)) < older_share
    return texts([*trades.code, *trades.older_code], trade + len(trades.code) * is_older)
