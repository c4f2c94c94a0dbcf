"""The confidence of a title's trade: fitted on titles of postings, and held against what was right.

    python -m benchmarks.trades calibration

The titles: ``benchmarks/data/titles``. They are easier than life: so right and wrong answers by
likeness weigh as much as they do among real titles, in the fit and in its figures. The same title
stands in one fold with all tables.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from matchmaker.audit.evaluate import share
from matchmaker.reference import trade_confidence
from matchmaker.reference.trade_index import ONE
from matchmaker.reference.trade_resolver import Resolver, codes_like, mend, rank_titles, resolver_of
from matchmaker.settings import Settings

DATA = Path(__file__).resolve().parent / "data"
WRONG_CODES = {"A014", "A044", "A150"}  # wrong on purpose: see benchmarks/data/judged/README.md
# Of answers by likeness: 14 of 26 on the feeds' titles; of all answers on 642 real postings, .588
# were right, measured outside this project.
RIGHT_IN_LIFE = 0.54
FOLDS, REPEATS = 5, 20
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
THRESHOLDS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def titles_of_postings(feeds: list[str]) -> pd.DataFrame:
    """Titles, their right codes (``|`` between) and where they are from."""
    own = read(DATA / "titles" / "titles.csv")
    offers = read(DATA / "judged" / "offers.csv")
    offers = offers[(offers["title"] != "") & ~offers["offer_id"].isin(WRONG_CODES)]
    also = read(DATA / "titles" / "offers.csv").set_index("offer_id")["also"]
    codes = offers["trade_code"] + "|" + offers["offer_id"].map(also).fillna("")
    judged = pd.DataFrame({"title": offers["title"], "codes": codes, "source": "judged set"})
    of_feed = read(DATA / "titles" / "feeds.csv").set_index("sha256")["codes"]
    keys = [hashlib.sha256(title.encode()).hexdigest() for title in feeds]
    feed = pd.DataFrame({"title": feeds, "codes": of_feed.reindex(keys).array, "source": "feeds"})
    return pd.concat([own, judged, feed.dropna()], ignore_index=True)


def answers(titles: pd.DataFrame, settings: Settings, parents: Mapping[str, str]) -> pd.DataFrame:
    """What the resolver says of each title: kind, features, confidence, whether it is right."""
    texts, resolver = titles["title"].tolist(), resolver_of(settings)
    ranked = rank_titles(texts, resolver)
    features = likeness([found.stems for found in ranked], resolver)
    mend(ranked, texts, resolver, settings)
    rows = []
    for gold, found in zip(titles["codes"], ranked, strict=True):
        wanted = {code for code in gold.split("|") if code}
        wanted |= {parents[code] for code in wanted if code in parents}
        code = resolver.codes[found.close[0]] if found.close else ""
        is_right = bool({code, parents.get(code)} & wanted)
        like, lead = features.get(found.stems, (0.0, 0.0))
        rows.append((kind(found, resolver), like, lead, found.confidence, is_right))
    columns = ["kind", "like", "lead", "confidence", "is_right"]
    return pd.concat([titles, pd.DataFrame(rows, columns=columns)], axis=1)


def kind(found, resolver: Resolver) -> str:
    if found.how != "title":
        return {"text": "likeness", "": "none"}.get(found.how, found.how)
    return "lexicon" if resolver.is_own[found.titles[0]] else "official title"


def likeness(queries, resolver: Resolver) -> dict[tuple[str, ...], tuple[float, float]]:
    """Likeness of the best title and lead over the next family, of each title's stems."""
    keys = list(dict.fromkeys(stems for stems in queries if stems))
    found = codes_like(keys, resolver)
    features = {}
    for i, stems in enumerate(keys):
        codes = found.code[i][found.code[i] >= 0]
        if len(codes):
            family = resolver.family_of_code[codes]
            scores = found.score[i][: len(codes)]
            lead = (scores[0] - scores[family != family[0]].max(initial=0)) / ONE
            features[stems] = (found.likeness[i][0] / ONE, lead)
    return features


def weights(rows: pd.DataFrame) -> np.ndarray:
    """Weights that make answers by likeness right as often as in life; 1 for all others."""
    is_text, right = (rows["kind"] == "likeness").to_numpy(), rows["is_right"].to_numpy()
    here = right[is_text].mean()
    of_text = np.where(right, RIGHT_IN_LIFE / here, (1 - RIGHT_IN_LIFE) / (1 - here))
    return np.where(is_text, of_text, 1.0)


def fit(rows: pd.DataFrame) -> LogisticRegression:
    """The curve of the confidence of answers by likeness."""
    curve = LogisticRegression(C=10)
    return curve.fit(inputs(rows), rows["is_right"], sample_weight=weights(rows))


