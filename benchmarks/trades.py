"""Figures of the trade resolver, on the open data beside the repository.

    python benchmarks/trades.py            # all of it, about two minutes
    python benchmarks/trades.py esco melo  # some of it

``esco``         ESCO titles with official codes (gold: ROME 3 parents), full and embedded tables
``heldout``      official titles taken out of the index, then dirtied
``melo``         Belgian titles to ESCO labels (MELO), without neural weights
``speed``        12,000 distinct titles against the full table; one title
``calibration``  the logistic curve of the confidence, fitted on titles taken out
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from matchmaker.audit.evaluate import evaluate_trades, share
from matchmaker.reference import trade_resolver
from matchmaker.reference.rome import rome
from matchmaker.reference.trade_index import ONE, Groups, build_index, find
from matchmaker.reference.trade_resolver import build_resolver
from matchmaker.reference.trade_text import read_title
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
TOP = 12


def settings_of(folder: Path, *files: str) -> Settings:
    """Settings whose nomenclature is that of these files alone."""
    folder.mkdir()
    for name in files:
        (folder / name).write_bytes((DATA / "rome" / name).read_bytes())
    return Settings(rome_dir=str(folder))


def esco(full: Settings, embedded: Settings) -> None:
    rows = json.loads((DATA / "trades" / "esco_titles_to_rome_dev.json").read_text("utf-8"))
    parents = dict(rome(full).codes[["code", "parent"]].itertuples(index=False))
    for gold, column in (("first list of codes", 1), ("all codes of the mapping", 2)):
        frame = pd.DataFrame(
            {"title": [r[0] for r in rows], "codes": ["|".join(r[column]) for r in rows]}
        )
        for name, settings in (("full", full), ("embedded", embedded)):
            figures = evaluate_trades(frame, settings, parents=parents)
            for part in ("all", "new"):
                print(f"esco {name}, {gold}, {part}: {json.dumps(figures[part])}")


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


def held_out(full: Settings) -> tuple[pd.DataFrame, trade_resolver.Resolver, dict]:
    """Official titles (2,500 distinct ones), and a resolver that never saw them."""
    tables = rome(full)
    parent = dict(tables.codes[["code", "parent"]].itertuples(index=False))
    stems = [read_title(t).stems for t in tables.titles["title"]]
    families: dict[tuple[str, ...], set[str]] = {}
    example: dict[tuple[str, ...], str] = {}
    for one, row in zip(stems, tables.titles.itertuples(index=False), strict=True):
        if not row.is_own:
            families.setdefault(one, set()).add(parent[row.code])
            example.setdefault(one, row.title)
    names = sorted(families)
    chosen = {names[i] for i in np.random.default_rng(3).permutation(len(names))[:2500]}
    seen = [
        row.is_own or one not in chosen
        for one, row in zip(stems, tables.titles.itertuples(index=False), strict=True)
    ]
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
        found = find(
            queries,
            index=resolver.index,
            code_of_title=resolver.title_codes,
            groups=resolver.groups,
            top=TOP,
        )
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


def melo(_: Settings, __: Settings) -> None:
    folder = DATA / "trades" / "melo_bel"

    def pairs(text: str) -> dict[str, str]:
        return dict(line.split("\t") for line in text.splitlines() if "\t" in line)

    queries = pairs((folder / "queries.tsv").read_text("utf-8"))
    with gzip.open(folder / "corpus_elements.tsv.gz", "rt", encoding="utf-8") as stream:
        labels = pairs(stream.read())
    concept = pairs((folder / "concept_mapping.tsv").read_text("utf-8"))
    right: dict[str, set[str]] = {}
    for line in (folder / "annotations.tsv").read_text("utf-8").splitlines():
        query, _, label, _ = line.split()
        right.setdefault(query, set()).add(concept[label])
    names = sorted({concept[label] for label in labels})
    number = {name: i for i, name in enumerate(names)}
    stems = [read_title(text).stems for text in labels.values()]
    concept_of = np.array([number[concept[label]] for label in labels], np.int32)
    documents: list[list[str]] = [[] for _ in names]
    for one, at in zip(stems, concept_of, strict=True):
        documents[at] += one
    every = np.arange(len(names), dtype=np.int32)
    index = build_index(stems)
    by_concept = build_index(documents, numbered_as=index)
    found = find(
        [read_title(text).stems for text in queries.values()],
        index=index,
        code_of_title=concept_of,
        groups=(
            Groups(index=by_concept, group_of_code=every, part=50),
            Groups(index=by_concept, group_of_code=every, part=0),
        ),
        top=len(names),
    )
    ranks = [
        next(i for i, c in enumerate(codes, 1) if c >= 0 and names[c] in right[query])
        if any(c >= 0 and names[c] in right[query] for c in codes)
        else np.inf
        for query, codes in zip(queries, found.code, strict=True)
    ]
    print(
        f"melo: {len(queries)} queries, {len(labels)} labels of {len(names)} occupations, "
        f"MRR {np.mean(1 / np.array(ranks)):.4f} (best label of each occupation first)"
    )


def speed(full: Settings, _: Settings) -> None:
    rng = np.random.default_rng(0)
    titles = list(
        dict.fromkeys(
            text[: (at := int(rng.integers(1, max(2, len(text) - 1))))] + text[at + 1 :]
            for text in rome(full).titles["title"]
        )
    )[:12_000]
    resolve_trades(pd.Series(titles[:10]), full)
    for _ in range(3):
        start, cpu = time.perf_counter(), time.process_time()
        resolve_trades(pd.Series(titles), full)
        print(
            f"{len(titles)} distinct titles: {time.perf_counter() - start:.2f} s, "
            f"{time.process_time() - cpu:.2f} s of one core"
        )
    cpu = time.process_time()
    for i in range(200):
        resolve_trades(pd.Series([f"chef de rang bilingue {i}"]), full)
    print(f"one title: {(time.process_time() - cpu) * 5:.2f} ms")


def calibration(full: Settings, embedded: Settings) -> None:
    from sklearn.linear_model import LogisticRegression

    rows, without, families = held_out(full)
    parent = dict(rome(full).codes[["code", "parent"]].itertuples(index=False))
    features, right = [], []
    for resolver in (without, build_resolver(rome(embedded))):
        queries = rows["stems"].tolist()
        found = find(
            queries,
            index=resolver.index,
            code_of_title=resolver.title_codes,
            groups=resolver.groups,
            top=TOP,
        )
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


PARTS = {"esco": esco, "heldout": heldout, "melo": melo, "speed": speed, "calibration": calibration}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        full = settings_of(folder / "full", "appellations.csv", "rome_v460_codes.csv")
        embedded = settings_of(folder / "embedded")
        for name in sys.argv[1:] or PARTS:
            PARTS[name](full, embedded)
