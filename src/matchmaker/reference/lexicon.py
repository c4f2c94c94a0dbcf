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
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from matchmaker.errors import InputError, Issue, UsageError, did_you_mean

__all__ = ["Entry", "lexicon"]

_CODE = re.compile(r"[A-N][0-9]{4}")
_KEYS = ("codes", "parents", "synonymes", "diplômes")


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
        raise UsageError(f"setting 'lexicon_file': there is no file '{path}'.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 text ({error}).") from None
    return _parsed(text, Path(path).name)


@lru_cache(maxsize=4)
def _parsed(text: str, name: str) -> tuple[Entry, ...]:
    """Read the blocks of a lexicon."""
    entries: list[Entry] = []
    faults: list[Issue] = []
    block: dict[str, tuple[str, ...]] = {}
    start = 0

    def fault(line: int, reason: str, value: str, message: str, hint: str) -> None:
        faults.append(
            Issue(reason=reason, file=name, line=line, value=value, message=message, hint=hint)
        )

    def close() -> None:
        if not block:
            return
        if not block.get("codes"):
            fault(
                start,
                "trade_without_code",
                block["title"][0],
                "has no line 'codes:'",
                "Add its ROME codes.",
            )
            return
        codes, parents = block["codes"], block.get("parents", ())
        if len(parents) not in (0, 1, len(codes)):
            fault(
                start,
                "parents_and_codes_differ",
                " ".join(parents),
                "do not go with the codes",
                "Write one parent for all codes, or one for each.",
            )
        entries.append(
            Entry(
                titles=(*block["title"], *block.get("synonymes", ())),
                codes=codes,
                parents=parents * len(codes) if len(parents) == 1 else parents,
                diplomas=block.get("diplômes", ()),
            )
        )

    for number, raw in enumerate(unicodedata.normalize("NFC", text).splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            close()
            block, start = {"title": (line[1:-1].strip(),)}, number
            continue
        key, colon, value = line.partition(":")
        key = key.strip().casefold()
        if not colon or key not in _KEYS or not block:
            fault(
                number,
                "unknown_lexicon_line",
                line,
                "is no line of a trade",
                did_you_mean(key, _KEYS) or "Write '[trade]', then 'codes: ...'.",
            )
            continue
        parts = value.split() if key in ("codes", "parents") else value.split("|")
        values = tuple(p.strip() for p in parts if p.strip())
        if key in ("codes", "parents"):
            for code in values:
                if not _CODE.fullmatch(code):
                    fault(
                        number,
                        "bad_trade_code",
                        code,
                        "is no ROME code",
                        "A code is a letter and four digits, such as D1102.",
                    )
        block[key] = values
    close()
    if faults:
        raise InputError(faults)
    return tuple(entries)
