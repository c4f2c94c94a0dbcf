"""Small readers for the items of a file, shared by the source adapters.

An adapter keeps what the answer says as text and judges nothing: the checks of
the neutral tables do that for every source in the same way.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from matchmaker.errors import Issue
from matchmaker.tables.freshness import days_in
from matchmaker.tables.gather import gather
from matchmaker.tables.raw import JsonAnswer, RawTable
from matchmaker.tables.sources.source import Head, items_in
from matchmaker.words import Said, said

__all__ = [
    "OFFER_COLUMNS",
    "as_text",
    "dig",
    "dig_first",
    "home_place",
    "least_likeness",
    "listed",
    "offers_table",
    "one_line",
    "paragraphs",
    "plain_text",
    "shapeless",
]

OFFER_COLUMNS = (
    "offer_id",
    "title",
    "trade_code",
    "postal_code",
    "commune_code",
    "place_name",
    "latitude",
    "longitude",
    "level",
    "capacity",
    "start_date",
    "expiry_date",
    "contract_type",
    "employer",
    "siret",
    "naf_code",
    "kind",
    "url",
    "source",
    "status",
    "description",
    "size",
    "opco",
    "duration",
    "remote",
    "is_delegated",
    "delegated_by",
    "welcomes_disabled",
    "licence_asked",
)
"""Columns that an adapter of offers fills; text, "" for what the source leaves out."""

_DAY_SIGNS = 10  # of a day: "2026-09-14T03:00:00Z" is one of few
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"</?(?:br|p|li|ul|ol|div|h[1-6]|tr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def as_text(value: object) -> str:
    """Return a JSON value as the text that a CSV cell would hold.

    Examples
    --------
    >>> as_text(2.0), as_text(None), as_text(True), as_text(["a"])
    ('2', '', 'true', '["a"]')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        # Python refuses to print whole numbers of more than 4,300 digits.
        return str(value) if abs(value) < 10**30 else "inf"
    return json.dumps(value, ensure_ascii=False, default=str)


def dig(item: object, *path: str) -> object:
    """Return what stands at the end of `path`, or None where a step is missing.

    Examples
    --------
    >>> dig({"workplace": {"siret": "1"}}, "workplace", "siret")
    '1'
    >>> dig({"workplace": None}, "workplace", "siret") is None
    True
    """
    for step in path:
        if not isinstance(item, dict):
            return None
        item = item.get(step)
    return item


def dig_first(item: object, *path: str) -> object:
    """Return what `dig` does, going into the first of several elements of one name.

    Examples
    --------
    >>> dig_first({"place": [{"city": "Brest"}, {"city": "Lorient"}]}, "place", "city")
    'Brest'
    """
    for step in path:
        item = dig(item[0] if isinstance(item, list) and item else item, step)
    return item[0] if isinstance(item, list) and item else item


def home_place(country: str, **columns: str) -> dict[str, str]:
    """Return the columns of a place, empty where it is abroad: "1000" is Brussels, not Bourg.

    Parameters
    ----------
    country : str
        Code or name; "" where the feed gives none.
    **columns : str
        Of `OFFER_COLUMNS`.

    Examples
    --------
    >>> home_place("BE", postal_code="1000")
    {'postal_code': ''}
    """
    word = country.casefold()
    is_home = word in {"", "fr", "fra"} or word.startswith("france")
    return columns if is_home else dict.fromkeys(columns, "")


def paragraphs(*values: object) -> str:
    """Return several texts as one, each as `plain_text`."""
    return "\n".join(filter(None, map(plain_text, values)))


def plain_text(value: object) -> str:
    r"""Return a description without markup: tags dropped, entities read, lines kept.

    Only entities closed by ``;`` are read, so "R&D" and "AT&T" stay as they are.
    Feeds escape once or twice, which is why entities are read up to three times.

    Examples
    --------
    >>> plain_text("<p>Vous &amp;amp; nous<br/>R&D</p>")
    'Vous & nous\nR&D'
    """
    text = as_text(value)
    if not text:
        return ""
    for _ in range(3):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
    if "<" not in text and text.isprintable():  # one line: most texts are
        return " ".join(text.split())
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub(" ", text)))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def one_line(value: object) -> str:
    r"""Return a title or a name as `plain_text`, on one line.

    Examples
    --------
    >>> one_line("Vendeur &#40;H/F&#41;\n")
    'Vendeur (H/F)'
    """
    return plain_text(value).replace("\n", " ")


