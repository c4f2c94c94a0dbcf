"""Who has no line or few: every youth once, and the referents of the follow-up chosen again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from matchmaker.settings import Settings
from matchmaker.verify.fault import Faults
from matchmaker.verify.texts import read_texts, same_texts
from matchmaker.words import Lang, say, table

__all__ = ["check_people"]

STATES = ("opted_out", "opposed", "placed", "withdrawn")  # left alone, in this order
UNSERVED, FOLLOW_UP = "unserved.parquet", "follow_up.csv"
REFERENT = ("referent_name", "referent_contact", "referent_note")
Person = tuple[str, str]


def check_people(
    folder: Path,
    youths: pd.DataFrame,
    lists: pd.Series,
    referents: pd.DataFrame | None,
    settings: Settings,
    faults: Faults,
) -> None:
    """Check ``unserved`` and ``follow_up``.

    Parameters
    ----------
    folder : Path
    youths : DataFrame
        The clean table.
    lists : Series of str
        ``youth_id`` of each line.
    referents : DataFrame or None
        The clean table; None where none were given.
    settings : Settings
        ``min_lines`` and ``lang`` are read.
    faults : Faults
        What is found is added to it.
    """
    unserved = pd.read_parquet(folder / UNSERVED)
    lines = youths["youth_id"].map(lists.value_counts()).fillna(0).astype(np.int64).to_numpy()
    state = _states(youths)
    alone = youths["youth_id"][lines == 0]
    if sorted(unserved["youth_id"]) != sorted(alone):
        faults.add(
            "unserved_all", file=UNSERVED, found=str(len(unserved)), expected=str(len(alone))
        )
        return
    home = youths.set_index("youth_id")["departement"].reindex(unserved["youth_id"])
    its_state = pd.Series(state, youths["youth_id"]).reindex(unserved["youth_id"]).to_numpy()
    code = unserved["reason_code"].to_numpy(dtype=object)
    words = table(settings.lang, "unserved")
    of_state = [words.get(name, "") for name in its_state]
    for rule, column, holds in (
        ("unserved_facts", "departement", unserved["departement"].to_numpy() == home.to_numpy()),
        (
            "unserved_state",
            "reason_code",
            np.where(its_state != "", code == its_state, ~np.isin(code, STATES)),
        ),
        ("unserved_state", "reason", (unserved["reason"] == of_state) | (its_state == "")),
        ("unserved_reason", "reason", unserved["reason"].str.len() > 0),
        ("unserved_reason", "reason_code", np.isin(code, [*words])),
    ):
        faults.must(rule, holds, file=UNSERVED, column=column)
    is_wanted = (lines < settings.min_lines) & (state == "")
    wanted = youths[is_wanted].assign(lines=lines[is_wanted])
    wanted = wanted.sort_values(["lines", "youth_id"], kind="stable").reset_index(drop=True)
    told = read_texts(folder / FOLLOW_UP, delimiter=",")
    if len(told) != len(wanted) or not same_texts(told["youth_id"], wanted["youth_id"]).all():
        faults.add("follow_up_all", file=FOLLOW_UP, found=str(len(told)), expected=str(len(wanted)))
        return
    due = wanted[["lines", "departement"]].astype("str")
    due = due.assign(**_referents(wanted, referents, settings.lang))
    for column in due:
        is_same = same_texts(told[column], due[column])
        rule = "referent" if column in REFERENT else "follow_up_facts"
        faults.must(rule, is_same, file=FOLLOW_UP, column=column)
    why = unserved.set_index("youth_id").reindex(wanted["youth_id"])
    has_none = (wanted["lines"] == 0).to_numpy()
    for column in ("reason_code", "reason"):
        is_same = same_texts(told[column], why[column].fillna("").reset_index(drop=True))
        faults.must("follow_up_facts", is_same | ~has_none, file=FOLLOW_UP, column=column)
    some = told["reason"].str.len().to_numpy() > 0
    faults.must("follow_up_facts", some, file=FOLLOW_UP, column="reason")
    named = due.set_index(wanted["youth_id"]).reindex(unserved["youth_id"])
    for column in REFERENT:
        is_same = unserved[column].to_numpy() == named[column].fillna("").to_numpy()
        faults.must("referent", is_same, file=UNSERVED, column=column)


def _states(youths: pd.DataFrame) -> np.ndarray:
    """Return for each youth why nobody follows them up; "" for who seeks."""
    status = youths["status"].to_numpy(dtype=object)
    state = np.where(np.isin(status, STATES), status, "")
    return np.where(youths["opt_out"].to_numpy(dtype=bool), "opted_out", state)


def _referents(
    youths: pd.DataFrame, referents: pd.DataFrame | None, lang: Lang
) -> dict[str, list[str]]:
    """Choose referents again: smallest territory first, who has the most room left of it."""
    if referents is None:
        note = say(lang, "follow_up.no_file")
        names = dict.fromkeys(REFERENT, [""] * len(youths))
        return {**names, "referent_note": [note] * len(youths)}
    room: dict[Person, int] = {}
    serving: dict[tuple[str, str], set[Person]] = defaultdict(set)
    columns = ("commune_code", "departement", "region_code", "referent_name", "referent_contact")
    for *where, name, contact, most in zip(
        *(referents[column].tolist() for column in (*columns, "capacity")), strict=True
    ):
        person = (name, contact)
        room[person] = max(int(most), room.get(person, 0))
        serving[_territories(*where)[0]].add(person)
    load = dict.fromkeys(room, 0)
    chosen: dict[str, tuple[Person, str]] = {}
    homes = zip(*(youths[column].tolist() for column in ("youth_id", *columns[:3])), strict=True)
    for youth_id, *home in sorted(homes, key=lambda one: one[0].encode()):
        first = [
            (min(serving[at], key=lambda p: _order(p, load, room)), at[0])
            for at in _territories(*home)
            if serving.get(at)
        ]
        free = [one for one in first if load[one[0]] < room[one[0]]]
        person, of = (free or first or [(("", ""), "")])[0]
        if of:
            load[person] += 1
        chosen[youth_id] = person, of
    picks = [chosen[youth_id] for youth_id in youths["youth_id"]]
    return {
        "referent_name": [person[0] for person, _ in picks],
        "referent_contact": [person[1] for person, _ in picks],
        "referent_note": [
            _note(of, departement, lang)
            for (_, of), departement in zip(picks, youths["departement"], strict=True)
        ],
    }


def _order(
    person: Person, load: Mapping[Person, int], room: Mapping[Person, int]
) -> tuple[float, bytes, bytes]:
    used = load[person] / room[person] if room[person] else float(1 + load[person])
    return used, person[0].encode(), person[1].encode()


def _note(of: str, departement: str, lang: Lang) -> str:
    if of in ("commune", "departement"):
        return ""
    if of:
        return say(lang, "follow_up.of_region" if of == "region" else "follow_up.of_all")
    if departement:
        return say(lang, "follow_up.none", departement=departement)
    return say(lang, "follow_up.home_unknown")


def _territories(commune: str, departement: str, region: str) -> list[tuple[str, str]]:
    parts = (("commune", commune), ("departement", departement), ("region", region))
    return [part for part in parts if part[1]] + [("all", "")]
