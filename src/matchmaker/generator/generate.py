"""The whole set of synthetic tables, written as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from matchmaker.errors import UsageError
from matchmaker.generator.columns import texts
from matchmaker.generator.offers import offer_columns
from matchmaker.generator.territory import Ground, draw_territory
from matchmaker.generator.trades import read_trades
from matchmaker.generator.writing import write_csv
from matchmaker.generator.youths import audit_columns, draw_youths, wish_columns, youth_columns
from matchmaker.reference.places import departements
from matchmaker.replacing import may_replace
from matchmaker.words import said

__all__ = ["generate"]

# A town above this has a referent of its own beside its department's.
_TOWN_WITH_REFERENT = 150_000
# Youths in the care of a referent: one in this many of the territory.
_YOUTHS_PER_CASE = 10


def generate(
    *,
    youths: int,
    offers: int,
    out: Path,
    firm_share: float = 0.96,
    seed: int = 0,
    as_of: dt.date = dt.date(2023, 9, 15),
    regions: Sequence[str] | None = None,
    force: bool = False,
) -> dict[str, Path]:
    """Write youths.csv, wishes.csv, offers.csv, audit.csv and referents.csv.

    The same arguments give the same bytes. Each table has a stream of random numbers of its
    own: more offers change no youth.

    Parameters
    ----------
    youths, offers : int
        Numbers of rows; `offers` counts offers and firms together.
    out : Path
        Folder, made if absent; files of these names in it are replaced if they were made up too.
    firm_share : float, default 0.96
        Share of the rows of offers.csv that are firms which take spontaneous applications.
    seed : int, default 0
    as_of : date
        Day that ages, start and expiry dates are counted from.
    regions : sequence of str, optional
        Codes or names of regions; all of them by default.

    force : bool, default False
        Replace files that are not synthetic too.

    Returns
    -------
    dict
        Table name to the path written.

    Raises
    ------
    UsageError
        A number is out of bounds, a region is unknown, or a file is there that is not synthetic.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     paths = generate(youths=3, offers=5, out=Path(folder), regions=["Bretagne"])
    ...     paths["youths"].read_text().splitlines()[1].split(",")[0]
    'Y000001'
    """
    if youths < 1 or offers < 1:
        raise UsageError(said("generator.sizes"))
    if not 0 <= firm_share <= 1:
        raise UsageError(said("generator.firm_share", share=firm_share))
    if seed < 0:
        raise UsageError(said("generator.seed", seed=seed))
    territory, trades = draw_territory(regions), read_trades()
    firms = round(offers * firm_share)
    # One stream a table, in this order.
    streams = [np.random.default_rng([seed, stream]) for stream in range(5)]
    people = draw_youths(streams[0], youths, territory, trades)
    columns: dict[str, Callable[[], dict[str, pa.Array]]] = {
        "youths": lambda: youth_columns(streams[1], people, territory, as_of),
        "wishes": lambda: wish_columns(streams[2], people, territory, trades),
        "audit": lambda: audit_columns(streams[3], people, territory),
        "offers": lambda: offer_columns(streams[4], offers, firms, territory, trades, as_of),
        "referents": lambda: _referent_columns(territory, youths),
    }
    paths = {name: out / f"{name}.csv" for name in columns}
    for path in paths.values():
        may_replace(path, is_ours=_is_synthetic, force=force)
    out.mkdir(parents=True, exist_ok=True)
    for name, make in columns.items():
        write_csv(make(), paths[name])
    return paths


def _is_synthetic(path: Path) -> bool:
    """Tell whether the first row of a file says that it was made up."""
    try:
        with path.open("rb") as file:
            header, row = file.readline().rstrip(), file.readline().rstrip()
    except OSError:
        return False
    return header.endswith(b",source") and row.endswith(b",synthetic")


def _referent_columns(territory: Ground, youths: int) -> dict[str, pa.Array]:
    """Return referents.csv: one a department, one a large town and one for whoever has none, made up."""
    people: dict[tuple[str, str, str], float] = {}
    names = departements().set_index("departement")["name"]
    for place, departement in enumerate(territory.departement):
        key = (departement, "", str(names[departement]))
        people[key] = people.get(key, 0.0) + territory.population[place]
        if territory.population[place] > _TOWN_WITH_REFERENT and not territory.is_district[place]:
            town = (departement, territory.commune_code[place], territory.name[place])
            people[town] = float(territory.population[place])
    total = sum(territory.population)
    rows = [
        (
            departement,
            code,
            f"Mission locale {name} (exemple)",
            f"referent-{(code or departement).lower()}@example.org",
            str(max(1, round(youths * population / total / _YOUTHS_PER_CASE))),
        )
        for (departement, code, name), population in sorted(people.items())
    ]
    share = str(max(1, round(youths / _YOUTHS_PER_CASE)))
    rows.append(("", "", "Cellule de suivi (exemple)", "referent@example.org", share))
    header = ("departement", "commune_code", "referent_name", "referent_contact", "capacity")
    table = {
        column: pa.array(cells)
        for column, cells in zip(header, zip(*rows, strict=True), strict=True)
    }
    return table | {"source": texts(["synthetic"], np.zeros(len(rows), np.int64))}
