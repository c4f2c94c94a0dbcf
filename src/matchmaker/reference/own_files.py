"""Where reference tables of the user's own lie; nothing is read, so that asking costs little."""

from __future__ import annotations

import os
from pathlib import Path

from matchmaker.errors import UsageError
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = ["OWN_FILES", "folder", "is_table", "own_files", "tables_in"]

_FOLDERS = {
    "rome": "rome",
    "cfd": "diplomas",
    "rncp": "diplomas",
    "naf": "naf",
    "structures": "structures",
}
_NO_RUN = frozenset({"structures"})  # who follows a youth changes no line of a run
_SETTINGS = {"rome": "rome_dir", "cfd": "diplomas_dir", "rncp": "diplomas_dir"}
OWN_FILES = (
    "communes_file",
    "lexicon_file",
    "labels_file",
    "nearness_file",
    "travel_times_file",
)


def folder(kind: str, settings: Settings) -> Path:
    """Return the folder of a kind of tables: the one of the settings, else the user's.

    The user's folder is ``$XDG_DATA_HOME/matchmaker``, by default
    ``~/.local/share/matchmaker``.

    Raises
    ------
    UsageError
        The settings name a folder that is not there.
    """
    setting = _SETTINGS.get(kind, "")
    named = getattr(settings, setting) if setting else ""
    if named:
        path = Path(named)
        if not path.is_dir():
            raise UsageError(said("setting.no_such_folder", name=setting, path=named))
        return path
    try:
        home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    except RuntimeError:  # a user without a home, in a container: nothing was added
        home = "/nonexistent"
    return Path(home) / "matchmaker" / _FOLDERS[kind]


def tables_in(where: Path) -> list[Path]:
    """Return the table files of a folder, sorted by name."""
    if not where.is_dir():
        return []
    return sorted(p for p in where.iterdir() if p.is_file() and is_table(p.name))


def is_table(name: str) -> bool:
    """Tell whether a file in such a folder is one of its tables, by its name."""
    return name.lower().endswith((".csv", ".csv.gz", ".zip")) and not name.startswith(".")


def own_files(settings: Settings) -> list[tuple[str, Path]]:
    """Return the files of the user's own tables, in the order in which they are read.

    Returns
    -------
    list of (str, Path)
        Kind or name of the setting, and the file.  One that a setting names need not be there.
    """
    added = [
        (kind, file)
        for kind in _FOLDERS
        if kind not in _NO_RUN
        for file in tables_in(folder(kind, settings))
    ]
    named = [(name, getattr(settings, name)) for name in OWN_FILES]
    return [*added, *((name, Path(path)) for name, path in named if path)]
