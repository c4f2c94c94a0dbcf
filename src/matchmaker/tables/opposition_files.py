"""Who must not be written to, as mailing tools export it: read whole, or refused whole.

An opposition is never lost: what cannot be read is named by its file and line and stops the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matchmaker.errors import InputError, Issue
from matchmaker.tables.checks.answer import tidy
from matchmaker.tables.checks.flag_words import yes_or_no
from matchmaker.tables.normal_forms import normal_email, normal_ine, normal_phone
from matchmaker.tables.raw import InputFile, RawTable
from matchmaker.tables.reading import read_file
from matchmaker.tables.sources.wish_files import header_key
from matchmaker.words import Text, said

__all__ = ["ROLE", "Row", "read_rows"]

ROLE = "do_not_contact"
"""Of such a file, in manifests and messages."""

# Headers of tools and people, by `header_key`. Brevo: EMAIL, SMS, EXT_ID; Email_ID in the report
# of a campaign. Mailchimp: Email Address, Phone Number. Sarbacane: email, or a French word.
_COLUMNS = {
    "email": (
        "email emails emailaddress emailid mail mel courriel adresseemail adressemail adressemel"
        " adresseelectronique adressecourriel contactemail recipient destinataire emaildestinataire"
        " email1 email2 email3 guardianemail guardianemail2"
    ),
    "phone": (
        "sms phone phonenumber telephone tel mobile mobilephone portable telephoneportable"
        " telephonemobile numerodetelephone numerotelephone whatsapp landlinenumber landline gsm"
        " smsphonenumber phone1 phone2 phone3 guardianphone guardianphone2"
    ),
    "ine": "ine numeroine noine nine identifiantnational",
    "youth_id": "youthid identifiantdujeune idjeune extid",
}
_KIND_OF = {name: kind for kind, names in _COLUMNS.items() for name in names.split()}
_BARE_ID = frozenset({"id", "identifiant", "identifier", "contactid"})  # a tool's own, or ours
# Columns that say of each row whether it is an opposition: of whole lists and of reports.
_MARKS = frozenset(
    [
        "emailblacklisted",
        "emailblocklisted",
        "blacklisted",
        "blocklisted",
        "smsblacklisted",
        "unsubscribed",
        "unsubscribedate",
        "unsubscribeddate",
        "unsubtime",
        "unsubscribedat",
        "complaintdate",
        "spamdate",
        "optout",
        "desinscrit",
        "desabonne",
        "datededesinscription",
        "datedesinscription",
        "desinscription",
        "opposition",
        "oppose",
    ]
)
_STATES = frozenset({"status", "statut", "etat", "state", "emailstatus", "subscriptionstatus"})
_IN = frozenset({"subscribed", "abonne", "inscrit", "actif", "active", "confirmed", "ok"})
_NOTHING = frozenset({"", "-", "--", "n/a", "na", "null", "none"})
_SEVERAL = ";,|"
_ANY = "any"  # of a list without a header


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One opposition.

    Attributes
    ----------
    readings : frozenset of str
        Normal forms, any of which may be the person's; never shown.
    """

    readings: frozenset[str]


def read_rows(paths: Sequence[Path]) -> tuple[tuple[Row, ...], tuple[InputFile, ...], int]:
    """Read all files of oppositions.

    Parameters
    ----------
    paths : sequence of Path
        Exports of mailing tools, or plain lists; CSV, XLSX, ODS ..., with a header or not.

    Returns
    -------
    rows : tuple of Row
    files : tuple of InputFile
        For the manifest.
    passed : int
        Rows that say themselves that they are no opposition: the others of a whole list.

    Raises
    ------
    UsageError
        A file is not there.
    InputError
        A value cannot be read, a row names nobody, no column is known: all of them, of all files.
    """
    rows: list[Row] = []
    files: list[InputFile] = []
    issues: list[Issue] = []
    passed = 0
    for path in paths:
        raw = read_file(path, "sent", knows=lambda *_: True)  # the first row is the header
        if not isinstance(raw, RawTable):
            issues.append(_issue(path.name, None, "unknown_json", said("opposition.no_table")))
            continue
        found, skipped, faults = _of_file(raw)
        if not (found or faults) and skipped:
            faults = [_issue(raw.file, None, "no_opposition", said("opposition.none", n=skipped))]
        rows += found
        passed += skipped
        issues += [*raw.faults, *faults]
        n = len(found) + skipped
        files.append(InputFile(role=ROLE, name=raw.file, sha256=raw.sha256, rows=n))
    if issues:
        raise InputError(issues)
    return tuple(rows), tuple(files), passed