def least_likeness(head: Head, likeness: Callable[[Mapping[str, object]], int]) -> int:
    """Return how surely a JSON file is of one source: as surely as its least likely item.

    Parameters
    ----------
    head : Head
    likeness : callable
        What `Source.recognises` says, of one JSON object.

    Examples
    --------
    >>> least_likeness(Head(items=({"a": 1}, "junk", {"b": 1})), lambda item: int("a" in item))
    0
    """
    return min((likeness(item) for item in head.items if isinstance(item, Mapping)), default=0)


def listed(
    raw: RawTable | JsonAnswer, *, source: str, keys: tuple[str, ...] = ()
) -> Iterator[tuple[int, object]]:
    """Yield the items of a file, each with its number.

    Parameters
    ----------
    raw : RawTable or JsonAnswer
    source : str
        Name of the format, for the message that this is no file of it.
    keys : tuple of str
        An object with a list under one of these is an answer: the lists stand in its place,
        in this order, and all that follows is counted on.

    Examples
    --------
    >>> raw = JsonAnswer(role="offers", file="a", sha256="", head=(),
    ...                  items=lambda: enumerate(["x", {"jobs": [1, 2]}, "y"], start=1))
    >>> list(listed(raw, source="lba", keys=("jobs",)))
    [(1, 'x'), (2, 1), (3, 2), (4, 'y')]
    """
    more = 0
    for line, item in items_in(raw, source)():
        lists = (
            [item[key] for key in keys if isinstance(item.get(key), list)]
            if isinstance(item, dict)
            else []
        )
        if not lists:
            yield line + more, item
            continue
        more -= 1
        for inner in lists:
            for one in inner:
                more += 1
                yield line + more, one


def offers_table(
    raw: RawTable | JsonAnswer,
    row_of: Callable[[dict[str, object]], Mapping[str, str]],
    *,
    source: str,
    keys: tuple[str, ...] = (),
    note: str = "",
    not_one: Said | None = None,
    day_of: Callable[[dict[str, object]], object] = lambda _: None,
) -> RawTable:
    """Return the items of a file as the raw table of offers.

    Parameters
    ----------
    raw : RawTable or JsonAnswer
    row_of : callable
        From an item to its row: some of `OFFER_COLUMNS`, what is left out being "".
    source, keys
        As in `listed`.
    note : str
        How the file was read, for the manifest; by default the source's name.
    not_one : Said
        What is said of an item that is no object.
    day_of : callable
        From an item to when it was made or last changed, as written; None for unknown.
    """
    lines: list[int] = []
    faults: list[Issue] = []
    days: set[str] = set()

    def rows() -> Iterator[Mapping[str, str]]:
        for line, item in listed(raw, source=source, keys=keys):
            if isinstance(item, dict):
                lines.append(line)
                days.add(as_text(day_of(item))[:_DAY_SIGNS])
                yield row_of(item)
            else:
                message = not_one or said("source.not_an_offer")
                faults.append(shapeless(raw.file, line, item, message))

    frame = gather(rows(), OFFER_COLUMNS)
    return RawTable(
        role="offers",
        file=raw.file,
        frame=frame,
        lines=np.asarray(lines, dtype=np.int64),
        sha256=raw.sha256,
        notes=(note or source,),
        faults=tuple(faults),
        days=days_in(days),
    )


def shapeless(file: str, index: int, item: object, message: Said) -> Issue:
    """Return the issue for an item that is no object at all and cannot make a row."""
    return Issue(
        reason="item_without_shape",
        file=file,
        line=index,
        value=as_text(item),
        message=message,
        hint=said("source.take_item_out"),
    )
