"""Tables, or one source, that hold far fewer rows than the night before: a broken export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matchmaker.territories import region_names
from matchmaker.words import Lang, Said, Text, code_text, said, word

if TYPE_CHECKING:
    import pandas as pd

    from matchmaker.tables import Tables

__all__ = ["Fall", "falls", "falls_of", "rows_before", "rows_now"]

FEW_ROWS = 10
"""A fall of as many rows or fewer is no broken export."""

_TABLES = ("youths", "wishes", "offers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """A table or a source that fell.

    Attributes
    ----------
    what : str
        ``youths``, ``wishes``, ``offers``, or ``offers:SOURCE``; ``youths@REGION`` and
        ``offers@REGION`` of one territory.
    before, now : int
        Usable rows.
    """

    what: str
    before: int
    now: int

    @property
    def share(self) -> float:
        """How much of the rows is gone, 0 to 1."""
        return 1 - self.now / self.before

    def said(self, lang: Lang) -> Said:
        """Return the fall as a sentence.

        Parameters
        ----------
        lang : {"fr", "en"}
            Of the name of the source.

        Returns
        -------
        Said
        """
        name, _, region = self.what.partition("@")
        table, _, source = name.partition(":")
        what: Text = word("table", table)
        if region:
            what = said("home.of_territory", table=what, name=region_names()[region])
        if source:
            what = said("home.of_source", source=code_text(lang, "format", source))
        return said(
            "home.fell", what=what, before=self.before, now=self.now, share=100 * self.share
        )


def falls(
    before: Mapping[str, int], now: Mapping[str, int], *, max_shrink: float
) -> tuple[Fall, ...]:
    """Return what fell by more than a share of its rows.

    Parameters
    ----------
    before, now : mapping of str to int
        Rows of tables and sources, as `rows_before` and `rows_now` give them.
    max_shrink : float
        Share of the rows, 0 to 1.

    Returns
    -------
    tuple of Fall
        By name. A fall of `FEW_ROWS` or fewer is none.

    Examples
    --------
    >>> falls({"youths": 100, "offers": 50}, {"youths": 40, "offers": 49}, max_shrink=0.2)
    (Fall(what='youths', before=100, now=40),)
    """
    found = [
        Fall(what=name, before=rows, now=now.get(name, 0)) for name, rows in sorted(before.items())
    ]
    return tuple(
        fall for fall in found if fall.before - fall.now > FEW_ROWS and fall.share > max_shrink
    )


def falls_of(
    before: pd.DataFrame, now: pd.DataFrame, table: str, limits: Mapping[str, float]
) -> tuple[Fall, ...]:
    """Return the territories where a table fell by more than their own limit.

    Parameters
    ----------
    before, now : DataFrame
        ``region_code`` is read.
    table : str
    limits : mapping of str to float
        By code of the region.

    Returns
    -------
    tuple of Fall
    """
    found: tuple[Fall, ...] = ()
    for code, limit in sorted(limits.items()):
        was, there = (
            {f"{table}@{code}": int(frame["region_code"].eq(code).sum())} for frame in (before, now)
        )
        found += falls(was, there, max_shrink=limit)
    return found


def rows_before(manifest: Mapping[str, Any], summary: Mapping[str, Any]) -> dict[str, int]:
    """Return the rows of a run that was saved, by table and by source of offers.

    Parameters
    ----------
    manifest, summary : mapping
        Of its folder.

    Returns
    -------
    dict of str to int
    """
    rows = {name: int(manifest["counts"][name]) for name in _TABLES}
    for source, kinds in summary["offers"]["by_source"].items():
        rows[f"offers:{source}"] = sum(kinds.values())
    return rows


def rows_now(tables: Tables) -> dict[str, int]:
    """Return the rows of tables that were just read, by table and by source of offers.

    Parameters
    ----------
    tables : Tables

    Returns
    -------
    dict of str to int
    """
    rows = {name: len(getattr(tables, name)) for name in _TABLES}
    by_source = tables.kinds.groupby("source")["count"].sum()
    return rows | {f"offers:{source}": int(n) for source, n in by_source.items()}
