"""How many near trades, written down by hand, are among the ten nearest families.

    python -m benchmarks.nearness

The pairs: ``benchmarks/data/near``. There is no open official table of moves among the data beside
the repository, so recall on official pairs is not measured here.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.trades import settings_of
from matchmaker.audit.evaluate import share
from matchmaker.reference.nearness import nearness
from matchmaker.reference.rome import rome
from matchmaker.settings import Settings

PAIRS = Path(__file__).resolve().parent / "data" / "near" / "pairs.csv"
TOP = 10


def nearest(settings: Settings) -> tuple[dict[str, str], dict[str, list[str]], np.ndarray]:
    """Family of each code, families near to each, nearest first, and entries by step."""
    table = rome(settings).codes
    codes = table["code"].tolist()
    known = zip(codes, table["parent"], strict=True)
    family = [parent if len(parent) == len(code) else code for code, parent in known]
    near = nearness(codes, settings)
    best: dict[str, dict[str, int]] = {name: {} for name in family}
    rows = np.repeat(np.arange(len(codes)), np.diff(near.indptr))
    for row, other, value in zip(rows, near.code, near.value, strict=True):
        if family[row] != family[other]:
            values = best[family[row]]
            values[family[other]] = max(values.get(family[other], 0), int(value))
    order = {name: sorted(v, key=lambda n, v=v: (-v[n], n)) for name, v in best.items()}
    return dict(zip(codes, family, strict=True)), order, np.bincount(near.step)


def main() -> None:
    pairs = pd.read_csv(PAIRS, dtype=str)
    both = [*pairs.itertuples(index=False, name=None)]
    both += [(near, code) for code, near in both]
    print(f"| tables | recall@{TOP} of {len(both)} near pairs | entries by step 0, 1, 2 |")
    print("|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, files in (
            ("full", ("appellations.csv", "rome_v460_codes.csv")),
            ("embedded", ()),
        ):
            family, order, steps = nearest(settings_of(folder / name, *files))
            hits = sum(family[near] in order[family[code]][:TOP] for code, near in both)
            told = share(hits, len(both))
            value = f"{told['value']:.3f} [{told['low']:.3f}, {told['high']:.3f}]"
            print(f"| {name} | {value} | {', '.join(f'{n:,}' for n in steps)} |")


if __name__ == "__main__":
    main()
