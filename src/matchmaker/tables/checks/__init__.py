"""Checks of the main tables: every fault named, every repair counted, nothing lost."""

from matchmaker.tables.checks.findings import (
    Findings,
    issues_of,
    quality_frame,
    rejects_frame,
    to_issues,
)
from matchmaker.tables.checks.tables import (
    Checked,
    blank_wishes,
    check_offers,
    check_wishes,
    check_youths,
)

__all__ = [
    "Checked",
    "Findings",
    "blank_wishes",
    "check_offers",
    "check_wishes",
    "check_youths",
    "issues_of",
    "quality_frame",
    "rejects_frame",
    "to_issues",
]
