"""Figures of the trade resolver, on the open data beside the repository.

    python -m benchmarks.trades            # all of it, about two minutes
    python -m benchmarks.trades esco melo  # some of it

``esco``         ESCO titles with official codes (gold: ROME 3 parents), full and embedded tables
``abstention``   what other thresholds answer, on ESCO titles, offers and wishes
``heldout``      official titles taken out of the index, then dirtied
``melo``         Belgian titles to ESCO labels (MELO), without neural weights
``speed``        12,000 distinct titles against the full table, one title, 500,000 places
``calibration``  the logistic curve of the confidence, fitted on titles taken out
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from benchmarks.measure import machine
from benchmarks.melo import melo
from matchmaker.audit.evaluate import evaluate_trades, share
from matchmaker.reference.places import communes, resolve_places
from matchmaker.reference.rome import rome
from matchmaker.reference.trade_index import ONE, Found, find
from matchmaker.reference.trade_resolver import Resolver, build_resolver, rank_titles, resolver_of
from matchmaker.reference.trade_text import read_title
from matchmaker.reference.trades import rank_trades, resolve_trades
from matchmaker.settings import Settings

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
TOP = 12


def settings_of(folder: Path, *files: str) -> Settings:
    """Settings whose nomenclature is that of these files alone."""
    folder.mkdir()
    for name in files:
        (folder / name).write_bytes((DATA / "rome" / name).read_bytes())
    return Settings(rome_dir=str(folder))


def parents_of(settings: Settings) -> dict[str, str]:
    codes = rome(settings).codes
    return dict(zip(codes["code"], codes["parent"], strict=True))


def esco(full: Settings, embedded: Settings) -> None:
    rows = json.loads((DATA / "trades" / "esco_titles_to_rome_dev.json").read_text("utf-8"))
    parents = parents_of(full)
    for gold, column in (("first list of codes", 1), ("all codes of the mapping", 2)):
        frame = pd.DataFrame(
            {"title": [r[0] for r in rows], "codes": ["|".join(r[column]) for r in rows]}
        )
        for name, settings in (("full", full), ("embedded", embedded)):
            figures = evaluate_trades(frame, settings, parents=parents)
            for part in ("all", "new"):
                print(f"esco {name}, {gold}, {part}: {json.dumps(figures[part])}")


def abstention(full: Settings, embedded: Settings) -> None:
    """Print what each threshold answers and how often that is right; what .97 would take."""
    rows = json.loads((DATA / "trades" / "esco_titles_to_rome_dev.json").read_text("utf-8"))
    parents = parents_of(full)
    best = rank_trades([r[0] for r in rows], full, top=1).set_index("row")
    confidence = best["confidence"].reindex(range(len(rows)), fill_value=0.0).to_numpy()
    code = best["code"].reindex(range(len(rows)), fill_value="")
    gold = {
        name: np.array(
            [bool({c, parents.get(c)} & set(r[at])) for c, r in zip(code, rows, strict=True)]
        )
        for name, at in (("first list", 1), ("all codes", 2))
    }
    offers = pd.Series(offer_titles())
    wishes = pd.read_csv(DATA / "wishes" / "BTS_attractivite_capacite_2024.csv.gz", sep=";")
    wishes = wishes[wishes["STATUT"] == "Apprentissage"]
    asked = wishes.groupby("LIBELLÉFORMATION")["NB_VOEUX_CONFIRMES"].sum()
    for least in (0.88, 0.90, 0.905, 0.93, 0.95):
        answered = confidence >= least
        line = [f"abstention at {least}: ESCO {share(int(answered.sum()), len(rows))['value']:.3f}"]
        line += [
            f"right by {name} {share(int(right[answered].sum()), int(answered.sum()))}"
            for name, right in gold.items()
        ]
        for name, settings in (("full", full), ("embedded", embedded)):
            chosen = replace(settings, min_trade_confidence=least)
            is_found = resolve_trades(offers, chosen)["codes"] != ""
            is_known = resolve_trades(asked.index.to_series(), chosen)["codes"] != ""
            line.append(f"{name}: {int(is_found.sum())} of {len(offers)} offers' titles")
            line.append(f"{asked[is_known].sum() / asked.sum():.3f} of the wishes")
        print(", ".join(line))
    for name, right in gold.items():
        print(f"abstention, {name}: {halves(confidence, right)}")


def halves(confidence: np.ndarray, right: np.ndarray, wanted: float = 0.97) -> str:
    """Take the threshold that gives `wanted` on one half, and measure it on the other half."""
    found = []
    for seed in range(100):
        is_first = np.random.default_rng(seed).permutation(len(right)) < len(right) // 2
        for fit, check in ((is_first, ~is_first), (~is_first, is_first)):
            steps = np.unique(confidence[fit])
            enough = [t for t in steps if right[fit & (confidence >= t)].mean() >= wanted]
            answered = check & (confidence >= (enough[0] if enough else 1.0))
            if answered.any():
                found.append((answered.sum() / check.sum(), right[answered].mean()))
    coverage, precision = np.mean(found, axis=0)
    return (
        f"threshold for {wanted} from one half of the titles gives on the other half "
        f"coverage {coverage:.3f}, precision {precision:.3f} (mean of {len(found)})"
    )


def offer_titles() -> list[str]:
    """Titles of the partners' feeds."""
    folder = DATA / "offers"
    ads = json.loads((folder / "decathlon.test.input.json").read_text("utf-8"))["ads"]
    jobs = json.loads((folder / "import-france-travail-cegid.test.input.json").read_text("utf-8"))
    lines = pd.read_csv(folder / "import-leboncoin.test.input.csv", dtype=str)
    found = [row["title"] for row in (*ads, *jobs)] + lines["titre"].tolist()
    feeds = [
        (folder / f"import-{name}.test.input.xml").read_text("utf-8")
        for name in ("hello-work", "jobteaser", "laposte")
    ]
    tags = re.compile(r"<title><!\[CDATA\[(.*?)\]\]>|<metier>(.*?)</metier>")
    return list(dict.fromkeys([*found, *map("".join, tags.findall("".join(feeds)))]))


