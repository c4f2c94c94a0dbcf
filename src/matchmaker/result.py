"""What a run gives: tables, figures, and how to look at them and save them."""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from matchmaker.allocators import give_back
from matchmaker.lists.check_written import check_folder
from matchmaker.report.folder import TIMINGS, Writer, publish
from matchmaker.report.html import html_report
from matchmaker.report.manifest import json_bytes
from matchmaker.report.tables import write_csv, write_mailing, write_parquet
from matchmaker.report.text import headline, text_report, title
from matchmaker.settings import Settings

__all__ = ["MatchResult"]

_SHOWN_LINES = 5  # of the lists, in a notebook


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchResult:
    """The result of `matchmaker.match`.

    Printing it gives the figures that matter; a notebook also shows the first lines.

    Attributes
    ----------
    lists : pandas.DataFrame
        One row a youth and offer, sorted by youth and rank: ``youth_id``, ``rank`` (1 is
        first), ``offer_id``, ``score`` (1,000,000 is perfect), ``points_<criterion>`` and
        ``cost_rung`` with ``score == sum(points) - cost_rung``, ``distance_km`` (NaN:
        unknown), ``distance_is_approximate``, ``in_region``, ``rung``, ``wish_rank`` (0: the
        wish has no rank), ``kind``, ``lists_of_offer`` (in how many lists the offer
        stands, those of earlier waves included), ``seats``, ``competition`` (lists a seat),
        ``reason``, ``title``, ``employer``, ``place``, ``departement``, ``url``.  What is
        told of the offer in words is a category, each text held once.
    assignment : pandas.DataFrame
        ``youth_id``, ``offer_id``, ``score``, ``rank_in_list``: the first offer to follow
        up; no row if it was not asked for.
    certificate : pandas.DataFrame
        Prices and bounds that prove how good the lists are, one row a proof, offer or
        youth (`matchmaker.lists.certificate.certificate_frame`).
    unserved : pandas.DataFrame
        ``youth_id``, ``reason_code``, ``reason``, ``departement``, ``referent_name``,
        ``referent_contact``: everybody without a line, and why.
    follow_up : pandas.DataFrame
        ``youth_id``, ``lines``, ``departement``, ``referent_name``, ``referent_contact``,
        ``reason``: youths who seek and got fewer lines than ``settings.min_lines``.
    rejects, quality : pandas.DataFrame
        Faults of the input row by row, and repairs, defaults and faults counted by kind.
    pooled : pandas.DataFrame
        Offers found again under another id, and what each was merged into.
    flagged : pandas.DataFrame
        ``offer_id``, ``flags``, ``is_left_out``: offers that a person should look at.
    contacts : pandas.DataFrame
        Addresses behind the pseudonyms of Affelnet and Parcoursup files; personal, so
        `save` never writes it (`matchmaker.tables.contacts.write` does, elsewhere).
    summary : dict
        Figures, ready for JSON (`matchmaker.audit.summarise`).
    manifest : dict
        Inputs, settings, seed, versions, counts (`matchmaker.report.build_manifest`).
    timings : dict of str to float
        Seconds of each stage.
    as_of : datetime.date
        Date of the run.
    settings : Settings
        Of the run.
    """

    lists: pd.DataFrame
    assignment: pd.DataFrame
    certificate: pd.DataFrame
    unserved: pd.DataFrame
    follow_up: pd.DataFrame
    rejects: pd.DataFrame
    quality: pd.DataFrame
    pooled: pd.DataFrame
    flagged: pd.DataFrame
    contacts: pd.DataFrame
    summary: dict[str, Any]
    manifest: dict[str, Any]
    timings: dict[str, float]
    as_of: dt.date
    settings: Settings

    def __str__(self) -> str:
        return text_report(self.summary, self.settings.lang)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        lang = self.settings.lang
        rows = "".join(
            f"<tr><td>{html.escape(label)}</td><td>{html.escape(value)}</td></tr>"
            for label, value in headline(self.summary, lang)
        )
        shown = ["youth_id", "rank", "title", "employer", "distance_km", "reason"]
        lines = self.lists[shown].head(_SHOWN_LINES).to_html(index=False, border=0)
        return f"<h4>{html.escape(title(self.summary, lang))}</h4><table>{rows}</table>{lines}"

    def save(self, out: str | Path) -> None:
        """Write all outputs to the folder `out`, whole or not at all.

        What is written is read again and checked before it is published.  The folder is
        created, or replaced if it holds nothing but an earlier run.  For equal inputs every
        file but ``timings.json`` has equal bytes.  Files can be read by their owner only.

        Parameters
        ----------
        out : path
            Folder for ``lists``, ``assignment`` and ``unserved`` (CSV and Parquet),
            ``certificate.parquet``, ``follow_up.csv``, ``rejects.csv``, ``quality.csv``,
            ``pooled.csv``, ``flagged.csv``, ``mailing.csv``, ``report.html``,
            ``summary.json``, ``manifest.json`` and ``timings.json``.

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
        tables = {
            "lists": self.lists,
            "assignment": self.assignment,
            "unserved": self.unserved,
        }
        people = {
            **tables,
            "follow_up": self.follow_up,
            "rejects": self.rejects,
            "quality": self.quality,
            "pooled": self.pooled,
            "flagged": self.flagged,
        }
        files: dict[str, Writer] = {
            **{f"{name}.csv": partial(write_csv, frame) for name, frame in people.items()},
            **{f"{name}.parquet": partial(write_parquet, frame) for name, frame in tables.items()},
            "certificate.parquet": partial(write_parquet, self.certificate),
            "mailing.csv": self._write_mailing,
            "report.html": self._write_report,
            "summary.json": _bytes_writer(json_bytes(self.summary)),
            TIMINGS: _bytes_writer(json_bytes(self.timings)),
        }
        publish(
            out,
            files,
            lambda hashes: json_bytes({**self.manifest, "outputs": hashes}),
            check=check_folder,
        )

    def to_html(self) -> str:
        """Return the report of the run as one HTML file without remote assets."""
        return html_report(self.summary, self.quality, self.manifest, lang=self.settings.lang)

    def _write_mailing(self, sink: BinaryIO) -> None:
        write_mailing(self.lists, self.settings.lines_per_youth, sink)

    def _write_report(self, sink: BinaryIO) -> None:
        sink.write(self.to_html().encode())


def _bytes_writer(content: bytes) -> Writer:
    def write(sink: BinaryIO) -> None:
        sink.write(content)

    return write
