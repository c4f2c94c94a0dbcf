"""`compare`: the same tables matched with several settings, and the figures side by side."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.errors import UsageError, did_you_mean
from matchmaker.report.comparison import FIGURES, comparison_html, comparison_text
from matchmaker.runs import stages
from matchmaker.runs.artifacts import Read
from matchmaker.runs.clock import Progress
from matchmaker.runs.inputs import AsOf, Inputs, inputs_of
from matchmaker.runs.match import match_read
from matchmaker.runs.setup import GivenSettings, settings_of, setup_of
from matchmaker.settings import Settings
from matchmaker.tables import Given
from matchmaker.tables.territories import with_reach
from matchmaker.version import VERSION
from matchmaker.words import Lang, Text, said

__all__ = ["Comparison", "VariantProgress", "compare", "compare_inputs"]

VariantProgress = Callable[[int, int, str, float], None]
"""Called with number of the variant, how many there are, stage, and share of it that is done."""

_WITH_PARTS = ("weights", "values")

# Reading looks at none of these, but at `reach_km`, which `with_reach` puts right; a test
# watches what reading asks for.
AFTER_READING = frozenset(
    {
        "seed", "lines_per_youth", "lists_per_seat", "lists_per_firm", "min_lines",
        "candidates_per_youth", "max_gap", "show_every_offer", "objective", "fair_floors", "assignment_objective",
        "other_sector_lines", "lines_per_employer", "competition_costs", "line_order", "reach_km",
        "mobile_reach_factor", "strict_region", "strict_level", "contract_types", "min_days_left",
        "max_early_start_days", "max_late_start_days", "sector_trades", "source_levels",
        "source_contracts", "rung_costs", "later_code_cost", "level_doubt_cost", "weights",
        "values", "criteria", "solver", "travel_times_file", "travel_minutes_per_km",
        "nearness_file", "territories",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Comparison:
    """Figures of several settings on the same tables.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a setting, in the order given: the settings that vary, the figures of
        `matchmaker.report.comparison.FIGURES` (shares are 0 to 1), and ``is_base`` for the
        settings that were varied from.
    varied : tuple of str
        Names of the settings that vary.
    as_of : date
    is_synthetic : bool
    reads : int
        How often the tables were read: once, or once for each value of a setting that reading
        looks at.
    lang : {"fr", "en"}
    """

    table: pd.DataFrame
    varied: tuple[str, ...]
    as_of: dt.date
    is_synthetic: bool
    reads: int
    lang: Lang

    def __str__(self) -> str:
        return comparison_text(self._rows(), self.varied, as_of=self.as_of, lang=self.lang)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain values, ready for JSON.

        Returns
        -------
        dict
            ``as_of``, ``is_synthetic``, ``varied``, ``reads`` and ``runs``, one mapping a row.
        """
        return {
            "as_of": self.as_of.isoformat(),
            "is_synthetic": self.is_synthetic,
            "varied": list(self.varied),
            "reads": self.reads,
            "runs": self._rows(),
        }

    def to_html(self) -> str:
        """Return the comparison as one HTML file without remote assets: the table and a chart.

        Returns
        -------
        str
        """
        return comparison_html(
            self._rows(),
            self.varied,
            as_of=self.as_of,
            is_synthetic=self.is_synthetic,
            version=VERSION,
            lang=self.lang,
        )

    def _rows(self) -> list[dict[str, Any]]:
        rows = self.table.astype(object).where(self.table.notna(), None).to_dict("records")
        return [{str(name): _plain(cell) for name, cell in row.items()} for row in rows]


def compare(
    youths: Given | None,
    wishes: Given,
    offers: Given | Sequence[Given],
    *,
    as_of: AsOf,
    vary: Mapping[str, Sequence[object]],
    settings: GivenSettings = Settings(),  # noqa: B008 - frozen, so sharing the default is safe
    formats: Mapping[str, str] | None = None,
    referents: Given | None = None,
    sent: Given | None = None,
    progress: VariantProgress | None = None,
    threads: int | None = None,
) -> Comparison:
    """Match the same tables with every combination of some settings.

    Parameters
    ----------
    youths, wishes, offers, as_of, settings, formats, referents, sent
        As `matchmaker.match` takes them.
    vary : mapping of str to sequence
        Name of a setting to its values; ``weights.NAME`` and ``values.NAME`` for one criterion.
        Every combination is matched, and `settings` as they are, once each.
    progress : callable, optional
        Called with the number of the variant, how many there are, the stage and its share done.
    threads : int, optional
        Default: one a core. No figure depends on it.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError
        A setting of `vary` does not exist, or a value cannot be; nothing is read then.
    UsageError, InputError, InfeasibleError, CheckError
        As `matchmaker.match`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import generate
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     found = compare(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15",
    ...                     vary={"lines_per_youth": [3, 10], "reach_km": [20]})
    >>> found.table[["lines_per_youth", "reach_km", "is_base"]].values.tolist()
    [[10, 30, True], [3, 20, False], [10, 20, False]]
    """
    inputs = inputs_of(
        youths, wishes, offers, as_of=as_of, formats=formats, referents=referents, sent=sent
    )
    return compare_inputs(inputs, settings_of(settings), vary, progress=progress, threads=threads)


