"""A made-up daily national export of La bonne alternance, of any size and written as a stream.

Nothing in it is of a real firm: names are numbers, and SIRETs are counted up, with check digits
that agree as those of a real export do.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIRMS = "recruteurs_lba"
_TRADES = ("D1102", "F1703", "G1602", "M1607", "F1602", "I1604", "D1104", "K1302")
_TITLES = ("Boulanger (H/F)", "Maçon (H/F)", "Commis de cuisine", "Secrétaire", "Électricien",
           "Mécanicien automobile", "Pâtissier (H/F)", "Assistant de vie")  # fmt: skip
_TOWNS = ((-4.0975, 47.996, "29000 QUIMPER"), (-1.6778, 48.1173, "35000 Rennes"),
          (2.3488, 48.8534, "75011 Paris"), (4.8357, 45.764, "69003 Lyon"))  # fmt: skip
_TEXT = "<p>Vous aurez pour missions&nbsp;: l'accueil, la vente &amp; le conseil.</p>"


def items(offers: int, firms: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Yield published offers, then firms for spontaneous applications in their shape."""
    draw = random.Random(seed)
    for i in range(offers + firms):
        is_firm = i >= offers
        trade = draw.randrange(len(_TRADES))
        partner = FIRMS if is_firm else draw.choice(["Hellowork", "offres_emploi_lba"])
        yield {
            "identifier": {"id": id_of(i, seed), "partner_label": partner, "partner_job_id": str(i)},
            "workplace": _workplace(draw, i),
            "apply": {"url": f"https://example.org/{i}", "phone": None, "recipient_id": f"r{i}"},
            "contract": {
                "start": None if is_firm else "2026-10-01T00:00:00.000Z",
                "duration": None if is_firm else 12,
                "type": ["Apprentissage", "Professionnalisation"] if is_firm else ["Apprentissage"],
                "remote": None,
            },
            "offer": {
                "title": FIRMS if is_firm else _TITLES[trade],
                "description": FIRMS * 3 if is_firm else _TEXT * draw.randrange(1, 20),
                "rome_codes": [_TRADES[trade]],
                "target_diploma": None if is_firm else {"european": "3", "label": "CAP"},
                "desired_skills": [], "to_be_acquired_skills": [], "access_conditions": [],
                "publication": {"creation": "2026-09-01T03:00:00.000Z", "expiration": None},
                "opening_count": 1, "status": "Active",
            },
            "is_delegated": False,
        }  # fmt: skip


def id_of(i: int, seed: int = 7) -> str:
    """Return an id in the order of nothing, that ends in the place of its item from 0."""
    return f"{random.Random(seed * 1_000_003 + i).getrandbits(64):016x}{i:08x}"


def siret_of(i: int) -> str:
    """Return the SIRET of the only site of a firm, whose SIREN begins with 9."""
    siren = f"9{i:07d}"
    siren += _check_digit(siren)
    return f"{siren}0001{_check_digit(siren + '0001')}"


def _check_digit(digits: str) -> str:
    """Return the digit that makes a number agree after Luhn."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[::-2]]
    return str(-(sum(doubled) + sum(map(int, digits[-2::-2]))) % 10)


def _workplace(draw: random.Random, i: int) -> dict[str, Any]:
    lon, lat, town = draw.choice(_TOWNS)
    return {
        "siret": siret_of(i), "brand": None, "legal_name": f"FIRME {i} SARL",
        "website": None, "name": f"Firme {i}", "description": None,
        "size": draw.choice(["0-0", "1-2", "10-19", None]),
        "location": {
            "address": f"{draw.randrange(1, 200)} rue de la Gare {town}",
            "geopoint": {"type": "Point", "coordinates": [lon + draw.uniform(-0.1, 0.1),
                                                           lat + draw.uniform(-0.1, 0.1)]},
        },
        "domain": {"idcc": 843, "opco": "OPCO EP", "naf": {"code": "10.71C",
                   "label": "Boulangerie et boulangerie-pâtisserie"}},
    }  # fmt: skip


def write_export(path: Path, *, offers: int, firms: int, seed: int = 7) -> Path:
    """Write the export as one array on one line, as it is published."""
    with path.open("w", encoding="utf-8") as stream:
        for i, item in enumerate(items(offers, firms, seed)):
            stream.write("," if i else "[")
            json.dump(item, stream, ensure_ascii=False, separators=(",", ":"))
        stream.write("]")
    return path
