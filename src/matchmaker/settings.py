"""All that a user may set, in one frozen dataclass that reads and writes TOML."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from matchmaker.errors import UsageError, did_you_mean

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one run.

    The reasons behind the defaults are in ``docs/explanation/defaults.md``.

    Attributes
    ----------
    seed : int
        Seed of the hash that breaks ties. The same seed gives the same lists.
    lang : {"fr", "en"}
        Language of the reasons and of the report.
    lines_per_youth : int
        Longest list a youth gets (k).
    lists_per_seat : int
        In how many lists one seat of an offer may stand (C).
    lists_per_firm : int
        In how many lists a firm stands that takes spontaneous applications.
    min_lines : int
        Youths with fewer lines than this get a named referent.
    candidates_per_youth : int
        Candidate pairs a youth starts with; the solver fetches more where prices ask for it.
    max_gap : float
        Gap of the score, as a fraction, at which the search for better lists stops.
    objective : {"best", "fair"}
        What decides between lists that serve as many youths: the sum of scores, or the
        first lines of the worst-off, band by band, before it.
    fair_floors : tuple of int
        Scores that divide these bands, rising; nine at most.
    assignment_objective : {"most", "best"}
        What an assignment is chosen for: most youths placed, then the sum of scores; or
        the sum of scores alone.
    other_sector_lines : int
        Lines of a full list that are kept for other sectors than its main one; 0: none.
    lines_per_employer : int
        Most lines of one employer, of one sector, in a list; 0: no limit.
    competition_costs : tuple of int
        Score that the first, second, ... list that shows a seat costs, never falling; the
        last one goes on. Empty: nothing.
    line_order : {"score", "chance"}
        What comes first in a list: the best score, or the best score times the chance of
        one seat among the lists that show it.
    reach_km : int
        Reach of a youth who gives none, in kilometres.
    mobile_reach_factor : int
        How many times their reach youths with a vehicle may be sent for a wished trade.
    strict_region : bool
        True: only offers in the region of the wish (else of the home).
    strict_level : bool
        True: only offers whose known level equals the level aimed at.
    contract_types : tuple of str
        Contracts that are offered; an offer without contract type is kept.
    min_days_left : int
        Offers that expire in fewer days than this after ``as_of`` are left out.
    max_early_start_days, max_late_start_days : int
        Offers that start more than this many days before, or after, the youth is available
        are left out.
    rung_costs : tuple of int
        Score that each rung of the ladder costs (rungs 1 to 6).
    weights : mapping of str to int
        Weight of a criterion; what is left out keeps the criterion's own default.
    values : mapping of str to list of int
        Points (0 to 10,000) of a criterion's steps, in the order its page gives.
    max_rejected_share : float
        A file of which more than this share of rows is rejected is refused ...
    max_rejected_rows : int
        ... unless no more rows than this were rejected: one bad row of ten is no bad file.
    parcoursup_columns : mapping of str to str
        Neutral column to the header of the Parcoursup export at hand.
    leave_out_flags : tuple of str
        Flags whose offers are left out (``school``, ``ordinary_job``, ``discriminatory``,
        ``nameless``); other flags are only listed.
    communes_file, rome_dir, diplomas_dir, lexicon_file, nearness_file : str
        Reference tables of the user's own; empty for those of the package.
    min_trade_confidence : float
        Least confidence of a trade read from a title; below it the title is unresolved.

    Examples
    --------
    >>> Settings(lines_per_youth=6).lines_per_youth
    6
    """

    seed: int = 0
    lang: Literal["fr", "en"] = "fr"

    lines_per_youth: int = 10
    lists_per_seat: int = 10
    lists_per_firm: int = 5
    min_lines: int = 6
    candidates_per_youth: int = 50
    max_gap: float = 0.0005

    objective: Literal["best", "fair"] = "best"
    fair_floors: tuple[int, ...] = (500_000, 600_000, 700_000, 800_000, 900_000)
    assignment_objective: Literal["most", "best"] = "most"
    other_sector_lines: int = 1
    lines_per_employer: int = 3
    competition_costs: tuple[int, ...] = ()
    line_order: Literal["score", "chance"] = "score"

    reach_km: int = 30
    mobile_reach_factor: int = 2
    strict_region: bool = False
    strict_level: bool = False
    contract_types: tuple[str, ...] = ("apprentissage", "professionnalisation")
    min_days_left: int = 5
    max_early_start_days: int = 60
    max_late_start_days: int = 365

    rung_costs: tuple[int, ...] = (0, 20_000, 60_000, 80_000, 50_000, 100_000)
    weights: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, list[int]] = field(default_factory=dict)

    max_rejected_share: float = 0.05
    max_rejected_rows: int = 10
    parcoursup_columns: Mapping[str, str] = field(default_factory=dict)
    leave_out_flags: tuple[str, ...] = ("school", "discriminatory")

    communes_file: str = ""
    rome_dir: str = ""
    diplomas_dir: str = ""
    lexicon_file: str = ""
    nearness_file: str = ""
    min_trade_confidence: float = 0.9

    def __post_init__(self) -> None:
        """Refuse values of a wrong type or out of bounds, all at once."""
        hints = get_type_hints(type(self))
        faults = []
        for f in fields(self):
            value = getattr(self, f.name)
            if not _fits(value, hints[f.name]):
                faults.append(f"setting '{f.name}': {value!r} is not {_named(hints[f.name])}.")
            elif f.name in _BOUNDS:
                low, high = _BOUNDS[f.name]
                if not low <= value <= high:
                    faults.append(f"setting '{f.name}': {value} is outside {low} to {high}.")
        if _fits(self.rung_costs, tuple[int, ...]) and (
            len(self.rung_costs) != 6 or min(self.rung_costs) < 0
        ):
            faults.append("setting 'rung_costs': six costs of 0 or more are needed, one a rung.")
        for name, longest, low in (("fair_floors", 9, 1), ("competition_costs", 1000, 0)):
            steps = getattr(self, name)
            if _fits(steps, tuple[int, ...]) and (
                len(steps) > longest
                or any(not low <= step <= _MOST_POINTS for step in steps)
                or list(steps) != sorted(steps)
            ):
                faults.append(
                    f"setting '{name}': at most {longest} rising whole numbers"
                    f" from {low} to {_MOST_POINTS} are needed."
                )
        if faults:
            raise UsageError("\n".join(faults))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, source: str = "settings") -> Settings:
        """Build settings from a mapping, refusing unknown names.

        Raises
        ------
        UsageError
            A name is unknown, or a value has a wrong type or is out of bounds.

        Examples
        --------
        >>> Settings.from_dict({"sed": 3})
        Traceback (most recent call last):
        matchmaker.errors.UsageError: settings: unknown setting 'sed'. Did you mean 'seed'?
        """
        known = {f.name for f in fields(cls)}
        faults = [
            f"{source}: unknown setting '{name}'. {did_you_mean(name, known)}".rstrip()
            for name in values
            if name not in known
        ]
        if faults:
            raise UsageError("\n".join(faults))
        tuples: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**tuples)

    @classmethod
    def from_toml(cls, path: str | Path) -> Settings:
        """Read settings from a TOML file; names left out keep their defaults."""
        file = Path(path)
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except FileNotFoundError:
            raise UsageError(f"{file}: no such settings file.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: cannot be read as UTF-8 text ({error}).") from None
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"{file}: is not TOML: {error}.") from None
        return cls.from_dict(values, source=str(file))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values (lists and dicts), ready for JSON or TOML."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    def to_toml(self) -> str:
        """Return the settings as TOML text that `from_toml` reads back equal.

        Examples
        --------
        >>> Settings(seed=7).to_toml().splitlines()[0]
        'seed = 7'
        """
        import tomli_w  # only needed to write

        return tomli_w.dumps(self.to_dict())


