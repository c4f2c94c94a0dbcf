"""Settings with the official tables beside the repository, or with the embedded ones alone."""

from __future__ import annotations

import json
from pathlib import Path

from matchmaker.settings import Settings

ROME_FILES = ("appellations.csv", "rome_v460_codes.csv")


def official_settings(shared_data: Path, folder: Path) -> Settings:
    """France Travail's titles and codes, copied alone into a folder."""
    for name in ROME_FILES:
        (folder / name).write_bytes((shared_data / "rome" / name).read_bytes())
    return Settings(rome_dir=str(folder))


def esco_pairs(shared_data: Path) -> list[tuple[str, set[str]]]:
    """ESCO titles with the parents of their ROME codes."""
    rows = json.loads((shared_data / "trades" / "esco_titles_to_rome_dev.json").read_text("utf-8"))
    return [(row[0], set(row[1])) for row in rows]