def dirty(text: str, rng: np.random.Generator) -> str:
    """Upper case without accents, with a mark of gender, a slip, or cut off: one of these."""
    kind = rng.integers(4)
    if kind == 0:
        plain = text.upper().encode("ascii", "ignore").decode() if text.isascii() else text.upper()
        return plain.translate(str.maketrans("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ", "AAACEEEEIIOOUUU"))
    if kind == 1:
        return f"{text} (H/F)"
    if kind == 2 and len(text) > 5:
        at = int(rng.integers(2, len(text) - 1))
        return text[:at] + text[at + 1 :]
    return text[: max(6, int(len(text) * 0.8))]


def held_out(full: Settings) -> tuple[pd.DataFrame, Resolver, dict[tuple[str, ...], set[str]]]:
    """Official titles (2,500 distinct ones), and a resolver that never saw them."""
    tables, parent = rome(full), parents_of(full)
    stems = [read_title(t).stems for t in tables.titles["title"]]
    families: dict[tuple[str, ...], set[str]] = {}
    example: dict[tuple[str, ...], str] = {}
    columns = (tables.titles[name] for name in ("title", "code", "is_own"))
    for one, title, code, is_own in zip(stems, *columns, strict=True):
        if not is_own:
            families.setdefault(one, set()).add(parent[code])
            example.setdefault(one, title)
    names = sorted(families)
    chosen = {names[i] for i in np.random.default_rng(3).permutation(len(names))[:2500]}
    seen = tables.titles["is_own"] | np.array([one not in chosen for one in stems])
    resolver = build_resolver(replace(tables, titles=tables.titles[seen]))
    rows = pd.DataFrame({"stems": sorted(chosen)})
    rows["title"] = [example[one].split(" / ")[0] for one in rows["stems"]]
    return rows, resolver, {one: families[one] for one in chosen}


def codes_like(queries: list[tuple[str, ...]], resolver: Resolver) -> Found:
    """Best codes of titles given as stems, by likeness alone."""
    return find(
        queries,
        index=resolver.index,
        code_of_title=resolver.title_codes,
        groups=resolver.groups,
        top=TOP,
    )


def heldout(full: Settings, _: Settings) -> None:
    rows, resolver, families = held_out(full)
    rng = np.random.default_rng(5)
    clean = rows["stems"].tolist()
    noisy = [read_title(dirty(title, rng)).stems for title in rows["title"]]
    # What the slash drops ("Technicien / Technicienne du froid" -> "Technicien") is no test.
    whole = [read_title(t).stems == s for t, s in zip(rows["title"], clean, strict=True)]
    for name, queries, kept in (
        ("as written", clean, np.ones(len(clean), bool)),
        ("dirtied", noisy, np.array(whole)),
    ):
        found = codes_like(queries, resolver)
        place = []
        for codes, stems in zip(found.code, clean, strict=True):
            parents = list(dict.fromkeys(resolver.parents[c] for c in codes if c >= 0))
            right = [i for i, p in enumerate(parents) if p in families[stems]]
            place.append(right[0] if right else TOP)
        place = np.array(place)[kept]
        first, five = int((place == 0).sum()), int((place < 5).sum())
        print(
            f"held out, {name}: {len(place)} titles, accuracy@1 {share(first, len(place))}, "
            f"accuracy@5 {share(five, len(place))}"
        )