_MOST_POINTS = 1_000_000  # the score of a perfect pair

_BOUNDS: dict[str, tuple[float, float]] = {
    "seed": (0, 2**63 - 1),
    "lines_per_youth": (1, 100),
    "lists_per_seat": (1, 10_000),
    "lists_per_firm": (0, 10_000),
    "min_lines": (0, 100),
    "candidates_per_youth": (1, 1000),
    "other_sector_lines": (0, 100),
    "lines_per_employer": (0, 100),
    "max_gap": (0.0, 1.0),
    "reach_km": (1, 500),
    "mobile_reach_factor": (1, 4),
    "min_days_left": (0, 365),
    "max_early_start_days": (0, 3650),
    "max_late_start_days": (0, 3650),
    "min_trade_confidence": (0.0, 1.0),
    "max_rejected_share": (0.0, 1.0),
    "max_rejected_rows": (0, 10**9),
}


def _fits(value: object, hint: Any) -> bool:
    """Tell whether `value` is of the type `hint`; a bool is never an int here."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in args
    if origin in (Union, UnionType):
        return any(_fits(value, arg) for arg in args)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(v, args[0]) for v in value)
    if origin is list:
        return isinstance(value, list | tuple) and all(_fits(v, args[0]) for v in value)
    if origin is not None:  # the mappings
        return isinstance(value, Mapping) and all(
            _fits(k, args[0]) and _fits(v, args[1]) for k, v in value.items()
        )
    if hint is float:
        return (
            isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        )
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _named(hint: Any) -> str:
    """Return a type as a user would say it."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "one of " + ", ".join(repr(a) for a in args)
    if origin in (tuple, list):
        return f"a list of {_named(args[0])}"
    if origin is not None:
        return f"a table of {_named(args[1])}"
    return {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}.get(
        hint, str(hint)
    )
