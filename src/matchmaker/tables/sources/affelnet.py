"""Affelnet: the export of wishes (one line a wish) as youths, wishes and contacts.

Field by field: ``docs/reference/sources/affelnet.md``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from matchmaker.errors import InputError, Issue, did_you_mean
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.schemas import OF_PEOPLE
from matchmaker.tables.sources.source import Head, Kind, table_in
from matchmaker.tables.sources.wish_files import cells, header_key, plain_numbers, split
from matchmaker.words import Text, said

__all__ = ["Affelnet"]

# Our name of a field -> headers seen, newest first.
_HEADERS = {
    "academie": (
        "Académie possédant le dossier élève et l'offre de formation",
        "Académie possédant le dossier élève",
    ),
    "ine": ("INE",),
    "postal_code": ("Code postal",),
    "town": ("VILLE",),
    "country": ("PAYS",),
    "first_name": ("Prénom 1", "Prénom"),
    "last_name": ("Nom de l'élève", "Nom"),
    "phone": ("Téléphone portable",),
    "phone_2": ("Téléphone personnel",),
    "guardian_email": ("Mail responsable 1",),
    "guardian_email_2": ("Mail responsable 2",),
    "guardian_phone": ("Téléphone responsable 1",),
    "guardian_phone_2": ("Téléphone responsable 2",),
    "centre": ("Code UAI étab. Accueil",),
    "rank": ("Rang du vœu", "Rang"),
    "offer_code": ("Code offre de formation (vœu)",),
    "mef": ("Code MEF",),
    "mnemonic": ("Mnémonique MEF de l'offre de formation",),
    "label": ("Libellé formation",),
}

_OF_PEOPLE = tuple(name for name in _HEADERS if name in OF_PEOPLE)

# Level of the diploma that the first word of a label names ("1CAP2 CUISINE").
# MC5 and MC4 carry the old roman levels V and IV, that is 3 and 4.
_LEVELS = (
    (re.compile(r"^\d?CAPA?\d?$|^\d?MC5\d?$"), "3"),
    (re.compile(r"^(?:2N?DE?|1E?RE?|TE?R?M?L?E?)PRO\d?$|^BCP\d?$|^\d?(?:BP|BMA|MC4)A?\d?$"), "4"),
    (re.compile(r"^\d?BTSA?\d?$"), "5"),
)

# Région of each académie: Code de l'éducation, R222-2; codes of the Base centrale
# des nomenclatures. Caen and Rouen became Normandie.
_ACADEMIES = (
    ("Paris", "01", "11"),
    ("Aix-Marseille", "02", "93"),
    ("Besançon", "03", "27"),
    ("Bordeaux", "04", "75"),
    ("Caen", "05", "28"),
    ("Clermont-Ferrand", "06", "84"),
    ("Dijon", "07", "27"),
    ("Grenoble", "08", "84"),
    ("Lille", "09", "32"),
    ("Lyon", "10", "84"),
    ("Montpellier", "11", "76"),
    ("Nancy-Metz", "12", "44"),
    ("Poitiers", "13", "75"),
    ("Rennes", "14", "53"),
    ("Strasbourg", "15", "44"),
    ("Toulouse", "16", "76"),
    ("Nantes", "17", "52"),
    ("Orléans-Tours", "18", "24"),
    ("Reims", "19", "44"),
    ("Amiens", "20", "32"),
    ("Rouen", "21", "28"),
    ("Limoges", "22", "75"),
    ("Nice", "23", "93"),
    ("Créteil", "24", "11"),
    ("Versailles", "25", "11"),
    ("Corse", "27", "94"),
    ("La Réunion", "28", "04"),
    ("Martinique", "31", "02"),
    ("Guadeloupe", "32", "01"),
    ("Guyane", "33", "03"),
    ("Mayotte", "43", "06"),
    ("Normandie", "70", "28"),
    ("Réunion", "28", "04"),
)
_REGION_OF = {header_key(name): region for name, _, region in _ACADEMIES} | {
    code: region for _, code, region in _ACADEMIES
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Affelnet:
    """Youths, wishes and contacts of an export.

    Its headers may have lost their accents, or have ``_`` or mis-decoded signs in their
    place.  Wishes are unranked where the export has no rank.  The school's place is never
    taken for the home: only the pupil's own postal code and town are.

    Attributes
    ----------
    key : bytes or None
        Secret of the pseudonyms, from `matchmaker.tables.contacts`; None draws one from the
        set of youths in the file.
    """

    key: bytes | None = field(default=None, repr=False)
    name: str = "affelnet"
    kinds: frozenset[Kind] = frozenset({"youths", "wishes"})

    def recognises(self, head: Head) -> int:
        """Return 1 for the headers of this export, official or with broken accents."""
        found = _columns(head.headers)
        return int({"ine", "offer_code"} <= found.keys() and bool({"label", "mef"} & found.keys()))

    def to_tables(self, raw: RawTable | JsonAnswer, *, as_of: dt.date) -> tuple[RawTable, ...]:
        """Return youths and wishes under pseudonyms, and the contacts behind these.

        Raises
        ------
        InputError
            A column that is needed is missing; every one is named.
        """
        del as_of  # the export holds no day
        table = table_in(raw)
        found = _columns(table.frame.columns)
        _require(table, found)
        column = {name: cells(table.frame, found.get(name)) for name in _HEADERS}
        is_abroad = ~column["country"].map(_in_france)
        region = column["academie"].map(_region_by_name(column["academie"])).astype("str")
        level, label = _level_and_label(column["label"], column["mnemonic"])
        notes: list[Text] = ["Affelnet"]
        if is_abroad.any():
            # A foreign "1000" must not become 01000 Bourg-en-Bresse.
            notes.append(said("note.abroad", n=int(is_abroad.sum())))
        source = pd.Series(self.name, index=table.frame.index, dtype="str")
        return split(
            table,
            numbers=column["ine"],
            key=self.key,
            youth_columns={
                "postal_code": column["postal_code"].mask(is_abroad, ""),
                "place_name": column["town"].mask(is_abroad, ""),
                "training_centre": _first_centre(column),
                "source": source,
            },
            wish_columns={
                "rank": column["rank"],
                "trade_label": label,
                "diploma_code": column["mef"],
                "level": level,
                "region_code": region,
                "source": source,
            },
            contact_columns={name: column[name] for name in _OF_PEOPLE},
            notes=tuple(notes),
        )


# Overseas departments have postal codes like any other; the code of the country is 100.
_FRANCE = frozenset(
    [
        "fr",
        "fra",
        "100",
        "99100",
        "metropole",
        "guadeloupe",
        "martinique",
        "guyane",
        "reunion",
        "mayotte",
    ]
)


@cache
def _in_france(country: str) -> bool:
    """Tell whether a country as written is France, or not given."""
    words = header_key(country).removeprefix("la").removesuffix("francaise")
    return not words or words in _FRANCE or words.startswith("france")


def _first_centre(column: Mapping[str, pd.Series]) -> pd.Series:
    """Return the training centre of each youth's first wish; "" where the wishes are not ranked."""
    centre, youth = column["centre"], plain_numbers(column["ine"])
    of_first = centre[column["rank"].isin(["1", "01"]) & (centre != "")]
    known = of_first.groupby(youth[of_first.index]).min()
    return youth.map(known.to_dict()).astype("object").fillna("").astype("str")


