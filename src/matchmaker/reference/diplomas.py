"""From the code or the name of a diploma to its level and its trades.

Codes are looked up in the tables that the user adds (`matchmaker.reference.store`): CFD and
RNCP in certifinfo, the kit apprentissage, the BCN or France compétences; MEF only through a
table from MEF to CFD, since none may be shipped.  A code that was replaced is followed to its
successor.  Without a table the first digit of a CFD still gives the level, and the name of
the diploma ("CAP Boulanger") gives level and trades through the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from matchmaker.reference import store
from matchmaker.reference.trades import resolve_trades, trade_table
from matchmaker.settings import Settings

__all__ = ["resolve_diplomas"]

_CFD = re.compile(r"[0-9]{7}[0-9A-Z]")
_MEF = re.compile(r"[0-9]{10,11}")
_RNCP = re.compile(r"(?:RNCP)?0*([0-9]{1,6})")
# The first digit of a CFD is the old roman level, written as a number.
_CFD_LEVELS = {"5": 3, "4": 4, "3": 5, "2": 6, "1": 7}
_MOST_STEPS = 5  # from a replaced code to the one in force


@dataclass(slots=True, kw_only=True)
class _Diploma:
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
class _Tables:
    """Diplomas by (kind, code), successors, and MEF to CFD."""

    diplomas: dict[tuple[str, str], _Diploma]
    successors: dict[tuple[str, str], str]
    cfd_of_mef: dict[str, str]


def resolve_diplomas(frame: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return level and trades of diplomas.

    Parameters
    ----------
    frame : DataFrame of str, n rows
        diploma_code (CFD or MEF), rncp_code, label; any of them may be missing.
    settings : Settings

    Returns
    -------
    DataFrame
        n rows with the index of `frame`: level (int8, 0 unknown), codes (ROME, ``"|"``
        between, "" none), label, and how: ``rncp``, ``cfd`` or ``mef`` by which trades or,
        failing trades, the level were found, with ``_successor`` where a code was replaced;
        ``label`` where the trades come from the name; ``unknown_code``; "" where nothing is
        given or the name says nothing.

    Examples
    --------
    >>> rows = pd.DataFrame({"diploma_code": ["", "50022137"], "label": ["CAP Boulanger", ""]})
    >>> resolve_diplomas(rows, Settings()).values.tolist()
    [[3, 'D1102', 'CAP Boulanger', 'label'], [3, '', '', 'cfd']]
    """
    empty = pd.Series("", index=frame.index, dtype="str")
    written = pd.DataFrame(
        {
            name: frame[name].fillna("") if name in frame else empty
            for name in ("diploma_code", "rncp_code", "label")
        }
    )
    row = written.groupby(list(written.columns), sort=False).ngroup().to_numpy()
    distinct = written.drop_duplicates(ignore_index=True)
    named = resolve_trades(distinct["label"], settings)
    tables = _tables(settings.rome_dir, settings.diplomas_dir, store.signature("cfd", settings))
    answers = [
        _one(tables, _whole(cfd.strip().upper()), rncp.strip().upper(), label, codes, int(level))
        for cfd, rncp, label, codes, level in zip(
            distinct["diploma_code"],
            distinct["rncp_code"],
            distinct["label"],
            named["codes"],
            named["level"],
            strict=True,
        )
    ]
    columns: dict[str, Any] = {
        "level": np.array([a[0] for a in answers], np.int8),
        "codes": pd.array([a[1] for a in answers], "str"),
        "label": pd.array([a[2] for a in answers], "str"),
        "how": pd.array([a[3] for a in answers], "str"),
    }
    return pd.DataFrame({name: v.take(row) for name, v in columns.items()}, index=frame.index)


def _one(
    tables: _Tables, code: str, rncp: str, label: str, named: str, named_level: int
) -> tuple[int, str, str, str]:
    """Return (level, codes, label, how) of one diploma."""
    found = [f for f in _looked_up(tables, code, rncp) if f[0].level or f[0].codes]
    best = next((f for f in found if f[0].codes), None)
    level = next((f[0].level for f in found if f[0].level), 0) or _cfd_level(code) or named_level
    title = next((f[0].label for f in found if f[0].label), label)
    if best:
        return level, "|".join(best[0].codes), title, best[1]
    if named:
        return level, named, title, "label"
    if found:
        return level, "", title, found[0][1]
    if _cfd_level(code):
        return level, "", title, "cfd"
    return level, "", title, "unknown_code" if code or rncp else "label" if level else ""


