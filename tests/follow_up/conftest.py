"""One saved run of the samples, whose youths have names and telephone numbers of their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from matchmaker.follow_up import export_cells
from matchmaker_cli import app as cli
from tests.follow_up.own import named_youths

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
AS_OF = dt.date(2023, 9, 15)


@dataclass(frozen=True)
class World:
    run: Path
    contacts: Path
    youths: pd.DataFrame

    def export(self, out: Path, by: str = "region", **options):
        return export_cells(self.run, by=by, contacts=self.contacts, out=out, **options)


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("cells")
    youths = named_youths(SAMPLES / "youths.csv")
    youths.to_csv(folder / "youths.csv", index=False)
    command = ["match", "--youths", str(folder / "youths.csv"), "--as-of", str(AS_OF)]
    for name in ("wishes", "offers", "referents"):
        command += [f"--{name}", str(SAMPLES / f"{name}.csv")]
    command += ["--out", str(folder / "run"), "--contacts", str(folder / "contacts.csv")]
    cli.app(command, standalone_mode=False)
    return World(run=folder / "run", contacts=folder / "contacts.csv", youths=youths)
