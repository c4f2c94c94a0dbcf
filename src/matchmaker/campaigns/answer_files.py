"""Files of answers as they come: each row to the events in it, with the marks that they bear."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matchmaker.campaigns.answer_words import COLUMNS, DATED, kind_of
from matchmaker.errors import InputError, Issue
from matchmaker.tables.normal_forms import normal_email
from matchmaker.tables.raw import RawTable
from matchmaker.tables.reading import read_file
from matchmaker.tables.sources.wish_files import header_key
from matchmaker.words import said

__all__ = ["Event", "read_events"]

_MARK = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
_NOTHING = frozenset({"", "-", "0", "n/a", "null", "none", "false", "non", "no"})
_WITH_MARKS = ("message_id", "m", "tag", "subject", "text", "link")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, as a file tells it.

    Attributes
    ----------
    file : str
    line : int
    kind : str
        Of `matchmaker.campaigns.answer_words`.
    marks : tuple of str
        Sixteen hexadecimal signs each: of a message, of a youth (m) or of a link.
    address : str
        Normal form; "" where there is none.
    offer_id : str
    at : str
        Time as the file has it.
    """

    file: str
    line: int
    kind: str
    marks: tuple[str, ...]
    address: str
    offer_id: str
    at: str


def read_events(paths: Sequence[Path]) -> list[Event]:
    """Read files of answers.

    Parameters
    ----------
    paths : sequence of Path
        Exports of Brevo, Mailchimp, Sarbacane, or of a form or mailbox; CSV, XLSX, JSON lines.

    Returns
    -------
    list of Event
        In the order of files and lines.

    Raises
    ------
    UsageError
        A file is not there.
    InputError
        A file names neither events nor whose they are, or a row is damaged; all of them.
    """
    events: list[Event] = []
    issues: list[Issue] = []
    for path in paths:
        raw = read_file(path, "sent", knows=lambda *_: True)  # the first row is the header
        fault = _fault(raw) if isinstance(raw, RawTable) else "answers.no_table"
        if fault or not isinstance(raw, RawTable):
            issues.append(
                Issue(
                    reason="no_answers",
                    file=raw.file,
                    message=said(fault),
                    hint=said("answers.columns_hint"),
                )
            )
            continue
        issues += raw.faults
        events += _of_table(raw)
    if issues:
        raise InputError(issues)
    return events


def _fault(raw: RawTable) -> str:
    """Return what keeps a table from being one of answers, "" for nothing."""
    keys = {header_key(str(header)) for header in raw.frame.columns}
    known = {COLUMNS[key] for key in keys if key in COLUMNS}
    if not known & {"message_id", "m", "email", "tag", "subject"}:
        return "answers.nobody"
    if not (known & {"event", "subject", "text"} or keys & DATED.keys()):
        return "answers.no_event"
    return ""


def _of_table(raw: RawTable) -> Iterator[Event]:
    keys = [header_key(str(header)) for header in raw.frame.columns]
    for line, row in zip(raw.lines.tolist(), raw.frame.itertuples(index=False), strict=True):
        cells: dict[str, str] = {}
        dated: list[tuple[str, str]] = []
        for key, text in zip(keys, map(str.strip, row), strict=True):
            if key in COLUMNS and text:
                cells.setdefault(COLUMNS[key], text)
            if key in DATED and text.casefold() not in _NOTHING:
                dated.append((DATED[key], text))
        for kind, at in _kinds(cells, dated):
            yield Event(
                file=raw.file,
                line=line,
                kind=kind,
                marks=_marks(cells),
                address=normal_email(cells.get("email", "")),
                offer_id=cells.get("offer_id", ""),
                at=at,
            )


def _kinds(cells: Mapping[str, str], dated: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the kinds of events in a row, each with its time; those of a reply by its subject."""
    at = cells.get("at", "")
    found = list(dated)
    told = kind_of(cells.get("event", ""))
    if told and not (dated and told in ("unread", "passed")):
        found.append((told, at))
    if told in ("", "replied", "unread") and (words := cells.get("subject") or cells.get("text")):
        # "Re: J'ai trouvé [0123456789abcdef]": what is left without the mark and the "Re:".
        plain = re.sub(r"^\s*(?:(?:re|rép|tr|fw|fwd)\s*:\s*)+", "", words, flags=re.IGNORECASE)
        kind = kind_of(_MARK.sub("", plain).strip(" []"))
        found = [(k, when) for k, when in found if k not in ("replied", "unread")]
        found.append((kind if kind not in ("", "unread") else told or "replied", at))
    return found or [("passed", at)]


def _marks(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Return the marks in a row, those of the columns made for them first."""
    found = [m for name in _WITH_MARKS for m in _MARK.findall(cells.get(name, "").lower())]
    return tuple(dict.fromkeys(found))
