"""matchmaker: lists of apprenticeship offers for young people in France.

The way through the house, top to bottom (each room imports only those below it):

======================= ==============================================================
`matchmaker.runs`       one run: inputs, stages, results, the folder; `match`, `assign`
`matchmaker.verify`     every rule derived again before publishing, behind a wall
`matchmaker.report`     one-file HTML, CSV, Parquet, the mailing file
`matchmaker.explain`    why this line, why no line
`matchmaker.audit`      figures of a run
`matchmaker.routes`     referents for those with few lines
`matchmaker.lists`      lists under caps, and their proof
`matchmaker.assignment` deferred acceptance, optimal assignment, call order, reserves
`matchmaker.scoring`    criteria, one file each, and their sum
`matchmaker.candidates` the market in arrays; engines that find eligible pairs
`matchmaker.generator`  synthetic tables
`matchmaker.tables`     files as they come to clean tables
`matchmaker.reference`  places, trades, levels, contracts, diplomas
`matchmaker.solvers`    the auction and its bound; knows neither youths nor offers
`matchmaker.settings`   all that can be set
`matchmaker.hashing`    hashes of ids, the only source of chance
`matchmaker.doors`      what users hand in by name; `matchmaker.toml_file`: sections of a file
`matchmaker.words`      every sentence for people, one file a language
`matchmaker.errors`     errors that a user can read
`matchmaker.jit`        how kernels are compiled; `matchmaker.ragged`: lists of unequal length
`matchmaker.allocators` memory given back to the system; `matchmaker.version`: the version
======================= ==============================================================

Public are the names below, and the protocols `Criterion`, `Solver`, `Source` and `Engine`
with the dataclasses of their signatures.  Names are loaded when they are first used, so
that ``import matchmaker`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from matchmaker.version import VERSION

if TYPE_CHECKING:
    from matchmaker.assignment import Assignment, call_order, deferred_acceptance
    from matchmaker.candidates.engine import Engine
    from matchmaker.errors import MatchmakerError
    from matchmaker.generator import generate
    from matchmaker.runs.assign import assign, assign_preferences
    from matchmaker.runs.assignment_result import AssignmentResult
    from matchmaker.runs.compare import Comparison, compare
    from matchmaker.runs.diff import Difference, diff
    from matchmaker.runs.dry_run import dry_run
    from matchmaker.runs.match import match
    from matchmaker.runs.match_result import MatchResult
    from matchmaker.scoring.criterion import Criterion
    from matchmaker.settings import Settings
    from matchmaker.solvers.problem import Solver
    from matchmaker.tables.sources.source import Source
    from matchmaker.territories import Territory

__version__ = VERSION
__all__ = [
    "Assignment",
    "AssignmentResult",
    "Comparison",
    "Criterion",
    "Difference",
    "Engine",
    "MatchResult",
    "MatchmakerError",
    "Settings",
    "Solver",
    "Source",
    "Territory",
    "__version__",
    "assign",
    "assign_preferences",
    "call_order",
    "compare",
    "deferred_acceptance",
    "diff",
    "dry_run",
    "generate",
    "match",
]

_HOMES = {
    "Assignment": "matchmaker.assignment",
    "AssignmentResult": "matchmaker.runs.assignment_result",
    "Comparison": "matchmaker.runs.compare",
    "Criterion": "matchmaker.scoring.criterion",
    "Difference": "matchmaker.runs.diff",
    "Engine": "matchmaker.candidates.engine",
    "MatchResult": "matchmaker.runs.match_result",
    "MatchmakerError": "matchmaker.errors",
    "Settings": "matchmaker.settings",
    "Solver": "matchmaker.solvers.problem",
    "Source": "matchmaker.tables.sources.source",
    "Territory": "matchmaker.territories",
    "assign": "matchmaker.runs.assign",
    "assign_preferences": "matchmaker.runs.assign",
    "call_order": "matchmaker.assignment",
    "compare": "matchmaker.runs.compare",
    "deferred_acceptance": "matchmaker.assignment",
    "diff": "matchmaker.runs.diff",
    "dry_run": "matchmaker.runs.dry_run",
    "generate": "matchmaker.generator",
    "match": "matchmaker.runs.match",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the room where it lives (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'matchmaker' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
