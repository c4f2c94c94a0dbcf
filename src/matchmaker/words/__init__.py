"""Every sentence for people, one file a language: ``fr.toml`` and ``en.toml``.

Code names a sentence by its key and hands in the values; what language it is in is decided
where it is shown.  The files are TOML, so that whoever knows the language can mend a sentence
without reading code.  In a sentence

- ``{name}`` is a value: a text, a whole number, another sentence, or several of them, which
  are joined by commas;
- ``{n:,}`` and ``{n:,.1f}`` are numbers as people of the language write them;
- ``{n:ligne|lignes}`` is the first word where `n` is singular (0 and 1 in French, 1 in
  English), else the second.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from numbers import Real
from string import Formatter
from typing import Literal

__all__ = [
    "Lang",
    "Said",
    "Text",
    "code_text",
    "date_text",
    "day_text",
    "number",
    "said",
    "say",
    "share",
    "table",
    "text_of",
    "word",
]

Lang = Literal["fr", "en"]

_SIGNS = str.maketrans({",": "\u202f", ".": ","})  # French: narrow no-break space, comma


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that has no language yet: its key, and the values of its placeholders.

    Attributes
    ----------
    key : str
        ``room.name`` in the files of words.
    values : mapping of str to object
        Placeholder to value.
    """

    key: str
    values: Mapping[str, object]

    def text(self, lang: Lang) -> str:
        """Return the sentence in a language.

        Parameters
        ----------
        lang : {"fr", "en"}

        Returns
        -------
        str
        """
        return say(lang, self.key, **self.values)

    def __str__(self) -> str:
        return self.text("fr")


Text = str | Said
"""A sentence, or a text that is the same in every language ("" for nothing)."""


def said(key: str, /, **values: object) -> Said:
    """Return a sentence that is written out later, in the language of whoever reads it.

    The names of `values` are those of the placeholders; a test compares them at every call.

    Parameters
    ----------
    key : str
        ``room.name``.
    **values
        Texts, numbers, other sentences, or lists of them.

    Returns
    -------
    Said

    Examples
    --------
    >>> sentence = said("error.did_you_mean", name="Bretagne")
    >>> sentence.text("fr"), sentence.text("en")
    ("Vouliez-vous dire 'Bretagne' ?", "Did you mean 'Bretagne'?")
    """
    return Said(key, values)


def word(room: str, code: str) -> Said:
    """Return the words for a code of the data, written out later.

    Parameters
    ----------
    room : str
        Table of the files of words.
    code : str
        A key of it.

    Returns
    -------
    Said

    Examples
    --------
    >>> word("of_table", "offers").text("fr")
    'des offres'
    """
    return Said(f"{room}.{code}", {})


def say(lang: Lang, key: str, /, **values: object) -> str:
    """Return a sentence in a language.

    Parameters
    ----------
    lang : {"fr", "en"}
    key : str
        ``room.name``.
    **values
        As for `said`.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        There is no such sentence, or a value of it is missing.

    Examples
    --------
    >>> say("en", "error.more_faults", n=1), say("en", "error.more_faults", n=1200)
    ('... and 1 more fault.', '... and 1,200 more faults.')
    """
    parts = []
    for literal, field, spec in _parsed(lang, key):
        parts.append(literal)
        if field is not None:
            parts.append(_written(values[field], spec, lang))
    return "".join(parts).rstrip()  # a last value may be empty: a hint that there is not


@cache
def _parsed(lang: Lang, key: str) -> tuple[tuple[str, str | None, str], ...]:
    """Return a sentence as texts, each with the placeholder that follows it and its form."""
    room, _, name = key.partition(".")
    return tuple(
        (literal, field, spec or "")
        for literal, field, spec, _ in Formatter().parse(table(lang, room)[name])
    )


def text_of(text: Text, lang: Lang) -> str:
    """Return a text in a language.

    Parameters
    ----------
    text : str or Said
    lang : {"fr", "en"}

    Returns
    -------
    str
    """
    return text if isinstance(text, str) else text.text(lang)


