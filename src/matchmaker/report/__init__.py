"""A run as texts and tables for people: the one-file report, CSV, Parquet, the mailing file."""

from matchmaker.report.html import html_report
from matchmaker.report.tables import mailing, write_csv, write_mailing, write_parquet
from matchmaker.report.text import headline, text_report

__all__ = [
    "headline",
    "html_report",
    "mailing",
    "text_report",
    "write_csv",
    "write_mailing",
    "write_parquet",
]
