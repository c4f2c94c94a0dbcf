"""What is missing where: youths with too few lines by trade, commune and level, five or more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from matchmaker.follow_up.merging import Group, merged
from matchmaker.follow_up.texts import texts_of
from matchmaker.reference.gazetteer import communes, departements
from matchmaker.words import Lang, say

__all__ = ["Missing", "cells_of", "missing_in"]

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One row of what is missing.

    Attributes
    ----------
    departement : str
    trades : tuple of str
        Codes, "" for youths of whom none is known.
    trade, place, level : str
        In words, as far as all youths of the row share them.
    count : int
        Youths, five or more.
    """

    departement: str
    trades: tuple[str, ...]
    trade: str
    place: str
    level: str
    count: int


def cells_of(
    youths: pd.DataFrame, wishes: pd.DataFrame, lines: pd.DataFrame, min_lines: int
) -> pd.DataFrame:
    """Return a row a youth with fewer lines than wanted: department, trade, commune, level.

    A youth counts once, in the first trade of the first wish.

    Parameters
    ----------
    youths : DataFrame
        Clean rows of those who are followed, with their ``territory``.
    wishes, lines : DataFrame
    min_lines : int

    Returns
    -------
    DataFrame
        ``territory``, ``departement``, ``trade``, ``commune_code``, ``level``.
    """
    count = youths["youth_id"].map(lines["youth_id"].value_counts()).fillna(0)
    few = youths[count < min_lines].reset_index(drop=True)
    first = wishes.sort_values(["youth_id", "rank", "wish_id"], kind="stable")
    first = first.drop_duplicates("youth_id").set_index("youth_id")
    level = few["youth_id"].map(first["level"]).fillna(0).astype("int64").astype("str")
    return pd.DataFrame(
        {
            "territory": few["territory"],
            "departement": few["departement"],
            "trade": texts_of(few["youth_id"], first["trade_codes"].str.split("|").str[0]),
            "commune_code": few["commune_code"],
            "level": level.mask(level == "0", ""),
        }
    )


def missing_in(cells: pd.DataFrame, trades: Mapping[str, str], lang: Lang) -> tuple[Missing, ...]:
    """Return what is missing in a territory, most youths first.

    Each of its departments is merged by itself: the workbook of a region and those of its
    departments show the same groups, so that neither can be subtracted from the other.

    Parameters
    ----------
    cells : DataFrame
        As `cells_of`, of one territory.
    trades : mapping of str to str
    lang : {"fr", "en"}

    Returns
    -------
    tuple of Missing
    """
    found = []
    towns = communes().set_index("commune_code")["name"]
    areas = departements().set_index("departement")["name"]
    for code, some in cells.groupby("departement", sort=True):
        cells_here = zip(some["trade"], some["commune_code"], some["level"], strict=True)
        groups = merged(Counter(cells_here).items())
        area = str(areas.get(code, code)) or say(lang, "employers.somewhere")
        found += [_told(str(code), group, area, trades, towns, lang) for group in groups]
    return tuple(sorted(found, key=lambda row: (-row.count, row.departement, row.trade, row.place,
                                                row.level)))  # fmt: skip


def _told(
    departement: str,
    group: Group,
    area: str,
    trades: Mapping[str, str],
    towns: pd.Series,
    lang: Lang,
) -> Missing:
    codes, places, levels = (sorted(set(part)) for part in zip(*group.cells, strict=True))
    rest = say(lang, "employers.elsewhere_in", area=area)
    trade, place, level = (
        say(lang, "employers.other_trades"),
        rest,
        say(lang, "employers.other_levels"),
    )
    if len(codes) == 1:
        trade = trades.get(codes[0], codes[0]) or say(lang, "employers.no_trade")
    if len(places) == 1:
        place = str(towns.get(places[0], places[0])) or rest
    if len(levels) == 1:
        level = (
            say(lang, "employers.level", n=int(levels[0]))
            if levels[0]
            else say(lang, "employers.no_level")
        )
    return Missing(departement=departement, trades=tuple(codes), trade=trade, place=place,
                   level=level, count=group.count)  # fmt: skip
