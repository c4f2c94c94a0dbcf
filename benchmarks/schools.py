"""Postings of schools that are marked, and whether they are: ``python -m benchmarks.schools``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from matchmaker.audit.evaluate import share
from matchmaker.tables.flags import flag_offers

FILE = Path(__file__).resolve().parent / "data" / "schools" / "postings.csv"


def main() -> None:
    rows = pd.read_csv(FILE, dtype=str, keep_default_na=False)
    marked = flag_offers(rows).str.contains("school").to_numpy()
    true = (rows["is_school"] == "yes").to_numpy()
    print(f"recall {share(int((marked & true).sum()), int(true.sum()))}")
    print(f"precision {share(int((marked & true).sum()), int(marked.sum()))}")
    for what, which in (("missed", true & ~marked), ("wrong", marked & ~true)):
        for name, text in rows.loc[which, ["employer", "description"]].to_numpy():
            print(f"{what}: {name}: {text}")


if __name__ == "__main__":
    main()
