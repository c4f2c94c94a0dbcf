"""What advisers said, as ``cells import`` writes it: ``words.csv`` and ``outcomes.csv``.

Both are read here, whoever wrote them.  What a person noted in free words, and who that person
is, is left behind as soon as it is read: a run keeps of a word what it does, and no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from matchmaker.errors import InputError, Issue
from matchmaker.reference.siret import read_siret
from matchmaker.tables.checks import Findings
from matchmaker.tables.checks.answer import tidy
from matchmaker.tables.checks.dates import parse_date
from matchmaker.tables.raw import Given, InputFile, RawTable
from matchmaker.tables.reading import read_file
from matchmaker.tables.reading.frames import from_frame
from matchmaker.tables.schemas import Column, normal_name
from matchmaker.words import Text, said, word

__all__ = [
    "OF_ADVISER",
    "OUTCOMES",
    "ROLE",
    "SIREN_SIGNS",
    "WORDS",
    "AdviceRead",
    "AdviceRow",
    "read_advice",
]

ROLE = "words"
"""Of such a file, in manifests and messages."""

WORDS = ("youth_id", "offer_id", "employer", "word", "value", "by", "on")
"""Columns of ``words.csv``; ``word`` is one of `KNOWN`."""

OUTCOMES = (
    "youth_id", "birth_date", "commune_code", "initials", "signed_on", "broken_on", "siret",
    "diploma_code", "why", "by", "on",
)  # fmt: skip
"""Columns of ``outcomes.csv``."""

KNOWN = ("pin", "ban", "order", "note", "outcome", "known", "trade", "transfer")
_GUARDED = tuple("=+-@＝＋－＠﹦﹢﹣﹫")  # our CSV files put an apostrophe before such a sign
_LOW, _HIGH = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
_DAY = Column(name="day", kind="date", meaning="")
_DAYS = ("on", "signed_on", "broken_on")
SIREN_SIGNS = 9

OF_ADVISER = "words"
"""Source of a wish that an adviser added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRow:
    """One row, read.

    Attributes
    ----------
    file : int
        Position of its file.
    row : int
        Position in it.
    youth_id, offer_id : str
    siret : str
        14 digits, or the 9 of a firm; "" for none.
    word : str
        Of `KNOWN`; ``contract`` or ``broken`` for a row of outcomes.
    value : str
        Place, trade or outcome; of a contract the day of its signing or of its end.
    signed_on : str
        Of a contract that ended, the day of its signing; "" unknown.
    by : str
        Who said it; compared, and never kept.
    on : str
        ISO date, "" unknown.
    """

    file: int
    row: int
    youth_id: str
    offer_id: str
    siret: str
    word: str
    value: str
    by: str
    on: str
    signed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRead:
    """All rows of all files, and what was found while reading.

    Attributes
    ----------
    rows : tuple of AdviceRow
    findings : tuple of Findings
        Of each file.
    files : tuple of InputFile
        For the manifest.
    """

    rows: tuple[AdviceRow, ...]
    findings: tuple[Findings, ...]
    files: tuple[InputFile, ...]


def read_advice(given: Sequence[Given]) -> AdviceRead:
    """Read files of advisers' words; a row that cannot be read is named, the rest goes on.

    Parameters
    ----------
    given : sequence of path or DataFrame
        With the columns `WORDS` or `OUTCOMES`, in any order; a column may be missing where
        nothing hangs on it.

    Returns
    -------
    AdviceRead

    Raises
    ------
    UsageError
        A file is not there.
    InputError
        A file is neither of the two.

    Examples
    --------
    >>> said = pd.DataFrame({"youth_id": ["Y1", "Y1"], "offer_id": ["O1", ""],
    ...                      "word": ["pin", "paint"], "on": ["02/10/2023", ""]})
    >>> read = read_advice([said])
    >>> [(row.word, row.offer_id, row.on) for row in read.rows], len(read.findings[0].faults)
    ([('pin', 'O1', '2023-10-02')], 1)
    """
    rows: list[AdviceRow] = []
    findings: list[Findings] = []
    files: list[InputFile] = []
    issues: list[Issue] = []
    for number, one in enumerate(given):
        raw = _raw(one)
        cells = None if raw is None else _cells(raw)
        if raw is None or cells is None:
            name = one.name if isinstance(one, Path) else str(one)
            issues.append(_not_ours(name if raw is None else raw.file))
            continue
        found = Findings(ROLE, raw.file, raw.lines, sheets=raw.sheets)
        found.reject_lines(raw.faults)
        rows += _rows(cells, found, number)
        findings.append(found)
        files.append(InputFile(role=ROLE, name=raw.file, sha256=raw.sha256, rows=len(raw.frame)))
    if issues:
        raise InputError(issues)
    return AdviceRead(rows=tuple(rows), findings=tuple(findings), files=tuple(files))


def _raw(given: Given) -> RawTable | None:
    if isinstance(given, pd.DataFrame):
        return from_frame(given, ROLE)
    raw = read_file(Path(given), "sent", knows=lambda *_: True)  # the first row is the header
    return raw if isinstance(raw, RawTable) else None


