"""Small random worlds, as clean tables and ready markets, for tests of the engine."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from matchmaker.tables import Tables

AS_OF = dt.date(2023, 9, 15)

# Two domains; fine codes and their older parents.
CODES = ("D1101", "D1102", "D1104", "D1106", "F1602", "F1603", "F1703", "G1602", "M1607")
REGIONS = ("", "11", "53", "84", "94", "01")
# Departments of each: an offer of which the region alone is known has none.
DEPARTEMENTS = {
    "": ("",),
    "11": ("75", "78"),
    "53": ("35", "29", ""),
    "84": ("69", ""),
    "94": ("2A",),
    "01": ("971",),
}
# Home ground, far ones, both sides of the date line, a pole: (latitude, longitude).
PLACES = (
    (48.8566, 2.3522), (48.70, 2.10), (49.05, 2.60), (48.1173, -1.6778), (45.7640, 4.8357),
    (16.2650, -61.5510), (-13.3, 179.99), (-13.3, -179.98), (89.9, 10.0), (89.8, -170.0),
)  # fmt: skip


def text(values):
    return pd.Series(list(values), dtype="str")


def random_tables(
    rng: np.random.Generator, n_youths: int, n_offers: int, *, one_point: bool = False
) -> Tables:
    """Draw clean tables with every kind of oddity that clean tables may hold."""

    def areas(n):
        which = rng.choice(["75", "35"], n) == "75"
        codes = rng.choice(REGIONS, n)
        its = [
            DEPARTEMENTS[code][-1 if last else 0] for code, last in zip(codes, which, strict=True)
        ]
        return {"departement": text(its), "region_code": text(codes)}

    def places(n):
        at = np.array(PLACES)[rng.integers(0, 1 if one_point else len(PLACES), n)]
        jitter = 0.0 if one_point else rng.normal(0, 0.15, (n, 2)) * rng.integers(0, 2, (n, 1))
        at = at + jitter
        at[:, 0] = np.clip(at[:, 0], -90, 90)
        at[:, 1] = (at[:, 1] + 180) % 360 - 180
        at[rng.random(n) < 0.03] = np.nan
        return at

    home, work = places(n_youths), places(n_offers)
    ids = text(f"Y{i:04d}" for i in range(n_youths))
    birth = np.datetime64("2006-01-01") + rng.integers(-4500, 1000, n_youths)
    birth = birth.astype("datetime64[s]")
    birth[rng.random(n_youths) < 0.1] = np.datetime64("NaT")
    available = (np.datetime64("2023-09-15") + rng.integers(-20, 300, n_youths)).astype(
        "datetime64[s]"
    )
    available[rng.random(n_youths) < 0.6] = np.datetime64("NaT")
    youths = pd.DataFrame(
        {
            "youth_id": ids,
            "birth_date": birth,
            "birth_is_year": False,
            "postal_code": text([""] * n_youths),
            "commune_code": text([""] * n_youths),
            **areas(n_youths),
            "latitude": home[:, 0],
            "longitude": home[:, 1],
            "place_how": text(["commune_code"] * n_youths),
            "is_approximate": rng.random(n_youths) < 0.5,
            "level": rng.choice([0, 3, 4, 5, 8], n_youths).astype("int8"),
            "max_distance_km": rng.choice([0.0, 5.0, 30.0, 30.9, 60.0, 1000.0], n_youths),
            "available_from": available,
            "is_mobile": rng.random(n_youths) < 0.3,
            "has_rqth": rng.random(n_youths) < 0.1,
            "opt_out": rng.random(n_youths) < 0.05,
            "status": text(rng.choice(["seeking"] * 9 + ["placed"], n_youths)),
            "can_email": True,
            "source": text(["synthetic"] * n_youths),
            "wishes_rejected": np.zeros(n_youths, dtype="int32"),
            "wishes_unread": text([""] * n_youths),
        }
    )
    counts = rng.integers(0, 6, n_youths)
    owner = np.repeat(np.arange(n_youths), counts)
    position = np.concatenate([np.arange(c) for c in counts]) if len(owner) else owner
    n = len(owner)
    is_ranked = (rng.random(n_youths) < 0.7)[owner]
    wishes = pd.DataFrame(
        {
            "youth_id": ids.take(owner).reset_index(drop=True),
            "wish_id": position.astype("int32"),
            "rank": np.where(is_ranked, position + 1, 0).astype("int16"),
            "trade_codes": _codes(rng, n, none=0.05),
            "trade_label": text([""] * n),
            "trade_how": text(["code"] * n),
            "trade_confidence": np.ones(n, dtype="float32"),
            "level": rng.choice([0, 0, 3, 4], n).astype("int8"),
            "region_code": text(rng.choice(REGIONS, n)),
            "commune_code": text([""] * n),
            "source": text(["synthetic"] * n),
        }
    )
    expiry = (np.datetime64("2023-09-15") + rng.integers(-5, 200, n_offers)).astype("datetime64[s]")
    expiry[rng.random(n_offers) < 0.5] = np.datetime64("NaT")
    start = (np.datetime64("2023-09-15") + rng.integers(-100, 600, n_offers)).astype(
        "datetime64[s]"
    )
    start[rng.random(n_offers) < 0.3] = np.datetime64("NaT")
    offers = pd.DataFrame(
        {
            "offer_id": text(f"O{i:04d}" for i in range(n_offers)),
            "title": text([f"Offre {i}" for i in range(n_offers)]),
            "trade_codes": _codes(rng, n_offers, none=0.03),
            "trade_how": text(["code"] * n_offers),
            "trade_confidence": np.ones(n_offers, dtype="float32"),
            "postal_code": text([""] * n_offers),
            "commune_code": text([""] * n_offers),
            **areas(n_offers),
            "place_name": text(["Paris"] * n_offers),
            "is_approximate": rng.random(n_offers) < 0.5,
            "latitude": work[:, 0],
            "longitude": work[:, 1],
            "level": rng.choice([0, 0, 0, 3, 4, 6], n_offers).astype("int8"),
            "capacity": rng.choice([0, 1, 1, 1, 1, 3], n_offers).astype("int32"),
            "start_date": start,
            "expiry_date": expiry,
            "contract_type": text(
                rng.choice(["", "apprentissage", "professionnalisation", "cdi"], n_offers)
            ),
            "status": text(rng.choice(["open"] * 9 + ["filled"], n_offers)),
            "employer": text([f"Maison {i % 7}" for i in range(n_offers)]),
            "siret": text([""] * n_offers),
            "naf_code": text([""] * n_offers),
            "kind": text(
                rng.choice(["offer", "offer", "spontaneous", "training", "school", "job"], n_offers)
            ),
            "url": text([""] * n_offers),
            "delegated_by": text([""] * n_offers),
            "source": text(["synthetic"] * n_offers),
            "flags": text([""] * n_offers),
        }
    )
    read = rng.choice(["", "3", "3|4", "5|6|7"], n_offers)
    offers.insert(int(offers.columns.get_loc("level")) + 1, "levels_read", text(read))
    kinds = pd.DataFrame({"source": ["neutral"], "kind": ["offer"], "count": [n_offers]})
    return clean_tables(youths, offers, wishes=wishes, kinds=kinds)


def clean_tables(
    youths: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    wishes: pd.DataFrame | None = None,
    kinds: pd.DataFrame | None = None,
) -> Tables:
    """Return tables of some youths and offers about which nothing was found on the way."""
    empty = pd.DataFrame()
    no_kinds = pd.DataFrame({"source": [], "kind": [], "count": []})
    columns = ["youth_id", "trade_label", "trade_codes", "trade_how"]
    no_wishes = pd.DataFrame(columns=columns, dtype="str")
    return Tables(
        youths=youths,
        wishes=no_wishes if wishes is None else wishes,
        offers=offers,
        rejects=empty,
        notes=empty,
        quality=empty,
        files=(),
        kinds=no_kinds if kinds is None else kinds,
        pooled=empty,
        flagged=empty,
        contacts=empty,
    )


def hand_made(youth: dict, offers: list[dict]) -> Tables:
    """Return a world of one youth with one wish, and of offers that suit but for what is given."""
    tables = random_tables(np.random.default_rng(0), 1, len(offers))
    here = {"latitude": 48.8566, "longitude": 2.3522, "region_code": "11"}
    seeker = {
        **here, "level": np.int8(3), "opt_out": False, "status": "seeking",
        "max_distance_km": 30.0, "is_mobile": False, "has_rqth": False, "birth_is_year": False,
        "birth_date": "2006-01-01", "available_from": None,
    }  # fmt: skip
    youths = tables.youths.assign(**{**seeker, **youth})
    wish = {
        "youth_id": "Y0000", "wish_id": 0, "rank": 1, "trade_codes": "D1102", "trade_label": "",
        "trade_how": "code", "trade_confidence": 1.0, "level": 0, "region_code": "",
        "commune_code": "", "source": "",
    }  # fmt: skip
    wishes = pd.DataFrame([wish]).astype(tables.wishes.dtypes.to_dict())
    sound = {
        **here, "level": np.int8(3), "levels_read": "", "capacity": np.int32(1), "status": "open", "kind": "offer",
        "contract_type": "apprentissage", "trade_codes": "D1102", "start_date": None,
        "expiry_date": None,
    }  # fmt: skip
    columns = pd.DataFrame([{**sound, **offer} for offer in offers])
    offer_frame = tables.offers.assign(**{name: columns[name] for name in columns})
    for frame, names in ((youths, ("birth_date", "available_from")),
                         (offer_frame, ("start_date", "expiry_date"))):  # fmt: skip
        for name in names:
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    for name in ("level", "capacity"):
        offer_frame[name] = offer_frame[name].astype(tables.offers[name].dtype)
    text_columns = {"status": "str", "kind": "str", "contract_type": "str", "trade_codes": "str",
                    "region_code": "str", "levels_read": "str"}  # fmt: skip
    return replace(tables, youths=youths, wishes=wishes, offers=offer_frame.astype(text_columns))


def _codes(rng, n, *, none):
    cells = []
    for draw in rng.random(n):
        k = 0 if draw < none else int(rng.choice([1, 1, 1, 2, 3]))
        cells.append("|".join(sorted(rng.choice(CODES, k, replace=False))))
    return text(cells)
