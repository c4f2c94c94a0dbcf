"""211 lines over every branch of the sentences, and the files that hold what is said of them.

    python -m tests.explain.sentences    # write the files again, then read what has changed

Each line has a youth and an offer of its own.  Every value of every factor occurs, and the
draws are seeded: the same code, the same files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.candidates.breakdown import ScoredLines, score_lines
from matchmaker.candidates.market import build_market
from matchmaker.explain.employers import employer_names
from matchmaker.explain.reasons import reasons
from matchmaker.explain.titles import line_titles
from matchmaker.reference.free_words import WORD, as_meant
from matchmaker.reference.nearness import nearness
from matchmaker.reference.trade_neighbours import NEIGHBOURS
from matchmaker.reference.trades import trade_table
from matchmaker.reference.wish_labels import NAMED_DIPLOMA, resolve_wish_labels
from matchmaker.scoring.total import scoring_of
from matchmaker.settings import Settings
from matchmaker.tables import Tables
from matchmaker.words import Lang
from tests.worlds import AS_OF, clean_tables, random_tables

GOLDEN = Path(__file__).with_name("golden")
DRAWN = 200
# Behind the drawn lines: offers that name the diploma of the wish, as it is written in the wish.
NAMED = (
    ("BTS Management commercial opérationnel", ""),
    (
        "BTS Management commercial opérationnel",
        "BTS - Services - Management commercial opérationnel",
    ),
    ("BTS Management commercial opérationnel", "BTS MCO"),
    ("Bac pro Pilote de ligne de production", "MET.PILOTAGE MAINT.INSTAL.AUTOMAT. 2NDE COMMUNE"),
    ("CAP Boulanger", "BOULANGER"),
    ("CAP Équipier polyvalent du commerce", "EQUIPIER POLYVALENT DU COMMERCE"),
    ("BUT Métiers du multimédia et de l'internet", "BUT - Métiers du multimédia et de l'internet"),
    ("CAPA Maréchal-ferrant", "CAP agricole Maréchal-ferrant"),
)
# And offers of which the department or the region alone is known.
SOMEWHERE = ({"departement": "35"}, {"departement": "29"}, {"departement": ""})
CASES = DRAWN + len(NAMED) + len(SOMEWHERE)
KM_A_DEGREE = 111.195
SEED = 14

KINDS = ("offer", "spontaneous", "offer", "spontaneous", "training", "school", "job")
# As youths write: a diploma, a slip, another word, capitals, the trade itself.
WRITTEN = (
    "BTS Tourisme", "coiffeur mixte", "CAP Équipier polyvalent du commerce", "mecanicien auto",
    "BTS Négociation et digitalisation de la relation client", "MACON", "développeur web",
    "Bac pro Métiers de l'accueil", "Cuisinier / Cuisinière", "aide soignant", "esthéticienne",
    "electricien batiment",
)  # fmt: skip
# Codes whose labels are long, short, with abbreviations, of one gender, with a vowel first.
WISHED = (
    "D1102", "A1203", "F1602", "I1604", "D1202", "M1203", "M1805", "J1501", "N4101", "G1602",
    "F1703", "D1106", "K1304", "M1607", "H2102", "M1502", "B1302", "I1309", "C1504", "G1703",
)  # fmt: skip
NEARNESS = ("same", "same", "written", "meaning", "family", "near", "near", "sector")
# Rank of the wish, and how many others the youth has.
RANKS = ((1, 3), (2, 3), (0, 2), (1, 0), (0, 0), (3, 5), (10, 11), (12, 14), (5, 5))
# Where: (km, home is a centre, place is a centre, communes).
PLACES = {
    "own commune": (0.0, True, True, "own"),
    "own commune, exact": (4.2, False, False, "own"),
    "own commune, large": (8.3, True, True, "own"),
    "next door": (0.4, False, False, "two"),
    "exact": (12.2, False, False, "two"),
    "from a centre": (15.6, True, False, "two"),
    "to a centre": (21.0, False, True, "two"),
    "centres, none apart": (0.0, True, True, "two"),
    "centres, near": (6.0, True, True, "two"),
    "centres": (14.2, True, True, "two"),
    "centres, far": (29.2, True, True, "two"),
    "somewhere": (9.0, True, False, "none"),
    "beyond": (45.0, False, False, "two"),
    "centres, beyond": (41.0, True, True, "two"),
}
TOWNS = (("35238", "Rennes"), ("72181", "Le Mans"), ("91692", "Les Ulis"), ("29232", "Quimper"))
STARTS = ("", "", "2023-09-01", "2023-10-02", "2023-11-01", "2024-01-08")
LEVELS = (0, 0, 3, 4, 5, 6, 7, 8)
# What title and text of a notice say that gives no level, or no start.
LEVELS_READ = ("", "4|5", "5|6|7", "3", "3|5")
STARTS_READ = (
    ("", None), ("month", "2023-10-01"), ("at_once", None), ("day", "2023-11-06"),
    ("month", "2024-01-01"), ("month", "2023-09-01"),
)  # fmt: skip
EMPLOYERS = (
    {"employer": "Fournil du Port"},  # a firm is called otherwise: it has published nothing
    {"employer": ""},
    {"employer": "", "delegated_by": "CFA de l'Ouest"},
)


def _trade_pairs() -> dict[str, list[tuple[str, str]]]:
    """Return (wished, held) codes by what the one is to the other."""
    codes = tuple(sorted(trade_table(Settings())["code"]))
    near = nearness(codes, Settings(sector_trades=True))
    found: dict[str, list[tuple[str, str]]] = {"family": [], "near": [], "sector": []}
    for code in WISHED:
        row = codes.index(code)
        here = slice(near.indptr[row], near.indptr[row + 1])
        for other, step in zip(near.code[here], near.step[here], strict=True):
            if step:
                found[("family", "near", "sector")[step - 1]].append((code, codes[other]))
    return found


def world() -> Tables:
    """Return the tables: row i of youths and row i of offers make line i."""
    draw, pairs = random.Random(SEED), _trade_pairs()
    codes = as_meant(resolve_wish_labels(pd.Series(WRITTEN, dtype="str"), Settings()))
    youths, wishes, offers = [], [], []
    names = list(PLACES)
    for i in range(CASES):
        place = PLACES[names[i % len(names)]]
        kind, how = KINDS[i % len(KINDS)], NEARNESS[draw.randrange(len(NEARNESS))]
        if place[0] > 30:  # beyond reach: offers on the wished trade alone
            kind, how = "offer", "same"
        text = diploma = ""
        if DRAWN <= i < DRAWN + len(NAMED):
            kind, (diploma, text) = "offer", NAMED[i - DRAWN]
            wished, held = "", "D1102"
        elif how in {"written", "meaning"}:
            at = draw.randrange(len(WRITTEN))
            text, wished = WRITTEN[at], codes[at]
            held = wished.split("|")[-1 if how == "meaning" else 0].removeprefix(WORD)
        elif how == "same":
            wished = held = draw.choice(WISHED)
        else:
            wished, held = draw.choice(pairs[how])
        youths.append(_youth(i, place, draw))
        wishes += _wishes(i, wished, text, diploma, draw)
        offer = {**_offer(i, kind, held, place, draw), "diplomas": diploma, "departement": "35"}
        if i >= DRAWN + len(NAMED):
            nowhere = {
                "latitude": np.nan,
                "longitude": np.nan,
                "commune_code": "",
                "place_name": "",
            }
            offer |= {**nowhere, "region_code": "53", **SOMEWHERE[i - DRAWN - len(NAMED)]}
        offers.append(offer)
    return _tables(youths, wishes, offers)


def _youth(i: int, place: tuple[float, bool, bool, str], draw: random.Random) -> dict[str, Any]:
    km, is_centre, _, communes = place
    return {
        "youth_id": f"Y{i:04d}", "latitude": 48.0, "longitude": -1.7, "max_distance_km": 30.0,
        "is_mobile": km > 30, "is_approximate": is_centre, "region_code": "53",
        "commune_code": "" if communes == "none" else TOWNS[i % len(TOWNS)][0],
        "departement": "35", "wishes_rejected": int(draw.random() < 0.1), "level": 0,
    }  # fmt: skip


def _how(text: str) -> str:
    if not text:
        return "code"
    return NAMED_DIPLOMA if text.startswith(("BTS", "CAP", "Bac pro")) else "label"


def _wishes(
    i: int, code: str, text: str, diploma: str, draw: random.Random
) -> Iterator[dict[str, Any]]:
    rank, others = RANKS[draw.randrange(len(RANKS))]
    for position in range(others + 1):
        is_it = position == max(rank - 1, 0)
        yield {
            "youth_id": f"Y{i:04d}", "wish_id": position, "rank": position + 1 if rank else 0,
            "trade_codes": code if is_it else "", "trade_label": text if is_it else "", "level": 0,
            "trade_how": _how(text), "region_code": "", "diplomas": diploma if is_it else "",
        }  # fmt: skip


def _offer(
    i: int, kind: str, code: str, place: tuple[float, bool, bool, str], draw: random.Random
) -> dict[str, Any]:
    km, _, is_centre, communes = place
    commune, name = TOWNS[(i if communes == "own" else i + 1 + i // 50 % 3) % len(TOWNS)]
    is_firm = kind == "spontaneous"
    start = STARTS[draw.randrange(len(STARTS))] if not is_firm or i % 5 == 0 else ""
    level = LEVELS[draw.randrange(len(LEVELS))] if not is_firm or i % 3 == 0 else 0
    start_how, start_read = STARTS_READ[0 if is_firm or start else i % len(STARTS_READ)]
    return {
        "levels_read": LEVELS_READ[0 if is_firm or level else i % len(LEVELS_READ)],
        "start_how": start_how, "start_read": start_read,
        "offer_id": f"O{i:04d}", "kind": kind, "trade_codes": code, "title": "Alternance (H/F)",
        "latitude": 48.0 + km / KM_A_DEGREE, "longitude": -1.7, "is_approximate": is_centre,
        "commune_code": "" if communes == "none" else commune, "place_name": name,
        "region_code": "52" if i % 9 == 4 and communes != "own" else "53",
        "level": level, "start_date": start or None, "capacity": 1, "status": "open",
        "contract_type": "professionnalisation" if i % 4 == 3 and kind in {"offer", "spontaneous"} else "",
        # One firm in ten has an offer as well: that of the line before it.
        "siret": f"732829320000{i // 10:02d}" if i % 10 in {4, 5} else "",
        "delegated_by": "", "flags": "", "expiry_date": None,
        "trade_how": NEIGHBOURS if kind == "offer" and i % 11 == 3 else "code",
        **EMPLOYERS[draw.randrange(2 if is_firm else 3)],
        **({"employer": "Garage Atlantis"} if is_firm and i % 3 else {}),
    }  # fmt: skip


def _tables(
    youths: list[dict[str, Any]], wishes: list[dict[str, Any]], offers: list[dict[str, Any]]
) -> Tables:
    blank = random_tables(np.random.default_rng(0), CASES, CASES)

    def typed(frame: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
        given = pd.DataFrame(rows)
        model = frame.iloc[np.zeros(len(given), dtype=int)].reset_index(drop=True)
        whole = model.assign(**{name: given[name] for name in given})
        return whole.astype(frame.dtypes.to_dict())

    at_home = {
        "opt_out": False, "status": "seeking", "has_rqth": False, "birth_is_year": False,
        "birth_date": np.datetime64("2003-01-01"), "available_from": np.datetime64("NaT"),
    }  # fmt: skip
    notices = typed(blank.offers, offers)
    notices["start_read"] = pd.to_datetime(notices["start_read"]).astype("datetime64[s]")
    made = clean_tables(
        typed(blank.youths, youths).assign(**at_home).astype(blank.youths.dtypes.to_dict()),
        notices,
        wishes=typed(blank.wishes, wishes),
    )
    return replace(made, kinds=blank.kinds)


def sentences(lang: Lang) -> list[str]:
    """Return what is said of each line: what it is, its title, its employer, its reason."""
    settings = Settings(lang=lang, max_late_start_days=400, sector_trades=True)
    market = build_market(world(), settings, as_of=AS_OF)
    scoring = scoring_of(market, settings)
    rows = np.arange(CASES, dtype=np.int32)
    lines: ScoredLines = score_lines(market, scoring.tables, rows, rows)
    shown = zip(
        market.offers["kind"],
        np.asarray(line_titles(lines, market, settings), dtype=object),
        employer_names(market.offers, lang),
        reasons(lines, market, settings, scoring),
        strict=True,
    )
    return [" | ".join(parts) for parts in shown]


def main() -> None:
    """Write the files."""
    GOLDEN.mkdir(exist_ok=True)
    for lang in ("fr", "en"):
        text = "\n".join(sentences(lang)) + "\n"
        (GOLDEN / f"sentences.{lang}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
