"""A small world whose lists are legal in every line, for tests that break one rule at a time."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from matchmaker import Settings
from matchmaker.reference.trades import trade_names
from matchmaker.verify import Clean, faults_of_lists

AS_OF = dt.date(2023, 9, 15)
HOME = (48.1173, -1.6778)
NAMES = trade_names(Settings())
KM_A_DEGREE = math.pi * 6371.0088 / 180  # north from home

# Baker D1102; D1104 and D1106 are near it by their titles; F1603 is of another sector.
NEAR = {("D1102", "D1104"): 3_967}  # nearness of the codes of LINES; 10,000 where they are equal
# youth, birth, wishes (rank, codes, level, region), facts that are not the usual ones
YOUTHS = {
    "Y1": {"birth_date": "2005-03-01"},
    "Y2": {"birth_date": "2004-06-30", "is_mobile": True},
    "Y3": {"birth_date": "2006-01-10"},
}
WISHES = [
    ("Y1", 1, "D1102", 3, "53"),
    ("Y1", 2, "F1603|F1602", 0, ""),
    ("Y2", 1, "D1102", 0, "53"),
    ("Y3", 0, "D1104", 4, "53"),
    ("Y3", 0, "F1603", 0, "11"),
]
# offer, codes, kind, km north of home, facts that are not the usual ones
OFFERS = {
    "O1": ("D1102", "offer", 5, {"level": 3, "start_date": "2023-10-02", "capacity": 2}),
    "O2": ("D1104|D1106", "offer", 12, {"contract_type": "professionnalisation"}),
    "O3": ("F1603", "spontaneous", 3, {"siret": "12345678900011"}),
    "O4": ("F1603", "spontaneous", 3, {"employer": "Durand", "region_code": ""}),
    "O5": ("D1102", "offer", 45, {"expiry_date": "2023-12-01", "region_code": "28"}),
    "O6": ("D1102", "training", 8, {"contract_type": ""}),
}
# youth, offer, rank and code of the wish, code of the trade, rung, score, in_region; the first
# pair of each is assigned
LINES = [
    ("Y1", "O1", 1, "D1102", "D1102", 1, 900_000, True),
    ("Y1", "O3", 2, "F1603", "F1603", 3, 800_000, True),
    ("Y1", "O2", 1, "D1102", "D1104", 2, 600_000, True),
    ("Y2", "O1", 1, "D1102", "D1102", 1, 850_000, True),
    ("Y2", "O5", 1, "D1102", "D1102", 5, 600_000, False),
    ("Y2", "O6", 1, "D1102", "D1102", 6, 500_000, True),
    ("Y3", "O2", 0, "D1104", "D1104", 1, 750_000, True),
    ("Y3", "O4", 0, "F1603", "F1603", 3, 650_000, False),
]
SENT = [("Y1", "O6"), ("Y9", "O1")]  # who has left counts for the exposure too


@dataclass(frozen=True, kw_only=True)
class World:
    """Lists, and all that they are held against."""

    lists: pd.DataFrame
    assignment: pd.DataFrame
    clean: Clean
    settings: Settings

    def faults(self):
        """Return how many rows break each rule."""
        return faults_of_lists(self.lists, self.assignment, self.clean, self.settings).by_rule

    def but(self, table, row=None, **cells):
        """Return the world with some cells changed: of one row (its id or number), or of all.

        Lines go on telling the level of their offer, and naming their trade.
        """
        frame = getattr(self, table, None)
        frame = (getattr(self.clean, table) if frame is None else frame).copy()
        rows = slice(None) if row is None else row
        if isinstance(row, str):
            rows = frame.index[frame.iloc[:, 0] == row]
        for column, value in cells.items():
            is_date = str(frame[column].dtype).startswith("datetime")
            frame.loc[rows, column] = pd.Timestamp(value) if is_date else value
        if table == "lists" and "trade_code" in cells:
            name = NAMES[cells["trade_code"]]
            frame.loc[rows, ["title", "reason"]] = [name, f"{name} : c'est votre vœu."]
        if table == "offers" and "level" in cells:
            level = self.lists["offer_id"].map(frame.set_index("offer_id")["level"])
            return self.having(offers=frame, lists=self.lists.assign(offer_level=level))
        return self.having(**{table: frame})

    def having(self, **changed):
        """Return the world with whole tables, or settings, in the place of its own."""
        own = {name: changed.pop(name) for name in ("lists", "assignment") if name in changed}
        fields = ("youths", "wishes", "offers", "sent", "as_of")
        of_clean = {name: changed.pop(name) for name in fields if name in changed}
        settings = replace(self.settings, **changed)
        return replace(self, **own, clean=replace(self.clean, **of_clean), settings=settings)


def text(frame, *columns):
    return frame.astype(dict.fromkeys(columns, "str"))


def dates(frame, *columns):
    return frame.assign(**{c: pd.to_datetime(frame[c]).astype("datetime64[s]") for c in columns})


@cache
def legal_world() -> World:
    """Return the world; `World.faults` finds nothing in it."""
    youths = pd.DataFrame(
        {
            "youth_id": one, "birth_date": None, "birth_is_year": False, "has_rqth": False,
            "latitude": HOME[0], "longitude": HOME[1], "level": 3, "region_code": "53",
            "departement": "35",
            "max_distance_km": 30.9, "reach_is_assumed": False, "is_mobile": False, "available_from": None,
            "opt_out": False, "status": "seeking", "source": "",
        } | facts
        for one, facts in YOUTHS.items()
    )  # fmt: skip
    wishes = pd.DataFrame(
        WISHES, columns=["youth_id", "rank", "trade_codes", "level", "region_code"]
    )
    offers = pd.DataFrame(
        {
            "offer_id": one, "trade_codes": codes, "kind": kind,
            "latitude": HOME[0] + km / KM_A_DEGREE, "longitude": HOME[1], "level": 0,
            "region_code": "53", "departement": "35", "start_date": None, "expiry_date": None, "flags": "",
            "contract_type": "apprentissage", "capacity": 1, "status": "open",
            "employer": f"Maison {one}", "siret": "", "commune_code": "35238",
        } | facts
        for one, (codes, kind, km, facts) in OFFERS.items()
    )  # fmt: skip
    youths = text(
        dates(youths, "birth_date", "available_from"),
        "youth_id",
        "region_code",
        "departement",
        "status",
        "source",
    )
    wishes = text(wishes, "youth_id", "trade_codes", "region_code")
    offers = text(
        dates(offers, "start_date", "expiry_date"), "offer_id", "trade_codes", "kind", "siret",
        "region_code", "departement", "flags", "contract_type", "status", "employer", "commune_code",
    )  # fmt: skip
    settings = Settings(
        lines_per_youth=3, lists_per_seat=2, lists_per_firm=1, lines_per_employer=2,
        other_sector_lines=0, weights={"trade": 50, "distance": 50},
    )  # fmt: skip
    lines = pd.DataFrame(
        LINES,
        columns=[
            "youth_id",
            "offer_id",
            "wish_rank",
            "wish_code",
            "trade_code",
            "rung",
            "score",
            "in_region",
        ],
    )
    of = offers.set_index("offer_id").loc[lines["offer_id"]]
    cost = np.array(settings.rung_costs)[lines["rung"] - 1]
    sent = pd.DataFrame(SENT, columns=["youth_id", "offer_id"]).astype("str")
    codes = zip(lines["wish_code"], lines["trade_code"], strict=True)
    trade = np.array([50 * NEAR.get(pair, 10_000) for pair in codes])
    shown = pd.concat([lines["offer_id"], sent["offer_id"]]).value_counts()
    lists = lines.assign(
        rank=lines.groupby("youth_id").cumcount() + 1,
        points_trade=trade,
        points_distance=lines["score"] + cost - trade,
        cost_rung=cost,
        cost_later=0,
        cost_doubt=0,
        youth_level=[3, 3, 3, 3, 3, 3, 4, 3],
        offer_level=of["level"].to_numpy(),
        doubt="none",
        title=[NAMES[code] for code in lines["trade_code"]],
        reason=[f"{NAMES[code]} : c'est votre vœu." for code in lines["trade_code"]],
        distance_km=[float(OFFERS[offer][2]) for offer in lines["offer_id"]],
        kind=pd.Categorical(of["kind"]),
        seats=of["capacity"].to_numpy(),
        lists_of_offer=shown.loc[lines["offer_id"]].to_numpy(),
    )
    first = lists[lists["rank"] == 1]
    return World(
        lists=text(
            lists, "youth_id", "offer_id", "wish_code", "trade_code", "doubt", "title", "reason"
        ),
        assignment=text(
            first[["youth_id", "offer_id"]].reset_index(drop=True), "youth_id", "offer_id"
        ),
        clean=Clean(youths=youths, wishes=wishes, offers=offers, sent=sent, as_of=AS_OF),
        settings=settings,
    )
