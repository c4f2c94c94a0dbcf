"""What a territory's sheets add up to, and what the pilot is told of each structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.words import Lang, say, table

__all__ = ["SHEETS", "by_structure", "counts", "shared_offers", "sheet_of"]

SHEETS = ("today", "followed", "without")
"""Sheets of youths; each youth of a territory stands in one of them."""

_OFFER_LEAST = 2  # youths of a territory for whom one call to an employer counts
_MOST_NAMES = 30
_MOST_STRUCTURES = 22  # what an A4 page has room for


def sheet_of(facts: pd.DataFrame) -> pd.Series:
    """Return the sheet of each youth: called today, else without a line, else followed."""
    due = pd.to_datetime(facts["due"])
    is_today = due == due.min()
    codes = np.select([is_today, facts["lines"] == 0], ["today", "without"], "followed")
    return pd.Series(codes, index=facts.index)


def shared_offers(
    facts: pd.DataFrame, lists: pd.DataFrame, offers: pd.DataFrame, lang: Lang
) -> pd.DataFrame:
    """Return the offers that suit several youths of a territory, most youths first.

    Parameters
    ----------
    facts : DataFrame
        Of the territory's youths alone.
    lists : DataFrame
        Lines, of other youths too.
    offers : DataFrame
        ``siret``, ``start_date`` by offer_id.
    lang : {"fr", "en"}

    Returns
    -------
    DataFrame
        ``title, employer, place, siret, seats, start_date, youths`` (a count), ``names``, ``url``.
    """
    name = (facts["first_name"] + " " + facts["last_name"]).str.strip()
    name = name.mask(name == "", facts["youth_id"])
    mine = lists.merge(
        pd.DataFrame({"youth_id": facts["youth_id"], "name": name}), on="youth_id"
    ).sort_values(["offer_id", "rank", "youth_id"], kind="stable")
    times = mine["offer_id"].map(mine["offer_id"].value_counts())
    mine = mine[times >= _OFFER_LEAST]
    rows = mine.drop_duplicates("offer_id")[
        ["offer_id", "title", "employer", "place", "seats", "url"]
    ]
    names = mine.groupby("offer_id")["name"].agg(lambda several: _listed(list(several), lang))
    count = mine.groupby("offer_id").size()
    more = offers.reindex(rows["offer_id"])
    rows = rows.assign(
        youths=rows["offer_id"].map(count).astype("int64"),
        names=rows["offer_id"].map(names),
        siret=more["siret"].fillna("").to_numpy(),
        start_date=more["start_date"].to_numpy(),
    )
    return rows.sort_values(["youths", "offer_id"], ascending=[False, True], kind="stable")


def _listed(names: list[str], lang: Lang) -> str:
    shown = "\n".join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return f"{shown}\n{say(lang, 'cells.more_names', n=more)}" if more > 0 else shown


def counts(facts: pd.DataFrame, lang: Lang) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return titled tables of counts; each adds up to the youths of the territory.

    Parameters
    ----------
    facts : DataFrame
    lang : {"fr", "en"}

    Returns
    -------
    list of (str, list of (str, int))
    """
    labels = table(lang, "cells_sheet")
    sheets = [(labels[code], int((facts["sheet"] == code).sum())) for code in SHEETS]
    lines = np.select(
        [facts["lines"] == 0, facts["lines"] <= 3], [say(lang, "cells.none"), "1 – 3"], "4 +"
    )
    held = dict(table(lang, "cells_holder"))
    special = facts["special"].mask(facts["special"] == "", say(lang, "cells.neither"))
    days = np.select(
        [facts["days_left"].isna(), facts["days_left"] < 0, facts["days_left"] <= 30],
        [say(lang, "cells.date_unknown"), say(lang, "cells.over"), say(lang, "cells.month")],
        say(lang, "cells.later"),
    )
    return [
        (say(lang, "cells.by_sheet"), sheets),
        (say(lang, "cells.by_lines"), _counted(pd.Series(lines))),
        (say(lang, "cells.by_days"), _counted(pd.Series(days))),
        (say(lang, "cells.by_holder"), _counted(facts["holder_kind"].map(held))),
        (say(lang, "cells.by_special"), _counted(special)),
        (say(lang, "cells.by_theme"), _counted(facts["theme"])),
        (say(lang, "cells.by_referent"), _counted(facts["referent"])),
    ]


def _counted(values: pd.Series) -> list[tuple[str, int]]:
    """Return value and count, most first, then by the value."""
    found = values.value_counts()
    return sorted(((str(v), int(n)) for v, n in found.items()), key=lambda one: (-one[1], one[0]))


def by_structure(
    everyone: pd.DataFrame, facts: pd.DataFrame, sent: pd.DataFrame, words: pd.DataFrame, lang: Lang
) -> list[Mapping[str, object]]:
    """Return a row a structure for the pilot's page, and one of all behind them.

    Parameters
    ----------
    everyone : DataFrame
        ``youth_id``, ``status``, ``opt_out``, ``structure`` of all youths of the run.
    facts : DataFrame
        Of those followed; ``last_contact`` is read.
    sent, words : DataFrame
        What was sent, and what came back.
    lang : {"fr", "en"}

    Returns
    -------
    list of mapping
        ``name, entered, written, answered, found, left, never`` (followed, not yet reached) and
        ``oldest`` (date of the oldest last contact, or None); most left first.
    """
    ids = everyone["youth_id"]
    found_words = words[(words["word"] == "outcome") & (words["value"] == "signed")]
    is_found = (everyone["status"] == "placed") | ids.isin(found_words["youth_id"])
    contact = ids.map(facts.set_index("youth_id")["last_contact"])
    is_left = ids.isin(facts["youth_id"]) & ~is_found
    cells = pd.DataFrame(
        {
            "name": everyone["structure"],
            "entered": 1,
            "written": ids.isin(sent["youth_id"]),
            "answered": ids.isin(sent["youth_id"][sent["outcome"] != ""])
            | ids.isin(words["youth_id"]),
            "found": is_found,
            "left": is_left,
            "never": is_left & contact.isna(),
        }
    )
    numbers = [name for name in cells if name != "name"]
    by_name = cells.groupby("name", sort=False)[numbers].sum().astype("int64")
    oldest = contact[is_left].groupby(everyone["structure"][is_left]).min()
    by_name["oldest"] = oldest.reindex(by_name.index)
    by_name = by_name.reset_index().sort_values(["left", "name"], ascending=[False, True])
    rest = by_name.iloc[_MOST_STRUCTURES:]
    rows: list[dict[str, Any]] = [
        {str(code): value for code, value in row.items()}
        for row in by_name.iloc[:_MOST_STRUCTURES].to_dict("records")
    ]
    together = [(rest, say(lang, "cells.others", n=len(rest)))] if len(rest) else []
    for frame, name in [*together, (by_name, say(lang, "cells.all"))]:
        added: dict[str, Any] = {str(one): int(frame[one].sum()) for one in numbers}
        rows.append({**added, "name": name, "oldest": frame["oldest"].min()})
    return [
        {**row, "oldest": None if pd.isna(row["oldest"]) else row["oldest"].date()} for row in rows
    ]
