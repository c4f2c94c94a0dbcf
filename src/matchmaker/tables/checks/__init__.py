"""Checks of the main tables: every fault named, every repair counted, nothing lost."""

from matchmaker.tables.checks.findings import (
    Findings,
    quality_frame,
    rejects_frame,
    to_issues,
)
from matchmaker.tables.checks.tables import Checked, check_offers, check_wishes, check_youths

__all__ = [
    "Checked",
    "Findings",
    "check_offers",
    "check_wishes",
    "check_youths",
    "quality_frame",
    "rejects_frame",
    "to_issues",
]
