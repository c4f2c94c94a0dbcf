"""Small readers for the items of a JSON answer, shared by the source adapters.

An adapter keeps what the answer says as text and judges nothing: the checks of
the neutral tables do that for every source in the same way.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable

__all__ = ["OFFER_COLUMNS", "as_text", "dig", "offers_table", "one_line", "plain_text", "shapeless"]

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
)
"""Columns that an adapter of offers fills; text, "" for what the source leaves out."""

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
        if not isinstance(item, Mapping):
            return None
        item = item.get(step)
    return item


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
    for _ in range(3):
        if "&" not in text:
            break
        text = _ENTITY.sub(lambda found: html.unescape(found.group()), text)
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


def offers_table(
    rows: Sequence[Mapping[str, str]],
    lines: Sequence[int],
    *,
    file: str,
    sha256: str,
    notes: tuple[str, ...],
    faults: Sequence[Issue],
) -> RawTable:
    """Return rows of `OFFER_COLUMNS` as the raw table of offers.

    Parameters
    ----------
    rows : sequence of mapping
        One an item; a column left out is "".
    lines : sequence of int
        Index of each item in the answer, from 1.
    file, sha256, notes, faults
        As in `RawTable`.
    """
    frame = pd.DataFrame(
        {name: [row.get(name, "") for row in rows] for name in OFFER_COLUMNS}, dtype="str"
    )
    return RawTable(
        role="offers",
        file=file,
        frame=frame,
        lines=np.asarray(lines, dtype=np.int64),
        sha256=sha256,
        notes=notes,
        faults=tuple(faults),
    )


def shapeless(file: str, index: int, item: object, expected: str) -> Issue:
    """Return the issue for an item that is no object at all and cannot make a row."""
    return Issue(
        reason="item_without_shape",
        file=file,
        line=index,
        value=as_text(item),
        message=f"is not {expected}",
        hint="Export the answer again, or take this item out.",
    )
