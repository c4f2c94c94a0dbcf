"""The tables of places and the look-ups made from them, each built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.reference.lookup import read_table
from matchmaker.reference.place_text import place_name, read_code
from matchmaker.words import said

__all__ = [
    "Gazetteer",
    "communes",
    "departements",
    "gazetteer",
    "neighbours",
    "postal_office",
    "regions",
]


@cache
def communes(path: str = "") -> pd.DataFrame:
    """Return the 34,875 communes of mainland France and the overseas departments.

    Parameters
    ----------
    path : str, default ""
        CSV of the user's own with columns ``commune_code, latitude, longitude`` (degrees):
        its coordinates replace those of the package for the codes it names.

    Returns
    -------
    DataFrame
        Sorted by ``commune_code``: ``commune_code, name, departement, region_code, academie,
        postal_codes`` (separated by spaces), ``population`` int64, ``latitude, longitude``
        float64, ``coord_source`` (``geonames``, ``centroid-postal``, ``centroid-epci``,
        ``centroid-arrondissement`` or ``user``). Do not change it in place: it is shared.

    Raises
    ------
    UsageError
        `path` does not exist.
    InputError
        A column is missing, a code is unknown or a coordinate is no number in bounds.

    Examples
    --------
    >>> table = communes().set_index("commune_code")
    >>> str(table.loc["29232", "name"]), str(table.loc["29232", "region_code"])
    ('Quimper', '53')
    """
    table = read_table("communes.csv.gz")
    table["population"] = table["population"].astype("int64")
    for column in ("latitude", "longitude"):
        table[column] = table[column].astype("float64")
    return _with_own_coordinates(table, Path(path)) if path else table


def _with_own_coordinates(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Replace the coordinates of the communes that the file at `path` names."""
    try:
        own = pd.read_csv(path, dtype=str, keep_default_na=False, sep=None, engine="python")
    except FileNotFoundError:
        raise UsageError(said("reference.communes_missing", path=path)) from None
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UsageError(said("error.not_csv", path=path, why=error)) from None
    needed = ["commune_code", "latitude", "longitude"]
    lacking = [column for column in needed if column not in own.columns]
    if lacking:
        raise InputError(
            [
                Issue(
                    reason="missing_column",
                    file=path.name,
                    message=said("reference.lacks_column", column=column),
                    hint=said("error.columns_seen", names=list(own.columns)),
                )
                for column in lacking
            ]
        )
    position = pd.Index(table["commune_code"]).get_indexer(own["commune_code"].map(read_code))
    numbers = own[["latitude", "longitude"]].apply(
        lambda cells: pd.to_numeric(cells.str.replace(",", "."), errors="coerce")
    )
    is_known = position >= 0
    is_number = (numbers["latitude"].abs().le(90) & numbers["longitude"].abs().le(180)).to_numpy()
    issues = []
    for row in np.flatnonzero(~(is_known & is_number)).tolist():
        column = "latitude" if is_known[row] else "commune_code"
        issues.append(
            Issue(
                reason="bad_coordinate" if is_known[row] else "unknown_commune_code",
                file=path.name,
                line=row + 2,
                column=column,
                value=own[column].iloc[row],
                message=said(
                    "reference.bad_coordinates" if is_known[row] else "reference.not_a_commune"
                ),
            )
        )
    if issues:
        raise InputError(issues)
    table.loc[position, ["latitude", "longitude"]] = numbers.to_numpy()
    table.loc[position, "coord_source"] = "user"
    return table


@cache
def regions() -> pd.DataFrame:
    """Return the 18 regions: ``region_code, name``."""
    return read_table("regions.csv")


@cache
def departements() -> pd.DataFrame:
    """Return the 101 departments: ``departement, name, region_code, academie``."""
    return read_table("departements.csv")


