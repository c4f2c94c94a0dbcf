"""A run's folder, as what reads it finds it: where it lies, what it says of itself, its tables.

Format 2 holds all that explaining, comparing and verifying a run needs: the clean tables, what
earlier waves sent, the nearness of the trades that occur, the settings and the results
(``docs/reference/outputs.md``).  A folder of format 1, from before, has the results only.

Nothing here loads a numeric package before a table is asked for.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchmaker.errors import UsageError
from matchmaker.settings import Settings
from matchmaker.words import said

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CURRENT",
    "FORMAT",
    "MADE_BY",
    "MANIFEST",
    "OWN_FOLDERS",
    "SETTINGS",
    "SUMMARY",
    "TIMINGS",
    "Run",
    "open_run",
    "outputs_of",
]

MANIFEST = "manifest.json"
SUMMARY = "summary.json"
SETTINGS = "settings.toml"
TIMINGS = "timings.json"  # the one file that differs between equal runs
OWN_FOLDERS = ("tables", "reference")  # sub-folders that a run may write into
CURRENT = "CURRENT"  # of a HOME: one line, the id of the run that counts
RUNS = "runs"  # of a HOME: its runs by their id
MADE_BY, FORMAT = "matchmaker", 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that was saved.

    Attributes
    ----------
    path : Path
        Its folder.
    manifest : mapping
        What ``manifest.json`` holds (`matchmaker.runs.manifest.build_manifest`).
    """

    path: Path
    manifest: Mapping[str, Any]

    @property
    def format(self) -> int:
        """2, or 1 for a folder from before there were formats."""
        return int(self.manifest.get("format", 1))

    @property
    def run_id(self) -> str:
        """Day of the run and 16 hexadecimal signs; "" in format 1."""
        return str(self.manifest.get("run_id", ""))

    @property
    def is_match(self) -> bool:
        """Whether `match` made it, and not `assign`."""
        return "lists.parquet" in self.outputs

    @property
    def as_of(self) -> dt.date | None:
        """Day of the run; None where no rule looked at a date."""
        day = self.manifest["as_of"]
        return None if day is None else dt.date.fromisoformat(day)

    @property
    def settings(self) -> Settings:
        """Settings of the run, spelled out."""
        return Settings.from_dict(self.manifest["settings"], source=str(self.path / MANIFEST))

    @property
    def outputs(self) -> Mapping[str, str]:
        """SHA-256 of each file, by its name in the folder."""
        return _named(self.manifest)

    def summary(self) -> dict[str, Any]:
        """Return what ``summary.json`` holds.

        Raises
        ------
        UsageError
            It cannot be read.
        """
        figures: dict[str, Any] = _json(self.path / SUMMARY)
        return figures

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a table of the run.

        Parameters
        ----------
        name : str
            ``lists``, ``tables/youths``, ``reference/nearness`` ..., without an ending.
        columns : sequence of str, optional
            Those that are wanted; all by default.

        Returns
        -------
        DataFrame
            With the types of the clean tables; categories have become texts.

        Raises
        ------
        UsageError
            The run has no such table, or it cannot be read.
        """
        import pandas as pd

        file = self.path / f"{name}.parquet"
        wanted = None if columns is None else list(columns)
        try:
            frame = pd.read_parquet(file, columns=wanted)
        except FileNotFoundError:
            raise UsageError(said("folder.no_table", path=self.path, name=file.name)) from None
        except (OSError, ValueError) as error:
            raise UsageError(said("error.cannot_read", path=file, why=error)) from None
        # The format knows no whole seconds, in which the clean tables count their days.
        days = frame.select_dtypes("datetime64").columns
        return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def open_run(path: str | Path) -> Run:
    """Return a saved run: that of a folder, or the one that counts in a HOME.

    Parameters
    ----------
    path : path
        Folder of a run, or a HOME: a folder with a file ``CURRENT``.

    Returns
    -------
    Run

    Raises
    ------
    UsageError
        There is no run of ours.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     home = Path(folder)
    ...     (home / "runs" / "2023-09-15-00ff").mkdir(parents=True)
    ...     _ = (home / "CURRENT").write_text("2023-09-15-00ff")
    ...     _ = (home / "runs" / "2023-09-15-00ff" / "manifest.json").write_text(
    ...         '{"made_by": "matchmaker", "format": 2, "run_id": "2023-09-15-00ff", "outputs": {}}')
    ...     open_run(home).run_id
    '2023-09-15-00ff'
    """
    given = Path(path)
    if not given.is_dir():
        raise UsageError(said("error.no_such_file", path=path))
    folder = _current(given) if (given / CURRENT).is_file() else given
    if not (folder / MANIFEST).is_file():
        raise UsageError(said("command.no_summary", path=path, name=MANIFEST))
    manifest = _json(folder / MANIFEST)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("outputs"), dict):
        raise UsageError(said("folder.no_run", path=folder, name=MANIFEST))
    if manifest.get("made_by", MADE_BY) != MADE_BY or manifest.get("format", 1) not in (1, FORMAT):
        raise UsageError(said("folder.no_run", path=folder, name=MANIFEST))
    return Run(path=folder, manifest=manifest)


def outputs_of(folder: Path) -> dict[str, str]:
    """Return the files that the manifest of a folder lists, name to SHA-256; none if not ours.

    A run writes plain files into its own folder and into `OWN_FOLDERS`: a name that leads
    elsewhere is nobody's.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of str to str
    """
    try:
        return _named(json.loads((folder / MANIFEST).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _named(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(sha256) for name, sha256 in manifest["outputs"].items() if _is_inside(name)}


def _is_inside(name: str) -> bool:
    *folders, file = name.split("/")
    is_plain = file not in ("", ".", "..")
    return is_plain and (not folders or (len(folders) == 1 and folders[0] in OWN_FOLDERS))


def _current(home: Path) -> Path:
    """Return the folder of the run that counts in a HOME."""
    try:
        run_id = (home / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise UsageError(said("error.cannot_read", path=home / CURRENT, why=error)) from None
    if not run_id or Path(run_id).name != run_id:
        raise UsageError(said("folder.no_current", path=home / CURRENT))
    return home / RUNS / run_id


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=file, why=error.strerror)) from None
    except ValueError as error:
        raise UsageError(said("error.cannot_read", path=file, why=error)) from None
