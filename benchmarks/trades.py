"""Figures of the trade resolver, on the open data beside the repository.

    python -m benchmarks.trades            # all of it, about two minutes
    python -m benchmarks.trades esco melo  # some of it

``esco``         ESCO titles with official codes (gold: ROME 3 parents), full and embedded tables
``wishes``       BTS wishes of 2024 with an official code by label; 153 labels in the manner of Affelnet
``abstention``   what other thresholds answer, on ESCO titles, offers and wishes
``heldout``      official titles taken out of the index, then dirtied
``melo``         Belgian titles to ESCO labels (MELO), without neural weights
``speed``        12,000 distinct titles against the full table, one title, 500,000 places
``calibration``  the confidence on titles of postings: the fit, and claimed against right
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.calibration import report, titles_of_postings
from benchmarks.measure import machine
from benchmarks.melo import melo
from matchmaker.audit.evaluate import evaluate_trades, share
from matchmaker.reference.places import communes, resolve_places
from matchmaker.reference.rome import rome
from matchmaker.reference.trade_resolver import (
    Resolver,
    build_resolver,
    codes_like,
    rank_titles,
    resolver_of,
)
from matchmaker.reference.trade_text import read_title
from matchmaker.reference.trades import rank_trades, resolve_trades
from matchmaker.reference.wish_labels import NO_WISH, resolve_wish_labels
from matchmaker.settings import Settings

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
LABELS = Path(__file__).resolve().parent / "data" / "labels" / "labels.csv"


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


def wishes(full: Settings, embedded: Settings) -> None:
    """Print the share of real BTS wishes, and of labels of schools, that are read right."""
    asked, official = asked_diplomas()
    found = resolve_wish_labels(asked.index.to_series(), embedded)
    parents = parents_of(full)
    is_known = np.array([name in official for name in asked.index])
    is_right = np.array(
        [
            bool(official.get(name, set()) & {parents.get(c, c) for c in codes.split("|")})
            for name, codes in zip(asked.index, found["codes"], strict=True)
        ]
    )
    weight = asked.to_numpy()
    print(
        f"BTS wishes with an official code (ROME 3) by label, embedded: "
        f"{weight[is_right].sum() / weight.sum():.3f} of {weight.sum()} wishes "
        f"({weight[is_known].sum() / weight.sum():.3f} are of a diploma that certifinfo names)"
    )
    for name, words in (("as exported", False), ("without the first word", True)):
        right = [read for _, read in read_labels(embedded, parents, without_class=words)]
        print(f"Affelnet-style labels resolved right, {name}: {share(sum(right), len(right))}")


def asked_diplomas() -> tuple[pd.Series, dict[str, set[str]]]:
    """Return apprenticeship wishes a label, and the official parents of each label's diploma."""
    frame = pd.read_csv(DATA / "wishes" / "BTS_attractivite_capacite_2024.csv.gz", sep=";")
    frame = frame[frame["STATUT"] == "Apprentissage"]
    asked = frame.groupby("LIBELLÉFORMATION")["NB_VOEUX_CONFIRMES"].sum()
    table = pd.read_csv(
        DATA / "diplomas" / "certif_info.csv.gz", sep=";", dtype=str, keep_default_na=False
    )
    rome_columns = [f"Code_Rome_{i}" for i in range(1, 6)]
    names: dict[tuple[int, frozenset[str]], set[str]] = {}
    for row in table.to_dict("records"):
        read = read_title(row["Libelle_Diplome"])
        codes = {row[c] for c in rome_columns if row[c]}
        if codes and read.is_diploma:
            names.setdefault((read.level, frozenset(read.stems)), set()).update(codes)
    official = {}
    for label in asked.index:
        read = read_title(label.partition(" - en app")[0].replace("audio-visuel", "audiovisuel"))
        stems = frozenset(read.stems)
        # The official name of the same level that shares most words: either may have an option.
        same = [
            (
                len(name & stems) / min(len(name), len(stems)),
                len(name & stems) / len(name | stems),
                sorted(name),
            )
            for level, name in names
            if level == read.level
        ]
        if same and max(same)[0] >= 0.75:
            official[label] = names[read.level, frozenset(max(same)[2])]
    return asked, official


def read_labels(
    settings: Settings, parents: dict[str, str], *, without_class: bool
) -> list[tuple[str, bool]]:
    """Return each label of ``benchmarks/data/labels`` and whether it is read right."""
    rows = pd.read_csv(LABELS, keep_default_na=False)
    texts = rows["label"].str.partition(" ")[2] if without_class else rows["label"]
    texts = texts.where((texts != "") & (rows["kind"] != "none"), rows["label"])
    found = resolve_wish_labels(texts, settings)
    columns = (rows["label"], rows["kind"], rows["expected"], found["codes"], found["leading"])
    return [
        (label, is_read_right(kind, expected, codes.split("|")[:leading], how, parents))
        for label, kind, expected, codes, leading, how in zip(*columns, found["how"], strict=True)
    ]


def is_read_right(
    kind: str, expected: str, codes: list[str], how: str, parents: dict[str, str]
) -> bool:
    """Tell whether a label is read right: see ``benchmarks/data/labels/README.md``."""
    if kind == "none":
        return how == NO_WISH
    wanted = {parents.get(code, code) for code in expected.split()}
    given = [parents.get(code, code) for code in codes]
    if kind == "diploma":
        return bool(given) and given[0] in wanted
    return set(given) <= wanted and len(set(given)) >= min(4, math.ceil(len(wanted) / 2))


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
            place.append(right[0] if right else len(codes))
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
    report(
        titles_of_postings(offer_titles()),
        {"full": full, "embedded": embedded},
        parents=parents_of(full),
    )


PARTS = {
    "esco": esco,
    "wishes": wishes,
    "abstention": abstention,
    "heldout": heldout,
    "melo": melo,
    "speed": speed,
    "calibration": calibration,
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["XDG_DATA_HOME"] = temporary  # no tables of the user's own
        full = settings_of(folder / "full", "appellations.csv", "rome_v460_codes.csv")
        embedded = settings_of(folder / "embedded")
        for name in sys.argv[1:] or PARTS:
            PARTS[name](full, embedded)
