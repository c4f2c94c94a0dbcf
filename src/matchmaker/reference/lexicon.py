"""Our own list of trades that are learnt as an apprentice, in a text file to be edited.

One block a trade, in French, as a caseworker would write it::

    [Boulanger / Boulangère]
    codes: D1102
    parents: D1102
    synonymes: ouvrier boulanger | boulangerie | tourier
    diplômes: CAP Boulanger | BP Boulanger

``codes`` are ROME 4.0 codes, the best one first; ``parents`` are the codes of ROME 3 they come
from: one for all, or one for each code.  A line that starts with ``#`` is a remark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from matchmaker.errors import InputError, Issue, UsageError, did_you_mean
from matchmaker.words import said

__all__ = ["Entry", "lexicon"]

_CODE = re.compile(r"[A-N][0-9]{4}")
_KEYS_OF_CODES = ("codes", "parents")
_KEYS = (*_KEYS_OF_CODES, "synonymes", "diplômes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One trade of the lexicon.

    Attributes
    ----------
    titles : tuple of str
        Name of the trade, then its synonyms and abbreviations.
    codes : tuple of str
        ROME 4.0 codes, the best one first.
    parents : tuple of str
        Code of ROME 3 of each of `codes`; empty when unknown.
    diplomas : tuple of str
        Usual diplomas, from CAP to Master.
    """

    titles: tuple[str, ...]
    codes: tuple[str, ...]
    parents: tuple[str, ...]
    diplomas: tuple[str, ...]


def lexicon(path: str = "") -> tuple[Entry, ...]:
    """Return the entries of the package's lexicon, or of a file of the user's.

    Raises
    ------
    UsageError
        There is no such file.
    InputError
        A line cannot be understood; all faults at once.

    Examples
    --------
    >>> next(e.codes[0] for e in lexicon() if e.titles[0].startswith("Boulanger"))
    'D1102'
    """
    if not path:
        return _parsed(
            (files("matchmaker.reference") / "data" / "lexicon.txt").read_text("utf-8"),
            "lexicon.txt",
        )
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(said("setting.no_such_file", name="lexicon_file", path=path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(said("error.not_utf8", path=path, why=error)) from None
    return _parsed(text, Path(path).name)


@dataclass(slots=True, kw_only=True)
class _Block:
    """One trade as it is written: the line of its name, and the values of each key."""

    line: int
    title: str
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


@lru_cache(maxsize=4)
def _parsed(text: str, name: str) -> tuple[Entry, ...]:
    """Read the blocks of a lexicon."""
    faults: list[Issue] = []
    entries = [_entry(block, name, faults) for block in _blocks(text, name, faults)]
    if faults:
        raise InputError(faults)
    return tuple(entries)


def _blocks(text: str, name: str, faults: list[Issue]) -> Iterator[_Block]:
    """Yield block after block, each once its last line is read."""
    block: _Block | None = None
    for number, raw in enumerate(unicodedata.normalize("NFC", text).splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            if block:
                yield block
            block = _Block(line=number, title=line[1:-1].strip())
            continue
        key, colon, value = line.partition(":")
        key = key.strip().casefold()
        if colon and key in _KEYS and block:
            block.values[key] = _values(key, value)
            faults += _bad_codes(key, block.values[key], name, number)
        else:
            faults.append(
                Issue(
                    reason="unknown_lexicon_line",
                    file=name,
                    line=number,
                    value=line,
                    message=said("reference.lexicon_line"),
                    hint=did_you_mean(key, _KEYS) or said("reference.lexicon_line_hint"),
                )
            )
    if block:
        yield block


def _values(key: str, value: str) -> tuple[str, ...]:
    """Return the parts of a line: codes stand between blanks, all else between bars."""
    parts = value.split() if key in _KEYS_OF_CODES else value.split("|")
    return tuple(part.strip() for part in parts if part.strip())


def _bad_codes(key: str, values: tuple[str, ...], name: str, line: int) -> list[Issue]:
    """Return a fault for each value of a line of codes that is none."""
    return [
        Issue(
            reason="bad_trade_code",
            file=name,
            line=line,
            value=code,
            message=said("reference.bad_code"),
            hint=said("reference.bad_code_hint"),
        )
        for code in values
        if key in _KEYS_OF_CODES and not _CODE.fullmatch(code)
    ]


def _entry(block: _Block, name: str, faults: list[Issue]) -> Entry:
    """Return the trade of a block; one that lacks codes, or parents for them, is a fault."""
    codes, parents = block.values.get("codes", ()), block.values.get("parents", ())
    if not codes:
        faults.append(
            Issue(
                reason="trade_without_code",
                file=name,
                line=block.line,
                value=block.title,
                message=said("reference.trade_without_code"),
                hint=said("reference.add_codes"),
            )
        )
    elif len(parents) not in (0, 1, len(codes)):
        faults.append(
            Issue(
                reason="parents_and_codes_differ",
                file=name,
                line=block.line,
                value=" ".join(parents),
                message=said("reference.parents_and_codes"),
                hint=said("reference.parents_and_codes_hint"),
            )
        )
    return Entry(
        titles=(block.title, *block.values.get("synonymes", ())),
        codes=codes,
        parents=parents * len(codes) if len(parents) == 1 else parents,
        diplomas=block.values.get("diplômes", ()),
    )
