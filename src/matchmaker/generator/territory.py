"""Where people live and work: communes, with the arrondissements of the three large cities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchmaker.errors import UsageError
from matchmaker.generator.columns import Bools, Floats, Ints, running_rows
from matchmaker.reference.lookup import read_table
from matchmaker.reference.places import communes, neighbours, resolve_region
from matchmaker.words import said

__all__ = ["Ground", "draw_territory"]

# Share of the training centres among all places of a size: most stand in towns.
_CENTRE_POWER = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Places as parallel arrays; a place is a commune or an arrondissement.

    Attributes
    ----------
    name, commune_code, written_code, departement, region_code : list of str
        ``written_code`` is what a file may say: the arrondissement's own code.
    postal_codes : list of list of str
    latitude, longitude, population : float64 arrays
    is_district : bool array
    commune, region : int64 arrays
        Number of the commune (an arrondissement has its city's), and
        position in ``region_codes``.
    centre_in_departement, centre_in_region : float64 arrays
        Running weights of the training centres seen from a place (by its department) or from
        a region, one row each (see `running_rows`).
    departement_row : int64 array
        Row of ``centre_in_departement`` of each place.
    region_codes : list of str
    region_moves : float64 array
        Running weights of the region that a wish names, one row a home region.
    """

    name: list[str]
    commune_code: list[str]
    written_code: list[str]
    departement: list[str]
    region_code: list[str]
    postal_codes: list[list[str]]
    latitude: Floats
    longitude: Floats
    population: Floats
    is_district: Bools
    commune: Ints
    region: Ints
    departement_row: Ints
    towns: Ints
    centre_in_departement: Floats
    centre_in_region: Floats
    region_codes: list[str]
    region_moves: Floats


def draw_territory(regions: Sequence[str] | None) -> Ground:
    """Return the places of the regions named (codes or names), or of all.

    Parameters
    ----------
    regions : sequence of str, or None

    Returns
    -------
    Ground

    Raises
    ------
    UsageError
        A region is unknown, or none is named.
    """
    table = communes()
    if regions is not None:
        if not regions:
            raise UsageError(said("generator.no_region"))
        found = resolve_region(pd.Series(list(regions), dtype="str"))
        for text, code, hint in zip(regions, found["region_code"], found["hint"], strict=True):
            if not code:
                raise UsageError(said("generator.region", text=text, hint=hint))
        table = table[table["region_code"].isin(found["region_code"])]
    districts = read_table("districts.csv").merge(
        table[["commune_code", "departement", "region_code"]], on="commune_code"
    )
    cities = set(districts["commune_code"])
    plain = table[~table["commune_code"].isin(cities)].assign(
        district_code=lambda frame: frame["commune_code"]
    )
    columns = [
        "name",
        "commune_code",
        "district_code",
        "departement",
        "region_code",
        "postal_codes",
        "latitude",
        "longitude",
        "population",
    ]
    places = pd.concat([plain[columns], districts[columns]], ignore_index=True)
    for column in ("latitude", "longitude", "population"):
        places[column] = places[column].astype("float64")
    region, region_codes = pd.factorize(places["region_code"], sort=True)
    departement_row, _ = pd.factorize(places["departement"], sort=True)
    population = places["population"].to_numpy() + 1.0

    # Training centres stand in the towns: the largest places of each department.
    rank = places.groupby("departement")["population"].rank(ascending=False, method="first")
    towns = np.flatnonzero(rank.to_numpy() <= 25)
    pull = population[towns] ** _CENTRE_POWER
    by_departement = np.where(
        departement_row[towns] == np.arange(departement_row.max() + 1)[:, None], pull, 0.0
    )
    by_region = np.where(region[towns] == np.arange(len(region_codes))[:, None], pull, 0.0)
    return Ground(
        name=places["name"].tolist(),
        commune_code=places["commune_code"].tolist(),
        written_code=places["district_code"].tolist(),
        departement=places["departement"].tolist(),
        region_code=places["region_code"].tolist(),
        postal_codes=[cell.split() for cell in places["postal_codes"]],
        latitude=places["latitude"].to_numpy(),
        longitude=places["longitude"].to_numpy(),
        population=population,
        is_district=(places["commune_code"] != places["district_code"]).to_numpy(),
        commune=pd.factorize(places["commune_code"])[0].astype(np.int64),
        region=region.astype(np.int64),
        departement_row=departement_row.astype(np.int64),
        towns=towns,
        centre_in_departement=running_rows(by_departement),
        centre_in_region=running_rows(by_region),
        region_codes=[str(code) for code in region_codes],
        region_moves=running_rows(_moves([str(code) for code in region_codes])),
    )


def _moves(codes: list[str]) -> Floats:
    """Return how often a youth of one region wishes for another: home, neighbours, others."""
    weights = np.full((len(codes), len(codes)), 0.02 / max(len(codes) - 1, 1))
    for i, home in enumerate(codes):
        near = [j for j, other in enumerate(codes) if (home, other) in neighbours()]
        for j in near:
            weights[i, j] += 0.08 / len(near)
        weights[i, i] = 0.90
    return weights
