"""A made-up result that looks like a real one, for tests of what stands outside."""

import datetime as dt

import numpy as np
import pandas as pd

from matchmaker.audit import summarise, table_figures
from matchmaker.reference.nearness import between
from matchmaker.routes.follow_up import follow_up as followed_up
from matchmaker.routes.follow_up import with_referents
from matchmaker.runs.artifacts import RunTables
from matchmaker.runs.identity import content_of
from matchmaker.runs.manifest import build_manifest
from matchmaker.runs.match_result import MatchResult
from matchmaker.settings import Settings
from matchmaker.tables.sent import no_sent
from matchmaker.words import table
from tests.worlds import clean_tables

AS_OF = dt.date(2023, 9, 15)
CRITERIA = ("trade", "region", "wish_rank", "level", "distance", "start")
DEPARTEMENTS = np.array(["35", "22", "29", "56", "75", "93", "77", "973", "2A", "34", ""])
DEMAND = np.array([0.2, 0.1, 0.1, 0.06, 0.12, 0.14, 0.1, 0.09, 0.03, 0.05, 0.01])
TITLES = np.array(["Boulanger H/F", "Apprenti mécanicien auto", "=cmd|' /C calc'!A0", "Coiffeuse"])
REASONS = ("no_wish", "out_of_reach", "all_full", "opted_out", "placed")
SENTENCES = (
    "N'a formulé aucun vœu.",
    "Des offres ou des employeurs existent dans ses métiers, mais au-delà de la distance acceptée.",
    "Des offres ou des employeurs conviennent, mais tous figurent déjà dans assez de listes.",
    "A demandé à ne plus être contacté.",
    "A déjà trouvé une solution.",
)


ORDER = {
    "lists": 160,
    "first_line_changed": 12,
    "mean_first_score": 841_000,
    "mean_first_score_by_worth": 845_000,
}
VARIETY = {
    "min_lines": 6,
    "lines_per_employer": 3,
    "youths": 70,
    "share": 0.3804,
    "others_could": 30,
    "others_could_not": 84,
}
CAPS = {
    "lists_per_seat": 10,
    "lists_per_firm": 5,
    "slots": 2050,
    "slots_of_other_trades": 50,
    "servable": 183,
    "lines_per_youth_allowed": 10.93,
    "min_lines": 6,
    "below_min_lines_whatever_the_caps": 31,
    "smallest": {"lists_per_seat": 17, "lists_per_firm": 9, "is_proved": True},
}


class FakeReferents:
    role, name, sha256, rows, notes = "referents", "referents.csv", "cd" * 32, 1, ()
    sheets = ()


class FakeFile:
    role, name, sha256, rows, notes = "youths", "youths.csv", "ab" * 32, 7, ("cp1252", "';'")
    sheets = ()


