"""Whose workbook a youth stands in: each of them in one, and in no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.follow_up.texts import texts_of
from matchmaker.reference.gazetteer import departements, regions
from matchmaker.reference.lookup import fold
from matchmaker.reference.store import read_csv
from matchmaker.reference.structures import Structures
from matchmaker.words import Lang, said, say

__all__ = ["BY", "CellTerritory", "territories"]

BY = ("region", "departement", "mission_locale", "cfa")
"""What workbooks are made by, beside a file of one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTerritory:
    """A workbook to be.

    Attributes
    ----------
    code : str
        "" for the youths whom no territory takes.
    name : str
    """

    code: str
    name: str

    @property
    def file(self) -> str:
        """Name of a cell's file.

        Examples
        --------
        >>> CellTerritory(code="53", name="Bretagne").file
        'cellule-53-bretagne.xlsx'
        """
        return self.file_named("cellule")

    def file_named(self, kind: str) -> str:
        """Return the name of its file of a kind, in letters, digits and hyphens."""
        told = self.code if self.code == self.name else f"{self.code} {self.name}"
        slug = re.sub(r"[^a-z0-9]+", "-", fold(told)).strip("-")[:80]
        return f"{kind}-{slug or 'x'}.xlsx"


def territories(
    youths: pd.DataFrame, by: str, structures: Structures, lang: Lang, *, outside: str = ""
) -> tuple[pd.Series, dict[str, CellTerritory]]:
    """Return the territory of each youth, and all territories by their code.

    Parameters
    ----------
    youths : DataFrame
        ``region_code``, ``departement``, ``commune_code``, ``training_centre``.
    by : str
        One of `BY`, or the path of a CSV with ``commune_code`` and ``territory``.
    structures : Structures
        Read for ``mission_locale`` and ``cfa``.
    lang : {"fr", "en"}
    outside : str
        Name of the territory of whom no other takes; "" for homes or centres, as `by` says.

    Returns
    -------
    Series of str
        Code of each youth's territory, "" for none; with the index of `youths`.
    dict of str to CellTerritory

    Raises
    ------
    UsageError
        There is no such file, or no table of structures where it is needed.
    InputError
        The file has a commune in two territories.
    """
    names: Mapping[str, str]
    if by == "region":
        codes, names = youths["region_code"], _names(regions(), "region_code")
    elif by == "departement":
        codes, names = youths["departement"], _names(departements(), "departement")
    elif by == "cfa":
        codes, names = youths["training_centre"], structures.names("cfa")
    elif by == "mission_locale":
        if not structures.has("mission_locale"):
            raise UsageError(said("cells.no_structures"))
        codes = structures.of(youths["commune_code"], "mission_locale")
        names = structures.names("mission_locale")
    else:
        codes, names = _of_file(youths["commune_code"], Path(by))
    codes = codes.astype("str")
    outside = outside or say(lang, "cells.no_centre" if by == "cfa" else "cells.elsewhere")
    found = {
        code: CellTerritory(code=code, name=names.get(code, code) if code else outside)
        for code in sorted(set(codes), key=str.encode)
    }
    return codes, _told_apart(found)


def _told_apart(found: dict[str, CellTerritory]) -> dict[str, CellTerritory]:
    """Return the territories with a number behind the names of those whose files would be one."""
    files: dict[str, int] = {}
    apart = {}
    for code, territory in found.items():
        times = files[territory.file] = files.get(territory.file, 0) + 1
        name = territory.name if times == 1 else f"{territory.name} {times}"
        apart[code] = CellTerritory(code=code, name=name)
    return apart


def _names(table: pd.DataFrame, code: str) -> dict[str, str]:
    return dict(zip(table[code], table["name"], strict=True))


def _of_file(communes: pd.Series, path: Path) -> tuple[pd.Series, dict[str, str]]:
    """Return the territory of each commune as a file of the user's says."""
    own = read_csv(path, ("commune_code", "territory"))
    pairs = own[["commune_code", "territory"]].apply(lambda cells: cells.str.strip())
    pairs["commune_code"] = pairs["commune_code"].str.zfill(5)
    distinct = pairs[pairs["territory"] != ""].drop_duplicates()
    twice = distinct[distinct["commune_code"].duplicated()]
    if len(twice):
        raise InputError(
            [
                Issue(
                    reason="commune_in_two_territories",
                    file=path.name,
                    line=int(row.Index) + 2,
                    column="territory",
                    value=str(row.territory),
                    message=said("cells.commune_twice", commune=row.commune_code),
                    hint=said("cells.commune_twice_hint"),
                )
                for row in twice.itertuples()
            ]
        )
    return texts_of(communes, distinct.set_index("commune_code")["territory"]), {}
