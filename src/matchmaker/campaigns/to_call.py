"""Who is not written to and needs a person: the list for the cell, with why."""

from __future__ import annotations

import pandas as pd

from matchmaker.campaigns.addresses import shown_phone
from matchmaker.campaigns.persons import persons_of
from matchmaker.campaigns.recipients import MAILED, OPPOSED
from matchmaker.routes.follow_up import NOT_FOLLOWED
from matchmaker.runs.folder import Run
from matchmaker.runs.mail_section import MailOptions
from matchmaker.words import say, table

__all__ = ["TO_CALL_COLUMNS", "to_call"]

TO_CALL_COLUMNS = (
    "youth_id", "first_name", "last_name", "phone_1", "phone_2", "phone_3", "email_1",
    "reason_code", "reason", "lines", "person", "contact", "source_file", "source_line",
)  # fmt: skip
_PHONES = ("phone_1", "phone_2", "phone_3")


def to_call(
    run: Run,
    people: pd.DataFrame,
    contacts: pd.DataFrame,
    options: MailOptions,
    *,
    opposed: frozenset[str],
) -> pd.DataFrame:
    """Return who needs a person, by reason and id.

    Parameters
    ----------
    run : Run
    people : DataFrame
        Who has lines, as `matchmaker.campaigns.recipients.add_recipients` gives them, with
        ``person`` and ``contact``.
    contacts : DataFrame
    options : MailOptions
    opposed : frozenset of str
        Ids of those whom nobody may write to, nor call.

    Returns
    -------
    DataFrame
        `TO_CALL_COLUMNS`. Who opposed is not in it, nor who found a place or gave up.
    """
    lang = run.settings.lang
    words = table(lang, "not_mailed")
    left = people[~people["code"].isin([MAILED, OPPOSED])]
    left = left.assign(reason_code=left["code"], reason=left["code"].map(dict(words)))
    unserved = run.table("unserved", ["youth_id", "reason_code", "reason"])
    is_left_alone = unserved["reason_code"].isin(NOT_FOLLOWED) | unserved["youth_id"].isin(opposed)
    unserved = unserved[~is_left_alone].reset_index(drop=True)
    homes = run.table(
        "tables/youths", ["youth_id", "commune_code", "departement", "region_code"]
    ).set_index("youth_id")
    homes = homes.reindex(unserved["youth_id"]).fillna("").reset_index()
    known = contacts.set_index("youth_id").reindex(unserved["youth_id"], fill_value="")
    known = known.reset_index(drop=True)
    without = pd.concat([unserved, known], axis=1).assign(lines=0)
    without["reason"] = [say(lang, "mail.no_line", why=why) for why in without["reason"]]
    without[["person", "contact"]] = persons_of(run, homes, options)
    both = pd.concat([left[list(TO_CALL_COLUMNS)], without[list(TO_CALL_COLUMNS)]])
    both = both.assign(**{name: both[name].map(shown_phone) for name in _PHONES})
    return both.sort_values(["reason_code", "youth_id"], kind="stable").reset_index(drop=True)
