"""What a cell is told of each youth, put together from a saved run and its contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.follow_up.columns import LINES
from matchmaker.follow_up.keys import key_of, reference_of
from matchmaker.follow_up.texts import texts_of
from matchmaker.follow_up.turns import called_in_order, due_days, holders, named_referents
from matchmaker.reference.gazetteer import communes
from matchmaker.reference.structures import Structures
from matchmaker.routes.follow_up import NOT_FOLLOWED
from matchmaker.scoring.criteria.days_left import days_left
from matchmaker.words import Lang, say, table

__all__ = ["Saved", "facts_of"]

_ADULT = 18
_ORIENTATION = frozenset({"no_wish", "wish_rejected", "no_apprenticeship", "wish_unresolved"})
_CLOSED = ("signed", "refuses", "not_again")
"""What a person noted, after which nobody calls until another outcome is noted."""
_MOST_WISHES = 3  # of those told, which a row has room for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Saved:
    """The tables of a saved run that a cell needs, and the people behind them.

    Attributes
    ----------
    youths, wishes, lists, referents, contacts : DataFrame
    trades : mapping of str to str
        Names of trades by their code.
    why : DataFrame
        ``youth_id``, ``reason_code``, ``reason`` of who has no line or few.
    words : DataFrame
        What came back so far (`matchmaker.follow_up.returned.WORDS`).
    as_of : date
    min_lines : int
    lang : {"fr", "en"}
    """

    youths: pd.DataFrame
    wishes: pd.DataFrame
    lists: pd.DataFrame
    referents: pd.DataFrame
    contacts: pd.DataFrame
    why: pd.DataFrame
    words: pd.DataFrame
    trades: Mapping[str, str]
    as_of: dt.date
    min_lines: int
    lang: Lang


def facts_of(saved: Saved, structures: Structures, *, calls: int) -> pd.DataFrame:
    """Return a row a youth who is followed, in the order of calling.

    Parameters
    ----------
    saved : Saved
    structures : Structures
    calls : int
        That one person makes a day.

    Returns
    -------
    DataFrame
        The columns of a sheet that are not filled in, and ``youth_id``, ``territory`` columns of
        the home, ``is_first``, ``needs_call``, ``reason_code``, ``holder_kind``.
    """
    people = saved.youths.merge(saved.contacts, on="youth_id", how="left", suffixes=("", "_of"))
    facts = _counted(people.fillna(dict.fromkeys(_TEXTS, "")), saved)
    facts = facts.iloc[called_in_order(facts)].reset_index(drop=True)
    facts["is_first"] = facts["is_minor"] | facts["has_rqth"]
    facts["needs_call"] = (facts["asked"] | facts["is_first"] | facts["days_left"].notna()) | (
        facts["lines"] < saved.min_lines
    )
    named = named_referents(facts, saved.referents)
    nobody = say(saved.lang, "cells.no_referent")
    facts["referent"] = named["referent_name"].mask(named["referent_name"] == "", nobody)
    facts["referent_contact"] = named["referent_contact"]
    needs = facts["needs_call"].to_numpy(dtype=bool)
    facts["due"] = due_days(facts["referent"].to_numpy(dtype=object), needs, saved.as_of, calls)
    facts = _held(facts, structures, saved.lang)
    facts["theme"], facts["theme_structure"] = _themes(facts, structures, saved.lang)
    return _told(facts, saved, structures)


_TEXTS = (
    "first_name", "last_name", "email_1", "phone_1", "phone_2", "phone_1_of", "source_file",
)  # fmt: skip


def _counted(people: pd.DataFrame, saved: Saved) -> pd.DataFrame:
    """Return the youths to follow with what their order hangs on."""
    why = saved.why.drop_duplicates("youth_id").set_index("youth_id")
    code = texts_of(people["youth_id"], why["reason_code"])
    followed = ~code.isin(NOT_FOLLOWED) & (people["status"] == "seeking") & ~people["opt_out"]
    facts = people[followed].reset_index(drop=True)
    facts["reason_code"] = texts_of(facts["youth_id"], why["reason_code"])
    facts["cause"] = texts_of(facts["youth_id"], why["reason"])
    facts["lines"] = facts["youth_id"].map(saved.lists["youth_id"].value_counts()).fillna(0)
    facts["lines"] = facts["lines"].astype("int64")
    facts["age"] = _ages(facts["birth_date"], saved.as_of)
    facts["is_minor"] = facts["age"] < _ADULT
    facts["days_left"] = days_left(facts["training_started_on"], saved.as_of)
    words = saved.words
    last = words[words["on"] != ""].sort_values("on", kind="stable").groupby("youth_id")["on"].max()
    facts["last_contact"] = pd.to_datetime(facts["youth_id"].map(last))
    outcome = _last_of(words, "outcome")
    facts["outcome_code"] = texts_of(facts["youth_id"], outcome)
    facts = facts[~facts["outcome_code"].isin(_CLOSED)].reset_index(drop=True)
    facts["asked"] = facts["outcome_code"] == "asked_appointment"
    facts["transfer"] = texts_of(facts["youth_id"], _last_of(words, "transfer"))
    return facts


def _last_of(words: pd.DataFrame, kind: str) -> pd.Series:
    """Return the latest value of a word by youth; of one day, or of none, the one read last."""
    of_kind = words[words["word"] == kind].sort_values("on", kind="stable")
    return of_kind.drop_duplicates("youth_id", keep="last").set_index("youth_id")["value"]


def _ages(born: pd.Series, as_of: dt.date) -> NDArray[np.float64]:
    """Return ages in whole years on a day; NaN where the birth is not known."""
    before = (born.dt.month > as_of.month) | (
        (born.dt.month == as_of.month) & (born.dt.day > as_of.day)
    )
    ages: NDArray[np.float64] = (as_of.year - born.dt.year - before).to_numpy(dtype=np.float64)
    return ages


def _held(facts: pd.DataFrame, structures: Structures, lang: Lang) -> pd.DataFrame:
    """Return the youths with who holds their file, by kind and in words."""
    kinds = holders(facts)
    labels = table(lang, "cells_holder")
    names = pd.Series("", index=facts.index, dtype="str")
    for kind in sorted(set(kinds)):
        here = kinds == kind
        if kind == "cfa":
            known = texts_of(facts["training_centre"], structures.names("cfa"))
            names[here] = known.where(known != "", facts["training_centre"])[here]
        else:
            names[here] = structures.of(facts["commune_code"], kind, "name")[here]
    told = [
        f"{labels.get(kind, kind)} – {name}" if name else labels.get(kind, kind)
        for kind, name in zip(kinds, names, strict=True)
    ]
    return facts.assign(holder_kind=kinds, holder=told)


def _themes(facts: pd.DataFrame, structures: Structures, lang: Lang) -> tuple[pd.Series, pd.Series]:
    """Return what each youth is to be helped with, in words, and who does that there."""
    codes = np.select(
        [
            facts["has_rqth"],
            facts["reason_code"].isin(_ORIENTATION),
            facts["days_left"].notna(),
            facts["lines"] == 0,
        ],
        ["handicap", "orientation", "formation", "entreprises"],
        "apprentissage",
    )
    who = pd.Series("", index=facts.index, dtype="str")
    for code in sorted(set(codes)):
        here = codes == code
        who[here] = structures.of(facts["commune_code"], code, "name")[here]
    return pd.Series(codes).map(dict(table(lang, "cells_theme"))), who


def _told(facts: pd.DataFrame, saved: Saved, structures: Structures) -> pd.DataFrame:
    """Return the youths with the texts of their row."""
    lang = saved.lang
    place = communes().drop_duplicates("commune_code").set_index("commune_code")["name"]
    facts["commune"] = texts_of(facts["commune_code"], place)
    facts["email"] = facts["email_1"]
    facts["phone_1"] = facts["phone_1"].map(_national)
    facts["phone_2"] = facts["phone_2"].map(_national)
    facts["phone_of"] = texts_of(facts["phone_1_of"], dict(table(lang, "cells_whose")))
    facts["special"] = _special(facts, lang)
    centre = texts_of(facts["training_centre"], structures.names("cfa"))
    facts["centre"] = centre.where(centre != "", facts["training_centre"])
    facts["started_on"] = facts["training_started_on"]
    facts["last_outcome"] = texts_of(facts["outcome_code"], dict(table(lang, "cells_outcome")))
    wishes = _wishes(saved.wishes, saved.trades)
    facts["training"] = texts_of(facts["youth_id"], wishes["training"])
    facts["wishes"] = texts_of(facts["youth_id"], wishes["wishes"])
    best = saved.lists[saved.lists["rank"] <= LINES]
    for rank in range(1, LINES + 1):
        here = best[best["rank"] == rank].set_index("youth_id")
        for name, values in _line(here, lang).items():
            facts[f"{name}_{rank}"] = texts_of(facts["youth_id"], values)
    born = facts["birth_date"].dt.strftime("%Y-%m-%d").where(~facts["birth_is_year"], "").fillna("")
    facts["key"] = [
        key_of(youth_id, who)
        for youth_id, *who in zip(
            facts["youth_id"], facts["last_name"], facts["first_name"], born, strict=True
        )
    ]
    return facts.assign(key_again=facts["key"])


def _line(lines: pd.DataFrame, lang: Lang) -> Mapping[str, pd.Series]:
    """Return what is shown of a line: its words, its page, its reference."""
    employer = lines["employer"].mask(lines["employer"] == "", say(lang, "employer.unnamed"))
    km = lines["distance_km"].map(lambda far: "" if pd.isna(far) else f", {far:.0f} km")
    words = lines["title"] + " — " + employer + ", " + lines["place"] + km + lines["risk"]
    return {"line": words, "url": lines["url"], "ref": lines["offer_id"].map(reference_of)}


def _special(facts: pd.DataFrame, lang: Lang) -> list[str]:
    minor, rqth = say(lang, "cells.minor"), say(lang, "cells.rqth")
    return [
        ", ".join(text for text, is_so in ((minor, young), (rqth, known)) if is_so)
        for young, known in zip(facts["is_minor"], facts["has_rqth"], strict=True)
    ]


def _wishes(wishes: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return by youth the training of the first wish, and the first wishes in words."""
    # A wish that is a code alone is told by the trade's name.
    code = wishes["trade_codes"].str.partition("|")[0]
    label = wishes["trade_label"].mask(wishes["trade_label"] == "", code)
    named = texts_of(label, names)
    told = wishes.assign(label=label.mask(named != "", named)).sort_values(
        ["youth_id", "rank", "wish_id"], kind="stable"
    )
    told = told[told["label"] != ""]
    told["nth"] = told.groupby("youth_id").cumcount()
    shown = told[told["nth"] < _MOST_WISHES]
    text = (shown["nth"] + 1).astype("str") + ". " + shown["label"]
    learnt = told[told["diplomas"] != ""].drop_duplicates("youth_id").set_index("youth_id")
    joined = text.groupby(shown["youth_id"]).agg("\n".join)
    first = told[told["nth"] == 0].set_index("youth_id")["label"]
    # Without a diploma the first wish says what the training is for.
    training = learnt["diplomas"].reindex(first.index).fillna(first)
    return pd.DataFrame({"wishes": joined, "training": training})


def _national(number: str) -> str:
    """Return a French number as people read it out, another with 00; no sign that a sheet obeys.

    Examples
    --------
    >>> _national("+33612345678"), _national("+262692123456"), _national("+4915112345678")
    ('06 12 34 56 78', '06 92 12 34 56', '004915112345678')
    """
    if not number.startswith("+"):
        return number
    digits = number[1:]
    code = next((c for c in _FRENCH if digits.startswith(c)), "")
    if len(digits) != len(code) + 9 or not code:
        return "00" + digits
    national = "0" + digits[len(code) :]
    return " ".join(national[at : at + 2] for at in range(0, 10, 2))


_FRENCH = ("33", "262", "590", "594", "596")
"""Country codes of mainland France and the overseas departments."""
