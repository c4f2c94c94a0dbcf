"""Who is named in a mail, with a telephone number: the referent, else the national desk."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from matchmaker.routes.referents import assign_referents
from matchmaker.runs.folder import Run
from matchmaker.runs.mail_section import MailOptions
from matchmaker.words import Lang, say

__all__ = ["persons_of"]

_PHONE = re.compile(r"(?:\+33|0033|\b0)[ .\-]?[1-9](?:[ .\-]?\d{2}){4}|\b3\d{3}\b|\b3\d[ .]\d{2}\b")


def persons_of(run: Run, people: pd.DataFrame, options: MailOptions) -> pd.DataFrame:
    """Return the person whom each youth is to turn to.

    Parameters
    ----------
    run : Run
        Its follow-up names the referent of those who have few lines; that one stays.
    people : DataFrame
        ``youth_id``, ``commune_code``, ``departement``, ``region_code``.
    options : MailOptions
        The desk, where no referent is known, or none with a telephone number.

    Returns
    -------
    DataFrame
        ``person`` and ``contact``, which always holds a telephone number.
    """
    referents = run.table("reference/referents")
    homes = people[["youth_id", "commune_code", "departement", "region_code"]]
    name = contact = pd.Series("", index=people.index, dtype="str")
    if len(referents):
        named = assign_referents(homes, referents)
        followed = _followed(run).reindex(people["youth_id"])
        is_named = (followed["referent_name"].fillna("") != "").to_numpy()
        name = named["referent_name"].where(~is_named, followed["referent_name"].to_numpy())
        contact = named["referent_contact"].where(
            ~is_named, followed["referent_contact"].to_numpy()
        )
    desk = options.desk_name, options.desk_phone
    lang = run.settings.lang
    codes, distinct = pd.factorize(pd.Series([*zip(name, contact, strict=True)]))
    ready = [_with_phone(one[0], one[1], *desk, lang) for one in distinct]
    table = np.array([*ready, ("", "")], dtype=object)[codes]
    return pd.DataFrame(
        {"person": table[:, 0], "contact": table[:, 1]}, index=people.index, dtype="str"
    )


def _with_phone(name: str, contact: str, desk: str, phone: str, lang: Lang) -> tuple[str, str]:
    """Return the name and the contact, with the desk's number where the contact has none."""
    if not name:
        return desk, phone
    if _PHONE.search(contact):
        return name, contact
    if not contact:
        return name, say(lang, "mail.by_desk", desk=desk, phone=phone)
    return name, say(lang, "mail.or_desk", contact=contact, desk=desk, phone=phone)


def _followed(run: Run) -> pd.DataFrame:
    """Return the referents of the follow-up, by youth."""
    file = run.path / "follow_up.csv"
    columns = ["youth_id", "referent_name", "referent_contact"]
    if "follow_up.csv" not in run.outputs:
        return pd.DataFrame(columns=columns).set_index("youth_id")
    return pd.read_csv(
        file, usecols=columns, dtype=str, keep_default_na=False, encoding="utf-8"
    ).set_index("youth_id")
