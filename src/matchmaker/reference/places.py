"""From what people write about a place to a commune, a department, a region and a point.

`resolve_places` says for each row how it was placed and how sure that is.  Two meanings are
never guessed between: the row then says which ones, and keeps what both have in common (the
region, or the middle of the communes of a postal code).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from matchmaker.errors import closest
from matchmaker.reference.coordinates import (
    Floats,
    Objects,
    distance_km,
    read_coordinates,
    surroundings,
)
from matchmaker.reference.gazetteer import communes, departements, gazetteer, neighbours, regions
from matchmaker.reference.lookup import combinations, fold, read_table, resolve_distinct
from matchmaker.reference.place_finder import PlaceFinder
from matchmaker.reference.place_notes import PLACE_NOTES, PlaceFound
from matchmaker.words import Text, said

__all__ = [
    "PLACE_NOTES",
    "communes",
    "departements",
    "neighbours",
    "regions",
    "resolve_places",
    "resolve_region",
]

# A point given farther than this from the commune given is wrong (a commune's own radius
# is below 25 km, but for Guyane, where no such check is made).
MAX_KM_FROM_COMMUNE = 50.0

_TEXT_COLUMNS = ("commune_code", "postal_code", "place_name", "departement")


def resolve_places(frame: pd.DataFrame, communes_file: str = "") -> pd.DataFrame:
    """Resolve places row by row.

    Parameters
    ----------
    frame : DataFrame, n rows
        Any of the columns ``commune_code``, ``postal_code``, ``place_name`` (a name, or a
        free text such as "75012 Paris 12e"), ``departement`` (code or name), all str, and
        ``latitude``, ``longitude`` (str or float, degrees). Others are ignored.
    communes_file : str, default ""
        As for `communes`.

    Returns
    -------
    DataFrame
        n rows with the index of `frame`:

        ``commune_code, departement, region_code, place_name`` : str
            Current codes and name, "" where unknown. Arrondissements become their commune.
        ``latitude, longitude`` : float64
            The row's own point if it can be, else that of the arrondissement or commune, else
            the middle (weighted by population) of the communes of the postal code; NaN if none.
        ``is_approximate`` : bool
            False only for a point of the row's own.
        ``how`` : str
            ``commune_code, former_code, postal_code, postal_code+name, name, name+departement``
            (one commune), ``postal_code_area`` (several), ``coordinates`` or "" (not placed).
        ``confidence`` : float32
            1 for codes, less for names, typos and areas: our judgement, not a measured rate.
            For an area, the share of its people who live in its largest commune.
        ``note, coord_note`` : str
            A key of `PLACE_NOTES`, or "" where there is nothing to say.
        ``hint`` : str or Said
            The meanings that are possible, for a message.

    Examples
    --------
    >>> frame = pd.DataFrame({"postal_code": ["1000", "75012"], "place_name": ["Bourg en Bresse", ""]})
    >>> resolve_places(frame)[["commune_code", "place_name", "how", "note"]].values.tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['01053', 'Bourg-en-Bresse', 'postal_code+name', 'leading_zero'],
     ['75056', 'Paris', 'postal_code', '']]
    """
    found, row_of = _found(frame, _finder(communes_file))
    is_place = np.array([f.place >= 0 for f in found], dtype=bool)[row_of]
    latitude = np.array([f.latitude for f in found], dtype="float64")[row_of]
    longitude = np.array([f.longitude for f in found], dtype="float64")[row_of]
    is_guyane = np.array([f.departement == "973" for f in found], dtype=bool)[row_of]

    own_lat, own_lon, coord_note = _own_points(frame)
    has_own = np.isfinite(own_lat)
    away_km = distance_km(own_lat, own_lon, latitude, longitude)
    is_far = has_own & (away_km > MAX_KM_FROM_COMMUNE) & ~is_guyane  # not where either is unknown
    coord_note[is_far] = "coordinates_far"
    has_own &= ~is_far

    alone = np.flatnonzero(has_own & ~is_place)
    departement, region, nearest_km = surroundings(
        own_lat[alone], own_lon[alone], communes_file=communes_file
    )
    is_abroad = (nearest_km > MAX_KM_FROM_COMMUNE) & (departement != "973")
    coord_note[alone[is_abroad]] = "coordinates_outside"
    has_own[alone[is_abroad]] = False
    is_new = ~is_abroad & np.array([not f.how for f in found], dtype=bool)[row_of[alone]]
    found, row_of[alone[is_new]] = _at_points(
        found, row_of[alone[is_new]], departement[is_new], region[is_new]
    )
    g = gazetteer(communes_file)
    texts = {
        "commune_code": [g.code[f.place] if f.place >= 0 else "" for f in found],
        "departement": [f.departement for f in found],
        "region_code": [f.region_code for f in found],
        "place_name": [g.name[f.place] if f.place >= 0 else "" for f in found],
        "how": [f.how for f in found],
        "note": [f.note for f in found],
    }
    columns = {name: pd.array(cells, dtype="str").take(row_of) for name, cells in texts.items()}
    codes, notes = pd.factorize(coord_note)
    return pd.DataFrame(
        {
            "commune_code": columns["commune_code"],
            "departement": columns["departement"],
            "region_code": columns["region_code"],
            "place_name": columns["place_name"],
            "latitude": np.where(has_own, own_lat, latitude),
            "longitude": np.where(has_own, own_lon, longitude),
            "is_approximate": ~has_own,
            "how": columns["how"],
            "confidence": np.array([f.confidence for f in found], dtype="float32")[row_of],
            "note": columns["note"],
            "coord_note": pd.array(notes, dtype="str").take(codes),
            "hint": np.array([f.hint for f in found], dtype=object)[row_of],
        },
        index=frame.index,
    )


@cache
def _finder(communes_file: str) -> PlaceFinder:
    """Return the finder of one gazetteer; it remembers what many rows ask."""
    return PlaceFinder(gazetteer(communes_file))


def _found(
    frame: pd.DataFrame, finder: PlaceFinder
) -> tuple[list[PlaceFound], npt.NDArray[np.intp]]:
    """Resolve each distinct combination of texts once; return them and the one of each row."""
    texts = [
        frame[column].fillna("").astype("str")
        if column in frame
        else pd.Series("", index=frame.index, dtype="str")
        for column in _TEXT_COLUMNS
    ]
    row_of, first = combinations(texts)
    cells = zip(*(column.iloc[first].tolist() for column in texts), strict=True)
    return [finder.find(*row) for row in cells], row_of


def _at_points(
    found: list[PlaceFound],
    row_of: npt.NDArray[np.intp],
    departement: Objects,
    region: Objects,
) -> tuple[list[PlaceFound], npt.NDArray[np.intp]]:
    """Return what was found, and which of it rows now are that only their own point places.

    Parameters
    ----------
    found : list of PlaceFound
    row_of : ndarray of intp, n rows
        What the words of each row gave: no place.
    departement, region : arrays of str, n rows
        Of the point, "" where they cannot be told.
    """
    row, first = combinations([pd.Series(kind) for kind in (row_of, departement, region)])
    at_points = [
        replace(
            words,
            departement=departement[i],
            region_code=region[i],
            how="coordinates",
            confidence=1.0,
            note="" if words.note == "blank" else words.note,
        )
        for i in first.tolist()
        for words in [found[row_of[i]]]
    ]
    return found + at_points, len(found) + row


def _own_points(frame: pd.DataFrame) -> tuple[Floats, Floats, Objects]:
    """Return the coordinates that the rows give, NaN where they cannot be used."""
    blank = pd.Series(np.nan, index=frame.index, dtype="float64")
    return read_coordinates(frame.get("latitude", blank), frame.get("longitude", blank))


def resolve_region(cells: pd.Series) -> pd.DataFrame:
    """Return the code of each region from its code, its name or a former region's name.

    Parameters
    ----------
    cells : Series of str, n rows

    Returns
    -------
    DataFrame
        n rows with the index of `cells`: ``region_code`` ("" unknown); ``how``, one of
        ``code``, ``leading_zero``, ``name``, ``former_region`` (before 2016, all of it now in
        one region), ``departement`` (a department stands there: no region is taken from it),
        ``unknown`` or "" (blank); and ``hint`` (str or Said), what may have been meant.

    Examples
    --------
    >>> regions = resolve_region(pd.Series(["11", "1", "Ile de France", "Bretange", "59"]))
    >>> regions.map(str).values.tolist() # doctest: +NORMALIZE_WHITESPACE
    [['11', 'code', ''], ['01', 'leading_zero', ''], ['11', 'name', ''],
     ['', 'unknown', "Vouliez-vous dire 'Bretagne' ?"],
     ['', 'departement', 'Nord : région 32, Hauts-de-France.']]
    """
    return resolve_distinct(
        cells, _region_reader(), {"region_code": "str", "how": "str", "hint": "object"}
    )


def _region_reader() -> Callable[[str], tuple[str, str, Text]]:
    """Return what turns one text into (region_code, how, hint)."""
    names = {fold(name): name for name in regions()["name"]}
    name_of = dict(zip(regions()["region_code"], regions()["name"], strict=True))
    by_code = {code: (code, "code") for code in name_of}
    by_code |= {code[1]: (code, "leading_zero") for code in name_of if code[0] == "0"}
    by_name = {fold(name): (code, "name") for code, name in name_of.items()}
    by_other_name = {
        fold(name): (code, "former_region" if kind == "former" else "name")
        for name, code, kind in read_table("region_names.csv").itertuples(index=False)
    }
    departement_of = {
        key: (name, region)
        for code, name, region, _ in departements().itertuples(index=False)
        for key in (code.lower(), fold(name))
    }

    def resolve(text: str) -> tuple[str, str, Text]:
        key = fold(text)
        key = key[:-2] if key.endswith(" 0") and key[:-2].isdigit() else key  # "11.0"
        if not key:
            return ("", "unknown" if text.strip() else "", "")
        bare = key.removeprefix("region ")
        found = (
            by_code.get(key)
            or by_name.get(bare)
            or by_other_name.get(key)
            or by_other_name.get(bare)
        )
        if found:
            return (*found, "")
        if key in departement_of:
            name, region = departement_of[key]
            hint = said("cell.in_region", departement=name, code=region, region=name_of[region])
            return ("", "departement", hint)
        close = closest(bare, names)
        return ("", "unknown", said("error.did_you_mean", name=names[close]) if close else "")

    return resolve
