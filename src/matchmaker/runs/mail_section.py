"""The section ``[mail]`` of a configuration: who writes to whom, in whose name, with which links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from matchmaker.errors import UsageError, did_you_mean
from matchmaker.toml_file import read_toml, sections
from matchmaker.words import Said, said

__all__ = ["ANSWERS", "MailOptions", "faults_of_mail", "mail_of", "read_mail"]

MENTIONS = ("information", "decision", "none")
NEAR_ONLY = ("person", "mail")
ANSWERS = ("answer_found", "answer_call", "answer_stop")
_NEEDED = ("campaign", "desk_name", "desk_phone", "controller", "sender")
_WHOLE = {"wave": (1, 999), "max_siblings": (1, 9)}
_CHOICES = {"mention": MENTIONS, "near_only": NEAR_ONLY}
_PATHS = ("template", "record")
_LINKS = (*ANSWERS, "link_mark")
_PHONE = re.compile(
    r"(?:\+33|0)[ .\-]?[1-9](?:[ .\-]?\d{2}){4}|3\d{3}|3\d[ .]\d{2}|\+\d[\d .\-]{6,}"
)
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOptions:
    """The section ``[mail]``: read by `matchmaker mail` only.

    Attributes
    ----------
    campaign : str
        Name of the campaign; marks of messages and of youths are made of it and of the wave.
    wave : int
        Number of this sending, 1 first.
    desk_name : str
        The national desk: who answers where no referent is known. In every mail.
    desk_phone : str
        Its telephone number.
    controller : str
        Who decides on the mailing and answers for the data, as it stands in a sentence ("le
        rectorat de l'académie de Rennes").
    sender : str
        E-mail address that the mails come from and that takes answers.
    mention : {"information", "decision", "none"}
        Text at the foot: how the list was made and which rights there are; or, where the list is
        a decision, that of R311-3-1-1 in full; or none.
    mention_reason : str
        Why there is none; needed with `none`, and kept in mail.json.
    address_source : str
        Where the addresses come from, as the mail tells it; by default told by the source format.
    answer_found : str
        Link of "I have found", an https address with {m}, the mark of the youth; by default a
        mail to the sender.
    answer_call : str
        Link of "call me back", in the same way.
    answer_stop : str
        Link of "write to me no more", in the same way.
    link_mark : str
        What is put behind the address of each offer (`mtm_kwd={m}`); by default nothing: the mark
        would tell the sites of others who clicks.
    max_siblings : int
        Youths that one message tells of; an address that more share goes to a person.
    near_only : {"person", "mail"}
        Where a youth goes whose lines hold no wished trade: to a person, or into the mailing.
    template : Path or None
        A Jinja2 template of the user's own for the body of a mail; it runs in a sandbox.
    record : Path or None
        Table of what was sent, to which `--record` adds; by default sent.csv beside the contacts.
    """

    campaign: str
    wave: int = 1
    desk_name: str
    desk_phone: str
    controller: str
    sender: str
    mention: str = "information"
    mention_reason: str = ""
    address_source: str = ""
    answer_found: str = ""
    answer_call: str = ""
    answer_stop: str = ""
    link_mark: str = ""
    max_siblings: int = 4
    near_only: str = "person"
    template: Path | None = None
    record: Path | None = None


KEYS = tuple(f.name for f in fields(MailOptions))


def read_mail(path: str | Path) -> MailOptions:
    r"""Read the section ``[mail]`` of a configuration; the others are not looked at.

    Parameters
    ----------
    path : path
        TOML with a section ``[mail]``.

    Returns
    -------
    MailOptions

    Raises
    ------
    UsageError
        The file is not there, is no TOML, or has no such section; a key or a value cannot be. All
        faults at once.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "campaign.toml"
    ...     _ = file.write_text('[mail]\ncampaign = "2026"\ndesk_name = "Cellule"\n'
    ...         'desk_phone = "01 99 00 12 34"\ncontroller = "Rectorat"\nsender = "a@example.org"')
    ...     read_mail(file).max_siblings
    4
    """
    file = Path(path)
    parts = sections(read_toml(file), file) or {}
    if "mail" not in parts:
        raise UsageError(said("mail_section.missing", path=file))
    faults = [*faults_of_mail(parts["mail"], file)]
    if faults:
        raise UsageError(*faults)
    return mail_of(parts["mail"], file.parent)


def faults_of_mail(given: Mapping[str, Any], path: Path) -> Iterator[Said]:
    """Yield a sentence for each fault of a section ``[mail]``.

    Parameters
    ----------
    given : mapping
        Keys and values as written.
    path : Path
        The file, for messages.

    Yields
    ------
    Said
    """
    for name in given:
        if name not in KEYS:
            hint = did_you_mean(name, KEYS)
            yield said("config.unknown_key", path=path, section="mail", name=name, hint=hint)
    for name in _NEEDED:
        if name not in given:
            yield said("config.missing", path=path, section="mail", name=name)
    for name in KEYS:
        if name in given:
            yield from _faults_of_value(given, name, path)
    if given.get("mention") == "none" and not given.get("mention_reason"):
        yield said("mail_section.reason", path=path)


def _faults_of_value(given: Mapping[str, Any], name: str, path: Path) -> Iterator[Said]:
    value = given[name]
    where = {"path": path, "section": "mail", "name": name}
    if name in _WHOLE:
        low, high = _WHOLE[name]
        if isinstance(value, bool) or not isinstance(value, int):
            kind = said("setting.whole_number")
            yield said("config.wrong_type", **where, value=repr(value), kind=kind)
        elif not low <= value <= high:
            yield said("config.out_of_bounds", **where, value=value, low=low, high=high)
        return
    is_needed = name in _NEEDED or name in _PATHS
    if not isinstance(value, str) or (is_needed and not value.strip()):
        kind = said("setting.text")
        yield said("config.wrong_type", **where, value=repr(value), kind=kind)
    elif name in _CHOICES and value not in _CHOICES[name]:
        hint = did_you_mean(value, _CHOICES[name])
        yield said("config.unknown_value", **where, value=value, hint=hint)
    elif name == "desk_phone" and not _PHONE.fullmatch(value.strip()):
        yield said("mail_section.phone", path=path, value=value)
    elif name == "sender" and not _ADDRESS.fullmatch(value.strip()):
        yield said("mail_section.address", path=path, value=value)
    elif name in _LINKS and value and not _is_pattern(name, value):
        yield said("mail_section.link", path=path, name=name, value=value)


def _is_pattern(name: str, value: str) -> bool:
    """Tell whether a link has its mark once, no other brace and no blank."""
    rest = value.replace("{m}", "", 1)
    is_plain = rest != value and not re.search(r"[{}\s<>\"]", rest)
    return is_plain and (name == "link_mark" or value.startswith("https://"))


def mail_of(given: Mapping[str, Any], folder: Path) -> MailOptions:
    """Return the options of a section that has no fault.

    Parameters
    ----------
    given : mapping
    folder : Path
        Where its paths start.

    Returns
    -------
    MailOptions
    """
    ready: dict[str, Any] = {
        name: v.strip() if isinstance(v, str) else v for name, v in given.items()
    }
    ready |= {name: folder / ready[name] for name in _PATHS if name in ready}
    return MailOptions(**ready)