@cache
def neighbours() -> frozenset[tuple[str, str]]:
    """Return the pairs of regions that share a border on land, in both directions.

    Corse and the overseas regions have none: nobody commutes over the sea.

    Examples
    --------
    >>> ("53", "28") in neighbours(), ("28", "53") in neighbours(), ("94", "93") in neighbours()
    (True, True, False)
    """
    pairs = list(read_table("region_neighbours.csv").itertuples(index=False, name=None))
    return frozenset((str(a), str(b)) for a, b in pairs) | {(str(b), str(a)) for a, b in pairs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Look-ups over the communes; ``place`` is a row position in `communes`.

    Attributes
    ----------
    code, name, departement, region_code : list of str
        One entry a commune.
    latitude, longitude, population : float64 arrays
    by_code, by_postal, by_name, by_former_code, by_former_name : dict
        Text to the places it may mean. Names are spelt by `place_name`.
    by_office : dict
        `postal_office` to the places with such a postal code.
    by_postal_start : dict
        First three digits to the places with such a postal code.
    by_departement : dict
        Department code to its places.
    names : list of tuple of str
        Current name first, then the names of former communes now part of it.
    postal_codes : list of frozenset of str
    district_by_code, district_by_postal : dict
        Code to (place, number of the arrondissement).
    district_point : dict
        (place, number) to (latitude, longitude).
    """

    code: list[str]
    name: list[str]
    departement: list[str]
    region_code: list[str]
    latitude: npt.NDArray[np.float64]
    longitude: npt.NDArray[np.float64]
    population: npt.NDArray[np.float64]
    by_code: dict[str, int]
    by_postal: dict[str, tuple[int, ...]]
    by_office: dict[str, frozenset[int]]
    by_postal_start: dict[str, frozenset[int]]
    by_name: dict[str, tuple[int, ...]]
    by_former_code: dict[str, tuple[int, ...]]
    by_former_name: dict[str, tuple[int, ...]]
    by_departement: dict[str, tuple[int, ...]]
    names: list[tuple[str, ...]]
    postal_codes: list[frozenset[str]]
    district_by_code: dict[str, tuple[int, int]]
    district_by_postal: dict[str, tuple[int, int]]
    district_point: dict[tuple[int, int], tuple[float, float]]


@cache
def gazetteer(path: str = "") -> Gazetteer:
    """Return the look-ups over `communes(path)`."""
    table = communes(path)
    codes = table["commune_code"].tolist()
    by_code = {code: place for place, code in enumerate(codes)}
    names = [[place_name(name)] for name in table["name"].tolist()]
    by_postal: dict[str, list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    by_departement: dict[str, list[int]] = defaultdict(list)
    postal_codes = [frozenset(cell.split()) for cell in table["postal_codes"].tolist()]
    districts = read_table("districts.csv")
    for city in {by_code[code] for code in districts["commune_code"] if code in by_code}:
        # People write 69000 for Lyon; only its arrondissements have codes of their own.
        postal_codes[city] |= {f"{codes[city][:2]}000"}
    for place, departement in enumerate(table["departement"].tolist()):
        by_name[names[place][0]].append(place)
        by_departement[departement].append(place)
        for postal_code in sorted(postal_codes[place]):
            by_postal[postal_code].append(place)

    by_former_code: dict[str, list[int]] = defaultdict(list)
    by_former_name: dict[str, list[int]] = defaultdict(list)
    former = read_table("former_communes.csv.gz")
    columns = ("former_code", "commune_code", "name")
    for old, code, name in zip(*(former[column].tolist() for column in columns), strict=True):
        place = by_code[code]
        if old not in by_code:
            by_former_code[old].append(place)
        spelt = place_name(name)
        if spelt and spelt not in names[place]:
            names[place].append(spelt)
            by_former_name[spelt].append(place)

    by_district_code = {}
    by_district_postal = {}
    points = {}
    for row in districts.itertuples(index=False):
        key = (by_code[str(row.commune_code)], int(str(row.district_code)[-2:]))
        if str(row.district_code).startswith("6938"):  # Lyon: 69381 to 69389
            key = (key[0], int(str(row.district_code)[-1]))
        by_district_code[str(row.district_code)] = key
        points[key] = (float(str(row.latitude)), float(str(row.longitude)))
        for postal_code in str(row.postal_codes).split():
            by_district_postal[postal_code] = key

    return Gazetteer(
        code=codes,
        name=table["name"].tolist(),
        departement=table["departement"].tolist(),
        region_code=table["region_code"].tolist(),
        latitude=table["latitude"].to_numpy("float64"),
        longitude=table["longitude"].to_numpy("float64"),
        population=table["population"].to_numpy("float64"),
        by_code=by_code,
        by_postal=_frozen(by_postal),
        by_office=_by_start(by_postal, postal_office),
        by_postal_start=_by_start(by_postal, lambda postal_code: postal_code[:3]),
        by_name=_frozen(by_name),
        by_former_code=_frozen(by_former_code),
        by_former_name=_frozen(by_former_name),
        by_departement=_frozen(by_departement),
        names=[tuple(spellings) for spellings in names],
        postal_codes=postal_codes,
        district_by_code=by_district_code,
        district_by_postal=by_district_postal,
        district_point=points,
    )


def postal_office(postal_code: str) -> str:
    """Return the start that postal codes of one area share: two digits, overseas three."""
    return postal_code[: 3 if postal_code.startswith("97") else 2]


def _by_start(
    by_postal: dict[str, list[int]], start_of: Callable[[str], str]
) -> dict[str, frozenset[int]]:
    """Return the places of all postal codes that begin alike."""
    by_start: dict[str, set[int]] = defaultdict(set)
    for postal_code, places in by_postal.items():
        by_start[start_of(postal_code)].update(places)
    return {start: frozenset(places) for start, places in by_start.items()}


def _frozen(lists: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    """Return the lists as tuples without repeats, in rising order."""
    return {
        key: tuple(places) if len(places) == 1 else tuple(sorted(set(places)))
        for key, places in lists.items()
    }
