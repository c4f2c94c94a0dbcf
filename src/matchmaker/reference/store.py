"""Reference tables that the user adds: read by their headers, kept in a folder, hashed.

The package carries what may be carried.  France Travail's ROME tables and the tables of
diplomas are better and are the user's to add: a copy of each file is kept in the user's
data folder, or the settings name a folder (``rome_dir``, ``diplomas_dir``).  A table is
known by the names of its columns, so files keep the names they were published under.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import pandas as pd

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.reference.own_files import OWN_FILES, folder, own_files, tables_in
from matchmaker.reference.table_texts import decoded, texts_of
from matchmaker.replacing import replaced
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = [
    "KINDS",
    "StoredTable",
    "add",
    "folder",
    "own_files",
    "read_csv",
    "read_files",
    "read_folder",
    "signature",
    "stored",
    "used",
]

# What a kind of table needs: content -> the columns that tell it, each in lower case.
# The first content whose columns are all there is taken.
KINDS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "rome": {
        "titles": frozenset({"code_rome", "libelle_appellation_long"}),
        "mobility": frozenset({"code_rome", "code_rome_cible"}),
        "codes": frozenset({"code_rome", "libelle_rome"}),
        "skills": frozenset({"code_rome", "code_ogr"}),
    },
    "cfd": {
        "certifinfo": frozenset({"code_diplome", "libelle_diplome", "code_rome_1", "code_rncp"}),
        "mef": frozenset({"mef", "formation_diplome"}),
        "bcn": frozenset({"formation_diplome", "libelle_long_200"}),
    },
    "rncp": {
        "kit": frozenset({"code diplôme", "ficherncp"}),
        "fiches": frozenset({"numero_fiche", "intitule"}),
        "fiches_rome": frozenset({"numero_fiche", "codes_rome_code"}),
    },
    "naf": {"editions": frozenset({"naf_rev2", "naf_2025"})},
    "structures": {
        "structures": frozenset({"commune_code", "structure_id", "kind", "name", "email", "phone"})
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTable:
    """One table of a file that was added.

    Attributes
    ----------
    kind : str
        ``rome``, ``cfd``, ``rncp``, ``naf`` or ``structures``.
    content : str
        What the columns say it is: ``titles``, ``codes``, ``mobility`` ...
    file : str
        Name of the file, and of its member for a zip.
    rows : int
        Rows of the table.
    sha256 : str
        Of the file's bytes, for the manifest.
    """

    kind: str
    content: str
    file: str
    rows: int
    sha256: str


def read_folder(kind: str, settings: Settings) -> dict[str, list[pd.DataFrame]]:
    """Return the tables of a kind, by content, in the order of the names of their files.

    Parameters
    ----------
    kind : {"rome", "cfd", "rncp", "naf", "structures"}
    settings : Settings

    Returns
    -------
    dict of str to list of DataFrame
        Text columns, names in lower case.  Empty when nothing was added.
    """
    return read_files(kind, tables_in(folder(kind, settings)))


def read_files(kind: str, paths: Iterable[str | Path]) -> dict[str, list[pd.DataFrame]]:
    """Return the tables of a kind in some files, by content, as `read_folder` does.

    Parameters
    ----------
    kind : {"rome", "cfd", "rncp", "naf", "structures"}
    paths : iterable of path

    Returns
    -------
    dict of str to list of DataFrame
    """
    tables: dict[str, list[pd.DataFrame]] = {}
    for path in map(Path, paths):
        for content, _, frame in _read(kind, path):
            tables.setdefault(content, []).append(frame)
    return tables


def stored(settings: Settings) -> tuple[StoredTable, ...]:
    """Return what was added, for ``reference list`` and for the manifest."""
    rows = []
    for kind in KINDS:
        for path in tables_in(folder(kind, settings)):
            digest = sha256(path.read_bytes()).hexdigest()
            rows += [
                StoredTable(kind=kind, content=content, file=name, rows=len(frame), sha256=digest)
                for content, name, frame in _read(kind, path)
            ]
    return tuple(rows)


def add(kind: str, file: str | Path, settings: Settings) -> tuple[StoredTable, ...]:
    """Keep a copy of a published file and return the tables found in it.

    Parameters
    ----------
    kind : {"rome", "cfd", "rncp", "naf", "structures"}
        Kind of table.
    file : path
        CSV, gzipped CSV, or the zip as published.
    settings : Settings
        ``rome_dir`` or ``diplomas_dir`` say where, if they are set.

    Raises
    ------
    UsageError
        The kind is unknown or there is no such file.
    InputError
        No table of this kind is in the file.
    """
    if kind not in KINDS:
        raise UsageError(said("reference.unknown_kind", kind=kind, names=list(KINDS)))
    path = Path(file)
    if not path.is_file():
        raise UsageError(said("error.no_such_file", path=file))
    found = _read(kind, path)  # refuses what is too large for memory
    if not found:
        wanted = "; ".join(
            f"{content}: {', '.join(sorted(columns))}" for content, columns in KINDS[kind].items()
        )
        raise InputError(
            [
                Issue(
                    reason="unknown_reference_table",
                    file=path.name,
                    message=said("reference.no_table", kind=kind),
                    hint=said("reference.no_table_hint", wanted=wanted),
                )
            ]
        )
    data, target = path.read_bytes(), folder(kind, settings)
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replaced(target / path.name) as out:
        out.write(data)
    digest = sha256(data).hexdigest()
    return tuple(
        StoredTable(kind=kind, content=content, file=name, rows=len(frame), sha256=digest)
        for content, name, frame in found
    )


def signature(kind: str, settings: Settings) -> tuple[tuple[str, int, int], ...]:
    """Return name, size and time of change of the files of a kind: a key for caches."""
    return tuple(
        (str(path), path.stat().st_size, path.stat().st_mtime_ns)
        for path in tables_in(folder(kind, settings))
    )


def read_csv(
    path: str | Path, needed: Sequence[str] = (), *, optional: Sequence[str] = ()
) -> pd.DataFrame:
    """Read a small CSV file of the user's as text; the header line tells the separator.

    Parameters
    ----------
    path : path
    needed : sequence of str
        Columns that the file must have.
    optional : sequence of str
        Columns that it may have, for the message.

    Raises
    ------
    UsageError
        There is no such file, or it is no table.
    InputError
        A column is missing; every one is named.
    """
    file = Path(path)
    if not file.is_file():
        raise UsageError(said("error.no_such_file", path=path))
    try:
        frame = _table(decoded(file.read_bytes()))
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UsageError(said("error.not_csv", path=path, why=str(error).strip())) from None
    missing = [
        Issue(
            reason="missing_column",
            file=file.name,
            column=column,
            message=said("error.missing_column"),
            hint=said("error.columns_due", names=(*needed, *optional)),
        )
        for column in needed
        if column not in frame.columns
    ]
    if missing:
        raise InputError(missing)
    return frame


def _table(text: str) -> pd.DataFrame:
    """Return the table of a CSV text."""
    header = text.partition("\n")[0]
    separator = max(";,\t|", key=header.count)
    return pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False)


def _read(kind: str, path: Path) -> list[tuple[str, str, pd.DataFrame]]:
    """Return (content, name, table) of each table of this kind in a file."""
    stat = path.stat()
    return _read_cached(kind, str(path), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=32)
def _read_cached(
    kind: str, path: str, size: int, changed: int
) -> list[tuple[str, str, pd.DataFrame]]:
    """Read a file once a process, as long as its size and time stay the same."""
    del size, changed  # only part of the key
    found = []
    for name, text in texts_of(Path(path)):
        header = text.partition("\n")[0]
        separator = max(";,\t|", key=header.count)
        columns = {c.strip().strip('"').casefold() for c in header.strip().split(separator)}
        content = next((c for c, needed in KINDS[kind].items() if needed <= columns), None)
        if content is None:
            continue
        try:
            frame = _table(text)
        except pd.errors.ParserError as error:
            raise InputError(
                [
                    Issue(
                        reason="unreadable_reference_table",
                        file=name,
                        message=said("reference.unreadable", why=str(error).strip()),
                        hint=said("reference.unreadable_hint"),
                    )
                ]
            ) from None
        frame.columns = [str(c).strip().casefold() for c in frame.columns]
        found.append((content, name, frame))
    return found


def used(settings: Settings) -> list[dict[str, str | int]]:
    """Return every table of the user's own that a run with these settings reads.

    Returns
    -------
    list of dict
        The tables that were added, and the files that settings name (``communes_file``,
        ``lexicon_file``, ``labels_file``, ``nearness_file``, ``travel_times_file``), each with its SHA-256; for the manifest.
    """
    tables: list[dict[str, str | int]] = [
        asdict(table) for table in stored(settings) if table.kind != "structures"
    ]
    for name in OWN_FILES:
        path = getattr(settings, name)
        if path:
            try:
                digest = sha256(Path(path).read_bytes()).hexdigest()
            except OSError as error:
                raise UsageError(
                    said("setting.cannot_read", name=name, path=path, why=error)
                ) from None
            tables.append({"kind": name, "file": Path(path).name, "sha256": digest})
    return tables
