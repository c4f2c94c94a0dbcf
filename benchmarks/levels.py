"""Levels and starts read from postings, and whether they are right: ``python -m benchmarks.levels``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from matchmaker.audit.evaluate import share
from matchmaker.reference.offer_text import read_offers

FILE = Path(__file__).resolve().parent / "data" / "levels" / "postings.csv"
AS_OF = dt.date(2026, 6, 15)
FORMS = {"day": "%Y-%m-%d", "month": "%Y-%m"}


def read() -> pd.DataFrame:
    """Return the judged postings with ``found_levels`` and ``found_start``, written alike."""
    rows = pd.read_csv(FILE, dtype=str, keep_default_na=False)
    found = read_offers(rows["title"], rows["description"], as_of=AS_OF)
    days = [
        "asap" if how == "at_once" else day.strftime(FORMS[how]) if how else ""
        for how, day in zip(found["start_how"], found["start_read"], strict=True)
    ]
    return rows.assign(found_levels=found["levels_read"].to_numpy(), found_start=days)


def main() -> None:
    rows = read()
    for what in ("levels", "start"):
        judged, told = rows[what], rows[f"found_{what}"]
        is_right = judged == told
        stated = judged != ""
        print(
            f"{what}: stated found {share(int((stated & (told != '')).sum()), int(stated.sum()))}"
        )
        print(
            f"{what}: found right {share(int((is_right & (told != '')).sum()), int((told != '').sum()))}"
        )
        for row in rows[~is_right].itertuples():
            print(
                f"  {row.posting_id} judged {getattr(row, what) or '-'}, read {getattr(row, f'found_{what}') or '-'}: {row.title}: {row.description}"
            )


if __name__ == "__main__":
    main()