def _not_ours(file: str) -> Issue:
    return Issue(
        reason="not_words",
        file=file,
        message=said("advice.not_ours"),
        hint=said("advice.not_ours_hint", words=list(WORDS), outcomes=list(OUTCOMES)),
    )


def _cells(raw: RawTable) -> list[dict[str, str]] | None:
    """Return the cells of each row by the names of our columns; None where it is neither file."""
    names = [normal_name(str(header)) for header in raw.frame.columns]
    is_ours = "youth_id" in names and not {"word", "signed_on", "broken_on"}.isdisjoint(names)
    if not is_ours or len(set(names)) < len(names):
        return None
    known = {*WORDS, *OUTCOMES}
    columns = {
        name: [_bare(cell) for cell in raw.frame.iloc[:, at]]
        for at, name in enumerate(names)
        if name in known
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _bare(cell: str) -> str:
    """Return a cell without what nobody sees, and without the guard against formulas."""
    text = tidy(cell, is_free=True)[0]
    return text[1:] if text.startswith("'") and text[1:].startswith(_GUARDED) else text


def _rows(cells: Iterable[Mapping[str, str]], findings: Findings, file: int) -> Iterable[AdviceRow]:
    for at, cell in enumerate(cells):
        if not any(cell.values()):
            continue
        row = _of_outcome(cell, file, at) if "word" not in cell else _of_word(cell, file, at)
        if isinstance(row, AdviceRow):
            yield row
            continue
        reason, column = row
        findings.reject(
            np.array([at]),
            reason=reason,
            column=column,
            # Free words, and who said them, are quoted nowhere.
            value=cell.get(column, "") if column in ("word", *_DAYS, "siret") else "",
            message=_FAULTS[reason][0],
            hint=_FAULTS[reason][1],
        )


_FAULTS: dict[str, tuple[Text, Text]] = {
    name: (word("advice", name), word("advice", f"{name}_hint"))
    for name in ("word_nobody", "word_unknown", "word_date", "word_firm", "word_no_offer",
                 "word_no_trade", "word_place", "word_no_contract")
}  # fmt: skip
_Fault = tuple[str, str]


def _days(cell: Mapping[str, str]) -> dict[str, str] | _Fault:
    """Return the days of a row in ISO form, or what is wrong with one."""
    days = {}
    for name in _DAYS:
        text = cell.get(name, "")
        answer = parse_date(text, _DAY, _LOW, _HIGH)
        if text and not isinstance(answer.value, dt.date):
            return "word_date", name
        days[name] = answer.value.isoformat() if isinstance(answer.value, dt.date) else ""
    return days


def _of_word(cell: Mapping[str, str], file: int, at: int) -> AdviceRow | _Fault:
    """Return a row of ``words.csv``, or what is wrong with it."""
    name, value = cell["word"].casefold(), cell.get("value", "")
    days = _days(cell)
    offer, firm = cell.get("offer_id", ""), cell.get("employer", "")
    fault = _fault_of_word(cell, name, value, offer or firm)
    if fault or isinstance(days, tuple):
        return fault or ("word_date", "on")
    siret = "" if offer or not firm else read_siret(firm)[0]
    if name == "ban" and not offer and not siret:
        return "word_firm", "employer"
    if name == "order":
        value = str(int(value or 1))
    return AdviceRow(
        file=file, row=at, youth_id=cell["youth_id"], offer_id=offer, siret=siret, word=name,
        value=value if name in ("order", "trade", "outcome") else "", by=cell.get("by", ""),
        on=days["on"],
    )  # fmt: skip


def _fault_of_word(cell: Mapping[str, str], name: str, value: str, about: str) -> _Fault | None:
    if not cell["youth_id"]:
        return "word_nobody", "youth_id"
    if name not in KNOWN:
        return "word_unknown", "word"
    if (name in ("pin", "order") and not cell.get("offer_id")) or (name == "ban" and not about):
        return "word_no_offer", "offer_id"
    if name == "order" and value and not (value.isascii() and value.isdigit() and len(value) < 4):
        return "word_place", "value"
    if name == "trade" and not value:
        return "word_no_trade", "value"
    return None


def _of_outcome(cell: Mapping[str, str], file: int, at: int) -> AdviceRow | _Fault:
    """Return a row of ``outcomes.csv``, or what is wrong with it.

    A contract that was signed and broken is one that was broken: the youth is back.
    """
    days = _days(cell)
    if not cell["youth_id"]:
        return "word_nobody", "youth_id"
    if isinstance(days, tuple):
        return days
    siret = read_siret(cell.get("siret", ""))[0]
    if cell.get("siret") and not siret:
        return "word_firm", "siret"
    if not (days["signed_on"] or days["broken_on"] or siret):
        return "word_no_contract", "signed_on"
    broken = days["broken_on"]
    return AdviceRow(
        file=file, row=at, youth_id=cell["youth_id"], offer_id="", siret=siret,
        word="broken" if broken else "contract", value=broken or days["signed_on"] or days["on"],
        by=cell.get("by", ""), on=days["on"], signed_on=days["signed_on"],
    )  # fmt: skip
