"""What one territory may set for itself beside the settings of all: a closed list, with a pilot.

A territory is a region.  Scores are one currency, and a proof compares their sums, so nothing
that weighs a line may differ from one territory to the next.  The module loads no numeric
package: a configuration is read before anything is known to be there to compute.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from matchmaker.errors import closest, did_you_mean
from matchmaker.words import Said, said

__all__ = ["OF_HOME", "OF_PLACE", "Territory", "region_code", "region_names", "territories_from"]

OF_HOME = (
    "reach_km", "mobile_reach_factor", "lines_per_youth", "min_lines", "strict_region",
    "strict_level", "contract_types",
)  # fmt: skip
"""Settings that follow the youth's home."""

OF_PLACE = ("lists_per_seat", "lists_per_firm", "min_days_left")
"""Settings that follow the place of the offer."""

ONE_CURRENCY = ("weights", "values", "rung_costs", "seed", "objective")
# Nothing reads these two yet: what does their work is said.
WITHOUT_READER = {"words": "territory.no_words", "contacts": "territory.no_contacts"}
_DATA = Path(__file__).resolve().parent / "reference" / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """What a region sets for itself; None is what the settings say for all.

    Attributes
    ----------
    pilot : str
        Who answers for the difference: an office or a role, as reports name it.
    reach_km, mobile_reach_factor, lines_per_youth, min_lines : int or None
        Of youths whose home is there.
    strict_region, strict_level : bool or None
        Of youths whose home is there.
    contract_types : tuple of str or None
        Contracts that are offered to youths whose home is there.
    lists_per_seat, lists_per_firm, min_days_left : int or None
        Of offers whose place is there.

    Examples
    --------
    >>> Territory(pilot="Rectorat de Rennes", reach_km=20).own()
    {'reach_km': 20}
    """

    pilot: str
    reach_km: int | None = None
    mobile_reach_factor: int | None = None
    lines_per_youth: int | None = None
    min_lines: int | None = None
    strict_region: bool | None = None
    strict_level: bool | None = None
    contract_types: tuple[str, ...] | None = None
    lists_per_seat: int | None = None
    lists_per_firm: int | None = None
    min_days_left: int | None = None

    def own(self) -> dict[str, Any]:
        """Return the settings that stand in it, whether they differ from those of all or not.

        Returns
        -------
        dict of str to object
        """
        values = ((name, getattr(self, name)) for name in (*OF_HOME, *OF_PLACE))
        return {name: value for name, value in values if value is not None}


def territories_from(
    given: Mapping[str, Any], settings: frozenset[str], source: str
) -> tuple[dict[str, Territory], list[Said]]:
    """Return territories by the code of their region, and what is wrong with what was given.

    Parameters
    ----------
    given : mapping of str to (mapping or Territory)
        By the INSEE code of a region, or by its name.
    settings : frozenset of str
        Names of all settings, to say of one of them that it belongs to all.
    source : str
        What a message calls the file.

    Returns
    -------
    dict of str to Territory
        Rising by code; those without a fault.
    list of Said

    Examples
    --------
    >>> found, faults = territories_from({"bretagne": {"pilot": "DREETS", "reach_km": 20}},
    ...                                  frozenset(), "c.toml")
    >>> found["53"].reach_km, faults
    (20, [])
    >>> print(territories_from({"35": {"pilot": "DREETS"}}, frozenset(), "c.toml")[1][0].text("en"))
    c.toml: '35' is the department Ille-et-Vilaine; a territory is a region: write '53' (Bretagne).
    """
    found: dict[str, Territory] = {}
    faults: list[Said] = []
    for name, values in given.items():
        if not isinstance(values, Mapping | Territory):
            faults.append(said("territory.no_table", source=source, name=name))
            continue
        code, fault = _region(name, source)
        if fault is not None:
            faults.append(fault)
            continue
        if code in found:
            region = region_names()[code]
            faults.append(said("territory.twice", source=source, code=code, region=region))
            continue
        if isinstance(values, Territory):
            found[code] = values
            continue
        own = [*_faults_of_keys(name, values, settings, source)]
        faults += own
        if not own:
            ready: dict[str, Any] = {
                k: tuple(v) if isinstance(v, list) else v for k, v in values.items()
            }
            found[code] = Territory(**ready)
    return dict(sorted(found.items())), faults


def _faults_of_keys(
    name: str, values: Mapping[str, Any], settings: frozenset[str], source: str
) -> Iterator[Said]:
    known = tuple(f.name for f in fields(Territory))
    for key in values:
        where = {"source": source, "territory": name, "name": key}
        if key in known:
            continue
        if key in ONE_CURRENCY:
            yield said("territory.one_currency", **where)
        elif key in WITHOUT_READER:
            yield said(WITHOUT_READER[key], **where)
        elif key in settings:
            yield said("territory.of_all", **where, known=[*OF_HOME, *OF_PLACE])
        else:
            hint = did_you_mean(key, known)
            yield said("territory.unknown_key", **where, hint=hint)
    pilot = values.get("pilot")
    if not (isinstance(pilot, str) and pilot.strip()):
        yield said("territory.pilot", source=source, territory=name)


def region_code(name: str) -> str:
    """Return the code of a region by its code or its name; "" where there is none.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> region_code("bretagne"), region_code("53"), region_code("35")
    ('53', '53', '')
    """
    by_name = {_fold(region): code for code, region in region_names().items()}
    return name if name in region_names() else by_name.get(_fold(name), "")


def _region(name: str, source: str) -> tuple[str, Said | None]:
    """Return the code of a region, or what stands in the way of one."""
    regions = region_names()
    if code := region_code(name):
        return code, None
    by_name = {_fold(region): code for code, region in regions.items()}
    for code, (departement, region) in _departements().items():
        if name == code or _fold(name) == _fold(departement):
            return "", said(
                "territory.departement",
                source=source,
                name=name,
                departement=departement,
                code=region,
                region=regions[region],
            )
    near = closest(name.zfill(2), regions) if name.isdecimal() else ""
    if not near and (like := closest(_fold(name), by_name)):
        near = regions[by_name[like]]
    hint = said("error.did_you_mean", name=near) if near else ""
    return "", said("territory.unknown", source=source, name=name, hint=hint)


@cache
def region_names() -> dict[str, str]:
    """Return the regions by their INSEE code, as the package's reference tables have them.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> region_names()["53"]
    'Bretagne'
    """
    return {row["region_code"]: row["name"] for row in _rows("regions.csv")}


@cache
def _departements() -> dict[str, tuple[str, str]]:
    """Return name and region of each department by its code."""
    rows = _rows("departements.csv")
    return {row["departement"]: (row["name"], row["region_code"]) for row in rows}


def _rows(file: str) -> list[dict[str, str]]:
    with (_DATA / file).open(encoding="utf-8", newline="") as stream:
        return [*csv.DictReader(stream)]


def _fold(text: str) -> str:
    """Return a name without case, accents, hyphens and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())
