"""The tables of diplomas that the user adds: what each code and each name leads to.

Certifinfo, the BCN, the kit apprentissage and the fiches of France compétences, read through
`matchmaker.reference.store`; what comes first stays, and certifinfo, which knows the most, is
read first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from matchmaker.reference import store
from matchmaker.reference.rome import rome
from matchmaker.settings import Settings

__all__ = ["RNCP", "Diploma", "DiplomaTables", "diploma_tables", "whole_cfd"]

RNCP = re.compile(r"(?:RNCP)?0*([0-9]{1,6})")
"""A code of the RNCP as people write it; its group is the number."""


@dataclass(slots=True, kw_only=True)
class Diploma:
    """What the tables say of one diploma, put together from several rows."""

    level: int = 0
    codes: list[str] = field(default_factory=list)
    label: str = ""

    def add(self, level: int, codes: list[str], label: str) -> None:
        """Take in one more row; what is known already stays."""
        self.level = self.level or level
        self.label = self.label or label
        self.codes += [code for code in codes if code not in self.codes]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiplomaTables:
    """Diplomas by (kind, code), successors, and MEF to CFD; filled table after table."""

    known_trades: frozenset[str]
    diplomas: dict[tuple[str, str], Diploma] = field(default_factory=dict)
    successors: dict[tuple[str, str], str] = field(default_factory=dict)
    cfd_of_mef: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, code: str, *, level: str, codes: Sequence[str], label: str) -> None:
        """Take in what one row says of one diploma; a row without its code says nothing."""
        if not code:
            return
        known = [trade for trade in codes if trade in self.known_trades]
        key = (kind, whole_cfd(code) if kind == "cfd" else code)
        self.diplomas.setdefault(key, Diploma()).add(_level_in(level), known, label)

    def replace(self, kind: str, old: str, new: str) -> None:
        """Note the code that stands in place of an old one; the first one noted stays."""
        if kind == "cfd":
            old, new = whole_cfd(old), whole_cfd(new)
        if old and new and old != new:
            self.successors.setdefault((kind, old), new)


def diploma_tables(settings: Settings) -> DiplomaTables:
    """Return what the tables of the user's own say; empty ones where none was added.

    Parameters
    ----------
    settings : Settings
        ``diplomas_dir`` and ``rome_dir`` say where the tables are.

    Returns
    -------
    DiplomaTables
        Read once for the same files.

    Raises
    ------
    UsageError, InputError
        A folder is not there, or a table has faults.

    Examples
    --------
    >>> ("cfd", "50022137") in diploma_tables(Settings()).diplomas
    False
    """
    key = (store.signature("cfd", settings), store.signature("rome", settings))
    return _tables(settings.rome_dir, settings.diplomas_dir, key)


def whole_cfd(code: str) -> str:
    """Return a CFD whose leading zero a spreadsheet has dropped with its eight signs."""
    return code.zfill(8) if len(code) == 7 and code.isdigit() else code


def _level_in(text: str) -> int:
    """Return the level of the European frame that a cell names, 0 for none."""
    digits = re.sub(r"\D", "", text)
    level = int(digits) if digits else 0
    return level if 3 <= level <= 8 else 0


@lru_cache(maxsize=2)
def _tables(rome_dir: str, diplomas_dir: str, key: object) -> DiplomaTables:
    """Read the tables of diplomas; `key` changes when a file does."""
    del key
    settings = Settings(rome_dir=rome_dir, diplomas_dir=diplomas_dir)
    tables = DiplomaTables(known_trades=frozenset(rome(settings).codes["code"]))
    cfd, rncp = store.read_folder("cfd", settings), store.read_folder("rncp", settings)
    # What comes first stays: certifinfo knows the most.
    for frame in cfd.get("certifinfo", []):
        _take_certifinfo(tables, frame)
    for frame in cfd.get("bcn", []):
        _take_bcn(tables, frame)
    for frame in cfd.get("mef", []):
        tables.cfd_of_mef.update(zip(frame["mef"], frame["formation_diplome"], strict=True))
    for frame in rncp.get("kit", []):
        _take_kit(tables, frame)
    for frame in rncp.get("fiches", []):
        _take_fiches(tables, frame)
    for frame in rncp.get("fiches_rome", []):
        _take_trades_of_fiches(tables, frame)
    return tables


def _take_certifinfo(tables: DiplomaTables, frame: pd.DataFrame) -> None:
    """Take in certifinfo: a CFD, an RNCP and their trades a row."""
    rome_columns = [column for column in frame.columns if str(column).startswith("code_rome_")]
    for row in frame.to_dict("records"):
        codes = [row[column] for column in rome_columns if row[column]]
        level, label = row["code_niveau_europeen"], row["libelle_diplome"]
        cfd, number = row.get("code_scolarité", ""), row["code_rncp"]
        tables.note("cfd", cfd, level=level, codes=codes, label=label)
        tables.note("rncp", number, level=level, codes=codes, label=label)
        tables.replace("cfd", row.get("code_ancien_scolarité", ""), cfd)
        tables.replace("rncp", row.get("code_ancien_rncp", ""), number)


def _take_bcn(tables: DiplomaTables, frame: pd.DataFrame) -> None:
    """Take in the BCN: levels, names and successors of CFD, no trades."""
    for row in frame.to_dict("records"):
        cfd, level = row["formation_diplome"], row.get("niveau_qualification_rncp", "")
        tables.note("cfd", cfd, level=level, codes=[], label=row["libelle_long_200"])
        tables.replace("cfd", cfd, row.get("nouveau_diplome_1", ""))


def _take_kit(tables: DiplomaTables, frame: pd.DataFrame) -> None:
    """Take in the kit apprentissage: which RNCP a CFD is."""
    for row in frame.to_dict("records"):
        cfd, number = row["code diplôme"], RNCP.fullmatch(row["ficherncp"])
        level, label = row.get("niveau fiche rncp", ""), row.get("intitulé diplôme (depp)", "")
        tables.note("cfd", cfd, level=level, codes=[], label=label)
        if number:
            tables.note("rncp", number[1], level=level, codes=[], label=label)
            # The fiche may know the trades.
            codes = tables.diplomas["rncp", number[1]].codes
            tables.note("cfd", cfd, level=level, codes=codes, label=label)


def _take_fiches(tables: DiplomaTables, frame: pd.DataFrame) -> None:
    """Take in the fiches of France compétences: levels and names of RNCP."""
    for row in frame.to_dict("records"):
        number = RNCP.fullmatch(row["numero_fiche"])
        if number:
            level = row.get("nomenclature_europe_niveau", "")
            tables.note("rncp", number[1], level=level, codes=[], label=row["intitule"])


def _take_trades_of_fiches(tables: DiplomaTables, frame: pd.DataFrame) -> None:
    """Take in the trades of the fiches: one a row."""
    for row in frame.to_dict("records"):
        number = RNCP.fullmatch(row["numero_fiche"])
        if number:
            codes = [row["codes_rome_code"]]
            tables.note("rncp", number[1], level="", codes=codes, label="")
