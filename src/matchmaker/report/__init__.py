"""A run as files and texts: tables, the one-file report, the manifest, the folder."""

from matchmaker.report.folder import check_target, publish
from matchmaker.report.html import html_report
from matchmaker.report.manifest import build_manifest, json_bytes
from matchmaker.report.tables import mailing, write_csv, write_mailing, write_parquet
from matchmaker.report.text import headline, text_report

__all__ = [
    "build_manifest",
    "check_target",
    "headline",
    "html_report",
    "json_bytes",
    "mailing",
    "publish",
    "text_report",
    "write_csv",
    "write_mailing",
    "write_parquet",
]