def code_text(lang: Lang, room: str, code: str) -> str:
    """Return the words for a code of the data; a code without any is shown with its blanks.

    The codes of the package all have words; those of a source handed in from outside may not.

    Parameters
    ----------
    lang : {"fr", "en"}
    room, code : str
        As for `word`.

    Returns
    -------
    str

    Examples
    --------
    >>> code_text("fr", "quality", "excel_serial"), code_text("fr", "quality", "own_code")
    ("date écrite comme un nombre d'Excel", 'own code')
    """
    return table(lang, room).get(code, code.replace("_", " "))


@cache
def table(lang: Lang, name: str) -> Mapping[str, str]:
    """Return a table of the file by name, for words that a code of the data chooses.

    Parameters
    ----------
    lang : {"fr", "en"}
    name : str

    Returns
    -------
    mapping of str to str

    Raises
    ------
    KeyError
        There is no such table.

    Examples
    --------
    >>> table("fr", "kind")["offer"]
    'Offres'
    """
    return _file(lang)[name]


@cache
def _file(lang: Lang) -> dict[str, dict[str, str]]:
    source = files("matchmaker.words") / f"{lang}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _written(value: object, spec: str, lang: Lang) -> str:
    """Write one value as its placeholder asks."""
    if isinstance(value, Said):
        return value.text(lang)
    if isinstance(value, tuple | list):
        return ", ".join(_written(item, spec, lang) for item in value)
    if "|" in spec:
        one, _, many = spec.partition("|")
        return one if _is_singular(value, lang) else many
    if spec and isinstance(value, Real):
        text = format(value, spec)
        return text.translate(_SIGNS) if lang == "fr" else text
    return str(value)


def _is_singular(value: object, lang: Lang) -> bool:
    return value == 1 or (lang == "fr" and isinstance(value, Real) and -2 < float(value) < 2)


def number(value: float, lang: Lang, decimals: int = 0) -> str:
    """Write a number as people of the language do.

    Parameters
    ----------
    value : float
    lang : {"fr", "en"}
    decimals : int

    Returns
    -------
    str

    Examples
    --------
    >>> number(12345.67, "en", 1), number(7.5, "fr", 1)
    ('12,345.7', '7,5')
    """
    return _written(value, f",.{decimals}f", lang)


def share(value: float | None, lang: Lang, decimals: int = 1) -> str:
    """Write a share as a percentage; "–" where there is nothing to share.

    Parameters
    ----------
    value : float or None
        0 to 1.
    lang : {"fr", "en"}
    decimals : int
        Of the percentage.

    Returns
    -------
    str

    Examples
    --------
    >>> share(0.968, "en"), share(None, "fr")
    ('96.8%', '–')
    """
    if value is None:
        return "–"
    return number(100 * value, lang, decimals) + ("%" if lang == "en" else "\u202f%")


def day_text(date: dt.date, lang: Lang, *, as_of: dt.date) -> str:
    """Write a date as people say it: the year only where it is another one.

    Parameters
    ----------
    date : date
    lang : {"fr", "en"}
    as_of : date
        Day on which it is said.

    Returns
    -------
    str

    Examples
    --------
    >>> today = dt.date(2023, 9, 15)
    >>> day_text(dt.date(2023, 10, 1), "fr", as_of=today)
    '1er octobre'
    >>> day_text(dt.date(2024, 1, 8), "fr", as_of=today)
    '8 janvier 2024'
    """
    return date_text(date, lang).removesuffix(f" {as_of.year}")


def date_text(date: dt.date, lang: Lang) -> str:
    """Write a date in words, whatever the locale of the machine.

    Parameters
    ----------
    date : date
    lang : {"fr", "en"}

    Returns
    -------
    str

    Examples
    --------
    >>> date_text(dt.date(2023, 10, 1), "fr"), date_text(dt.date(2023, 10, 1), "en")
    ('1er octobre 2023', '1 October 2023')
    """
    day = "1er" if date.day == 1 and lang == "fr" else str(date.day)
    return f"{day} {table(lang, 'month')[str(date.month)]} {date.year}"
