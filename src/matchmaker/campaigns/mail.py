"""The plan of one wave: every message, its blocks (a youth each) and their lines.

The file of a mailing tool, the mails to look at and what is recorded as sent are projections
of it, so that they cannot differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matchmaker.campaigns.addresses import marks, shown_name, shown_phone
from matchmaker.campaigns.persons import persons_of
from matchmaker.campaigns.recipients import MAILED, OPPOSED, add_recipients
from matchmaker.campaigns.to_call import to_call
from matchmaker.campaigns.wishes import wishes_in_words
from matchmaker.runs.folder import Run
from matchmaker.runs.mail_section import MailOptions
from matchmaker.tables.oppositions import Oppositions, heed_rows
from matchmaker.words import Lang, table

__all__ = ["KINDS", "PLAN_COLUMNS", "MailPlan", "plan"]

PLAN_COLUMNS = (
    "message_id", "address", "block", "youth_id", "slot",
    "offer_id", "trade_code", "url", "state",
)  # fmt: skip
KINDS = ("offers", "firms", "others")  # the blocks of a mail, in this order
_WISHED_RUNGS = (1, 3, 5)  # of the ladder: the wished trade itself
_LINE = ("offer_id", "trade_code", "url", "title", "employer", "place", "reason")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MailPlan:
    """What one wave says to whom.

    Attributes
    ----------
    run_id : str
    as_of : date
        Day of the run.
    lang : {"fr", "en"}
    lines_per_youth : int
        Slots of a block.
    options : MailOptions
    blocks : DataFrame
        One row a youth who is written to, by message: message, message_id, address, block,
        youth_id, m, unsubscribe, first_name, recipient, wish, phone, person, contact, source,
        n_offers, n_firms, n_others.
    lines : DataFrame
        `PLAN_COLUMNS`, one row a line, in the order of the mail; ``state`` is planned.
    told : DataFrame
        What the mail says of each row of `lines`: title, employer, place, url, reason.
    to_call : DataFrame
        Who is not written to and needs a person, with the reason.
    opposed : int
        Youths left out since they opposed; they are in no table.
    """

    run_id: str
    as_of: dt.date
    lang: Lang
    lines_per_youth: int
    options: MailOptions
    blocks: pd.DataFrame
    lines: pd.DataFrame
    told: pd.DataFrame
    to_call: pd.DataFrame
    opposed: int

    @property
    def messages(self) -> int:
        """How many messages there are: addresses that are written to."""
        return int(self.blocks["message"].iloc[-1]) + 1 if len(self.blocks) else 0


def plan(
    run: Run,
    contacts: pd.DataFrame,
    oppositions: Oppositions | None,
    template: MailOptions,
    *,
    key: bytes,
) -> MailPlan:
    """Return the messages of one wave.

    Parameters
    ----------
    run : Run
        Of `matchmaker match`.
    contacts : DataFrame
        `matchmaker.tables.contacts.read_contacts` of this run.
    oppositions : Oppositions or None
        That came after the run; those that the run was given are heeded in its lists.
    template : MailOptions
        What the mails say in whose name.
    key : bytes
        The campaign's: marks are made with it.

    Returns
    -------
    MailPlan
        The same for any order of the contacts.
    """
    as_of = run.as_of or dt.date.max
    settings = run.settings
    lists = run.table("lists", ["youth_id", "rank", "kind", "rung", *_LINE])
    youths = run.table(
        "tables/youths",
        [
            "youth_id",
            "birth_date",
            "birth_is_year",
            "commune_code",
            "departement",
            "region_code",
            "source",
        ],
    )
    opposed: frozenset[str] = frozenset()
    if oppositions is not None:
        left, _ = heed_rows(contacts, oppositions)
        opposed = frozenset(contacts["youth_id"]) - frozenset(left["youth_id"])
        contacts = left
    people = _people(lists, youths, contacts)
    people = add_recipients(people, opposed=opposed, as_of=as_of, options=template)
    people[["person", "contact"]] = persons_of(run, people, template)
    blocks = _blocks(people, template, key)
    blocks["wish"] = wishes_in_words(run, blocks["youth_id"])
    lines, told = _lines(lists, blocks, settings.lang)
    told["url"] = _marked(told["url"], blocks, template.link_mark)
    return MailPlan(
        run_id=run.run_id,
        as_of=as_of,
        lang=settings.lang,
        lines_per_youth=settings.lines_per_youth,
        options=template,
        blocks=blocks.reset_index(drop=True),
        lines=lines,
        told=told,
        to_call=to_call(run, people, contacts, template, opposed=opposed),
        opposed=int((people["code"] == OPPOSED).sum()),
    )


def _people(lists: pd.DataFrame, youths: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return who has lines: how many of what, the home, names and addresses."""
    starts = np.flatnonzero(lists["rank"].to_numpy() == 1)
    ids = lists["youth_id"].iloc[starts].reset_index(drop=True)
    kind = _kind_of(lists)

    def counted(holds: np.ndarray) -> np.ndarray:
        each = holds.astype(np.int64)
        return np.add.reduceat(each, starts) if len(starts) else each

    facts = pd.DataFrame(
        {
            "start": starts,
            "lines": np.diff(starts, append=len(lists)),
            **{f"n_{name}": counted(kind == i) for i, name in enumerate(KINDS)},
            "has_wished": counted(np.isin(lists["rung"].to_numpy(), _WISHED_RUNGS)) > 0,
        }
    )
    homes = youths.set_index("youth_id").reindex(ids).reset_index()
    known = contacts.set_index("youth_id").reindex(ids, fill_value="").reset_index(drop=True)
    return pd.concat([homes, facts, known.drop(columns=["run_id"])], axis=1)


