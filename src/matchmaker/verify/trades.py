"""Cells of trade codes, and what the tables say of two codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.nearness import nearness, of_frame
from matchmaker.settings import Settings

__all__ = ["MOST_WISHED_STEP", "SECTOR_STEP", "RelatedTrades"]

MOST_WISHED_STEP = 1  # of nearness: the code itself, or one of the same parent
SECTOR_STEP = 3  # the same sector, and no more


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedTrades:
    """All codes that stand in some cell.

    Attributes
    ----------
    codes : tuple of str
        Their numbers are their places here.
    held : ndarray of int64
        ``cell * n_codes + code`` of the codes of each cell, rising.
    first : ndarray of int64, shape (n_cells,)
        First code of each cell, -1 where it is empty.
    near : ndarray of int64
        ``wished code * n_codes + offered code`` of those that are related, rising.
    step, value : ndarray
        Of `near`, as `matchmaker.reference.nearness` counts them.
    """

    codes: tuple[str, ...]
    held: NDArray[np.int64]
    first: NDArray[np.int64]
    near: NDArray[np.int64]
    step: NDArray[np.int64]
    value: NDArray[np.int64]

    @classmethod
    def of(
        cls, cells: Sequence[str], settings: Settings, kept: pd.DataFrame | None = None
    ) -> RelatedTrades:
        """Look up the nearness of all codes of the distinct cells.

        Parameters
        ----------
        cells : sequence of str
            Codes with ``|`` between, "" for none.
        settings : Settings
        kept : DataFrame or None
            Nearness as a run's folder keeps it, in the place of the reference tables.

        Returns
        -------
        RelatedTrades
        """
        parts = [[code for code in cell.split("|") if code] for cell in cells]
        codes = tuple(sorted({code for part in parts for code in part}))
        number = {code: n for n, code in enumerate(codes)}
        near = nearness(codes, settings) if kept is None else of_frame(kept, codes)
        key = np.repeat(np.arange(len(codes)), np.diff(near.indptr)) * len(codes) + near.code
        order = np.argsort(key)
        held = {
            cell * len(codes) + number[code] for cell, part in enumerate(parts) for code in part
        }
        return cls(
            codes=codes,
            held=np.array(sorted(held), dtype=np.int64),
            first=np.array([number[part[0]] if part else -1 for part in parts], dtype=np.int64),
            near=key[order],
            step=near.step[order].astype(np.int64),
            value=near.value[order].astype(np.int64),
        )

    def numbers(self, column: pd.Series) -> NDArray[np.int64]:
        """Return the number of the code in each row, -1 for one that stands in no cell.

        Parameters
        ----------
        column : Series of str

        Returns
        -------
        ndarray of int64
        """
        written = pd.Categorical(column)  # each distinct code once
        known = {code: n for n, code in enumerate(self.codes)}
        of_category = [known.get(str(code), -1) for code in written.categories]
        numbers: NDArray[np.int64] = np.array([*of_category, -1], dtype=np.int64)[written.codes]
        return numbers

    def holds(self, cell: NDArray[np.int64], code: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which cells hold the code beside them.

        Parameters
        ----------
        cell, code : ndarray of int64, shape (n,)

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        is_held = _place(self.held, cell * len(self.codes) + code) >= 0
        return is_held & (code >= 0)

    def nearness(
        self, wished: NDArray[np.int64], offered: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return step and value of pairs of codes, -1 for both where they are not related.

        Parameters
        ----------
        wished, offered : ndarray of int64, shape (n,)
            Numbers of codes.

        Returns
        -------
        step, value : ndarray of int64, shape (n,)
        """
        place = _place(self.near, wished * len(self.codes) + offered)
        place[(wished < 0) | (offered < 0)] = -1
        unrelated = np.array([-1], dtype=np.int64)
        return (
            np.concatenate([self.step, unrelated])[place],
            np.concatenate([self.value, unrelated])[place],
        )


def _place(among: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each number among rising ones, -1 for none."""
    place = np.searchsorted(among, wanted)
    is_there = place < len(among)
    is_there[is_there] = among[place[is_there]] == wanted[is_there]
    return np.where(is_there, place, -1)
