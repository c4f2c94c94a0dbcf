"""What comes back of a wave, brought to its plan: who bounced, objected, found, or waits for a person.

Nothing is decided here that a person has to decide: *j'ai trouvé* gives no seat away, one
*pourvue* closes no offer, and a click is no answer, since scanners click.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from matchmaker.campaigns.addresses import marks
from matchmaker.campaigns.answer_files import Event
from matchmaker.campaigns.answer_words import KINDS, NO_ANSWER
from matchmaker.campaigns.sent_table import SENT_COLUMNS
from matchmaker.tables.normal_forms import normal_email

__all__ = [
    "DOUBTFUL_FROM",
    "OPPOSITION_COLUMNS",
    "Answers",
    "Wave",
    "answers_of",
]

DOUBTFUL_FROM = 2
"""Youths who say that an offer is filled before it counts as doubtful."""

OPPOSITION_COLUMNS = ("email", "phone", "ine", "youth_id", "since", "source")
_PERSON = ("first_name", "last_name", "phone_1", "phone_2", "phone_3")
_CALL_COLUMNS = ("youth_id", "reason_code", "message_id", "since")
_WAITING_COLUMNS = ("youth_id", "kind", "offer_id", "message_id", "since", "file", "line")
_STATE_OF = {"opposed": "opposed", "bounced": "bounced"}  # of all other kinds: answered
_STATES = ("opposed", "bounced", "answered")  # the first of these is the state of a line
_WAIT = frozenset({"found", "filled", "replied", "unread"})
_CALLED = {"bounced": "bounced", "call": "asked"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wave:
    """One wave that was sent.

    Attributes
    ----------
    plan : DataFrame
        ``plan.parquet``: message_id, address, block, youth_id, slot, offer_id, trade_code, url,
        state; one row a line.
    campaign, wave : str
    key : bytes or None
        The campaign's: without it no mark of a youth can be told.
    people : DataFrame or None
        The contacts, to name those who are to be called.
    """

    plan: pd.DataFrame
    campaign: str = ""
    wave: str = ""
    key: bytes | None = None
    people: pd.DataFrame | None = None

    def marks_of_youths(self) -> dict[str, str]:
        """Return the youth of each mark m: 16 signs of HMAC(key, campaign|wave|youth_id)."""
        return self._by_mark(self.wave, "youth_id")

    def marks_of_addresses(self) -> dict[str, str]:
        """Return the address of each unsubscribe key, which is the same in every wave."""
        return self._by_mark("unsubscribe", "address")

    def pairs(self) -> frozenset[tuple[str, str]]:
        """Return youth and offer of each line."""
        return frozenset(_both(self.plan, "youth_id", "offer_id"))

    def _by_mark(self, of: str, column: str) -> dict[str, str]:
        """Return the values of a column by their marks; nothing where no mark can be made."""
        if self.key is None:
            return {}
        texts = self.plan[column].unique().tolist()
        return dict(zip(marks(self.key, self.campaign, of, texts), texts, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """What came back of a wave; the same for any order of files and rows.

    Attributes
    ----------
    sent : DataFrame
        `SENT_COLUMNS`: lines whose state is no longer written.
    oppositions : DataFrame
        `OPPOSITION_COLUMNS`, as ``match --do-not-contact`` reads them.
    to_call : DataFrame
        youth_id, reason_code (bounced, asked), message_id, since, and of the contacts first_name,
        last_name, phone_1 to phone_3.
    waiting : DataFrame
        Answers that a person has to read: youth_id, kind, offer_id, message_id, since, file, line.
    doubtful : DataFrame
        offer_id, youths: offers that several youths say are filled.
    unmatched : DataFrame
        file, line, kind: events of nobody in this wave.
    counts : dict
        Events by kind, and what the tables hold.
    """

    sent: pd.DataFrame
    oppositions: pd.DataFrame
    to_call: pd.DataFrame
    waiting: pd.DataFrame
    doubtful: pd.DataFrame
    unmatched: pd.DataFrame
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """Whose an event is: one youth, or all youths of a message."""

    event: Event
    message_id: str
    youths: tuple[str, ...]
    by_m: bool


def answers_of(events: Sequence[Event], wave: Wave) -> Answers:
    """Bring events to the plan of a wave.

    Parameters
    ----------
    events : sequence of Event
    wave : Wave

    Returns
    -------
    Answers
    """
    matches, unmatched = _matched(events, wave)
    counts = dict.fromkeys((*KINDS, *NO_ANSWER), 0)
    for event in events:
        counts[event.kind] += 1
    said = [match for match in matches if match.event.kind in KINDS]
    lost = [event for event in unmatched if event.kind in KINDS]
    tables = {
        "sent": _sent(said, wave),
        "oppositions": _oppositions(said, lost, wave),
        "to_call": _to_call(said, wave),
        "waiting": _waiting(said, wave),
        "doubtful": _doubtful(said, wave),
        "unmatched": _frame(
            [(event.file, str(event.line), event.kind) for event in lost], ("file", "line", "kind")
        ),
    }
    sizes = {f"rows_{name}": len(table) for name, table in tables.items()}
    return Answers(**tables, counts={"events": len(events), **counts, **sizes})


def _matched(events: Sequence[Event], wave: Wave) -> tuple[list[_Match], list[Event]]:
    """Return whose each event is, and the events of nobody."""
    by_message = _grouped(wave.plan, "message_id")
    message_of = dict(_both(wave.plan, "youth_id", "message_id"))
    address = wave.plan["address"].drop_duplicates().tolist()
    normal = dict(zip(address, map(normal_email, address), strict=True))
    of_address = {normal[a]: m for a, m in _both(wave.plan, "address", "message_id")}
    by_mark = wave.marks_of_youths()
    by_key = {m: of_address[normal[one]] for m, one in wave.marks_of_addresses().items()}
    matches, unmatched = [], []
    for event in events:
        youth = next((by_mark[m] for m in event.marks if m in by_mark), None)
        named = (m if m in by_message else by_key.get(m, "") for m in event.marks)
        message = next(filter(None, named), "")
        if youth is not None:
            found = _Match(event=event, message_id=message_of[youth], youths=(youth,), by_m=True)
        elif message or event.address in of_address:
            message = message or of_address[event.address]
            youths = by_message[message]
            found = _Match(event=event, message_id=message, youths=youths, by_m=False)
        else:
            unmatched.append(event)
            continue
        matches.append(found)
    return matches, unmatched


def _both(plan: pd.DataFrame, one: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield two columns side by side."""
    return zip(plan[one].tolist(), plan[other].tolist(), strict=True)


