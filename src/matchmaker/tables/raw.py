"""What a reader or a source adapter hands to the checks: cells as text, nothing judged yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.errors import Issue

__all__ = ["InputFile", "RawTable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """One table as it was read.

    Attributes
    ----------
    role : str
        ``youths``, ``wishes``, ``offers``, ``audit``, ``sent`` or ``referents``.
    file : str
        Name that messages show.
    frame : DataFrame
        Every column of dtype ``str``, a missing cell is ""; headers as the file has
        them or, from an adapter, the names of the neutral tables.
    lines : ndarray of int64, shape (n_rows,)
        Physical line of each row, from 1, as an editor shows it; for frames and JSON
        the place of the row, from 1.
    sha256 : str
        Of the bytes read.
    notes : tuple of str
        How it was read: ``cp1252``, ``separator ';'``, ...
    faults : tuple of Issue
        Rows that could not be given a shape (a wrong number of cells, say); each is
        rejected, and `frame` does not hold it.
    blank_rows : int
        Rows without any content that were skipped.
    header_line : int
        Physical line of the header.
    """

    role: str
    file: str
    frame: pd.DataFrame
    lines: NDArray[np.int64]
    sha256: str
    notes: tuple[str, ...] = ()
    faults: tuple[Issue, ...] = ()
    blank_rows: int = 0
    header_line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One input of a run, for the manifest.

    Attributes
    ----------
    role, name, sha256, notes
        As in `RawTable`.
    rows : int
        Rows read, the rejected ones included.
    """

    role: str
    name: str
    sha256: str
    rows: int
    notes: tuple[str, ...] = ()
