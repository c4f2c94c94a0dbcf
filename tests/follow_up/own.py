"""Sample youths with a name, a number and a centre of their own, so that each can be told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def named_youths(path: Path) -> pd.DataFrame:
    youths = pd.read_csv(path, dtype=str, keep_default_na=False)
    number = youths["youth_id"].str[1:]
    youths["first_name"] = "Prénom" + number
    youths["last_name"] = "Le Nom" + number
    youths["phone"] = "0612" + number
    started = pd.Timestamp("2023-09-14") - pd.to_timedelta(number.astype(int) % 120, unit="D")
    is_in = number.astype(int) % 3 == 0
    youths["training_started_on"] = started.dt.strftime("%Y-%m-%d").where(is_in, "")
    youths["training_centre"] = is_in.map({True: "0352660B", False: ""})
    return youths