def _grouped(plan: pd.DataFrame, by: str) -> Mapping[str, tuple[str, ...]]:
    """Return the youths of each value of a column, sorted."""
    found: dict[str, set[str]] = {}
    for key, youth in _both(plan, by, "youth_id"):
        found.setdefault(key, set()).add(youth)
    return {key: tuple(sorted(youths)) for key, youths in found.items()}


def _sent(matches: Sequence[_Match], wave: Wave) -> pd.DataFrame:
    """Return the lines whose state changed: the gravest answer to them decides."""
    state: dict[tuple[str, str], str] = {}
    for match in matches:
        new = _STATE_OF.get(match.event.kind, "answered")
        for youth in match.youths:
            key = (match.message_id, youth)
            state[key] = min(new, state.get(key, new), key=_STATES.index)
    plan = wave.plan
    found = [state.get(key, "") for key in _both(plan, "message_id", "youth_id")]
    lines = plan.assign(state=pd.array(found, dtype="str"), wave=wave.wave, sent_at="")
    lines = lines.assign(channel="mail", slot=lines["slot"].astype("str"))
    kept = lines[lines["state"] != ""].sort_values(["youth_id", "offer_id"])
    return kept[list(SENT_COLUMNS)].reset_index(drop=True)


def _oppositions(matches: Sequence[_Match], lost: Sequence[Event], wave: Wave) -> pd.DataFrame:
    """Return who objected: a youth by the link of theirs, else an address."""
    address = dict(_both(wave.plan, "message_id", "address"))
    rows = set()
    for match in matches:
        if match.event.kind == "opposed":
            when = (match.event.at, match.event.file)
            if match.by_m:
                rows.add(("", "", "", match.youths[0], *when))
            else:
                rows.add((normal_email(address[match.message_id]), "", "", "", *when))
            if match.event.address:  # perhaps another one, to which the mail was forwarded
                rows.add((match.event.address, "", "", "", *when))
    # No opposition is lost: those of another wave, or of nobody here, are carried on.
    rows |= {
        (event.address, "", "", "", event.at, event.file)
        for event in lost
        if event.kind == "opposed" and event.address
    }
    return _frame(sorted(rows), OPPOSITION_COLUMNS)


def _to_call(matches: Sequence[_Match], wave: Wave) -> pd.DataFrame:
    """Return whom a person calls: their mail bounced, or they ask for it; nobody who objected."""
    opposed = {
        youth for match in matches if match.event.kind == "opposed" for youth in match.youths
    }
    rows = {
        (youth, _CALLED[match.event.kind], match.message_id, match.event.at)
        for match in matches
        if match.event.kind in _CALLED
        for youth in match.youths
        if youth not in opposed
    }
    frame = _frame(sorted(rows), _CALL_COLUMNS)
    frame = frame.drop_duplicates(["youth_id", "reason_code"]).reset_index(drop=True)
    people = _frame([], ("youth_id", *_PERSON)) if wave.people is None else wave.people
    known = people.set_index("youth_id")[list(_PERSON)]
    named = known.reindex(frame["youth_id"], fill_value="").reset_index(drop=True)
    return frame.join(named.astype("str"))


def _waiting(matches: Sequence[_Match], wave: Wave) -> pd.DataFrame:
    sent = wave.pairs()
    rows = {
        (
            "|".join(match.youths),
            match.event.kind,
            _offer_of(match, sent),
            match.message_id,
            match.event.at,
            match.event.file,
            str(match.event.line),
        )
        for match in matches
        if match.event.kind in _WAIT
    }
    order = {kind: place for place, kind in enumerate(KINDS)}
    ranked = sorted(rows, key=lambda row: (order[row[1]], *row))
    return _frame(ranked, _WAITING_COLUMNS)


def _doubtful(matches: Sequence[_Match], wave: Wave) -> pd.DataFrame:
    """Return the offers that two youths or more say are filled; of one who says so a person hears."""
    sent = wave.pairs()
    pairs = {
        (offer, match.youths)
        for match in matches
        if match.event.kind == "filled" and (offer := _offer_of(match, sent))
    }
    counts = pd.Series([offer for offer, _ in sorted(pairs)], dtype="str").value_counts()
    rows = [(str(o), str(n)) for o, n in sorted(counts.items()) if n >= DOUBTFUL_FROM]
    return _frame(rows, ("offer_id", "youths"))


def _offer_of(match: _Match, pairs: Collection[tuple[str, str]]) -> str:
    """Return the offer that an answer is about; "" where it names none that was sent to them."""
    offer = match.event.offer_id
    return offer if any((youth, offer) in pairs for youth in match.youths) else ""


def _frame(rows: Sequence[tuple[str, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns), dtype="str")
