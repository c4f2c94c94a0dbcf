"""matchmaker: lists of apprenticeship offers for young people in France.

The way through the house, top to bottom (each room imports only those below it):

========================= =====================================================
`matchmaker.pipeline`     `match`: files or frames in, `MatchResult` out
`matchmaker.assign_pipeline` `assign`: one offer a youth, `AssignmentResult` out
`matchmaker.result`       the result: prints itself, saves itself
`matchmaker.report`       one-file HTML, CSV, Parquet, mailing file, manifest
`matchmaker.explain`      why this line, why no line
`matchmaker.audit`        figures of a run
`matchmaker.routes`       referents for those with few lines
`matchmaker.lists`        lists under caps, their proof, their independent check
`matchmaker.assignment`   deferred acceptance, call order, reserves
`matchmaker.solvers`      the auction and its bound; knows neither youths nor offers
`matchmaker.scoring`      criteria, one file each, and their sum
`matchmaker.candidates`   eligible pairs: the fused kernel and the plain engine
`matchmaker.tables`       files as they come to clean tables
`matchmaker.reference`    places, trades, levels, contracts
`matchmaker.settings`     all that can be set
========================= =====================================================

Names below are loaded when they are first used, so that ``import matchmaker`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from matchmaker.version import VERSION

if TYPE_CHECKING:
    from matchmaker.assign_pipeline import assign, assign_preferences
    from matchmaker.assignment import Assignment, call_order, deferred_acceptance
    from matchmaker.assignment_result import AssignmentResult
    from matchmaker.dry_run_pipeline import dry_run
    from matchmaker.errors import MatchmakerError
    from matchmaker.generator import generate
    from matchmaker.pipeline import match
    from matchmaker.result import MatchResult
    from matchmaker.settings import Settings

__version__ = VERSION
__all__ = [
    "Assignment",
    "AssignmentResult",
    "MatchResult",
    "MatchmakerError",
    "Settings",
    "__version__",
    "assign",
    "assign_preferences",
    "call_order",
    "deferred_acceptance",
    "dry_run",
    "generate",
    "match",
]

_HOMES = {
    "Assignment": "matchmaker.assignment",
    "AssignmentResult": "matchmaker.assignment_result",
    "MatchResult": "matchmaker.result",
    "MatchmakerError": "matchmaker.errors",
    "Settings": "matchmaker.settings",
    "assign": "matchmaker.assign_pipeline",
    "assign_preferences": "matchmaker.assign_pipeline",
    "call_order": "matchmaker.assignment",
    "deferred_acceptance": "matchmaker.assignment",
    "dry_run": "matchmaker.dry_run_pipeline",
    "generate": "matchmaker.generator",
    "match": "matchmaker.pipeline",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the room where it lives (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'matchmaker' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
