"""The manifest: what a run read, with which settings and versions, and what it wrote."""

from __future__ import annotations

import datetime as dt
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO, Protocol

from matchmaker.runs.differences import differences
from matchmaker.runs.folder import FORMAT, MADE_BY
from matchmaker.runs.identity import named
from matchmaker.settings import Settings
from matchmaker.version import VERSION

__all__ = ["InputRecord", "Output", "build_manifest", "json_bytes", "package_versions", "stages_of"]

# Packages whose version can change a byte of the outputs.
_PACKAGES = ("numpy", "scipy", "rapidfuzz", "pandas", "pyarrow", "numba", "jinja2")


# By stage, the stages whose files it reads; "read" itself reads what was handed in.
_READS = {
    "read": (),
    "prepare": ("read",),
    "share_out": ("read", "prepare"),
    "explain": ("read", "prepare", "share_out"),
    "check": ("read", "prepare", "share_out", "explain"),
    "summarise": ("read", "prepare", "share_out", "explain"),
    "write": ("read", "prepare", "share_out", "explain", "summarise"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One file of a run's folder.

    Attributes
    ----------
    stage : str
        That made what it holds.
    write : callable
        Writes it into an open binary file.
    rows : int or None
        Of a table.
    """

    stage: str
    write: Callable[[BinaryIO], None]
    rows: int | None = None


class InputRecord(Protocol):
    """One file or frame that was read (`matchmaker.tables.InputFile` is one)."""

    @property
    def role(self) -> str:
        """Table that the file holds."""

    @property
    def name(self) -> str:
        """Name shown to the user."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes read."""

    @property
    def rows(self) -> int:
        """Rows read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """How it was read."""

    @property
    def sheets(self) -> tuple[str, ...]:
        """Sheets of a workbook that were read."""


def build_manifest(
    files: Sequence[InputRecord],
    *,
    identity: Mapping[str, Any],
    asked: Mapping[str, Any],
    settings: Settings,
    as_of: dt.date | None,
    reference: Sequence[Mapping[str, Any]],
    counts: Mapping[str, int],
    is_synthetic: bool,
    handed_in: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Return the manifest of a run as plain values; it holds no clock and no path.

    Parameters
    ----------
    files : sequence of InputRecord
        What was read.
    identity : mapping
        As `matchmaker.runs.identity.content_of` gives it; the id of the run is made of it.
    asked : mapping
        What else decides the result and stands in no setting.
    settings : Settings
        Written down whole; ``seed`` once more by itself.
    as_of : date or None
        None where no rule of the run looks at a date.
    reference : sequence of mapping
        Reference tables of the user's own, each with its SHA-256.
    counts : mapping of str to int
        Rows of the outputs, or other figures that identify the run.
    is_synthetic : bool
        A row of the input was made by the generator.
    handed_in : mapping of str to sequence of str
        Criteria, solver and sources that came as objects, which no setting names.

    Returns
    -------
    dict
        Ready for JSON.
    """
    territories = differences(settings)
    return {
        "made_by": MADE_BY,
        "format": FORMAT,
        "run_id": named(identity),
        "identity": dict(identity),
        "as_of": None if as_of is None else as_of.isoformat(),
        "is_synthetic": is_synthetic,
        "inputs": [
            {
                "role": f.role,
                "name": f.name,
                "sha256": f.sha256,
                "rows": int(f.rows),
                "notes": list(f.notes),
                "sheets": list(f.sheets),
            }
            for f in files
        ],
        "reference": [dict(table) for table in reference],
        "asked": dict(asked),
        "seed": settings.seed,
        "settings": settings.to_dict(),
        **({"territories": territories} if territories else {}),
        "handed_in": {name: list(names) for name, names in handed_in.items()},
        "counts": {name: int(count) for name, count in counts.items()},
        "versions": {
            "matchmaker": VERSION,
            "python": platform.python_version(),
            **package_versions(),
        },
    }


def package_versions() -> dict[str, str]:
    """Return the versions of the packages that can change a byte of the outputs.

    Returns
    -------
    dict of str to str
    """
    return {name: found for name in _PACKAGES if (found := _version(name))}


def stages_of(
    manifest: Mapping[str, Any], outputs: Mapping[str, Output], hashes: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what each stage read and wrote, so that one that reads the same need not run again.

    Parameters
    ----------
    manifest : mapping
        As `build_manifest` gives it.
    outputs : mapping of str to Output
    hashes : mapping of str to str
        SHA-256 of each of them.

    Returns
    -------
    list of dict
        ``name``, ``reads`` (SHA-256) and ``writes`` (``file``, ``sha256``, ``rows``), in order.
    """
    handed_in = [one["sha256"] for one in (*manifest["inputs"], *manifest["reference"])]
    return [
        {
            "name": stage,
            "reads": [
                *(handed_in if stage == "read" else ()),
                *(hashes[name] for name, one in outputs.items() if one.stage in earlier),
            ],
            "writes": [
                {"file": name, "sha256": hashes[name], "rows": one.rows}
                for name, one in outputs.items()
                if one.stage == stage
            ],
        }
        for stage, earlier in _READS.items()
    ]


def json_bytes(value: Any) -> bytes:
    r"""Return `value` as JSON for people and machines: indented, UTF-8, no NaN.

    Parameters
    ----------
    value : object
        Ready for JSON.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        A number is NaN or infinite.

    Examples
    --------
    >>> json_bytes({"é": 1}).decode()
    '{\n  "é": 1\n}\n'
    """
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
