"""`diff`: what changed from one run to another, and one cause for each line that went or came.

A line that is in one run and not in the other is asked of the run that has it not: is its youth
there, does its offer take part, may the two be joined, and if so, who stands in its place?  The
first question that is answered with no is the cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.candidates.market import OFFER_STATES
from matchmaker.errors import UsageError
from matchmaker.report.difference import difference_html, difference_text
from matchmaker.runs.diff_causes import TAKEN, Side, causes, positions, side_of
from matchmaker.runs.folder import FORMAT, Run, open_run
from matchmaker.version import VERSION
from matchmaker.words import Lang, said

__all__ = ["Difference", "diff"]

_OLD = "format_1"  # a run without clean tables: nothing can be asked of it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Difference:
    """What changed from one run to another.

    Attributes
    ----------
    figures : dict
        Counts, ready for JSON: ``before`` and ``after`` (run id and day), ``settings`` that
        changed, rows of ``tables``, ``offers`` gone, new and closed, ``lines`` kept, gone and new
        with the count of each cause, ``youths`` who lost or found all their lines.
    gone, new : pandas.DataFrame
        ``youth_id``, ``offer_id``, ``cause`` and ``by``: for a line that others took, or gave
        free, the ids of those youths, ``a|b``.
    lost : pandas.DataFrame
        ``youth_id``, ``lines_before``, ``cause`` (the commonest of their lines), ``reason_code``
        (of ``unserved``; empty for who is in the run no more).
    lang : {"fr", "en"}
    """

    figures: dict[str, Any]
    gone: pd.DataFrame
    new: pd.DataFrame
    lost: pd.DataFrame
    lang: Lang

    def __str__(self) -> str:
        return difference_text(self.figures, self.lang)

    def __repr__(self) -> str:
        return str(self)

    def to_dict(self) -> dict[str, Any]:
        """Return figures and lines as plain values, ready for JSON.

        Returns
        -------
        dict
            `figures`, and the rows of ``gone``, ``new`` and ``lost``: they hold ids of youths.
        """
        rows = {name: getattr(self, name).to_dict("records") for name in ("gone", "new", "lost")}
        return {**self.figures, "rows": rows}

    def to_html(self) -> str:
        """Return the figures as one HTML file without remote assets and without ids of youths.

        Returns
        -------
        str
        """
        return difference_html(self.figures, version=VERSION, lang=self.lang)


def diff(before: str | Path, after: str | Path, *, lang: Lang | None = None) -> Difference:
    """Compare two runs of `match`.

    Parameters
    ----------
    before, after : path
        Folders of runs, or HOMEs (then the run that counts there).
    lang : {"fr", "en"}, optional
        Of the text and the page; by default that of the second run.

    Returns
    -------
    Difference

    Raises
    ------
    UsageError
        A folder is no run of `match`, or a table of it cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import generate, match
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     files = made["youths"], made["wishes"], made["offers"]
    ...     for name, reach in (("a", 30), ("b", 10)):
    ...         chosen = {"reach_km": reach}
    ...         match(*files, as_of="2023-09-15", settings=chosen).save(Path(folder) / name)
    ...     found = diff(Path(folder) / "a", Path(folder) / "b")
    >>> found.figures["settings"]
    [{'name': 'reach_km', 'before': 30, 'after': 10}]
    >>> found.figures["lines"]["unexplained"]
    0
    """
    runs = open_run(before), open_run(after)
    for run in runs:
        if not run.is_match:
            raise UsageError(said("folder.no_lists", path=run.path))
    lists = [_lists(run) for run in runs]
    there = [pd.MultiIndex.from_frame(one) for one in lists]
    is_kept = there[0].isin(there[1])
    gone = lists[0][~is_kept].reset_index(drop=True)
    new = lists[1][~there[1].isin(there[0])].reset_index(drop=True)
    if min(run.format for run in runs) < FORMAT:
        gone, new = (lines.assign(cause=_OLD, by="") for lines in (gone, new))
        offers: dict[str, Any] = {}
        tables: dict[str, Any] = {}
    else:
        one, other = (side_of(run, lines) for run, lines in zip(runs, lists, strict=True))
        gone = causes(gone, absent_from=other, there_in=one)
        new = causes(new, absent_from=one, there_in=other)
        offers, tables = _offers(one, other), _tables(one, other)
    lost = _lost(lists[0], lists[1], gone, runs[1])
    found = set(lists[1]["youth_id"]) - set(lists[0]["youth_id"])
    figures = {
        "before": _named(runs[0]),
        "after": _named(runs[1]),
        "settings": _settings(runs[0], runs[1]),
        "inputs": _inputs(runs[0], runs[1]),
        "tables": tables,
        "offers": offers,
        "lines": {
            "before": len(lists[0]),
            "after": len(lists[1]),
            "kept": int(is_kept.sum()),
            "gone": _counted(gone["cause"]),
            "new": _counted(new["cause"]),
            "taken_by_youths": _takers(gone),
            "unexplained": int((pd.concat([gone, new])["cause"] == "").sum()),
        },
        "youths": {
            "lost_all": len(lost),
            "lost_all_by_cause": _counted(lost["cause"]),
            "found_some": len(found),
        },
    }
    spoken = lang or runs[1].settings.lang
    return Difference(figures=figures, gone=gone, new=new, lost=lost, lang=spoken)


def _lists(run: Run) -> pd.DataFrame:
    lists = run.table("lists", columns=["youth_id", "offer_id"])
    return lists.astype("str").sort_values(["youth_id", "offer_id"], ignore_index=True)


def _named(run: Run) -> dict[str, Any]:
    return {"run_id": run.run_id, "as_of": run.manifest["as_of"], "format": run.format}


def _settings(before: Run, after: Run) -> list[dict[str, Any]]:
    """Return the settings that differ, each part of a table of settings by itself."""
    one, other = (_flat(run.manifest["settings"]) for run in (before, after))
    return [
        {"name": name, "before": one.get(name), "after": other.get(name)}
        for name in sorted({*one, *other})
        if one.get(name) != other.get(name)
    ]


def _flat(values: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{within}{name}.")
        else:
            found[f"{within}{name}"] = value
    return found


def _inputs(before: Run, after: Run) -> list[dict[str, Any]]:
    """Return the roles whose files differ, and the package if its version does."""
    sides = []
    for run in (before, after):
        by_role: dict[str, list[str]] = {}
        for one in run.manifest["inputs"]:
            by_role.setdefault(one["role"], []).append(one["sha256"])
        sides.append({role: sorted(hashes) for role, hashes in by_role.items()})
    return [
        {"role": role, "is_changed": sides[0].get(role) != sides[1].get(role)}
        for role in sorted({*sides[0], *sides[1]})
    ]


def _tables(before: Side, after: Side) -> dict[str, Any]:
    return {
        name: {
            "before": len(getattr(before, name)),
            "after": len(getattr(after, name)),
        }
        for name in ("youths", "wishes", "offers")
    }


def _offers(before: Side, after: Side) -> dict[str, Any]:
    """Count the offers that are gone, new, or take part no more, by why; and those that do again."""
    ids = before.offers["offer_id"], after.offers["offer_id"]
    at = positions(ids[1], ids[0])
    stayed = np.flatnonzero(at >= 0)
    was, now = before.market.offer_state[stayed], after.market.offer_state[at[stayed]]
    closed = np.bincount(now[was == 0], minlength=len(OFFER_STATES))
    return {
        "gone": int((at < 0).sum()),
        "new": int((positions(ids[0], ids[1]) < 0).sum()),
        "closed": {
            name: int(n) for name, n in zip(OFFER_STATES, closed, strict=True) if name and n
        },
        "opened": int(((was != 0) & (now == 0)).sum()),
    }


def _lost(before: pd.DataFrame, after: pd.DataFrame, gone: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Return the youths who had lines and have none, with the commonest cause of theirs."""
    counts = before["youth_id"].value_counts(sort=False)
    who = sorted(set(before["youth_id"]) - set(after["youth_id"]))
    of_lost = gone[gone["youth_id"].isin(who)]
    commonest = (
        of_lost.groupby(["youth_id", "cause"], observed=True)
        .size()
        .rename("n")
        .reset_index()
        .sort_values(["youth_id", "n", "cause"], ascending=[True, False, True])
        .drop_duplicates("youth_id")
        .set_index("youth_id")["cause"]
    )
    unserved = run.table("unserved", columns=["youth_id", "reason_code"])
    reasons = unserved.drop_duplicates("youth_id").set_index("youth_id")["reason_code"]
    return pd.DataFrame(
        {
            "youth_id": pd.Series(who, dtype="str"),
            "lines_before": [int(counts[one]) for one in who],
            "cause": [str(commonest[one]) for one in who],
            "reason_code": [str(reasons.get(one, "")) for one in who],
        }
    )


def _counted(cause: pd.Series[str]) -> dict[str, int]:
    """Count causes, the commonest first."""
    counts = cause.value_counts()
    ordered = sorted(counts.items(), key=lambda one: (-int(one[1]), str(one[0])))
    return {str(name): int(n) for name, n in ordered}


def _takers(gone: pd.DataFrame) -> int:
    """Count the youths who stand where a line of others was."""
    by = gone.loc[gone["cause"].isin(TAKEN), "by"]
    who: NDArray[Any] = (
        np.unique(np.concatenate([np.array(one.split("|")) for one in by]))
        if len(by)
        else np.zeros(0, dtype=str)
    )
    return len(who)