def speed(full: Settings, _: Settings) -> None:
    """Print wall time and the time of the processor: on a busy machine the second counts."""
    rng = np.random.default_rng(0)
    titles = {
        text[: (at := int(rng.integers(1, max(2, len(text) - 1))))] + text[at + 1 :]: None
        for text in rome(full).titles["title"]
    }
    column, rows = pd.Series(list(titles)[:12_000]), places(500_000, rng)
    singles = [pd.Series([f"chef de rang bilingue {i}"]) for i in range(200)]
    resolver = resolver_of(full)
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}")
    resolve_trades(column[:10], full)
    resolve_places(rows[:10])
    for name, work, times in (
        ("12,000 distinct titles", lambda: resolve_trades(column, full), 1),
        ("one title, as a table", lambda: [resolve_trades(one, full) for one in singles], 200),
        (
            "one title, ranked",
            lambda: [rank_titles(one.tolist(), resolver) for one in singles],
            200,
        ),
        ("500,000 rows of places", lambda: resolve_places(rows), 1),
    ):
        found = []
        for _run in range(5):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            found.append((time.perf_counter() - wall, time.process_time() - cpu))
        for kind, seconds in zip(("wall", "processor"), zip(*found, strict=True), strict=True):
            each = [f"{1000 * s / times:.2f}" for s in seconds]
            print(f"{name}, {kind}, ms, the first run first: {' '.join(each)}")


def places(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of places as files write them, drawn by population, a third with their own point."""
    table = communes()
    weight = table["population"] / table["population"].sum()
    drawn = table.iloc[rng.choice(len(table), count, p=weight)].reset_index(drop=True)
    postal = drawn["postal_codes"].str.split().str[0].fillna("")
    name, kind = drawn["name"], pd.Series(rng.integers(5, size=count))
    slip = name.str[:3] + name.str[4:]
    point = rng.random(count) < 1 / 3
    return pd.DataFrame(
        {
            "commune_code": drawn["commune_code"].where(kind == 0, ""),
            "postal_code": postal.where(kind.isin([1, 2, 3]), ""),
            "place_name": name.str.upper()
            .where(kind == 2, slip.where(kind == 3, name + " (" + drawn["departement"] + ")"))
            .where(kind >= 2, ""),
            "latitude": (drawn["latitude"] + rng.normal(0, 0.01, count)).where(point),
            "longitude": (drawn["longitude"] + rng.normal(0, 0.01, count)).where(point),
        }
    )


def calibration(full: Settings, embedded: Settings) -> None:
    rows, without, families = held_out(full)
    parent = parents_of(full)
    features, right = [], []
    for resolver in (without, build_resolver(rome(embedded))):
        queries = rows["stems"].tolist()
        found = codes_like(queries, resolver)
        for i, stems in enumerate(queries):
            codes = [c for c in found.code[i] if c >= 0]
            if not codes or tuple(sorted(stems)) in resolver.exact:
                continue
            family = resolver.family_of_code[codes]
            others = found.score[i][: len(codes)][family != family[0]]
            margin = max((found.score[i][0] - others.max(initial=0)) / ONE, 0.0)
            share_of_holders = found.share[i][0]
            features.append(
                (
                    found.likeness[i][0] / ONE,
                    min(margin, 0.8),
                    min(margin, 0.15),
                    share_of_holders,
                    share_of_holders == 0,
                )
            )
            right.append(parent[resolver.codes[codes[0]]] in families[stems])
    curve = LogisticRegression(C=10).fit(np.array(features, float), right)
    print(
        f"calibration on {len(right)} titles: like, lead, narrow, share, no holder = "
        f"{curve.coef_.round(2).tolist()}, {curve.intercept_.round(2).tolist()}"
    )


PARTS = {
    "esco": esco,
    "abstention": abstention,
    "heldout": heldout,
    "melo": melo,
    "speed": speed,
    "calibration": calibration,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        full = settings_of(folder / "full", "appellations.csv", "rome_v460_codes.csv")
        embedded = settings_of(folder / "embedded")
        for name in sys.argv[1:] or PARTS:
            PARTS[name](full, embedded)