def compare_inputs(
    inputs: Inputs,
    settings: Settings,
    vary: Mapping[str, Sequence[object]],
    *,
    progress: VariantProgress | None = None,
    threads: int | None = None,
) -> Comparison:
    """Do what `compare` does, with what was handed in as one value.

    Parameters
    ----------
    inputs : Inputs
    settings : Settings
    vary, progress, threads
        As for `compare`.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError, InputError, InfeasibleError, CheckError
        As for `compare`.
    """
    several = variants(settings, vary)
    order = sorted(range(len(several)), key=lambda i: (_reading(several[i]), i))
    setups = {
        i: setup_of(several[i], threads=threads, progress=_told(progress, n, len(several)))
        for n, i in enumerate(order, start=1)
    }  # what a run would refuse is refused before anything is read
    read: list[tuple[Settings, Read]] = []  # the last one only: tables may be large
    rows, reads, is_synthetic = {}, 0, False
    for number in order:
        one, setup = several[number], setups[number]
        if not read or _reading(read[0][0]) != _reading(one):
            read = [(one, setup.clock.run(stages.read, inputs, setup))]
            reads += 1
        found = _with_reach(read[0][1], one)
        summary = match_read(found, inputs, setup).summary
        is_synthetic = summary["is_synthetic"]
        rows[number] = {
            **{name: _value(one, name) for name in vary},
            **{name: _at(summary, path) for name, path in FIGURES.items()},
            "is_base": one == settings,
        }
    return Comparison(
        table=pd.DataFrame([rows[number] for number in range(len(several))]),
        varied=tuple(vary),
        as_of=inputs.as_of,
        is_synthetic=is_synthetic,
        reads=reads,
        lang=settings.lang,
    )


def variants(settings: Settings, vary: Mapping[str, Sequence[object]]) -> list[Settings]:
    """Return every combination of values, each once, and the settings themselves.

    Parameters
    ----------
    settings : Settings
    vary : mapping of str to sequence

    Returns
    -------
    list of Settings
        In the order of `vary`, the last name varying fastest; `settings` stand first where they
        are none of them.

    Raises
    ------
    UsageError
        A name does not exist or has no values, or a value cannot be; all such faults at once.

    Examples
    --------
    >>> [one.seed for one in variants(Settings(seed=2), {"seed": [1, 2, 1]})]
    [1, 2]
    """
    faults = {str(fault): fault for fault in _faults_of_names(vary)}
    if faults:
        raise UsageError(*faults.values())
    found: list[Settings] = []
    for values in product(*vary.values()):
        try:
            one = _varied(settings, dict(zip(vary, values, strict=True)))
        except UsageError as error:
            faults |= {str(fault): fault for fault in error.args}  # each once
        else:
            if one not in found:
                found.append(one)
    if faults:
        raise UsageError(*faults.values())
    return found if settings in found else [settings, *found]


def _faults_of_names(vary: Mapping[str, Sequence[object]]) -> Iterator[Text]:
    known = [f.name for f in fields(Settings)]
    if not vary:
        yield said("compare.nothing")
    for name, values in vary.items():
        whole, dot, _ = name.partition(".")
        if whole not in known:
            yield said("compare.unknown", name=whole, hint=did_you_mean(whole, known))
        elif dot and whole not in _WITH_PARTS:
            yield said("compare.inside", name=whole)
        elif not values:
            yield said("compare.bad", text=name)


def _varied(settings: Settings, values: Mapping[str, object]) -> Settings:
    """Return the settings with some values in the place of their own."""
    changed: dict[str, Any] = {}
    for name, value in values.items():
        whole, dot, part = name.partition(".")
        if dot:
            before = changed.get(whole, getattr(settings, whole))
            changed[whole] = {**before, part: value}
        else:
            changed[whole] = value
    # Whole: what a territory repeats today may differ from another value of all.
    all_of_it = {**settings.to_dict(), "territories": settings.territories}
    return Settings.from_dict({**all_of_it, **changed})


def _value(settings: Settings, name: str) -> Any:
    """Return the value of a setting, or of a part of one, as it stands in a settings file."""
    whole, dot, part = name.partition(".")
    value = settings.to_dict()[whole]
    return value.get(part) if dot else value


def _reading(settings: Settings) -> str:
    """Return what reading looks at, as text: tables are read once for each."""
    values = settings.to_dict()
    return json.dumps(
        {name: value for name, value in values.items() if name not in AFTER_READING},
        sort_keys=True,
    )


def _with_reach(found: Read, settings: Settings) -> Read:
    """Return tables as they would be read with another reach of youths who give none."""
    youths = with_reach(found.tables.youths, settings)
    return replace(found, tables=replace(found.tables, youths=youths))


def _at(summary: Mapping[str, Any], path: str) -> Any:
    """Return the figure at a path of names with dots between them."""
    value: Any = summary
    for name in path.split("."):
        value = value[name]
    return value


def _told(progress: VariantProgress | None, number: int, of: int) -> Progress | None:
    return None if progress is None else partial(progress, number, of)


def _plain(cell: Any) -> Any:
    """Return a cell as JSON has it."""
    return cell.item() if isinstance(cell, np.generic) else cell
