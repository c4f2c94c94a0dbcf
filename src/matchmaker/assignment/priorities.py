"""Priorities of youths at offers: classes before scores, and points of an académie."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.errors import UsageError, did_you_mean
from matchmaker.words import Said, said

__all__ = ["PointScale", "lexicographic_priority"]


def lexicographic_priority(
    columns: Sequence[NDArray[np.integer[Any]]],
) -> NDArray[np.int64]:
    """Return one priority a pair that compares the columns in their order.

    Legal priority, then sector, then points: a class that comes first decides whatever
    the points, which a large bonus only does until the points grow past it.

    Parameters
    ----------
    columns : sequence of integer arrays of equal shape (n_pairs,)
        Most important first; higher goes first.

    Returns
    -------
    int64, shape (n_pairs,)
        0 for the last in order; equal rows are equal.

    Examples
    --------
    >>> import numpy as np
    >>> lexicographic_priority([np.array([0, 1, 0, 0]), np.array([90_000, 5, 80_000, 90_000])])
    array([1, 2, 0, 1])
    """
    order = np.lexsort(tuple(columns)[::-1])
    is_new = np.zeros(len(order), dtype=np.int64)
    for column in columns:
        is_new[1:] |= column[order][1:] != column[order][:-1]
    priority = np.empty(len(order), dtype=np.int64)
    priority[order] = np.cumsum(is_new)
    return priority


@dataclass(frozen=True, slots=True, kw_only=True)
class PointScale:
    """The points of an académie, as its yearly circular sets them.

    Attributes
    ----------
    thresholds : list of float
        Lowest mark (of 20) of each band but the first, ascending.
    band_points : list of int
        Points of each band, one more than there are thresholds.
    fields : mapping of str to mapping
        For each field its ``subjects``, its ``weight`` and, where the académie publishes
        them, the ``mean`` and ``deviation`` of all pupils' points; else those of the
        pupils at hand are taken.
    centre, spread : int
        Harmonised points: ``centre + spread x (points - mean) / deviation``.
    factor : int
        Multiplies the weighted sum of the fields' harmonised points.
    skills_factor : int
        Multiplies the points of the common base of skills ("socle").
    bonuses : mapping of str to mapping of str to int
        For each criterion (sector, school, social ...) the bonus of each of its values.

    Notes
    -----
    Sources and a worked example: ``docs/how-to/affelnet-points.md``.
    """

    thresholds: list[float]
    band_points: list[int]
    fields: Mapping[str, Mapping[str, Any]]
    centre: int
    spread: int
    factor: int
    skills_factor: int
    bonuses: Mapping[str, Mapping[str, int]]

    @classmethod
    def from_toml(cls, path: str | Path) -> PointScale:
        """Read a scale.

        Parameters
        ----------
        path : path
            The entries are the fields of this class.

        Returns
        -------
        PointScale

        Raises
        ------
        UsageError
            The file is not there or no TOML, an entry is missing, unknown or cannot be.
        """
        file = Path(path)
        try:
            values = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            raise UsageError(said("points.no_file", path=file)) from None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise UsageError(said("points.not_toml", path=file, why=error)) from None
        known = [one.name for one in fields(cls)]
        faults = [
            said("points.unknown_entry", path=file, name=one, hint=did_you_mean(one, known))
            for one in values
            if one not in known
        ]
        faults += [
            said("points.missing_entry", path=file, name=one) for one in known if one not in values
        ]
        if not faults:
            scale = cls(**values)
            faults = [said("points.fault", path=file, what=fault) for fault in scale.faults()]
            if not faults:
                return scale
        raise UsageError(*faults)

    def faults(self) -> list[Said]:
        """Return a sentence for each entry that cannot be.

        Returns
        -------
        list of Said
            Empty where the scale can be used.
        """
        found = []
        if len(self.band_points) != len(self.thresholds) + 1:
            found.append(said("points.bands"))
        if self.thresholds != sorted(self.thresholds):
            found.append(said("points.thresholds"))
        for name, field in self.fields.items():
            if not field.get("subjects") or not isinstance(field.get("weight"), int):
                found.append(said("points.field", name=name))
            if ("mean" in field) != ("deviation" in field):
                found.append(said("points.mean_and_deviation", name=name))
            elif field.get("deviation", 1) <= 0:
                found.append(said("points.deviation", name=name))
        return found

    def band(self, marks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the points of marks of 20, NaN where there is no mark.

        Parameters
        ----------
        marks : float array
            Of 20; NaN for none.

        Returns
        -------
        float array of the same shape
        """
        points = np.asarray(self.band_points, dtype=np.float64)
        found = points[
            np.searchsorted(self.thresholds, marks, side="right").clip(0, len(points) - 1)
        ]
        return np.where(np.isnan(marks), np.nan, found)

    def school_points(self, marks: Mapping[str, NDArray[np.float64]]) -> NDArray[np.int64]:
        """Return the points for school results, in thousandths.

        Parameters
        ----------
        marks : mapping of subject to float array, shape (n_youths, n_terms)
            Marks of 20, term by term; NaN for a term that was missed, which then does
            not count.

        Returns
        -------
        int64, shape (n_youths,)
            A field without any mark counts as the mean of all pupils.

        Raises
        ------
        UsageError
            A subject of a field has no marks.
        """
        missing = sorted(
            {s for field in self.fields.values() for s in field["subjects"]} - set(marks)
        )
        if missing:
            raise UsageError(said("points.no_marks", names=missing))
        total: NDArray[np.float64] | None = None
        for field in self.fields.values():
            points = _mean(
                [_mean(list(self.band(marks[subject]).T)) for subject in field["subjects"]]
            )
            known = points[~np.isnan(points)]
            # Sorted, so that the sums do not depend on the order of the youths.
            known.sort()
            mean = field.get("mean", known.mean() if len(known) else 0.0)
            deviation = field.get("deviation", known.std() if len(known) else 1.0)
            scaled = (points - mean) / (deviation if deviation > 0 else 1.0)
            harmonised = self.centre + self.spread * np.where(np.isnan(scaled), 0.0, scaled)
            part = field["weight"] * harmonised
            total = part if total is None else total + part
        if total is None:
            raise UsageError(said("points.no_fields"))
        return np.rint(total * self.factor * 1000).astype(np.int64)

    def bonus(self, criterion: str, values: Sequence[str]) -> NDArray[np.int64]:
        """Return the bonus of each value of a criterion, in thousandths.

        Parameters
        ----------
        criterion : str
            A key of ``bonuses``.
        values : sequence of str, shape (n_youths,)

        Returns
        -------
        int64, shape (n_youths,)
            Thousandths of a point.

        Raises
        ------
        UsageError
            The criterion, or a value of it, is not in the scale.
        """
        if criterion not in self.bonuses:
            hint = did_you_mean(criterion, self.bonuses)
            raise UsageError(said("points.no_bonus", name=criterion, hint=hint))
        table = self.bonuses[criterion]
        unknown = sorted(set(values) - set(table))
        if unknown:
            values, known = [repr(one) for one in unknown], [repr(one) for one in table]
            raise UsageError(
                said("points.unknown_value", name=criterion, values=values, known=known)
            )
        return np.array([table[one] * 1000 for one in values], dtype=np.int64)


def _mean(columns: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the mean of the columns, row by row, of what is known; NaN for nothing."""
    stacked = np.column_stack(columns)
    is_known = ~np.isnan(stacked)
    count = is_known.sum(axis=1)
    total = np.where(is_known, stacked, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
