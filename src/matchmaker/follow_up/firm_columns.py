"""The columns of an ambassador's sheets: which firm to ask, and what it answered."""

from __future__ import annotations

from matchmaker.follow_up.columns import CellColumn

__all__ = ["ANSWERED", "FIRM_COLUMNS"]

FIRM_COLUMNS = (
    CellColumn(code="key", width=13),
    CellColumn(code="employer", width=30, kind="wide"),
    CellColumn(code="place", width=20, kind="wide"),
    CellColumn(code="postal_code", width=8),
    CellColumn(code="siret", width=17),
    CellColumn(code="trades", width=34, kind="wide"),
    CellColumn(code="naf_code", width=9),
    CellColumn(code="size", width=12, kind="wide"),
    CellColumn(code="opco", width=14, kind="wide"),
    CellColumn(code="published", width=10, kind="whole"),
    CellColumn(code="wanted", width=18, kind="wide"),
    CellColumn(code="url", width=12, kind="link"),
    CellColumn(code="asked_by", width=20, kind="wide"),
    CellColumn(code="asked_on", width=11, kind="date"),
    CellColumn(code="asked_answer", width=18, kind="wide"),
    CellColumn(code="answer", width=22, choices="employers_answer", is_answer=True),
    CellColumn(code="seats", width=8, kind="whole", is_answer=True),
    CellColumn(code="trade", width=24, is_answer=True),
    CellColumn(code="month", width=15, is_answer=True),
    CellColumn(code="contact", width=26, kind="wide", is_answer=True),
    CellColumn(code="network", width=16, is_answer=True),
    CellColumn(code="by", width=16, is_answer=True),
    CellColumn(code="on", width=12, kind="date", is_answer=True),
    CellColumn(code="comment", width=30, kind="wide", is_answer=True),
    CellColumn(code="trade_codes", width=13),
    CellColumn(code="key_again", width=13),
)
"""All columns; a key at each end tells when a part of the sheet was sorted without the rest."""

ANSWERED = (
    "firm_id", "employer", "siret", "commune_code", "postal_code", "place", "naf_code", "size",
    "opco", "answer", "seats", "trade", "trade_codes", "month", "contact", "network", "by", "on",
    "comment",
)  # fmt: skip
"""Columns of ``employer_answers.csv`` and of ``firm_oppositions.csv``."""
