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
from matchmaker.runs.folder import SETTINGS, SUMMARY
from matchmaker.runs.manifest import Output, json_bytes, stages_of
from matchmaker.runs.publishing import Check, Writer, publish
from matchmaker.settings import Settings
from matchmaker.words import say

_log = logging.getLogger("matchmaker")

__all__ = ["RunResult", "bytes_writer", "parquet_outputs", "table_outputs"]


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
    def _files(self) -> dict[str, Output]:
        """Return what the folder holds beside the manifest, the figures and the settings."""

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
        outputs = {
            **self._files(),
            SETTINGS: Output(stage="read", write=bytes_writer(self.settings.to_toml().encode())),
            SUMMARY: Output(stage="summarise", write=bytes_writer(json_bytes(self.summary))),
        }
        kept = publish(
            out,
            {name: output.write for name, output in outputs.items()},
            lambda hashes: json_bytes(
                {
                    **self.manifest,
                    "stages": stages_of(self.manifest, outputs, hashes),
                    "outputs": hashes,
                }
            ),
            check=self._check(),
            timings=lambda: json_bytes(
                {**self.timings, "write": round(time.perf_counter() - start, 3)}
            ),
        )
        for folder in kept:
            _log.warning("%s", say(self.settings.lang, "folder.kept", out=out, folder=folder))


def table_outputs(
    stage: str, exact: Mapping[str, pd.DataFrame], **people: pd.DataFrame
) -> dict[str, Output]:
    """Return the files of the tables of a stage: CSV of all, Parquet too of the `exact` ones.

    Parameters
    ----------
    stage : str
    exact : mapping of str to DataFrame
    **people : DataFrame
        By name of the file, without its ending.

    Returns
    -------
    dict of str to Output
        By the name of the file.
    """
    return {
        **{
            f"{name}.csv": Output(stage=stage, write=partial(write_csv, frame), rows=len(frame))
            for name, frame in {**exact, **people}.items()
        },
        **parquet_outputs(stage, exact),
    }


def parquet_outputs(stage: str, tables: Mapping[str, pd.DataFrame]) -> dict[str, Output]:
    """Return the Parquet files of tables that only programs read.

    Parameters
    ----------
    stage : str
    tables : mapping of str to DataFrame

    Returns
    -------
    dict of str to Output
    """
    return {
        f"{name}.parquet": Output(stage=stage, write=partial(write_parquet, frame), rows=len(frame))
        for name, frame in tables.items()
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
