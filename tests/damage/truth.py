"""Three small clean tables, every cell of them right: what damaged files are compared with."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["AS_OF", "GROUPS", "Grid", "clean"]

AS_OF = "2026-09-15"
Rows = list[list[str]]

# Town, postal code, commune, latitude, longitude, region: no postal code of another town is among
# them, and no commune code is a postal code.
_TOWNS = (
    ("Quimper", "29000", "29232", "47.9975", "-4.0979", "Bretagne"),
    ("Bourg-en-Bresse", "01000", "01053", "46.2057", "5.2258", "Auvergne-Rhône-Alpes"),
    ("Rennes", "35000", "35238", "48.1113", "-1.6800", "Bretagne"),
    ("Ajaccio", "20000", "2A004", "41.9267", "8.7369", "Corse"),
    ("Dijon", "21000", "21231", "47.3220", "5.0415", "Bourgogne-Franche-Comté"),
    ("Le Mans", "72000", "72181", "48.0077", "0.1984", "Pays de la Loire"),
    ("Carcassonne", "11000", "11069", "43.2122", "2.3537", "Occitanie"),
    ("Belfort", "90000", "90010", "47.6379", "6.8628", "Bourgogne-Franche-Comté"),
    ("Épinal", "88000", "88160", "48.1744", "6.4512", "Grand Est"),
    ("Saint-Brieuc", "22000", "22278", "48.5141", "-2.7603", "Bretagne"),
    ("Pointe-à-Pitre", "97110", "97120", "16.2411", "-61.5331", "Guadeloupe"),
    ("Nevers", "58000", "58194", "46.9896", "3.1590", "Bourgogne-Franche-Comté"),
)
_TRADES = (
    ("D1102", "Boulanger"), ("F1703", "Maçon"), ("D1202", "Coiffeur"),
    ("I1604", "Mécanicien automobile"), ("J1501", "Aide-soignant"), ("F1603", "Plombier"),
    ("H2913", "Soudeur"), ("D1104", "Pâtissier"), ("F1608", "Carreleur"),
    ("F1602", "Électricien du bâtiment"), ("G1602", "Commis de cuisine"), ("D1101", "Boucher"),
)  # fmt: skip

# Columns that tell one thing together: what is said of one of them is said of all.
GROUPS = (
    frozenset({"postal_code", "commune_code", "place_name", "latitude", "longitude",
               "departement", "region_code", "is_approximate"}),
    frozenset({"trade_code", "trade_codes", "trade_label", "title", "diploma_code", "diplomas", "level"}),
    frozenset({"birth_date", "birth_year", "birth_is_year"}),
    frozenset({"email", "can_email"}),
    frozenset({"employer", "flags"}),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Grid:
    """One table as it will be written: its cells, and the row of the truth each row stands for.

    ``origin`` is -1 for a row that stands for none; ``above`` are lines over the header.
    """

    name: str
    header: list[str]
    rows: Rows
    origin: list[int]
    above: Rows = field(default_factory=list)
    container: str = "csv"
    merged: list[str] = field(default_factory=list)
    further: dict[str, Rows] = field(default_factory=dict)  # sheets before, by name
    hidden: list[str] = field(default_factory=list)
    separator: str = ","
    mend: Callable[[bytes], bytes] | None = None  # of the bytes of a CSV file
    touched: set[str] = field(default_factory=set)

    def place(self, column: str) -> int:
        return self.header.index(column)

    def get(self, row: int, column: str) -> str:
        return self.rows[row][self.place(column)]

    def put(self, row: int, column: str, text: str) -> None:
        self.rows[row][self.place(column)] = text
        self.touched.add(column)

    def line_of(self, row: int) -> int:
        return len(self.above) + row + 2

    def without(self, columns: Sequence[str]) -> None:
        """Take columns out."""
        kept = [i for i, name in enumerate(self.header) if name not in columns]
        self.header = [self.header[i] for i in kept]
        self.rows = [[row[i] for i in kept] for row in self.rows]


def clean() -> dict[str, Grid]:
    """Return the clean tables."""
    return {
        name: Grid(name=name, header=rows[0], rows=rows[1:], origin=list(range(len(rows) - 1)))
        for name, rows in (("youths", _youths()), ("wishes", _wishes()), ("offers", _offers()))
    }


def _youths() -> Rows:
    rows = [["youth_id", "birth_date", "postal_code", "commune_code", "place_name", "latitude",
             "longitude", "level", "max_distance_km", "available_from", "is_mobile", "has_rqth",
             "opt_out", "status", "email"]]  # fmt: skip
    for i, (town, postal, commune, latitude, longitude, _) in enumerate(_TOWNS):
        rows.append([
            f"{101 + i * 7:05}", f"{2005 + i % 4}-{3 + i % 8:02}-{2 + i * 2:02}", postal, commune,
            town, latitude, longitude, str(3 + i % 3), str(15 + 5 * (i % 4)),
            f"2026-{10 + i % 3}-{1 + i % 11:02}", str(i % 2), "0", "1" if i == 7 else "0",
            "seeking", f"j{i}@example.org",
        ])  # fmt: skip
    return rows


def _wishes() -> Rows:
    rows = [["youth_id", "rank", "trade_code", "trade_label", "level", "region_code",
             "commune_code"]]  # fmt: skip
    for i, (*_, region) in enumerate(_TOWNS):
        for rank in (1, 2):
            code, label = _TRADES[(i + rank * 3) % len(_TRADES)]
            rows.append([f"{101 + i * 7:05}", str(rank), code, label, str(3 + i % 3), region,
                         _TOWNS[i][2]])  # fmt: skip
    return rows


def _offers() -> Rows:
    rows = [["offer_id", "title", "trade_code", "postal_code", "commune_code", "place_name",
             "latitude", "longitude", "level", "capacity", "start_date", "expiry_date",
             "contract_type", "employer", "siret", "naf_code", "kind", "status", "url"]]  # fmt: skip
    sirets = _sirets()
    for i, (town, postal, commune, latitude, longitude, _) in enumerate(_TOWNS):
        code, label = _TRADES[i]
        rows.append([
            f"A{300 + i * 11:05}", label, code, postal, commune, town, latitude, longitude,
            str(3 + i % 3), str(1 + i % 3), f"2026-11-{2 + i:02}", f"2026-12-{3 + i:02}",
            "apprentissage", f"Établissements {town}", next(sirets), "1071C", "offer", "open",
            f"https://example.org/{i}",
        ])  # fmt: skip
    return rows


def _sirets() -> Iterator[str]:
    draw = random.Random(13)
    while True:
        siren = _with_check_digit(f"{draw.randrange(30_000_000, 89_999_999)}")
        yield _with_check_digit(f"{siren}{draw.randrange(10, 99):04}")


def _with_check_digit(digits: str) -> str:
    """Add the digit that makes the sum of Luhn a multiple of ten."""
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits))]
    return digits + str(-sum(d // 10 + d % 10 for d in doubled) % 10)
