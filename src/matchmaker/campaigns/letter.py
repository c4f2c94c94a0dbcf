"""What a message says: its object, its salutation, its links, and the whole of it for a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import pandas as pd

from matchmaker.campaigns.mail import KINDS, MailPlan
from matchmaker.runs.mail_section import ANSWERS, MailOptions
from matchmaker.words import Lang, date_text, say, table

__all__ = [
    "MessageHead",
    "about",
    "heads_of",
    "letter",
    "links_of",
    "mention",
    "opening",
    "origin",
    "salutation",
    "shown_names",
    "step_person",
    "steps",
    "subject",
]

_COUNTS = ("n_offers", "n_firms", "n_others")
_TOLD = ("title", "employer", "place", "url", "reason")
_MANY_FIRMS = 3  # of which a mail says to choose three


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageHead:
    """What the object and the salutation of a message are made of.

    Attributes
    ----------
    names : tuple of str
        First names of its youths, "" where unknown.
    counts : tuple of (int, int, int)
        Of each youth: offers, firms, other lines.
    is_for_guardian : bool
    """

    names: tuple[str, ...]
    counts: tuple[tuple[int, int, int], ...]
    is_for_guardian: bool


def heads_of(blocks: pd.DataFrame) -> Iterator[MessageHead]:
    """Yield the head of each message of some blocks, in their order."""
    columns = (blocks[name].tolist() for name in ("message", "first_name", "recipient", *_COUNTS))
    names: list[str] = []
    counts: list[tuple[int, int, int]] = []
    is_guardian, before = False, None
    for message, name, recipient, *n in zip(*columns, strict=True):
        if message != before and before is not None:
            yield MessageHead(names=(*names,), counts=(*counts,), is_for_guardian=is_guardian)
            names, counts, is_guardian = [], [], False
        before = message
        names.append(name)
        counts.append((n[0], n[1], n[2]))
        is_guardian = is_guardian or recipient == "guardian"
    if names:
        yield MessageHead(names=(*names,), counts=(*counts,), is_for_guardian=is_guardian)


def shown_names(head: MessageHead, lang: Lang) -> list[str]:
    """Return the name of each youth as the message has it: a number where it is unknown."""
    if len(head.names) == 1:
        return list(head.names)
    return [name or say(lang, "mail.child", n=i) for i, name in enumerate(head.names, 1)]


def subject(head: MessageHead, lang: Lang) -> str:
    """Return the object of a message; it promises an offer to nobody who has none."""
    names = _listed([name for name in head.names if name], lang)
    to = ""
    if names:
        key = "mail.for_youth" if head.is_for_guardian or len(head.names) > 1 else "mail.to_youth"
        to = say(lang, key, name=names) + " "
    if len(head.names) > 1:
        text = say(lang, "mail.subject_siblings", names=to)
    else:
        ((offers, firms, _),) = head.counts
        firms_key = "mail.subject_firms_of" if head.is_for_guardian else "mail.subject_firms"
        if offers and firms:
            text = say(lang, "mail.subject_both", names=to, n=offers, firms=firms)
        elif offers:
            text = say(lang, "mail.subject_offers", names=to, n=offers)
        elif firms:
            text = say(lang, firms_key, names=to, n=firms)
        else:
            text = say(lang, "mail.subject_others", names=to)
    return _upper(text)


def salutation(head: MessageHead, lang: Lang) -> str:
    """Return the first line of a message."""
    if head.is_for_guardian:
        return say(lang, "mail.hello_guardian")
    if len(head.names) == 1 and head.names[0]:
        return say(lang, "mail.hello", name=head.names[0])
    return say(lang, "mail.hello_all")


def about(head: MessageHead, lang: Lang) -> str:
    """Say whom a message is about, where its reader may be somebody else; "" where not."""
    names = shown_names(head, lang)
    if len(names) > 1:
        return say(lang, "mail.about_all", names=_listed(names, lang))
    if not head.is_for_guardian:
        return ""
    if names[0]:
        return say(lang, "mail.about", name=names[0])
    return say(lang, "mail.about_unnamed")


def opening(wish: str, offers: int, firms: int, *, lang: Lang) -> str:
    """Return the first sentences to a youth: what was wished, how much there is of what."""
    found = _found(offers, firms, lang)
    return f"{say(lang, 'mail.wish', wishes=wish)} {found}" if wish else found


def links_of(options: MailOptions, m: Sequence[str], lang: Lang) -> dict[str, list[str]]:
    """Return the three answer links of each youth: addresses, else mails to the sender.

    Parameters
    ----------
    options : MailOptions
    m : sequence of str
        Marks of the youths: no link holds an id or an address of theirs.
    lang : {"fr", "en"}

    Returns
    -------
    dict of str to list of str
        ``found``, ``call``, ``stop``.
    """
    links = {}
    for key in ANSWERS:
        pattern: str = getattr(options, key)
        if not pattern:
            answer = table(lang, "mail")[key]
            text = quote(say(lang, "mail.answer_subject", answer=answer, m="{m}"), safe="{}")
            pattern = f"mailto:{options.sender}?subject={text}"
        links[key.removeprefix("answer_")] = [pattern.replace("{m}", one) for one in m]
    return links


def letter(plan: MailPlan, message: int) -> dict[str, Any]:
    """Return all that a template shows of one message.

    Parameters
    ----------
    plan : MailPlan
    message : int
        Its number, from 0.

    Returns
    -------
    dict of str to object
        Texts in the language of the run; nothing is left for a template to word.
    """
    lang, options = plan.lang, plan.options
    blocks = plan.blocks[plan.blocks["message"] == message]
    (head,) = heads_of(blocks)
    names = shown_names(head, lang)
    links = links_of(options, blocks["m"].tolist(), lang)
    ends = plan.blocks["lines"].cumsum()
    children = []
    for i, at in enumerate(blocks.index):
        row: pd.Series[Any] = blocks.loc[at]
        told = plan.told.iloc[int(ends[at]) - int(row["lines"]) : int(ends[at])]
        children.append(_child(row, told, names[i], {k: v[i] for k, v in links.items()}, lang))
    return {
        "lang": lang,
        "sender": options.sender,
        "desk": options.desk_name,
        "controller": _upper(options.controller),
        "address": blocks["address"].iloc[0],
        "message_id": blocks["message_id"].iloc[0],
        "subject": subject(head, lang),
        "salutation": salutation(head, lang),
        "about": about(head, lang),
        "children": children,
        "is_one": len(names) == 1,
        "labels": _labels(lang),
        "mention_head": say(lang, "mention.head"),
        "mention": mention(plan, origin(options, blocks["source"].iloc[0], lang)),
    }


def _labels(lang: Lang) -> Mapping[str, str]:
    """Return the words that are the same in every mail."""
    return {
        "steps": say(lang, "mail.steps"),
        "person": say(lang, "mail.person"),
        "answers": say(lang, "mail.answers"),
        "from": say(lang, "mail.from"),
        "to": say(lang, "mail.to"),
        "subject": say(lang, "mail.subject"),
    }


def _child(
    row: pd.Series[Any],
    told: pd.DataFrame,
    name: str,
    links: Mapping[str, str],
    lang: Lang,
) -> dict[str, Any]:
    """Return one block: what was found, what to do, the lines, the person, the links."""
    offers, firms, others = (int(row[count]) for count in _COUNTS)
    said_of = [
        _line(*line, lang=lang) for line in zip(*(told[name] for name in _TOLD), strict=True)
    ]
    cuts = (said_of[:offers], said_of[offers : offers + firms], said_of[offers + firms :])
    heads = (say(lang, "mail.offers"), say(lang, "mail.firms"), say(lang, "mail.others"))
    leads = ("", say(lang, "mail.firms_lead"), "")
    see = (say(lang, "mail.see_offer"), say(lang, "mail.see_firm"), say(lang, "mail.see_other"))
    answers = (
        ("found", say(lang, "mail.answer_found")),
        ("call", say(lang, "mail.answer_call")),
        ("stop", say(lang, "mail.answer_stop")),
    )
    return {
        "heading": say(lang, "mail.for_child", name=name),
        "opening": opening(row["wish"], offers, firms, lang=lang),
        "steps": [
            *steps(said_of[0]["title"], offers, firms, others, lang=lang),
            step_person(row["person"], row["contact"], lang),
        ],
        "sections": [
            {"kind": kind, "head": head, "lead": lead, "lines": lines, "see": words}
            for kind, head, lead, lines, words in zip(KINDS, heads, leads, cuts, see, strict=True)
            if lines
        ],
        "person": row["person"],
        "contact": row["contact"],
        "answers": [{"text": text, "url": links[key]} for key, text in answers],
    }


def _line(
    title: str, employer: str, place: str, url: str, reason: str, *, lang: Lang
) -> dict[str, str]:
    """Return a line as a mail has it: what its block says of all is not said of each again."""
    is_told = place and (employer == place or employer.endswith(f" {place}"))
    return {
        "title": title,
        "where": ", ".join(part for part in (_upper(employer), "" if is_told else place) if part),
        "url": url if url.startswith(("https://", "http://")) else "",
        "reason": reason.removesuffix(say(lang, "reason_action.write")).rstrip(),
    }


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _found(offers: int, firms: int, lang: Lang) -> str:
    """Say how much there is of what."""
    one = say(lang, "mail.one_offer"), say(lang, "mail.one_firm")
    of_offers = one[0] if offers == 1 else say(lang, "mail.many_offers", n=offers)
    of_firms = one[1] if firms == 1 else say(lang, "mail.many_firms", n=firms)
    if offers and firms:
        return say(lang, "mail.found_both", offers=of_offers, firms=of_firms)
    if offers:
        return say(lang, "mail.found_offers", offers=of_offers)
    if firms:
        return say(lang, "mail.found_firms", firms=of_firms)
    return say(lang, "mail.found_others")


@cache
def step_person(person: str, contact: str, lang: Lang) -> str:
    """Say whom to turn to: the third thing to do this week."""
    return say(lang, "mail.step_person", person=person, contact=contact)


def steps(title: str, offers: int, firms: int, others: int, *, lang: Lang) -> list[str]:
    """Say the first two things to do this week."""
    if offers:
        is_one = offers == 1
        first = say(lang, "mail.step_one_offer" if is_one else "mail.step_offer", title=title)
        if firms >= _MANY_FIRMS:
            return [first, say(lang, "mail.step_more_firms")]
        if firms:
            return [first, say(lang, "mail.step_all_firms", n=firms)]
        return [first, say(lang, "mail.step_more_offers" if offers > 1 else "mail.step_cv")]
    cv = say(lang, "mail.step_cv")
    if firms >= _MANY_FIRMS:
        return [cv, say(lang, "mail.step_firms")]
    if firms:
        return [cv, say(lang, "mail.step_few_firms", n=firms)]
    return [say(lang, "mail.step_others"), cv] if others else [cv]


def origin(options: MailOptions, source: str, lang: Lang) -> str:
    """Say where an address comes from: as the setting has it, else by the source format."""
    known = table(lang, "mail_source")
    return options.address_source or known.get(source, say(lang, "mail_source.other"))


def mention(plan: MailPlan, where: str) -> list[str]:
    """Return the paragraphs at the foot, as the setting `mention` asks.

    Parameters
    ----------
    plan : MailPlan
    where : str
        Where the address comes from.

    Returns
    -------
    list of str
    """
    lang, options = plan.lang, plan.options
    if options.mention == "none":
        return []
    who = say(lang, "mention.who", controller=options.controller, source=where)
    rights = say(lang, "mention.rights", sender=options.sender)
    if options.mention == "decision":
        decision = say(
            lang, "mention.decision", controller=options.controller, sender=options.sender
        )
        return [who, decision, rights]
    return [who, say(lang, "mention.how", date=date_text(plan.as_of, lang)), rights]


def _listed(names: Sequence[str], lang: Lang) -> str:
    """Join names as people do."""
    if len(names) < 2:
        return "".join(names)
    return say(lang, "mail.and", first=", ".join(names[:-1]), last=names[-1])