def _looked_up(tables: _Tables, code: str, rncp: str) -> Iterator[tuple[_Diploma, str]]:
    """Yield what the tables say of each code given, successors after the code itself."""
    number = _RNCP.fullmatch(rncp)
    if number:
        yield from _followed(tables, "rncp", number[1], "rncp")
    if _CFD.fullmatch(code):
        yield from _followed(tables, "cfd", code, "cfd")
    elif _MEF.fullmatch(code):
        # The 11th digit of a MEF stands for the class; tables give ten or eleven.
        cfd = tables.cfd_of_mef.get(code) or tables.cfd_of_mef.get(code[:10], "")
        yield from _followed(tables, "cfd", cfd, "mef")


def _followed(tables: _Tables, kind: str, code: str, how: str) -> Iterator[tuple[_Diploma, str]]:
    """Yield a diploma and those that replaced it, one after the other."""
    for step in range(_MOST_STEPS):
        diploma = tables.diplomas.get((kind, code))
        if diploma:
            yield diploma, how if step == 0 else f"{how}_successor"
        code = tables.successors.get((kind, code), "")
        if not code:
            return


def _whole(code: str) -> str:
    """Return a CFD whose leading zero a spreadsheet has dropped with its eight signs."""
    return code.zfill(8) if len(code) == 7 and code.isdigit() else code


def _cfd_level(code: str) -> int:
    return _CFD_LEVELS.get(code[0], 0) if _CFD.fullmatch(code) else 0


@lru_cache(maxsize=2)
def _tables(rome_dir: str, diplomas_dir: str, key: object) -> _Tables:
    """Read the tables of diplomas; `key` changes when a file does."""
    del key
    settings = Settings(rome_dir=rome_dir, diplomas_dir=diplomas_dir)
    known = set(trade_table(settings)["code"])
    diplomas: dict[tuple[str, str], _Diploma] = {}
    successors: dict[tuple[str, str], str] = {}
    cfd_of_mef: dict[str, str] = {}

    def note(kind: str, code: str, level: str, romes: list[str], label: str) -> None:
        if code:
            code = _whole(code) if kind == "cfd" else code
            number = re.sub(r"\D", "", level)
            whole = int(number) if number else 0
            diplomas.setdefault((kind, code), _Diploma()).add(
                whole if 3 <= whole <= 8 else 0, [r for r in romes if r in known], label
            )

    def replaced(kind: str, old: str, new: str) -> None:
        if kind == "cfd":
            old, new = _whole(old), _whole(new)
        if old and new and old != new:
            successors.setdefault((kind, old), new)

    cfd, rncp = store.read_folder("cfd", settings), store.read_folder("rncp", settings)
    for frame in cfd.get("certifinfo", []):
        rome_columns = [c for c in frame.columns if str(c).startswith("code_rome_")]
        for r in frame.to_dict("records"):
            romes = [r[c] for c in rome_columns if r[c]]
            school, number = r.get("code_scolarité", ""), r["code_rncp"]
            for kind, code in (("cfd", school), ("rncp", number)):
                note(kind, code, r["code_niveau_europeen"], romes, r["libelle_diplome"])
            replaced("cfd", r.get("code_ancien_scolarité", ""), school)
            replaced("rncp", r.get("code_ancien_rncp", ""), number)
    for frame in cfd.get("bcn", []):
        for r in frame.to_dict("records"):
            code = r["formation_diplome"]
            note("cfd", code, r.get("niveau_qualification_rncp", ""), [], r["libelle_long_200"])
            replaced("cfd", code, r.get("nouveau_diplome_1", ""))
    for frame in cfd.get("mef", []):
        cfd_of_mef |= dict(zip(frame["mef"], frame["formation_diplome"], strict=True))
    for frame in rncp.get("kit", []):
        for r in frame.to_dict("records"):
            number = _RNCP.fullmatch(r["ficherncp"])
            level, label = r.get("niveau fiche rncp", ""), r.get("intitulé diplôme (depp)", "")
            note("cfd", r["code diplôme"], level, [], label)
            if number:
                note("rncp", number[1], level, [], label)
                fiche = diplomas[("rncp", number[1])]
                # The kit says which RNCP a CFD is; the fiche may know the trades.
                note("cfd", r["code diplôme"], level, fiche.codes, label)
    for frame in rncp.get("fiches", []):
        for r in frame.to_dict("records"):
            number = _RNCP.fullmatch(r["numero_fiche"])
            if number:
                note("rncp", number[1], r.get("nomenclature_europe_niveau", ""), [], r["intitule"])
    for frame in rncp.get("fiches_rome", []):
        for r in frame.to_dict("records"):
            number = _RNCP.fullmatch(r["numero_fiche"])
            if number:
                note("rncp", number[1], "", [r["codes_rome_code"]], "")
    return _Tables(diplomas=diplomas, successors=successors, cfd_of_mef=cfd_of_mef)