def fake_tables(n_youths=200, n_offers=300, seed=0):
    rng = np.random.default_rng(seed)
    departement = rng.choice(DEPARTEMENTS, n_youths, p=DEMAND)
    youths = pd.DataFrame(
        {
            "youth_id": [f"Y{i:05d}" for i in range(n_youths)],
            "departement": pd.array(departement, dtype="str"),
            "commune_code": pd.array(np.char.add(departement, "001"), dtype="str"),
            "region_code": "",
            "status": rng.choice(
                ["seeking", "placed", "withdrawn"], n_youths, p=[0.94, 0.04, 0.02]
            ),
            "opt_out": rng.random(n_youths) < 0.03,
            "source": "synthetic",
        }
    )
    kind = rng.choice(["offer", "spontaneous"], n_offers, p=[0.1, 0.9])
    offers = pd.DataFrame(
        {
            "offer_id": [f"O{i:05d}" for i in range(n_offers)],
            "title": rng.choice(TITLES, n_offers),
            "kind": kind,
            "departement": rng.choice(DEPARTEMENTS, n_offers),
            "region_code": "53",
            "commune_code": "35238",
            "place_name": "Rennes",
            "latitude": 48.1,
            "longitude": -1.7,
            "trade_codes": "D1102",
            "capacity": rng.choice([0, 1, 1, 1, 3], n_offers).astype(np.int32),
            "status": rng.choice(["open", "filled"], n_offers, p=[0.95, 0.05]),
            "expiry_date": pd.to_datetime(rng.choice(["2023-09-16", "2023-12-01", None], n_offers)),
            "contract_type": rng.choice(["", "apprentissage"], n_offers),
            "flags": rng.choice(["", "school", "nameless"], n_offers, p=[0.96, 0.02, 0.02]),
            "employer": rng.choice(
                [f"Garage n° {i}" for i in range(n_offers // 2)] + [""], n_offers
            ),
            "siret": rng.choice(["", "12345678901234"], n_offers),
            "naf_code": ["10.71C", "10.71G", ""][:n_offers] + [""] * max(n_offers - 3, 0),
            "url": "https://example.org/o",
            "source": "synthetic",
        }
    ).astype({"expiry_date": "datetime64[s]"})
    return youths, offers


def takes_part(offers):
    is_open = offers["status"].eq("open") & offers["capacity"].gt(0)
    return is_open & offers["expiry_date"].ne("2023-09-16")


def fake_lists(youths, offers, seed=0, settings=None):
    """Lists that keep to the caps, best line first: offers with the most room left are shown."""
    settings = settings or Settings()
    rng = np.random.default_rng(seed)
    seeks = (youths["status"].eq("seeking") & ~youths["opt_out"]).to_numpy()
    is_open = takes_part(offers) & offers["flags"].ne("school")
    room = np.where(is_open, caps(offers, settings), 0)
    shown = []
    for wanted in np.where(seeks, rng.integers(0, 14, len(youths)), 0):
        best = np.argsort(-room, kind="stable")[: min(wanted, settings.lines_per_youth)]
        shown.append(best[room[best] > 0])
        room[shown[-1]] -= 1
    youth = np.repeat(np.arange(len(youths)), [len(s) for s in shown])
    offer, n = np.concatenate(shown), len(youth)
    points = rng.integers(0, 150_000, (n, len(CRITERIA))).astype(np.int32)
    score = (points.sum(axis=1) - 1000).astype(np.int32)
    order = np.lexsort((-score, youth))
    points, score = points[order], score[order]
    is_firm = offers["kind"].eq("spontaneous").to_numpy()[offer]
    offer = offer[np.lexsort((is_firm, youth))]  # published offers come first
    of = offers.iloc[offer].reset_index(drop=True)
    return pd.DataFrame(
        {
            "youth_id": youths["youth_id"].to_numpy()[youth],
            "rank": (pd.Series(youth).groupby(youth).cumcount() + 1).astype(np.int16),
            "offer_id": of["offer_id"],
            "score": score,
            **{f"points_{name}": column for name, column in zip(CRITERIA, points.T, strict=True)},
            "cost_rung": np.int32(1000),
            "cost_later": np.int32(0),
            "cost_doubt": np.int32(0),
            "distance_km": np.where(rng.random(n) < 0.03, np.nan, rng.gamma(2.0, 7.0, n)),
            "distance_is_approximate": rng.random(n) < 0.5,
            "in_region": rng.random(n) < 0.93,
            "rung": rng.choice([1, 2, 3, 4, 5], n, p=[0.1, 0.05, 0.6, 0.23, 0.02]).astype(np.int8),
            "wish_rank": rng.choice([0, 1, 2, 3, 4], n, p=[0.1, 0.5, 0.2, 0.1, 0.1]).astype(
                np.int16
            ),
            "wish_code": "D1102",
            "trade_code": "D1102",
            "youth_level": np.int8(3),
            "offer_level": np.int8(0),
            "doubt": "none",
            "kind": of["kind"],
            "lists_of_offer": of["offer_id"].map(of["offer_id"].value_counts()).astype(np.int32),
            "seats": of["capacity"],
            "reason": "Boulanger ou boulangère : c'est votre premier vœu. Ce poste se trouve à environ 7 km de chez vous.",
            "title": of["title"],
            "employer": of["employer"],
            "place": of["place_name"],
            "departement": of["departement"],
            "url": of["url"],
        }
    )


def caps(offers, settings):
    """In how many lists each offer may stand."""
    return np.where(
        offers["kind"] == "spontaneous",
        settings.lists_per_firm,
        offers["capacity"] * settings.lists_per_seat,
    )


def fake_orphans(lists: pd.DataFrame, offers: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    """Published offers in no list, said to be too far from everybody; and the figures of them."""
    to_show = offers[takes_part(offers) & (offers["kind"] == "offer")]
    unshown = to_show[~to_show["offer_id"].isin(lists["offer_id"])]
    told = unshown[["offer_id", "title", "employer", "departement"]].assign(
        place=unshown["place_name"], seats=unshown["capacity"], youths=0, reason_code="place",
        reason="Too far.",
    )  # fmt: skip
    shown = len(to_show) - len(told)
    figures = {
        "offers": len(to_show), "with_a_youth": shown, "for_nobody": len(told), "shown": shown,
        "orphans": 0, "is_most_shown": False, "cost_at_most": 0, "cost_share_at_most": 0.0,
        "reasons": {"place": len(told)} if len(told) else {},
    }  # fmt: skip
    return told.reset_index(drop=True), figures


def fake_proofs(lists, assignment, offers, settings, n_youths):
    """A certificate that holds, with a gap of 0.035 %, and what the summary says of it."""
    price = 1000
    capacity = pd.Series(np.minimum(caps(offers, settings), n_youths), offers["offer_id"])
    seats = offers.set_index("offer_id")["capacity"]
    keys = ["youth_id", "offer_id"]
    is_first = pd.MultiIndex.from_frame(lists[keys]).isin(
        pd.MultiIndex.from_frame(assignment[keys])
    )
    problems = {
        "lists": (lists[~is_first], lists[is_first], capacity, settings.lines_per_youth),
        "assignment": (lists[is_first], lists[:0], np.minimum(seats, capacity), 1),
    }
    frames, proofs = [], {}
    for name, (lines, others, most, k) in problems.items():
        priced = np.unique(lines["offer_id"])[::3]
        left = most[priced] - others["offer_id"].value_counts().reindex(priced, fill_value=0)
        net = lines["score"] - price * lines["offer_id"].isin(priced)
        own = net.clip(lower=0).groupby(lines["youth_id"]).sum().astype(np.int64)
        bonus = np.arange(len(own), dtype=np.int64) % 2 * 5000
        score = int(lines["score"].sum())
        bound = score + score * 35 // 100_000
        # What the rows add up to beyond that bound is taken from nobody: it goes to one youth.
        own.iloc[0] += bound - int(own.sum()) - price * int(left.sum())
        line = pd.Series("", own.index, dtype="str")
        if name == "assignment":
            line = lines.set_index("youth_id")["offer_id"].reindex(own.index)
        used = others["youth_id"].value_counts().reindex(own.index, fill_value=0)
        units = left.to_numpy(np.int64)
        frames += [
            pd.DataFrame({
                "proof": name, "side": "offer", "id": priced, "capacity": units,
                "price": price, "bonus": 0, "bound": units * price, "line": "",
            }),
            pd.DataFrame({
                "proof": name, "side": "youth", "id": own.index.to_numpy(),
                "capacity": k - used.to_numpy(), "price": 0, "bonus": bonus,
                "bound": own.to_numpy() + bonus, "line": line.to_numpy(),
            }),
        ]  # fmt: skip
        proofs[name] = {
            "objective": "most youths served, then the largest sum of plain scores",
            "constraints": "lists under exposure caps",
            "over": "all eligible pairs",
            "youths_servable": n_youths,
            "youths_served": int(pd.concat([lines, others])["youth_id"].nunique()),
            "is_most_served": name == "lists",
            "score": score,
            "costs": 0,
            "score_bound": bound,
            "gap": round((bound - score) / score, 8),
            "youths_rechecked": n_youths,
            "rounds": 3,
            "pairs_in_last_problem": 91_234,
        }
    return pd.concat(frames, ignore_index=True).astype({"capacity": "int32"}), proofs


def fake_result(n_youths=200, n_offers=300, seed=0, settings=None, synthetic=True):
    settings = settings or Settings()
    youths, offers = fake_tables(n_youths, n_offers, seed)
    if not synthetic:
        youths["source"] = offers["source"] = ""
    lists = fake_lists(youths, offers, seed, settings)
    left = youths[~youths["youth_id"].isin(lists["youth_id"])].reset_index(drop=True)
    state = left["status"].where(~left["opt_out"], "opted_out")
    code = np.where(state == "seeking", np.array(REASONS)[np.arange(len(left)) % 3], state)
    said = dict(zip(REASONS, SENTENCES, strict=True)) | {
        name: table(settings.lang, "unserved")[name]
        for name in ("opted_out", "placed", "withdrawn")
    }
    why = pd.DataFrame(
        {
            "youth_id": left["youth_id"],
            "reason_code": code,
            "reason": [said[name] for name in code],
            "departement": left["departement"],
        }
    ).astype("str")
    few = pd.DataFrame(
        {
            "youth_id": youths["youth_id"],
            "reason_code": "few_in_trades",
            "reason": "Peu d'offres à portée.",
        }
    )
    few = few[few["youth_id"].isin(lists["youth_id"])]
    referents = pd.DataFrame(
        {
            "departement": "",
            "commune_code": "",
            "region_code": "",
            "referent_name": ["ML Rennes"],
            "referent_contact": "+33 2 99 00 00 00",
            "capacity": 1000,
        }
    )
    follow_up = followed_up(lists, why, few, youths, referents, settings)
    unserved = with_referents(why, follow_up)
    first = lists.drop_duplicates("youth_id")
    has_seat = first.groupby("offer_id").cumcount() < first["seats"]
    assignment = first.loc[has_seat, ["youth_id", "offer_id", "score"]].assign(
        rank_in_list=np.int16(1)
    )
    certificate, proofs = fake_proofs(lists, assignment, offers, settings, n_youths)
    orphans, published = fake_orphans(lists, offers)
    rejects = pd.DataFrame(
        {
            "table": ["wishes"],
            "file": ["wishes.csv"],
            "line": [14],
            "column": ["region_code"],
            "value": ["-Bretange"],
            "reason": ["unknown_region"],
            "message": ["is not a region"],
            "hint": ["Did you mean 'Bretagne'?"],
        }
    )
    quality = pd.DataFrame(
        {
            "table": ["wishes", "youths", "offers", "offers"],
            "kind": ["rejected", "repair", "default", "flag"],
            "reason": ["unknown_region", "leading_zero", "level_unknown", "nameless"],
            "column": ["region_code", "postal_code", "level", "employer"],
            "count": [1, 12, 1402, 31],
            "example_line": [14, 3, 2, 77],
        }
    )
    counted = table_figures(
        lists,
        assignment,
        unserved,
        follow_up,
        clean_tables(youths, offers),
        is_open=takes_part(offers).to_numpy(),
        settings=settings,
    )
    summary = summarise(
        counted,
        {
            "proofs": proofs,
            "order": ORDER,
            "variety": VARIETY,
            "caps": CAPS,
            "published": published,
        },
        as_of=AS_OF,
        is_synthetic=synthetic,
        lang=settings.lang,
    )
    manifest = build_manifest(
        [FakeFile(), FakeReferents()],
        identity=content_of(
            as_of=AS_OF,
            inputs=[(file.role, file.sha256) for file in (FakeFile, FakeReferents)],
            reference=(),
            settings=settings,
            asked={"assignment": True, "ignore_sent": False},
        ),
        asked={"assignment": True, "ignore_sent": False},
        reference=(),
        settings=settings,
        as_of=AS_OF,
        counts={"youths": n_youths, "lines": len(lists)},
        is_synthetic=synthetic,
        handed_in={},
    )
    return MatchResult(
        lists=lists,
        assignment=assignment,
        certificate=certificate,
        unserved=unserved,
        follow_up=follow_up,
        orphans=orphans,
        rejects=rejects,
        notes=pd.DataFrame({"verdict": pd.Series([], dtype="str")}),
        quality=quality,
        pooled=pd.DataFrame({"offer_id": pd.Series([], dtype="str")}),
        flagged=pd.DataFrame({"offer_id": pd.Series([], dtype="str")}),
        contacts=pd.DataFrame({"youth_id": pd.Series([], dtype="str")}),
        kept=RunTables(
            youths=youths,
            wishes=clean_tables(youths, offers).wishes,
            offers=offers,
            sent=no_sent(),
            nearness=between(pd.Series(["D1102"]), pd.Series(["D1102"]), settings),
            referents=referents,
        ),
        summary=summary,
        manifest=manifest,
        timings={"read": 0.5},
        as_of=AS_OF,
        settings=settings,
    )
