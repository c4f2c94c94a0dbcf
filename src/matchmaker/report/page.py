"""What every page of ours has: one file, the house's style, nothing that loads or runs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import partial
from importlib.resources import files

import jinja2
from markupsafe import Markup

from matchmaker.words import Lang, number, say, share

__all__ = ["page", "unbroken"]

_BESIDE_SIGN = re.compile(r" (?=[:»])|(?<=«) ")
_BEFORE_SIGN = re.compile(r" (?=[;!?%])")


def page(template: str, values: Mapping[str, object], lang: Lang) -> str:
    """Return a page that opens offline.

    Parameters
    ----------
    template : str
        Name of a file in ``report/templates``.
    values : mapping
        What the template is filled with, beside ``lang``, ``say``, ``style`` and ``style_hash``;
        texts are escaped.
    lang : {"fr", "en"}

    Returns
    -------
    str
        HTML with a content security policy that lets nothing load and nothing run.
    """
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=unbroken if lang == "fr" else None,
    )
    environment.filters["number"] = partial(number, lang=lang)
    environment.filters["share"] = partial(share, lang=lang)
    style = _resource("report.css")
    return environment.from_string(_resource(template)).render(
        lang=lang,
        say=partial(say, lang),
        style=Markup(style),  # noqa: S704 - our own file, not a user's text
        style_hash=_csp_hash(style),
        **values,
    )


def unbroken(value: object) -> object:
    """Return a text with the blanks that no line may break at in French: "situé : ni", "« a »"."""
    if type(value) is not str:  # Markup is typeset already
        return value
    return _BEFORE_SIGN.sub("\u202f", _BESIDE_SIGN.sub("\u00a0", value))


def _resource(name: str) -> str:
    return (files("matchmaker.report") / "templates" / name).read_text(encoding="utf-8")


def _csp_hash(style: str) -> str:
    """Return the source expression that allows exactly this style sheet."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"
