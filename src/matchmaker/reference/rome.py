"""The nomenclature of trades: codes, labels, parents, titles, moves and skills.

The package carries the 1,584 codes of ROME 4.0 with their labels.  What the user adds with
``matchmaker reference add rome FILE`` (France Travail's published tables, version 3 or 4)
goes on top; see `matchmaker.reference.store`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import pandas as pd

from matchmaker.reference import store
from matchmaker.reference.lexicon import Entry, lexicon
from matchmaker.reference.trade_labels import mended
from matchmaker.settings import Settings

__all__ = ["Rome", "families", "rome"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rome:
    """What is known of the nomenclature.

    Attributes
    ----------
    codes : DataFrame
        code, label, parent, domain, sorted by code; one row a code.  `parent` is the code of
        ROME 3 that the code was cut from: from the official table, else from our lexicon,
        else the domain (the first three signs) stands in for it.
    titles : DataFrame
        code, title, is_own: labels, official titles, and those of our lexicon (is_own).
    moves : DataFrame
        code, near, step: moves that France Travail calls near (1) or an evolution (2).
    skills : DataFrame
        code, skill: numbers of the skills that a code asks for.
    is_official : bool
        True when the user's tables were read: parents and titles are then complete.
    """

    codes: pd.DataFrame
    titles: pd.DataFrame
    moves: pd.DataFrame
    skills: pd.DataFrame
    is_official: bool


def rome(settings: Settings) -> Rome:
    """Return the nomenclature for these settings, read once for the same files.

    Examples
    --------
    >>> table = rome(Settings()).codes
    >>> table.loc[table.code == "D1102", "domain"].item()
    'D11'
    """
    return _rome(
        settings.rome_dir, lexicon(settings.lexicon_file), store.signature("rome", settings)
    )


def families(codes: Iterable[str], parents: Iterable[str]) -> list[str]:
    """Return the family of each code: all codes of one parent (code of ROME 3) are one.

    Without a parent a code is its own family: the domain that stands in for it is too wide to
    vouch for a code.

    Examples
    --------
    >>> families(["D1102", "E1210"], ["D1102", "E12"])
    ['D1102', 'E1210']
    """
    return [
        code if len(parent) < len(code) else parent
        for code, parent in zip(codes, parents, strict=True)
    ]


@lru_cache(maxsize=4)
def _rome(rome_dir: str, entries: tuple[Entry, ...], key: object) -> Rome:
    """Build the nomenclature; `key` changes when a file does."""
    del key
    with (files("matchmaker.reference") / "data" / "rome.csv").open("rb") as stream:
        base = pd.read_csv(stream, dtype=str)
    labels: dict[str, str] = dict(zip(base["code"], base["label"], strict=True))
    parents: dict[str, str] = {}
    added = store.read_folder("rome", Settings(rome_dir=rome_dir))
    for frame in added.get("codes", []):
        official = _pairs(frame, "code_rome", "libelle_rome")
        labels |= {code: mended(label) for code, label in official.items()}
        if "code_rome_parent" in frame:
            parents |= _pairs(frame, "code_rome", "code_rome_parent")
    titles = [
        frame[["code_rome", "libelle_appellation_long"]].set_axis(["code", "title"], axis=1)
        for frame in added.get("titles", [])
    ]
    for frame in titles:  # a table of version 3 names codes that version 4 dropped
        for code in frame["code"].unique():
            labels.setdefault(code, "")
    has_parents = bool(parents)
    if not has_parents:
        parents = {p: p for e in entries for p in e.parents} | {
            code: p for e in entries for code, p in zip(e.codes, e.parents, strict=False)
        }
    codes = pd.DataFrame({"code": sorted(labels)}, dtype="str")
    codes["label"] = codes["code"].map(labels)
    codes["domain"] = codes["code"].str[:3]
    codes["parent"] = pd.array(
        [parents.get(c, c if has_parents else c[:3]) for c in codes["code"]], "str"
    )
    own = pd.DataFrame(
        [(code, title) for e in entries for code in e.codes for title in e.titles],
        columns=["code", "title"],
        dtype="str",
    )
    own = own[own["code"].isin(labels)]
    named = codes.loc[codes["label"] != "", ["code", "label"]].set_axis(["code", "title"], axis=1)
    return Rome(
        codes=codes[["code", "label", "parent", "domain"]],
        titles=pd.concat(
            [part.assign(is_own=part is own) for part in (named, *titles, own)], ignore_index=True
        ).drop_duplicates(["code", "title"], ignore_index=True),
        moves=_moves(added.get("mobility", [])),
        skills=pd.concat(
            [pd.DataFrame({"code": [], "skill": []}, dtype="str")]
            + [
                frame[["code_rome", "code_ogr"]].set_axis(["code", "skill"], axis=1)
                for frame in added.get("skills", [])
            ],
            ignore_index=True,
        ).drop_duplicates(),
        is_official=bool(titles),
    )


def _pairs(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    """Return key -> value of a table, blank values left out."""
    filled = frame[(frame[value] != "") & (frame[key] != "")]
    return dict(zip(filled[key], filled[value], strict=True))


def _moves(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the official moves between codes; moves of a single title are left out.

    Version 3 tells near ("Proche") from evolution; version 4 only orders the moves, and
    all of them count as near.
    """
    parts = []
    for frame in frames:
        whole = frame
        for column in ("code_appellation_source", "code_appellation_cible"):
            if column in frame:
                whole = whole[whole[column] == ""]
        kind = whole.get("libelle_type_mobilite", pd.Series("Proche", index=whole.index))
        parts.append(
            pd.DataFrame(
                {
                    "code": whole["code_rome"],
                    "near": whole["code_rome_cible"],
                    "step": kind.str.casefold().str.startswith("evol").map({True: 2, False: 1}),
                }
            )
        )
    if not parts:
        return pd.DataFrame({"code": [], "near": [], "step": []}).astype(
            {"code": "str", "near": "str", "step": "int64"}
        )
    both = pd.concat(parts, ignore_index=True).sort_values(["code", "near", "step"])
    return both.drop_duplicates(["code", "near"], ignore_index=True)
