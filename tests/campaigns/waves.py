"""Saved runs of several waves, made of a seed: youths, addresses that siblings share, lists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from matchmaker.routes.referents import REFERENT_COLUMNS
from matchmaker.runs.folder import Run, open_run
from matchmaker.runs.mail_section import MailOptions
from matchmaker.settings import Settings
from matchmaker.tables.contacts import CONTACT_COLUMNS

KEY = bytes(range(32))
NAMES = ("LÉA", "Noé", "Inès", "JEAN-PIERRE", "Zoé", "Maël", "", "Chloé")
LONG = (
    "Mécanicien ou mécanicienne automobile : ce métier répond à votre premier vœu, « Bac pro"
    " Maintenance des véhicules ». Ce poste se trouve à environ 15 km de chez vous, commence le"
    " 2 octobre et mène à un diplôme de niveau Bac. Cet employeur recrute par l'apprentissage."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    run: Run
    contacts: pd.DataFrame
    lists: pd.DataFrame


def options(**changes: object) -> MailOptions:
    given: dict[str, object] = {
        "campaign": "Rentrée 2026",
        "desk_name": "Cellule nationale",
        "desk_phone": "01 99 00 12 34",
        "controller": "le rectorat de l'académie de Rennes",
        "sender": "campagne@example.org",
    }
    return MailOptions(**(given | changes))


def wave(
    folder: Path,
    *,
    youths: int,
    number: int = 1,
    longest: int = 10,
    shared: float = 0.04,
    seed: int = 0,
) -> Wave:
    """Write the run of one wave: the youths are those of each wave, the lists are not."""
    people = np.random.default_rng(seed)
    ids = np.array([f"Y{i:06}" for i in range(youths)])
    # A share of the youths has the address, and the phone, of the one before: up to three siblings.
    is_sibling = (people.random(youths) < shared) & (np.arange(youths) % 3 > 0)
    home = np.arange(youths)
    for i in np.flatnonzero(is_sibling):
        home[i] = home[i - 1]
    contacts = pd.DataFrame("", index=range(youths), columns=list(CONTACT_COLUMNS)).assign(
        run_id=f"wave-{number}",
        youth_id=ids,
        first_name=people.choice(NAMES, youths),
        email_1=[f"Foyer{h}@Example.org" for h in home],
        email_1_of=np.where(home % 2 == 0, "youth", "guardian"),
        phone_1=[f"+336{h:08}" for h in home],
    )
    rng = np.random.default_rng((seed, number))
    lengths = rng.integers(1, longest + 1, youths)
    lists = lists_of(ids, lengths, rng, number)
    frames = {
        "lists": lists,
        "unserved": pd.DataFrame({"youth_id": [], "reason_code": [], "reason": []}, dtype="str"),
        "tables/youths": youths_of(ids),
        "tables/wishes": pd.DataFrame(
            {
                "youth_id": ids,
                "wish_id": 0,
                "rank": 1,
                "trade_codes": "I1604",
                "trade_label": "MAINTENANCE DES VEHICULES",
                "diplomas": "Bac pro Maintenance des véhicules",
            }
        ),
        "reference/referents": pd.DataFrame(columns=list(REFERENT_COLUMNS), dtype="str"),
    }
    return Wave(
        run=saved(folder, frames, run_id=f"wave-{number}", lines_per_youth=10),
        contacts=contacts,
        lists=lists,
    )


def youths_of(ids: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "youth_id": ids,
            "birth_date": pd.array([pd.Timestamp("2006-05-01")] * len(ids), "datetime64[s]"),
            "birth_is_year": False,
            "commune_code": "35238",
            "departement": "35",
            "region_code": "53",
            "source": "affelnet",
        }
    )


def lists_of(ids, lengths, rng, number: int = 1) -> pd.DataFrame:
    rows = int(lengths.sum())
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    offer = 10 * rng.integers(0, len(ids) + 9, rows) + np.arange(rows) - first  # once a list
    is_firm = offer // 10 % 5 < 3
    return pd.DataFrame(
        {
            "youth_id": np.repeat(ids, lengths),
            "rank": np.arange(rows) - first + 1,
            "offer_id": [f"O{number}-{i}" for i in offer],
            "kind": np.where(is_firm, "spontaneous", "offer"),
            "rung": np.where(is_firm, 3, 1),
            "trade_code": "I1604",
            "title": [f"Mécanicien automobile {i}" for i in offer],
            "employer": [f"=Garage <b>{i}</b>" for i in offer],
            "place": "Rennes",
            "url": [f"https://example.org/{number}/{i}" for i in offer],
            "reason": LONG,
        }
    )


def saved(
    folder: Path,
    frames: dict[str, pd.DataFrame],
    *,
    run_id: str,
    lines_per_youth: int,
    follow_up: pd.DataFrame | None = None,
) -> Run:
    """Write what `matchmaker mail` reads of a run."""
    outputs = {}
    for name, frame in frames.items():
        file = folder / f"{name}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(file, index=False)
        outputs[f"{name}.parquet"] = "0" * 64
    if follow_up is not None:
        follow_up.to_csv(folder / "follow_up.csv", index=False)
        outputs["follow_up.csv"] = "0" * 64
    manifest = {
        "made_by": "matchmaker",
        "format": 2,
        "run_id": run_id,
        "as_of": "2026-09-15",
        "settings": Settings(lines_per_youth=lines_per_youth).to_dict(),
        "outputs": outputs,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return open_run(folder)
