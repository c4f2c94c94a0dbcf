"""Files brought to neutral tables by one source, for tests that look at a source alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pandas as pd

from matchmaker.settings import Settings
from matchmaker.tables.contact_rows import gathered
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources import Source, sources_for
from matchmaker.tables.sources.source import best_of, head_of

AS_OF = dt.date(2023, 9, 15)


def detect(content: object, parcoursup_columns: Mapping[str, str] | None = None) -> str | None:
    """Return the name of the source that recognises a table, or parsed JSON, best; all that tie."""
    raw = content if isinstance(content, RawTable) else answer(content)
    settings = Settings(parcoursup_columns=parcoursup_columns or {})
    names = [source.name for source in best_of(sources_for(settings), head_of(raw))]
    return " ".join(names) or None


def answer(payload: object, file: str = "f.json") -> JsonAnswer:
    items = payload if isinstance(payload, list) else [payload]
    return JsonAnswer(role="offers", file=file, items=lambda: enumerate(items, start=1),
                      head=tuple(items[:20]), sha256="0")  # fmt: skip


def offers(source: Source, payload: object, file: str = "f.json") -> RawTable:
    """Return the one table of offers that a source makes of parsed JSON."""
    (table,) = source.to_tables(answer(payload, file), as_of=AS_OF)
    return table


def contact_rows(frame: pd.DataFrame, born: str | None = None) -> pd.DataFrame:
    """Return cells as written, with their source_line, a row a youth; all born on one day."""
    files = pd.Series(["f.csv"] * len(frame), dtype="str")
    told = gathered(frame.drop(columns="source_line"), files, frame["source_line"].to_numpy())
    days = pd.Series([born] * len(told.people), dtype="datetime64[s]")
    return told.rows(days, np.datetime64(AS_OF))


def people(source: Source, raw: RawTable) -> SimpleNamespace:
    """Return youths, wishes and the frame of contacts that a source makes of one table."""
    youths, wishes, contacts = source.to_tables(raw, as_of=AS_OF)
    frame = contacts.frame.copy()
    frame.insert(1, "source_line", pd.Series(contacts.lines))
    return SimpleNamespace(youths=youths, wishes=wishes, contacts=frame)