def _kind_of(lists: pd.DataFrame) -> np.ndarray:
    """Return the block of the mail that each line stands in: a position in `KINDS`."""
    kind = lists["kind"].astype("str").to_numpy()
    return np.select([kind == "offer", kind == "spontaneous"], [0, 1], 2)


def _blocks(people: pd.DataFrame, options: MailOptions, key: bytes) -> pd.DataFrame:
    """Return who is written to, by message: one an address, in the order of its first youth."""
    mailed = people[people["code"] == MAILED]
    message, addresses = pd.factorize(mailed["address"])
    order = np.argsort(message, kind="stable")
    blocks = mailed.iloc[order].reset_index(drop=True)
    message = message[order]
    ids = marks(key, options.campaign, options.wave, addresses.tolist())
    keys = marks(key, options.campaign, "unsubscribe", addresses.tolist())
    blocks["message"] = message
    blocks["message_id"] = pd.Series(np.array([*ids], dtype=object)[message], dtype="str")
    blocks["unsubscribe"] = pd.Series(np.array([*keys], dtype=object)[message], dtype="str")
    blocks["block"] = blocks.groupby("message").cumcount() + 1
    blocks["m"] = pd.Series(
        marks(key, options.campaign, options.wave, blocks["youth_id"].tolist()), dtype="str"
    )
    blocks["first_name"] = blocks["first_name"].map(shown_name)
    blocks["phone"] = blocks["phone_1"].map(shown_phone)
    return blocks


def _lines(
    lists: pd.DataFrame, blocks: pd.DataFrame, lang: Lang
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lines of the blocks in the order of the mail, and what is said of them."""
    counts = blocks["lines"].to_numpy(dtype=np.int64)
    of_block = np.repeat(np.arange(len(blocks)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    within = np.arange(len(of_block)) - first
    row = np.repeat(blocks["start"].to_numpy(dtype=np.int64), counts) + within
    kind = _kind_of(lists)[row]
    order = np.lexsort((within, kind, of_block))  # `within` rises with the rank
    row, kind = row[order], kind[order]
    told = lists[["kind", *_LINE]].take(row).reset_index(drop=True)
    is_other = kind == KINDS.index("others")
    if is_other.any():
        named = told["kind"].astype("str").map(dict(table(lang, "kind_of_line")))
        told.loc[is_other, "title"] = named[is_other] + " : " + told.loc[is_other, "title"]
    columns = blocks[["message_id", "address", "block", "youth_id"]].take(of_block)
    lines = columns.reset_index(drop=True).assign(
        slot=within + 1,
        offer_id=told["offer_id"],
        trade_code=told["trade_code"],
        url=told["url"],
        state="planned",
    )
    return lines[list(PLAN_COLUMNS)], told[["title", "employer", "place", "url", "reason"]]


def _marked(urls: pd.Series[str], blocks: pd.DataFrame, pattern: str) -> pd.Series[str]:
    """Return links with the mark of their youth behind, where the setting asks for it."""
    if not pattern:
        return urls
    m = np.repeat(blocks["m"].to_numpy(), blocks["lines"].to_numpy(dtype=np.int64))
    parts = [url.partition("#") for url in urls]
    told = [
        f"{page}{'&' if '?' in page else '?'}{pattern.replace('{m}', one)}{sign}{rest}"
        if page
        else ""
        for (page, sign, rest), one in zip(parts, m.tolist(), strict=True)
    ]
    return pd.Series(told, dtype="str")
