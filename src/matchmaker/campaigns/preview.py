"""Mails to look at before anything is sent: one page, and a file each that a mail program opens."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup
from numpy.typing import NDArray

from matchmaker.campaigns.mail import MailPlan
from matchmaker.errors import UsageError
from matchmaker.report.page import unbroken
from matchmaker.words import Lang, said, say

__all__ = ["chosen", "eml", "html_body", "plain_text", "preview_page"]

_PHONE = re.compile(r"\b0[1-9](?: \d\d){4}\b")


def chosen(plan: MailPlan, n: int) -> list[int]:
    """Return the messages to look at: one of each kind first, then evenly over the rest.

    Parameters
    ----------
    plan : MailPlan
    n : int

    Returns
    -------
    list of int
        Numbers of messages: siblings, a guardian, offers and firms, firms only, offers only.
    """
    if not plan.messages or n < 1:
        return []
    first = plan.blocks.drop_duplicates("message").reset_index(drop=True)
    many = plan.blocks.groupby("message").size().to_numpy() > 1
    offers, firms = (first[name].to_numpy() > 0 for name in ("n_offers", "n_firms"))
    kinds = (
        many,
        first["recipient"].to_numpy() == "guardian",
        offers & firms,
        firms & ~offers,
        offers & ~firms,
    )
    picked = [int(np.flatnonzero(kind)[0]) for kind in kinds if kind.any()]
    even: NDArray[np.int64] = np.linspace(0, plan.messages - 1, num=min(n, plan.messages)).astype(
        int
    )
    both = dict.fromkeys([*picked, *even.tolist(), *range(min(plan.messages, 2 * n))])
    return [*both][:n]


def html_body(mail: dict[str, Any], own: Path | None = None) -> str:
    """Return the body of a mail as HTML.

    Parameters
    ----------
    mail : dict
        Of `matchmaker.campaigns.letter.letter`.
    own : Path or None
        A template of the user's own in the place of ours.

    Returns
    -------
    str

    Raises
    ------
    UsageError
        The user's template cannot be read, or asks for what there is not.
    """
    if own is None:
        return _template("body.html.j2", mail["lang"]).render(mail=mail)
    try:
        text = own.read_text(encoding="utf-8-sig")
        return _environment(mail["lang"]).from_string(text).render(mail=mail)
    except (OSError, UnicodeDecodeError, jinja2.TemplateError) as error:
        raise UsageError(said("mail_section.template", path=own, why=error)) from None


def preview_page(mails: list[dict[str, Any]], wave: int, lang: Lang, own: Path | None) -> str:
    """Return some mails as one page, with their envelopes."""
    return _template("preview.html.j2", lang).render(
        lang=lang,
        title=say(lang, "mail.preview_title", wave=wave, n=len(mails)),
        lead=say(lang, "mail.preview_lead"),
        mails=[(mail, _safe(html_body(mail, own))) for mail in mails],
    )


def plain_text(mail: dict[str, Any]) -> str:
    """Return a mail as plain text, for who reads it so."""
    lines: list[str] = [mail["salutation"], ""]
    if mail["about"]:
        lines += [mail["about"], ""]
    for child in mail["children"]:
        if not mail["is_one"]:
            lines += [child["heading"].upper(), ""]
        lines += [child["opening"], "", mail["labels"]["steps"].upper()]
        lines += [f"{i}. {step}" for i, step in enumerate(child["steps"], 1)]
        for section in child["sections"]:
            lines += ["", section["head"].upper()]
            lines += [section["lead"]] if section["lead"] else []
            for i, line in enumerate(section["lines"], 1):
                is_firm = section["kind"] == "firms"
                lines += ["", f"{i}. {line['where']}" if is_firm else f"{i}. {line['title']}"]
                lines += [] if is_firm else [line["where"]]
                lines += [line["reason"], *([line["url"]] if line["url"] else [])]
        lines += ["", mail["labels"]["person"].upper(), child["person"], child["contact"], ""]
        lines += [mail["labels"]["answers"]]
        lines += [f"{answer['text']} : {answer['url']}" for answer in child["answers"]]
        lines += [""]
    lines += [mail["desk"], mail["controller"]]
    if mail["mention"]:
        lines += ["", mail["mention_head"].upper(), *mail["mention"]]
    return "\n".join(lines) + "\n"


def eml(mail: dict[str, Any], *, to: str = "", own: Path | None = None) -> bytes:
    """Return a mail as a file that a mail program opens as a draft.

    Parameters
    ----------
    mail : dict
        Of `matchmaker.campaigns.letter.letter`.
    to : str
        Another address than that of the message.
    own : Path or None
        As for `html_body`.

    Returns
    -------
    bytes
        The same for the same mail: no date, no random boundary.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = mail["subject"]
    message["From"] = Address(mail["desk"], addr_spec=mail["sender"])
    message["To"] = to or mail["address"]
    stop = mail["children"][0]["answers"][-1]["url"]
    message["List-Unsubscribe"] = f"<{stop}>"
    message["X-Unsent"] = "1"  # opened as a draft
    message.set_content(plain_text(mail), cte="quoted-printable")
    body = _safe(html_body(mail, own))
    page = _template("mail.html.j2", mail["lang"]).render(mail=mail, body=body)
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{mail['message_id']}")
    return message.as_bytes()


def _safe(body: str) -> Markup:
    return Markup(body)  # noqa: S704 - rendered a moment ago, every value of it escaped


def _environment(lang: Lang) -> SandboxedEnvironment:
    """Return where templates run: values are escaped, and nothing but the mail is in reach."""
    return SandboxedEnvironment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_typeset if lang == "fr" else None,
    )


def _typeset(value: object) -> object:
    """Return a text whose telephone numbers, too, stand on one line."""
    text = unbroken(value)
    return _PHONE.sub(lambda m: m[0].replace(" ", "\u00a0"), text) if type(text) is str else text


@cache
def _template(name: str, lang: Lang) -> jinja2.Template:
    """Return a template of ours, compiled once."""
    file = files("matchmaker.campaigns") / "templates" / name
    return _environment(lang).from_string(file.read_text(encoding="utf-8"))
