"""All that a user may set, in one frozen dataclass that reads and writes TOML."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from matchmaker.errors import UsageError, did_you_mean
from matchmaker.territories import Territory, territories_from
from matchmaker.toml_file import read_toml, sections
from matchmaker.words import Lang, Said, Text, said

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
    show_every_offer : bool
        True: as many published offers as can be stand in a list, before scores decide which;
        False: scores alone say which offers are shown.
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
        True: only offers whose given level equals the level aimed at; one that was read from
        title or text closes nothing.
    contract_types : tuple of str
        Contracts that are offered; an offer without contract type is kept.
    min_days_left : int
        Offers that expire in fewer days than this after ``as_of`` are left out.
    max_early_start_days, max_late_start_days : int
        Offers that start more than this many days before, or after, the youth is available
        are left out.
    sector_trades : bool
        True: trades that share no more than the sector of a wish are shown too, behind all
        others.
    source_levels : mapping of str to list of int
        By source of a youth: the lowest and the highest level that a wish without a level
        aims at; no level above the highest is aimed at by any of its wishes.
    source_contracts : mapping of str to list of str
        By source of a youth: the only contracts that are open to them.
    rung_costs : tuple of int
        Score that each rung of the ladder costs (rungs 1 to 6).
    later_code_cost : int
        Score that a firm's second or a later trade costs.
    level_doubt_cost : int
        Score that an offer costs two levels or more above the one aimed at.
    weights : mapping of str to int
        Weight of a criterion; what is left out keeps the criterion's own default.
    values : mapping of str to list of int
        Points (0 to 10,000) of a criterion's steps, in the order its page gives.
    max_rejected_share : float
        A file of which more than this share of rows is rejected is refused ...
    max_rejected_rows : int
        ... unless no more rows than this were rejected: one bad row of ten is no bad file.
    max_export_days : int
        A file with nothing newer than this many days before ``as_of`` is said to be old.
    map : mapping of str to mapping of str to str
        By table (``youths``, ``wishes``, ``offers``): neutral column to the header of the file
        at hand; an empty header says that the file has no such column.
    parcoursup_columns : mapping of str to str
        Neutral column to the header of the Parcoursup export at hand.
    criteria : tuple of str
        Criteria of your own, each as ``module:NAME`` (``small_employer:CRITERION``).
    solver : str
        What shares the offers out: ``auction``, ``exact`` (needs the extra ``exact``), or
        one of your own as ``module:NAME``.
    sources : tuple of str
        File formats of your own, each as ``module:NAME`` (``chamber:SOURCE``).
    leave_out_flags : tuple of str
        Flags whose offers are left out (``school``, ``ordinary_job``, ``discriminatory``,
        ``nameless``, ``title_vs_code``); other flags are only listed.
    communes_file, rome_dir, diplomas_dir, lexicon_file, nearness_file : str
        Reference tables of the user's own; empty for those of the package.
    labels_file : str
        Lines of the user's own beside the package's table of school labels (kind, written,
        meaning): shortened words, common classes, classes without a contract, whole labels.
    travel_times_file : str
        Minutes from commune to commune (from_commune, to_commune, minutes), which give the
        points of distance in place of the straight line; empty: none. A pair that is not in it
        keeps the straight line, and the reach is always in kilometres.
    travel_minutes_per_km : int
        Minutes of travel that count as one kilometre of a youth's reach.
    min_trade_confidence : float
        Least confidence of a trade read from a title; below it the title is unresolved.
    territories : mapping of str to Territory
        By the INSEE code of a region, or its name: what it sets for itself
        (`matchmaker.territories.Territory`; a mapping of the same names will do).

    Examples
    --------
    >>> Settings(lines_per_youth=6).lines_per_youth
    6
    """

    seed: int = 0
    lang: Lang = "fr"

    lines_per_youth: int = 10
    lists_per_seat: int = 10
    lists_per_firm: int = 5
    min_lines: int = 6
    candidates_per_youth: int = 50
    max_gap: float = 0.0005

    show_every_offer: bool = True
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

    sector_trades: bool = False
    source_levels: Mapping[str, list[int]] = field(
        default_factory=lambda: {"affelnet": [3, 4], "parcoursup": [5, 6]}
    )
    source_contracts: Mapping[str, list[str]] = field(
        default_factory=lambda: {"affelnet": ["apprentissage"]}
    )

    rung_costs: tuple[int, ...] = (0, 20_000, 60_000, 80_000, 50_000, 100_000)
    later_code_cost: int = 30_000
    level_doubt_cost: int = 20_000
    weights: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, list[int]] = field(default_factory=dict)

    max_rejected_share: float = 0.05
    max_rejected_rows: int = 10
    max_export_days: int = 14
    map: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parcoursup_columns: Mapping[str, str] = field(default_factory=dict)
    criteria: tuple[str, ...] = ()
    solver: str = "auction"
    sources: tuple[str, ...] = ()
    leave_out_flags: tuple[str, ...] = ("discriminatory",)

    communes_file: str = ""
    rome_dir: str = ""
    diplomas_dir: str = ""
    lexicon_file: str = ""
    labels_file: str = ""
    nearness_file: str = ""
    travel_times_file: str = ""
    travel_minutes_per_km: int = 2
    min_trade_confidence: float = 0.9
    territories: Mapping[str, Territory] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse values of a wrong type or out of bounds, all at once."""
        faults: list[Said] = []
        if self.territories and isinstance(self.territories, Mapping):
            found, faults = territories_from(self.territories, names_of(self), "settings")
            object.__setattr__(self, "territories", found)  # by code, rising: once, here
            faults += _faults_of_territories(self)
        faults += [*_faults_of_type(self), *_faults_of_steps(self)]
        if faults:
            raise UsageError(*faults)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, source: str = "settings") -> Settings:
        """Build settings from a mapping, refusing unknown names.

        Parameters
        ----------
        values : mapping of str to object
            Names of settings to plain values; lists stand for tuples.
        source : str
            What a message calls them.

        Returns
        -------
        Settings

        Raises
        ------
        UsageError
            A name is unknown, or a value has a wrong type or is out of bounds.

        Examples
        --------
        >>> Settings.from_dict({"sed": 3})
        Traceback (most recent call last):
        matchmaker.errors.UsageError: settings : le réglage 'sed' n'existe pas. Vouliez-vous dire 'seed' ?
        """
        known = {f.name for f in fields(cls)}
        faults = [
            said("setting.unknown", source=source, name=name, hint=did_you_mean(name, known))
            for name in values
            if name not in known
        ]
        if faults:
            raise UsageError(*faults)
        tuples: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
        }
        return cls(**tuples)

    @classmethod
    def from_toml(cls, path: str | Path) -> Settings:
        """Read settings from a TOML file; names left out keep their defaults.

        Parameters
        ----------
        path : path
            UTF-8, with or without a byte order mark. Of a configuration with sections
            (``docs/reference/settings.md``) ``[settings]`` and ``[territory]`` are read.

        Returns
        -------
        Settings

        Raises
        ------
        UsageError
            The file is not there, is no TOML, or `from_dict` refuses what it holds.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "settings.toml"
        ...     _ = file.write_text("seed = 7", encoding="utf-8")
        ...     Settings.from_toml(file).seed
        7
        """
        values = read_toml(path)
        parts = sections(values, path)
        if parts is None:
            return cls.from_dict(values, source=str(path))
        return cls.from_section(
            parts.get("settings", {}), Path(path), territories=parts.get("territory", {})
        )

    @classmethod
    def from_section(
        cls, values: Mapping[str, Any], path: Path, *, territories: Mapping[str, Any] | None = None
    ) -> Settings:
        """Build settings from the sections ``[settings]`` and ``[territory]`` of a configuration.

        Parameters
        ----------
        values : mapping of str to object
            Names of settings to plain values.
        path : Path
            The file: paths in the section start from its folder.
        territories : mapping of str to mapping, optional
            By region; `OF_THE_NIGHT` is left to whoever reads the configuration whole.

        Returns
        -------
        Settings

        Raises
        ------
        UsageError
            As for `from_dict`; every fault names the file and the section.

        Examples
        --------
        >>> Settings.from_section({"nearness_file": "near.parquet"}, Path("night/c.toml")).nearness_file
        'night/near.parquet'
        """
        given = {
            name: str(path.parent / value)
            if name in _PATHS and isinstance(value, str) and value
            else value
            for name, value in values.items()
            if name != "territories"
        }
        matching = {
            name: {k: v for k, v in own.items() if k != OF_THE_NIGHT}
            if isinstance(own, Mapping)
            else own
            for name, own in (territories or {}).items()
        }
        found, faults = territories_from(matching, names_of(cls), str(path))
        if "territories" in values:
            words = {"section": "settings", "name": "territories", "right": "territory"}
            faults.append(said("config.other_section", path=path, **words))
        try:
            settings = cls.from_dict({**given, "territories": found}, source=f"{path}, [settings]")
        except UsageError as error:
            raise UsageError(*faults, *(_of_file(fault, path) for fault in error.args)) from None
        if faults:
            raise UsageError(*faults)
        return settings

    def to_dict(self) -> dict[str, Any]:
        """Return plain values (lists and dicts), ready for JSON or TOML.

        Returns
        -------
        dict of str to object

        Examples
        --------
        >>> Settings(fair_floors=(500_000,)).to_dict()["fair_floors"]
        [500000]
        """
        plain = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}
        return {**plain, "territories": self.differing()}

    def differing(self) -> dict[str, dict[str, Any]]:
        """Return the territories that differ, with what differs alone, as plain values.

        A section that repeats what holds for all is none: it is nowhere written down.

        Returns
        -------
        dict of str to dict
            By code of the region: ``pilot``, then names of settings.

        Examples
        --------
        >>> here = {"53": {"pilot": "DREETS", "reach_km": 20, "min_lines": 6}}
        >>> Settings(territories=here).differing()
        {'53': {'pilot': 'DREETS', 'reach_km': 20}}
        """
        found = {}
        for code, territory in self.territories.items():
            own = {
                name: v
                for name in territory.own()
                if (v := self.in_territories(name).get(code)) is not None
            }
            if own:
                plain = {k: list(v) if isinstance(v, tuple) else v for k, v in own.items()}
                found[code] = {"pilot": territory.pilot, **plain}
        return found

    def in_territories(self, name: str) -> dict[str, Any]:
        """Return by territory the values of a setting that differ from that of all.

        Parameters
        ----------
        name : str
            Of `matchmaker.territories.OF_HOME` or ``OF_PLACE``.

        Returns
        -------
        dict of str to object
            By code of the region.

        Examples
        --------
        >>> Settings(territories={"53": {"pilot": "DREETS", "reach_km": 20}}).in_territories("reach_km")
        {'53': 20}
        """
        of_all = getattr(self, name)
        own = {code: one.own()[name] for code, one in self.territories.items() if name in one.own()}
        is_set = isinstance(of_all, tuple)  # of contracts: their order says nothing
        return {
            code: value
            for code, value in own.items()
            if (set(value) != set(of_all) if is_set else value != of_all)
        }

    def most(self, name: str) -> int:
        """Return the largest value that a setting has anywhere.

        Parameters
        ----------
        name : str

        Returns
        -------
        int

        Examples
        --------
        >>> Settings(territories={"53": {"pilot": "DREETS", "lines_per_youth": 12}}).most("lines_per_youth")
        12
        """
        values: list[int] = [getattr(self, name), *self.in_territories(name).values()]
        return max(values)

    @property
    def contracts_anywhere(self) -> tuple[str, ...]:
        """Contracts that are offered to somebody: an offer of any of them takes part."""
        own = self.in_territories("contract_types").values()
        return tuple(dict.fromkeys([*self.contract_types, *(name for one in own for name in one)]))

    def to_toml(self) -> str:
        """Return the settings as TOML text that `from_toml` reads back equal.

        Returns
        -------
        str

        Examples
        --------
        >>> Settings(seed=7).to_toml().splitlines()[0]
        'seed = 7'
        """
        import tomli_w  # only needed to write

        return tomli_w.dumps(self.to_dict())


OF_THE_NIGHT = "max_shrink"
"""A key of ``[territory]`` that stops a night, and changes no result: no setting."""

_PATHS = frozenset(
    {
        "communes_file", "rome_dir", "diplomas_dir", "lexicon_file", "labels_file",
        "nearness_file", "travel_times_file",
    }
)  # fmt: skip

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
    "travel_minutes_per_km": (1, 60),
    "min_days_left": (0, 365),
    "max_early_start_days": (0, 3650),
    "max_late_start_days": (0, 3650),
    "later_code_cost": (0, _MOST_POINTS),
    "level_doubt_cost": (0, _MOST_POINTS),
    "min_trade_confidence": (0.0, 1.0),
    "max_rejected_share": (0.0, 1.0),
    "max_rejected_rows": (0, 10**9),
    "max_export_days": (0, 3650),
}


def _faults_of_type(settings: Settings) -> Iterator[Said]:
    """Yield a sentence for each setting of a wrong type, or out of its bounds."""
    hints = get_type_hints(type(settings))
    for f in fields(settings):
        yield from _faults_of_value(f.name, getattr(settings, f.name), hints[f.name])


def _faults_of_value(name: str, value: Any, hint: Any) -> Iterator[Said]:
    if not _fits(value, hint):
        kind, near = _named(hint), _hint(value, hint)
        yield said("setting.wrong_type", name=name, value=repr(value), kind=kind, hint=near)
    elif name in _BOUNDS:
        low, high = _BOUNDS[name]
        if not low <= value <= high:
            yield said("setting.out_of_bounds", name=name, value=value, low=low, high=high)


def names_of(settings: type[Settings] | Settings) -> frozenset[str]:
    """Return the names of all settings."""
    return frozenset(f.name for f in fields(settings))


def _of_file(fault: object, path: Path) -> Said | str:
    """Return a fault of a section with its file, where it does not name it itself."""
    if not isinstance(fault, Said):
        return said("config.in_settings", path=path, fault=fault)
    if fault.key == "setting.unknown":
        return fault
    is_of_territory = fault.key == "territory.value"
    where = "config.in_file" if is_of_territory else "config.in_settings"
    return said(where, path=path, fault=fault)


def _faults_of_territories(settings: Settings) -> Iterator[Said]:
    """Yield a sentence for each setting of a territory that could not stand in the settings."""
    hints = get_type_hints(Settings)
    for code, territory in settings.territories.items():
        for name, value in territory.own().items():
            for fault in _faults_of_value(name, value, hints[name]):
                yield said("territory.value", territory=code, fault=fault)


def _faults_of_steps(settings: Settings) -> Iterator[Said]:
    """Yield a sentence for each setting of several numbers that do not go together."""
    costs = settings.rung_costs
    if _fits(costs, tuple[int, ...]) and (len(costs) != 6 or min(costs) < 0):
        yield said("setting.rung_costs")
    levels = settings.source_levels
    if _fits(levels, Mapping[str, list[int]]):
        for source, known in levels.items():
            if len(known) != 2 or not 3 <= known[0] <= known[1] <= 8:
                yield said("setting.source_levels", source=source, value=known)
    for name, longest, low in (("fair_floors", 9, 1), ("competition_costs", 1000, 0)):
        steps = getattr(settings, name)
        if _fits(steps, tuple[int, ...]) and (
            len(steps) > longest
            or any(not low <= step <= _MOST_POINTS for step in steps)
            or list(steps) != sorted(steps)
        ):
            yield said("setting.rising", name=name, longest=longest, low=low, high=_MOST_POINTS)


def _fits(value: object, hint: Any) -> bool:
    """Tell whether `value` is of the type `hint`; a bool is never an int here."""
    if get_origin(hint) is not None:
        return _fits_parts(value, hint)
    if hint not in (int, float):
        return isinstance(value, hint)
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (
        hint is float and isinstance(value, float) and math.isfinite(value)
    )


def _fits_parts(value: object, hint: Any) -> bool:
    """Tell the same of a type that is made of others: choices, unions, tuples, lists, mappings."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in args
    if origin in (Union, UnionType):
        return any(_fits(value, arg) for arg in args)
    if origin in (tuple, list):
        given = tuple if origin is tuple else (list, tuple)
        return isinstance(value, given) and all(_fits(v, args[0]) for v in value)
    return isinstance(value, Mapping) and all(
        _fits(k, args[0]) and _fits(v, args[1]) for k, v in value.items()
    )


def _hint(value: object, hint: Any) -> Text:
    """Return which of several choices a value may stand for, or an empty text."""
    is_choice = get_origin(hint) is Literal and isinstance(value, str)
    return did_you_mean(str(value), get_args(hint)) if is_choice else ""


def _named(hint: Any) -> Said:
    """Return a type as a user would say it."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return said("setting.one_of", values=[repr(a) for a in args])
    if origin in (tuple, list):
        return said("setting.list_of", item=_named(args[0]))
    if origin is not None:
        return said("setting.table_of", item=_named(args[1]))
    keys = {int: "setting.whole_number", float: "setting.number", bool: "setting.truth"}
    return said(keys.get(hint, "setting.text"))
