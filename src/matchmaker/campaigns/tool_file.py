"""The plan as the file of a mailing tool: one row a message, every slot filled or marked.

A tool keeps an attribute where a cell is empty, so no cell is: `EMPTY` stands in every column of
a slot that has no line, and the counts say how many slots count.  The columns are the same in
all waves of a campaign, whoever has siblings in which of them.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from matchmaker.campaigns.letter import (
    about,
    heads_of,
    links_of,
    opening,
    origin,
    salutation,
    shown_names,
    step_person,
    steps,
    subject,
)
from matchmaker.campaigns.mail import MailPlan
from matchmaker.campaigns.tools import Tool
from matchmaker.report.cells import guard_column

__all__ = ["EMPTY", "PARTS_OF_LINE", "attributes", "csv_parts", "json_lines", "messages_table"]

EMPTY = "-"
# Part of an attribute's name to the column of `MailPlan.told` that fills it.
PARTS_OF_LINE = {
    "TITRE": "title",
    "EMPLOYEUR": "employer",
    "LIEU": "place",
    "URL": "url",
    "RAISON": "reason",
}
_COUNTS = {"OFFRES": "n_offers", "ENTREPRISES": "n_firms", "AUTRES": "n_others"}
# Up to which slot a block has lines of a kind: templates of tools compare, and seldom add up.
_ENDS = {"FIN_OFFRES": "end_offers", "FIN_ENTREPRISES": "end_firms", "FIN_AUTRES": "lines"}
_OF_CHILD = {
    "PRENOM": "shown_name",
    "VOEU": "wish",
    "PHRASE": "opening",
    "ETAPE_1": "step_1",
    "ETAPE_2": "step_2",
    "ETAPE_3": "step_3",
    "REFERENT": "person",
    "REFERENT_CONTACT": "contact",
    "M": "m",
    "LIEN_TROUVE": "found",
    "LIEN_RAPPEL": "call",
    "LIEN_STOP": "stop",
}
_ROWS = 2048  # messages that are laid out at a time


def attributes(plan: MailPlan) -> list[tuple[str, str]]:
    """Return the columns of the tool's file, each with its type, in their order.

    Parameters
    ----------
    plan : MailPlan
        ``options.max_siblings`` and ``lines_per_youth`` are read.

    Returns
    -------
    list of (str, str)
        Name, and ``text`` or ``number``; the first is EMAIL, which each tool has.
    """
    named = [("EMAIL", "text"), ("MESSAGE_ID", "text"), ("CAMPAGNE", "text"), ("VAGUE", "number")]
    named += [("OBJET", "text"), ("SALUTATION", "text"), ("A_SAVOIR", "text")]
    named += [("ORIGINE", "text"), ("DESTINATAIRE", "text")]
    named += [("N_ENFANTS", "number"), *((f"N_{name}", "number") for name in _COUNTS)]
    named += [("CLE_DESINSCRIPTION", "text"), ("TELEPHONE", "text")]
    named += [("BUREAU", "text"), ("BUREAU_TELEPHONE", "text")]
    for child in range(1, plan.options.max_siblings + 1):
        named += [(f"ENFANT_{child}_{name}", "text") for name in _OF_CHILD]
        named += [(f"ENFANT_{child}_N_{name}", "number") for name in _COUNTS]
        named += [(f"ENFANT_{child}_{name}", "number") for name in _ENDS]
        for slot in range(1, plan.lines_per_youth + 1):
            named += [(f"ENFANT_{child}_LIGNE_{slot}_{part}", "text") for part in PARTS_OF_LINE]
    return named


def messages_table(plan: MailPlan, tool: Tool) -> Iterator[pa.Table]:
    """Yield the messages, some rows at a time, with the columns of `attributes`.

    Parameters
    ----------
    plan : MailPlan
    tool : Tool
        ``max_cell_bytes`` is read.

    Yields
    ------
    pyarrow.Table
        Of texts.
    """
    blocks = _with_words(plan)
    told = {
        part: _ready(plan.told[column], tool, is_link=part == "URL")
        for part, column in PARTS_OF_LINE.items()
    }
    of_child = {name: _ready(blocks[column], tool) for name, column in _OF_CHILD.items()}
    counts = {f"N_{name}": _numbers(blocks[column]) for name, column in _COUNTS.items()}
    counts |= {name: _numbers(blocks[column]) for name, column in _ENDS.items()}
    head = _head(plan, blocks, tool)
    block_at, line_at = _places(plan, blocks)
    for start in range(0, max(plan.messages, 1), _ROWS):
        here = slice(start, min(start + _ROWS, plan.messages))
        columns = {name: column[here.start : here.stop] for name, column in head.items()}
        for child in range(plan.options.max_siblings):
            at = block_at[here, child]
            for name, cells in of_child.items():
                columns[f"ENFANT_{child + 1}_{name}"] = _taken(cells, at, EMPTY)
            for name, cells in counts.items():
                columns[f"ENFANT_{child + 1}_{name}"] = _taken(cells, at, "0")
            for slot in range(plan.lines_per_youth):
                row = np.where(at < 0, -1, line_at[at, slot])
                for part, cells in told.items():
                    columns[f"ENFANT_{child + 1}_LIGNE_{slot + 1}_{part}"] = _taken(
                        cells, row, EMPTY
                    )
        yield pa.table({name: columns[name] for name, _ in attributes(plan)})


def csv_parts(plan: MailPlan, tool: Tool) -> Iterator[Iterator[bytes]]:
    """Yield the parts of the tool's file, each as pieces of bytes, each below the tool's limit."""
    names = [name for name, _ in attributes(plan)]
    header = _as_csv(pa.table({name: pa.array([], pa.large_string()) for name in names}), tool)
    pieces: list[bytes] = [header]
    size = len(header)
    for some in messages_table(plan, tool):
        piece = _as_csv(some, tool)[len(header) :]
        if size + len(piece) > tool.max_file_bytes and len(pieces) > 1:
            yield iter(pieces)
            pieces, size = [header], len(header)
        pieces.append(piece)
        size += len(piece)
    yield iter(pieces)


def json_lines(plan: MailPlan, tool: Tool) -> Iterator[bytes]:
    """Yield one JSON text a message, for interfaces that send one mail a call.

    Such a call leaves nothing behind at the tool: lists are as long as they are, and nothing is
    marked.
    """
    for some in messages_table(plan, tool):
        for row in some.to_pylist():
            yield json.dumps(_nested(row), ensure_ascii=False).encode() + b"\n"


def _nested(row: dict[str, str]) -> dict[str, Any]:
    """Return a row with a list of youths, each with the lists of its lines."""
    common = {n.lower(): v for n, v in row.items() if not n.startswith("ENFANT_") and v != EMPTY}
    message: dict[str, Any] = {"email": common.pop("email"), "message_id": common.pop("message_id")}
    children = []
    for child in range(1, int(row["N_ENFANTS"]) + 1):
        head = f"ENFANT_{child}_"
        one: dict[str, Any] = {
            name.lower(): row[head + name] for name in _OF_CHILD if row[head + name] != EMPTY
        }
        slot = 1
        for name in _COUNTS:
            many = int(row[f"{head}N_{name}"])
            one[name.lower()] = [
                {part.lower(): _bare(row[f"{head}LIGNE_{i}_{part}"]) for part in PARTS_OF_LINE}
                for i in range(slot, slot + many)
            ]
            slot += many
        children.append(one)
    return {**message, "params": {**common, "enfants": children}}


def _bare(cell: str) -> str:
    return "" if cell == EMPTY else cell


def _with_words(plan: MailPlan) -> pd.DataFrame:
    """Return the blocks with what their columns say beside the plan."""
    links = links_of(plan.options, plan.blocks["m"].tolist(), plan.lang)
    names = [name for head in heads_of(plan.blocks) for name in shown_names(head, plan.lang)]
    blocks = plan.blocks
    starts = blocks["lines"].cumsum() - blocks["lines"]
    titles = plan.told["title"].take(starts.to_numpy(dtype=np.int64)).tolist()
    lang = plan.lang
    counts = [blocks[name].tolist() for name in _COUNTS.values()]
    people = zip(blocks["person"].tolist(), blocks["contact"].tolist(), strict=True)
    first = [steps(title, *n, lang=lang) for title, *n in zip(titles, *counts, strict=True)]
    opened = [opening(w, *n, lang=lang) for w, *n in zip(blocks["wish"], *counts[:2], strict=True)]
    texts = {
        "shown_name": names,
        "opening": opened,
        "step_1": [one for one, _ in first],
        "step_2": [two for _, two in first],
        "step_3": [step_person(person, contact, lang) for person, contact in people],
    }
    return blocks.assign(
        **{name: pd.array(cells, dtype="str") for name, cells in texts.items()},
        **links,
        end_offers=blocks["n_offers"],
        end_firms=blocks["n_offers"] + blocks["n_firms"],
    )


def _head(plan: MailPlan, blocks: pd.DataFrame, tool: Tool) -> dict[str, pa.Array]:
    """Return the columns that a message has once."""
    heads = [*heads_of(blocks)]
    first = blocks.drop_duplicates("message")
    n = len(first)
    options = plan.options
    totals = blocks.groupby("message")[[*_COUNTS.values()]].sum()
    children = blocks.groupby("message").size()
    fixed = {
        "CAMPAGNE": options.campaign,
        "VAGUE": str(options.wave),
        "BUREAU": options.desk_name,
        "BUREAU_TELEPHONE": options.desk_phone,
    }
    texts = {
        "OBJET": [subject(head, plan.lang) for head in heads],
        "SALUTATION": [salutation(head, plan.lang) for head in heads],
        "A_SAVOIR": [about(head, plan.lang) for head in heads],
        "ORIGINE": [origin(options, one, plan.lang) for one in first["source"].tolist()],
        "TELEPHONE": first["phone"].tolist(),
        "DESTINATAIRE": first["recipient"].tolist(),
        "CLE_DESINSCRIPTION": first["unsubscribe"].tolist(),
        "MESSAGE_ID": first["message_id"].tolist(),
        **{name: [text] * n for name, text in fixed.items()},
    }
    ready = {name: _ready(pd.Series(cells, dtype="str"), tool) for name, cells in texts.items()}
    return {
        # Not guarded: an address of a person starts with no sign, and must stay as it is.
        "EMAIL": pa.array(first["address"], pa.large_string()),
        **ready,
        "N_ENFANTS": _numbers(children),
        **{f"N_{name}": _numbers(totals[column]) for name, column in _COUNTS.items()},
    }


def _numbers(column: pd.Series[int]) -> pa.Array:
    return pa.array([str(n) for n in column.tolist()], pa.large_string())


def _places(plan: MailPlan, blocks: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each block of a message, and each line of a block, stands; -1 for none."""
    block_at = np.full((plan.messages, plan.options.max_siblings), -1, dtype=np.int64)
    block_at[blocks["message"], blocks["block"] - 1] = np.arange(len(blocks))
    line_at = np.full((len(blocks), plan.lines_per_youth), -1, dtype=np.int64)
    counts = blocks["lines"].to_numpy(dtype=np.int64)
    slots = plan.lines["slot"].to_numpy(dtype=np.int64)
    line_at[np.repeat(np.arange(len(blocks)), counts), slots - 1] = np.arange(len(plan.lines))
    return block_at, line_at