def inputs(rows: pd.DataFrame) -> np.ndarray:
    lead = rows["lead"].clip(0.0, trade_confidence.MOST_LEAD)
    return np.column_stack([rows["like"], lead])


def cross_validated(rows: pd.DataFrame) -> np.ndarray:
    """Confidence of each row from folds that did not hold its title, one line a repetition."""
    titles = sorted(set(rows["title"]))
    is_text = (rows["kind"] == "likeness").to_numpy()
    found = np.tile(rows["confidence"].to_numpy(float), (REPEATS, 1))
    for repeat in range(REPEATS):
        dealt = np.random.default_rng(repeat).permutation(len(titles)) % FOLDS
        fold = rows["title"].map(dict(zip(titles, dealt, strict=True))).to_numpy()
        for k in range(FOLDS):
            out = is_text & (fold == k)
            curve = fit(rows[is_text & (fold != k)])
            found[repeat, out] = curve.predict_proba(inputs(rows[out]))[:, 1]
    return np.minimum(found, np.where(is_text, trade_confidence.MOST, 1.0))


def told(right: np.ndarray, weight: np.ndarray, repeats: int = 1) -> str:
    """Weighted share of right answers, its interval by the effective number (Kish, 1965)."""
    value = np.average(right, weights=weight)
    effective = weight.sum() ** 2 / (weight**2).sum() / repeats
    figures = share(round(value * effective), round(effective))
    return f"{value:.3f} [{figures['low']:.3f}, {figures['high']:.3f}]"


def reliability(claimed: np.ndarray, right: np.ndarray, weight: np.ndarray) -> str:
    """Claimed against right by bins; counts are means over the repetitions."""
    lines = ["| claimed | titles | mean claimed | right |", "|---|---|---|---|"]
    for low, high in itertools.pairwise(BINS):
        repeat, row = np.nonzero((claimed >= low) & (claimed < high))
        if len(row) >= len(claimed):
            n, mean = len(row) / len(claimed), np.average(claimed[repeat, row], weights=weight[row])
            hits = told(right[row], weight[row], len(claimed))
            lines.append(f"| {low:.2f} to {high:.2f} | {n:.0f} | {mean:.3f} | {hits} |")
    return "\n".join(lines)


def at_thresholds(claimed: np.ndarray, right: np.ndarray, weight: np.ndarray) -> str:
    lines = [
        "| least confidence | answered | right | answered, as in life | right, as in life |",
        "|---|---|---|---|---|",
    ]
    for least in THRESHOLDS:
        cells = []
        for w in (np.ones_like(weight), weight):
            row = np.nonzero(claimed >= least)[1]
            part = w[row].sum() / w.sum() / len(claimed)
            cells += [f"{part:.3f}", told(right[row], w[row], len(claimed))]
        lines.append(f"| {least:.2f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def report(
    titles: pd.DataFrame, tables: Mapping[str, Settings], *, parents: Mapping[str, str]
) -> None:
    rows = pd.concat(
        [answers(titles, s, parents).assign(tables=name) for name, s in tables.items()],
        ignore_index=True,
    )
    counts = titles["source"].value_counts()
    print(
        f"{len(titles)} titles: " + ", ".join(f"{n} {name}" for name, n in counts.items()) + ".\n"
    )
    print("| tables | answered by | titles | right |\n|---|---|---|---|")
    for (name, how), part in rows.groupby(["tables", "kind"]):
        hits = told(part["is_right"].to_numpy(), np.ones(len(part)))
        print(f"| {name} | {how} | {len(part)} | {hits} |")
    by_likeness = rows[rows["kind"] == "likeness"]
    print("\n| answers by likeness, of the titles | both tables | right |\n|---|---|---|")
    for name, part in by_likeness.groupby("source"):
        print(f"| {name} | {len(part)} | {part['is_right'].sum()} |")
    curve = fit(by_likeness)
    like, lead = curve.coef_[0]
    print(
        f"\nThe curve of answers by likeness: {curve.intercept_[0]:.2f} + {like:.2f} x likeness"
        f" + {lead:.2f} x lead, where {RIGHT_IN_LIFE} of them are right."
    )
    claimed, weight = cross_validated(rows), weights(rows)
    for name in tables:
        is_here = (rows["tables"] == name).to_numpy()
        is_text = (rows["kind"] == "likeness").to_numpy() & is_here
        right = rows["is_right"].to_numpy()
        given = rows["confidence"].to_numpy(float)[None]
        print(
            f"\n{name} tables, answers by likeness, {FOLDS} folds, {REPEATS} times, as in life:\n"
        )
        print(reliability(claimed[:, is_text], right[is_text], weight[is_text]))
        for kind_of, values in (
            ("cross-validated", claimed),
            ("with the confidence that the package gives", given),
        ):
            print(f"\n{name} tables, all answers, {kind_of}:\n")
            print(at_thresholds(values[:, is_here], right[is_here], weight[is_here]))
