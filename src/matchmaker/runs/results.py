"""What the results of `match` and `assign` have in common."""

from __future__ import annotations

import datetime as dt
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from matchmaker.allocators import give_back
from matchmaker.report.tables import write_csv, write_parquet
from matchmaker.runs.folder import Check, Writer, publish
from matchmaker.runs.manifest import json_bytes
from matchmaker.settings import Settings
from matchmaker.words import say

_log = logging.getLogger("matchmaker")

__all__ = ["RunResult", "bytes_writer", "table_writers"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RunResult(ABC):
    """Figures, manifest, timings and settings of a run, and how its folder is written.

    Attributes
    ----------
    summary : dict
        Figures, ready for JSON.
    manifest : dict
        Inputs, settings, seed, versions, counts (`matchmaker.runs.manifest`).
    timings : dict of str to float
        Seconds of each stage.
    as_of : datetime.date or None
        Date of the run; None where no rule looks at a date.
    settings : Settings
        Of the run.
    """

    summary: dict[str, Any]
    manifest: dict[str, Any]
    timings: dict[str, float]
    as_of: dt.date | None
    settings: Settings

    @abstractmethod
    def __str__(self) -> str:
        """Return the figures that matter, as text."""

    def __repr__(self) -> str:
        return str(self)

    @abstractmethod
    def _files(self) -> dict[str, Writer]:
        """Return what the folder holds beside the manifest, the summary and the timings."""

    @abstractmethod
    def _check(self) -> Check:
        """Return the check that the written folder has to pass."""

    def save(self, out: str | Path) -> None:
        """Write all outputs to the folder `out`, whole or not at all.

        What is written is read again and checked before it is published.  The folder is
        created, or replaced if it holds nothing but an earlier run; what of it was changed
        since goes to ``DIR.kept-N`` beside it, and is logged.  For equal inputs every file but
        ``timings.json`` has equal bytes.  Files can be read by their owner only.

        Parameters
        ----------
        out : path
            Folder for the files of ``docs/reference/outputs.md``.

        Raises
        ------
        UsageError
            `out` is no folder of ours, or cannot be written to.
        InfeasibleError
            The disk is full.
        CheckError
            The independent check refused what was written.
        """
        give_back()  # what the run needed and its result does not
        start = time.perf_counter()
        kept = publish(
            out,
            {**self._files(), "summary.json": bytes_writer(json_bytes(self.summary))},
            lambda hashes: json_bytes({**self.manifest, "outputs": hashes}),
            check=self._check(),
            timings=lambda: json_bytes(
                {**self.timings, "write": round(time.perf_counter() - start, 3)}
            ),
        )
        for folder in kept:
            _log.warning("%s", say(self.settings.lang, "folder.kept", out=out, folder=folder))


def table_writers(exact: Mapping[str, pd.DataFrame], **people: pd.DataFrame) -> dict[str, Writer]:
    """Return the writers of tables: CSV of all of them, Parquet too of the `exact` ones.

    Parameters
    ----------
    exact : mapping of str to DataFrame
    **people : DataFrame
        By name of the file, without its ending.

    Returns
    -------
    dict of str to callable
        File name to what writes it into an open binary file.
    """
    return {
        **{f"{name}.csv": partial(write_csv, frame) for name, frame in {**exact, **people}.items()},
        **{f"{name}.parquet": partial(write_parquet, frame) for name, frame in exact.items()},
    }


def bytes_writer(content: bytes) -> Writer:
    """Return a writer of ready bytes.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    callable
        Writes it into an open binary file.
    """

    def write(sink: BinaryIO) -> None:
        sink.write(content)

    return write