def _taken(cells: pa.Array, at: NDArray[np.int64], empty: str) -> pa.Array:
    """Return the cells at some places, `empty` where there is none."""
    if len(cells) == 0 or (at < 0).all():
        return pa.repeat(pa.scalar(empty, pa.large_string()), len(at))
    return pc.fill_null(cells.take(pa.array(at, mask=at < 0)), empty)


def _ready(column: pd.Series[str], tool: Tool, *, is_link: bool = False) -> pa.Array:
    """Return texts as they may stand in a tool: no formula, no tag, no longer than it takes."""
    cells = pa.chunked_array([pa.array(column, pa.large_string()).cast(pa.large_string())])
    if is_link:
        cells = _if_web(cells)
    else:
        # A template puts them into HTML as they are; a tag of an employer's text would count.
        cells = pc.replace_substring(pc.replace_substring(cells, "<", "‹"), ">", "›")
    cells = guard_column(cells)
    if tool.max_cell_bytes:
        cells = _cut(cells, tool.max_cell_bytes)
    cells = pc.if_else(pc.equal(cells, ""), EMPTY, cells)
    return cells.combine_chunks()


def _if_web(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return links that lead to a page, and nothing for all others."""
    is_web = pc.match_substring_regex(cells, r"^https?://[^\s\"<>]+$")
    return pc.if_else(is_web, cells, "")


def _cut(cells: pa.ChunkedArray, most: int) -> pa.ChunkedArray:
    """Return texts no longer than a tool takes: whole sentences, else whole words."""
    if not pc.any(pc.greater(pc.binary_length(cells), most)).as_py():
        return cells
    return pa.chunked_array(
        [[shortened(text, most) for text in cells.to_pylist()]], pa.large_string()
    )


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many bytes: whole sentences, else whole words and "…".

    Examples
    --------
    >>> shortened("Une phrase. Une autre, plus longue.", 20), shortened("un mot puis deux", 12)
    ('Une phrase.', 'un mot…')
    """
    if len(text.encode()) <= most:
        return text
    if re.match(r"https?://|mailto:", text):
        return ""  # half a link leads elsewhere
    best = ""
    for end in re.finditer(r"[.!?](?=\s)", text):
        if len(text[: end.end()].encode()) > most:
            break
        best = text[: end.end()]
    if best:
        return best
    room = text.encode()[: most - len("…".encode())].decode(errors="ignore")
    return room.rpartition(" ")[0] + "…"


def _as_csv(table: pa.Table, tool: Tool) -> bytes:
    sink = io.BytesIO()
    options = pa.csv.WriteOptions(delimiter=tool.delimiter, batch_size=_ROWS)
    pa.csv.write_csv(table, sink, write_options=options)
    return sink.getvalue()