def _issue(
    file: str, line: int | None, reason: str, message: Text, *, column: str = "", value: str = ""
) -> Issue:
    return Issue(
        reason=reason, file=file, line=line, column=column or None, value=value or None,
        message=message, hint=said("opposition.hint"), is_personal=True,
    )  # fmt: skip


def _of_file(raw: RawTable) -> tuple[list[Row], int, list[Issue]]:
    """Return the oppositions of one file, how many rows are none, and what cannot be read."""
    headers = [str(header) for header in raw.frame.columns]
    keys = [header_key(header) for header in headers]
    kinds = _kinds(keys)
    rows = list(zip(raw.lines.tolist(), raw.frame.to_numpy(dtype=object).tolist(), strict=True))
    if not any(kinds):
        kinds = [_ANY] * len(headers)
        if any(map(_any_reading, headers)):  # a list without a header
            rows.insert(0, (raw.header_line, headers))
        elif len(headers) != 1:
            what = said("opposition.no_column", names=headers[:10])
            return [], 0, [_issue(raw.file, raw.header_line, "no_column", what)]
    filled = [(line, row) for line, row in rows if any(text.strip() for text in row)]
    meant = [(line, row) for line, row in filled if _is_opposed(keys, row)]
    found: list[Row] = []
    faults: list[Issue] = []
    for line, row in meant:
        cells = [
            (header, kind, text)
            for header, kind, text in zip(headers, kinds, row, strict=True)
            if kind and tidy(text)[0].casefold() not in _NOTHING
        ]
        read = [_readings(text, kind) for _, kind, text in cells]
        faults += [
            _issue(
                raw.file,
                line,
                "unreadable",
                said("opposition.unreadable"),
                column="" if kind == _ANY else header,
                value=text,
            )
            for (header, kind, text), one in zip(cells, read, strict=True)
            if not one
        ]
        if not cells:
            faults.append(_issue(raw.file, line, "nobody", said("opposition.nobody")))
        found.append(Row(readings=frozenset().union(*read)))
    return found, len(filled) - len(meant), faults


def _kinds(keys: Sequence[str]) -> list[str]:
    """Return what each column holds, "" for what is not read; all "" where none is known."""
    kinds = [_KIND_OF.get(key, "") for key in keys]
    return kinds if any(kinds) else ["youth_id" if key in _BARE_ID else "" for key in keys]


def _is_opposed(keys: Sequence[str], row: Sequence[str]) -> bool:
    """Tell whether a row is an opposition; what it says of it must be clear to leave it out."""
    marks = [text for key, text in zip(keys, row, strict=True) if key in _MARKS]
    states = [text for key, text in zip(keys, row, strict=True) if key in _STATES]
    if marks:
        return any(_says_yes(text) for text in marks)
    return not states or any(header_key(text) not in _IN for text in states)


def _says_yes(text: str) -> bool:
    plain = tidy(text)[0].casefold()
    return not (
        plain in _NOTHING
        or plain in {"0", "false", "faux", "non", "no", "n"}
        or yes_or_no(plain, "opt_out") is False
    )


def _readings(text: str, kind: str) -> set[str]:
    """Return what a cell may stand for; nothing where one of its parts cannot be read."""
    if kind == _ANY:
        return _any_reading(text)
    if kind == "ine":
        return set(filter(None, [normal_ine(text)]))
    if kind == "youth_id":
        return _ids(text)
    parts = [text]
    for sign in _SEVERAL:
        parts = [one for part in parts for one in part.split(sign)]
    form = normal_email if kind == "email" else normal_phone
    forms = [form(part) for part in parts if part.strip()]
    return set(forms) if all(forms) else set()


def _any_reading(text: str) -> set[str]:
    """Return all that a value may be in a list that does not say: a number may be an id too."""
    if "@" in text:
        return set(filter(None, [normal_email(text)]))
    has_digit = any(sign.isdigit() for sign in text)
    ids = _ids(text) if has_digit else set()
    return ids | set(filter(None, [normal_ine(text), normal_phone(text)]))


def _ids(text: str) -> set[str]:
    """Return an id as written, and as numbers of persons are compared."""
    plain = tidy(text)[0]
    bare = "".join(sign for sign in plain if sign.isalnum()).upper()
    return {plain, bare} if 0 < len(plain) <= 100 and bare and "@" not in plain else set()
