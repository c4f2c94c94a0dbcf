"""Firms to ask: each once, in the one place where it stands, and who asked it before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.follow_up.keys import key_of
from matchmaker.follow_up.texts import texts_of
from matchmaker.reference.gazetteer import communes
from matchmaker.reference.lookup import fold
from matchmaker.words import Lang, table

__all__ = ["DO_NOT_ASK", "firms_of", "with_asked"]

DO_NOT_ASK = "do_not_ask"
"""The answer after which nobody asks a firm again."""

_KINDS = ("offer", "spontaneous")  # a school's or another job's page is no firm to ask
_SIREN = 9
_MOST_TRADES = 3
_LATER = 1  # behind those whom nobody asked: those who said "later" or were not reached
_ORDER = {"": 0, "call_later": _LATER, "unreachable": _LATER}
_DONE = 2


def firms_of(offers: pd.DataFrame, trades: Mapping[str, str]) -> pd.DataFrame:
    """Return a row a firm: a SIREN in a commune, else a name in a commune.

    An offer without a SIRET is of the firm of its name in its commune.

    Parameters
    ----------
    offers : DataFrame
        The clean table of a run.
    trades : mapping of str to str
        Names of trades by code.

    Returns
    -------
    DataFrame
        ``firm_id`` and what a sheet tells of a firm; by ``firm_id``.
    """
    is_firm = offers["kind"].isin(_KINDS) & ~offers["is_delegated"]
    is_firm &= (offers["status"] != "cancelled") & (offers["departement"] != "")
    is_firm &= (offers["employer"] != "") | (offers["siret"] != "")
    rows = offers.loc[is_firm].sort_values("offer_id", kind="stable").reset_index(drop=True)
    rows["firm_id"] = _identity(rows)
    rows["published"] = (rows["kind"] == "offer").astype("int64")
    first = rows.drop_duplicates("firm_id").set_index("firm_id")
    found = first[["employer", "commune_code", "departement", "region_code"]].copy()
    for column in ("siret", "postal_code", "naf_code", "size", "opco", "url", "place_name"):
        told = rows.loc[rows[column] != ""].drop_duplicates("firm_id")
        found[column] = texts_of(
            pd.Series(found.index, index=found.index), told.set_index("firm_id")[column]
        )
    found["published"] = rows.groupby("firm_id")["published"].sum()
    found["trade_codes"] = rows.groupby("firm_id", sort=False)["trade_codes"].agg(_codes)
    found["trades"] = [_names(codes, trades) for codes in found["trade_codes"]]
    place = pd.Series(texts_of(found["commune_code"], communes().set_index("commune_code")["name"]))
    found["place"] = place.mask(place == "", found["place_name"])
    found = found.sort_index(kind="stable").reset_index()
    who = zip(found["employer"], found["place"], found["siret"], strict=True)
    found["key"] = [
        key_of(firm, [name, town, siret])
        for firm, (name, town, siret) in zip(found["firm_id"], who, strict=True)
    ]
    found["key_again"] = found["key"]
    return found


def _identity(rows: pd.DataFrame) -> NDArray[np.object_]:
    """Return the id of each row's firm: SIREN or sign of the name, and the commune."""
    town = rows["commune_code"].mask(rows["commune_code"] == "", "d" + rows["departement"])
    names = {name: fold(name) for name in rows["employer"].unique()}
    folded = rows["employer"].map(names)
    siren = rows["siret"].str[:_SIREN]
    named = pd.DataFrame({"name": folded, "town": town, "siren": siren})
    known = named[(named["siren"] != "") & (named["name"] != "")]
    of_name = known.drop_duplicates().groupby(["name", "town"])["siren"].min()
    borrowed = of_name.reindex(pd.MultiIndex.from_frame(named[["name", "town"]])).fillna("")
    siren = siren.mask(siren == "", pd.Series(borrowed.to_numpy(), index=rows.index))
    signs = {name: "N" + hashlib.blake2b(name.encode(), digest_size=5).hexdigest()
             for name in folded.unique()}  # fmt: skip
    who = siren.mask(siren == "", folded.map(signs))
    return (who + "." + town).to_numpy(dtype=object)


def _codes(codes: pd.Series) -> str:
    """Return the trade codes of a firm, each once, the first offers' first."""
    return "|".join(dict.fromkeys("|".join(filter(None, codes)).split("|")))


def _names(codes: str, trades: Mapping[str, str]) -> str:
    """Return the first trades of a firm by name."""
    names = [trades.get(code, code) for code in codes.split("|") if code]
    return "\n".join(names[:_MOST_TRADES])


def with_asked(
    firms: pd.DataFrame, asked: pd.DataFrame, missing: frozenset[tuple[str, str]], lang: Lang
) -> pd.DataFrame:
    """Return the firms that may be asked, those whom nobody asked and whose trade is missing first.

    Parameters
    ----------
    firms : DataFrame
        As `firms_of` returns it.
    asked : DataFrame
        What earlier imports brought back; who said once that nobody ask again is left out.
    missing : frozenset of (str, str)
        Department and trade code of what is shown as missing.
    lang : {"fr", "en"}

    Returns
    -------
    DataFrame
        With ``asked_by``, ``asked_on``, ``asked_answer``, ``wanted``; ``turn`` 0 where nobody
        asked, 1 where the firm is to be called again, 2 where it answered.
    """
    never = set(asked.loc[asked["answer"] == DO_NOT_ASK, "firm_id"])
    left = firms[~firms["firm_id"].isin(never)].reset_index(drop=True)
    last = asked.sort_values("on", kind="stable").drop_duplicates("firm_id", keep="last")
    last = last.set_index("firm_id")
    answers = table(lang, "employers_answer")
    who = last["network"].where(last["by"] == "", last["network"] + " (" + last["by"] + ")")
    left["asked_by"] = texts_of(left["firm_id"], who.str.strip())
    left["asked_on"] = pd.to_datetime(texts_of(left["firm_id"], last["on"]), errors="coerce")
    code = texts_of(left["firm_id"], last["answer"])
    left["asked_answer"] = [answers.get(one, "") for one in code]
    is_asked = left["firm_id"].isin(last.index)
    left["turn"] = [
        _ORDER.get(one, _DONE) if was else 0 for one, was in zip(code, is_asked, strict=True)
    ]
    left.loc[is_asked & (code == ""), "turn"] = _LATER
    yes = table(lang, "employers_wanted")["yes"]
    left["wanted"] = [
        yes if any((place, one) in missing for one in codes.split("|")) else ""
        for place, codes in zip(left["departement"], left["trade_codes"], strict=True)
    ]
    order = np.lexsort((left["firm_id"], left["wanted"] == "", left["turn"]))
    return left.iloc[order].reset_index(drop=True)