def _columns(headers: Iterable[str]) -> dict[str, str]:
    """Return our name -> header of the file, for the headers that are recognised."""
    written = list(headers)
    plain = {header_key(h): h for h in reversed(written)}
    broken = {header_key(h, is_broken=True): h for h in reversed(written)}
    found = {}
    for name, known in _HEADERS.items():
        for header in known:
            # "Rang_du_v_u": accents taken off elsewhere, but the œ lost.
            half = header_key(header.replace("œ", ""))
            match = (
                plain.get(header_key(header))
                or plain.get(half)
                or broken.get(header_key(header, is_broken=True))
            )
            if match is not None:
                found[name] = match
                break
    return found


def _require(raw: RawTable, found: dict[str, str]) -> None:
    """Refuse a file without the columns that make a wish of a youth."""
    needed = ["ine"] + ([] if {"label", "mef"} & found.keys() else ["label"])
    missing = [_HEADERS[name][0] for name in needed if name not in found]
    if missing:
        raise InputError(
            [
                Issue(
                    reason="column_missing",
                    file=raw.file,
                    column=header,
                    message=said("source.affelnet_column"),
                    hint=did_you_mean(header, raw.frame.columns)
                    or said("source.affelnet_column_hint"),
                )
                for header in missing
            ]
        )


def _region_by_name(academies: pd.Series) -> dict[str, str]:
    """Return académie as written -> region code, "" for what is no académie."""
    return {
        name: _REGION_OF.get(header_key(name.zfill(2) if name.isdigit() else name), "")
        for name in academies.unique()
    }


def _level_and_label(labels: pd.Series, mnemonics: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the level a label's first word names, and the label without that word."""

    def parse(label: str, mnemonic: str) -> tuple[str, str]:
        head, _, rest = label.partition(" ")
        for word in (mnemonic, head):
            level = next((lv for form, lv in _LEVELS if form.match(word.upper())), "")
            if level:
                return level, rest.strip() if head == word and rest.strip() else label
        return "", label

    pairs = pd.DataFrame({"label": labels, "mnemonic": mnemonics})
    distinct = pairs.drop_duplicates()
    parsed = [parse(label, word) for label, word in distinct.itertuples(index=False)]
    distinct = distinct.assign(level=[p[0] for p in parsed], short=[p[1] for p in parsed])
    joined = pairs.merge(distinct, on=["label", "mnemonic"], how="left")
    joined.index = labels.index
    return joined["level"].astype("str"), joined["short"].astype("str")
