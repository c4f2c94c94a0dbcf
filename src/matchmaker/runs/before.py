"""What the sources gave in an earlier run, as its folder says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from matchmaker.errors import UsageError
from matchmaker.runs.folder import SUMMARY
from matchmaker.words import said

__all__ = ["SUMMARY", "sources_before"]


def sources_before(path: Path) -> Mapping[str, Mapping[str, int]]:
    """Return how many offers of each kind each source gave in an earlier run.

    Parameters
    ----------
    path : Path
        Folder of a run, or its ``summary.json``.

    Returns
    -------
    mapping of source to mapping of kind to count
        ``offers.by_source`` of the summary; nothing where it has none, as `assign` writes.

    Raises
    ------
    UsageError
        There is no such run.
    """
    file = path / SUMMARY if path.is_dir() else path
    try:
        summary = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(said("command.no_summary", path=path, name=SUMMARY)) from None
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=file, why=error.strerror)) from None
    except ValueError as error:
        raise UsageError(said("error.cannot_read", path=file, why=error)) from None
    offers = summary.get("offers") if isinstance(summary, dict) else None
    found = offers.get("by_source") if isinstance(offers, dict) else None
    if not isinstance(found, dict):
        return {}
    return {
        str(source): {str(kind): n for kind, n in kinds.items() if isinstance(n, int)}
        for source, kinds in found.items()
        if isinstance(kinds, dict)
    }
