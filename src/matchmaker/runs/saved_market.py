"""The market of a saved run, from its clean tables."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from matchmaker.candidates.market import Market, build_market
from matchmaker.settings import Settings
from matchmaker.tables import Tables

__all__ = ["market_of_tables"]

_NOTHING = pd.DataFrame()


def market_of_tables(
    youths: pd.DataFrame,
    wishes: pd.DataFrame,
    offers: pd.DataFrame,
    settings: Settings,
    as_of: dt.date,
) -> Market:
    """Return the market of clean tables: what else was read plays no part in it."""
    tables = Tables(
        youths=youths,
        wishes=wishes,
        offers=offers,
        rejects=_NOTHING,
        quality=_NOTHING,
        files=(),
        notes=_NOTHING,
        kinds=_NOTHING,
        pooled=_NOTHING,
        flagged=_NOTHING,
        contacts=_NOTHING,
    )
    return build_market(tables, settings, as_of=as_of)
