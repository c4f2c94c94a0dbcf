"""What `match` gives: tables, figures, and how to look at them and save them."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import pandas as pd

from matchmaker.report.advice import told_words
from matchmaker.report.html import html_report
from matchmaker.report.tables import write_mailing
from matchmaker.report.text import headline, text_report, title
from matchmaker.runs.artifacts import RunTables
from matchmaker.runs.manifest import Output
from matchmaker.runs.publishing import Check
from matchmaker.runs.results import RunResult, parquet_outputs, table_outputs
from matchmaker.verify import check_saved

__all__ = ["MatchResult"]

_SHOWN_LINES = 5  # of the lists, in a notebook


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MatchResult(RunResult):
    """The result of `matchmaker.match`.

    Printing it gives the figures that matter; a notebook also shows the first lines.

    Attributes
    ----------
    lists : pandas.DataFrame
        One row a youth and offer, sorted by youth and rank: ``youth_id``, ``rank`` (1 is
        first), ``offer_id``, ``score`` (1,000,000 is perfect), ``points_<criterion>``,
        ``cost_rung``, ``cost_later`` and ``cost_doubt`` with ``score == sum(points) -
        sum(costs)``, ``trade_code`` and ``wish_code`` (what the line is about),
        ``youth_level``, ``offer_level``, ``doubt``, ``distance_km`` (NaN: unknown), ``distance_is_approximate``, ``in_region``, ``rung``, ``wish_rank`` (0: the
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
        ``referent_contact``, ``referent_note``: everybody without a line, and why.
    follow_up : pandas.DataFrame
        ``youth_id``, ``lines``, ``departement``, ``referent_name``, ``referent_contact``,
        ``referent_note``, ``reason_code``, ``reason``: youths who seek and got fewer lines than ``settings.min_lines``.
    orphans : pandas.DataFrame
        ``offer_id``, ``title``, ``employer``, ``place``, ``departement``, ``seats``, ``youths``
        (eligible ones), ``reason_code``, ``reason``: published offers that stand in no list of
        this run or an earlier wave, and why; no row where ``show_every_offer`` is off.
    rejects, notes, quality : pandas.DataFrame
        Faults of the input row by row; every note about a cell
        (`matchmaker.tables.checks.notes`); repairs, defaults and faults counted by kind.
    pooled : pandas.DataFrame
        Offers found again under another id, and what each was merged into.
    flagged : pandas.DataFrame
        ``offer_id``, ``flags``, ``is_left_out``: offers that a person should look at.
    contacts : pandas.DataFrame
        Addresses behind the pseudonyms of Affelnet and Parcoursup files; personal, so
        `save` never writes it (`matchmaker.tables.contacts.write` does, elsewhere).
    kept : RunTables
        What the lists were made of, and `save` keeps beside them.
    summary, manifest, timings, as_of, settings
        As in `matchmaker.runs.results.RunResult`; `matchmaker.audit.summarise` has the figures.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import generate, match
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     result = match(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15")
    >>> points = result.lists.filter(like="points_").sum(axis=1)
    >>> costs = result.lists.filter(like="cost_").sum(axis=1)
    >>> bool((points - costs == result.lists["score"]).all())
    True
    """

    lists: pd.DataFrame
    assignment: pd.DataFrame
    certificate: pd.DataFrame
    unserved: pd.DataFrame
    follow_up: pd.DataFrame
    orphans: pd.DataFrame
    rejects: pd.DataFrame
    notes: pd.DataFrame
    quality: pd.DataFrame
    pooled: pd.DataFrame
    flagged: pd.DataFrame
    contacts: pd.DataFrame
    kept: RunTables

    def __str__(self) -> str:
        return text_report(self.summary, self.settings.lang)

    def _repr_html_(self) -> str:
        lang = self.settings.lang
        rows = "".join(
            f"<tr><td>{html.escape(label)}</td><td>{html.escape(value)}</td></tr>"
            for label, value in headline(self.summary, lang)
        )
        shown = ["youth_id", "rank", "title", "employer", "distance_km", "reason"]
        lines = self.lists[shown].head(_SHOWN_LINES).to_html(index=False, border=0)
        return f"<h4>{html.escape(title(self.summary, lang))}</h4><table>{rows}</table>{lines}"

    def _files(self) -> dict[str, Output]:
        exact = {
            "lists": self.lists,
            "assignment": self.assignment,
            "unserved": self.unserved,
        }
        mailing = partial(
            write_mailing, self.lists, self.settings.most("lines_per_youth"), self.settings.lang
        )
        return {
            **self.kept.outputs(),
            **table_outputs(
                "read",
                {},
                rejects=self.rejects,
                notes=self.notes,
                quality=self.quality,
                pooled=self.pooled,
                flagged=self.flagged,
            ),
            **parquet_outputs("share_out", {"certificate": self.certificate}),
            **table_outputs("explain", exact, follow_up=self.follow_up),
            **self._words(),
            **(
                table_outputs("explain", {}, orphans=self.orphans)
                if self.settings.show_every_offer
                else {}
            ),
            "mailing.csv": Output(stage="write", write=mailing),
            "report.html": Output(stage="write", write=self._write_report),
        }

    def _words(self) -> dict[str, Output]:
        """Return the file of what became of advisers' words, where any were given."""
        advice = self.kept.advice
        if advice is None:
            return {}
        return table_outputs("prepare", {}, words_heeded=told_words(advice, self.settings.lang))

    def _check(self) -> Check:
        return check_saved

    def to_html(self) -> str:
        """Return the report of the run as one HTML file without remote assets.

        Returns
        -------
        str
            The text of ``report.html``, in ``settings.lang``; it holds no id and no name of a youth.
        """
        return html_report(self.summary, self.quality, self.manifest, lang=self.settings.lang)

    def _write_report(self, sink: BinaryIO) -> None:
        sink.write(self.to_html().encode())
