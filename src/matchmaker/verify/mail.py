"""The folder of `matchmaker mail`, held against the lists: plan, tool's file, every cell of a line.

Nothing of the room that writes it is used here; what it should say is laid out again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.errors import UsageError
from matchmaker.verify.fault import Faults
from matchmaker.verify.texts import read_batches, same_texts
from matchmaker.words import said, table

__all__ = ["check_mail"]

FACTS, PLAN = "mail.json", "plan.parquet"
FORMAT = 1
EMPTY = "-"
PARTS = {
    "TITRE": "title",
    "EMPLOYEUR": "employer",
    "LIEU": "place",
    "URL": "url",
    "RAISON": "reason",
}
COUNTS = ("OFFRES", "ENTREPRISES", "AUTRES")
# By each of these a tool takes two rows for one contact, and drops the first.
MERGING = ("SMS", "WHATSAPP", "LANDLINE_NUMBER", "EXT_ID", "PHONE")
NAME = re.compile(r"[A-Z0-9_]{1,50}")


def check_mail(folder: Path, mail: Path) -> Faults:
    """Check the folder of a wave against the run that it is of.

    Parameters
    ----------
    folder : Path
        Of the run.
    mail : Path
        That `matchmaker mail` wrote.

    Returns
    -------
    Faults
        None where every inbox gets the lines of its youths, each in its place.

    Raises
    ------
    UsageError
        There is no such folder, or it was left unfinished.
    """
    facts = _facts(mail)
    faults = Faults()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    faults.equal("mail_run", facts["run_id"], manifest["run_id"], file=FACTS, column="run_id")
    for name, due in facts["outputs"].items():
        file = mail / name
        is_same = file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == due
        if not is_same:
            faults.add("mail_file", file=name)
    if faults.counts:
        return faults  # of other lists, or not the files that were written
    plan = pd.read_parquet(mail / PLAN)
    lists = pd.read_parquet(
        folder / "lists.parquet",
        columns=["youth_id", "rank", "offer_id", "kind", "trade_code", *PARTS.values()],
    )
    at = _check_plan(plan, lists, faults, is_test=facts["is_test"])
    if not faults.counts:
        _check_files(mail, facts, plan, lists.iloc[at], manifest["settings"]["lang"], faults)
    return faults


def _facts(mail: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads((mail / FACTS).read_bytes())
    except (OSError, ValueError):
        raise UsageError(said("mail_command.foreign_read", path=mail)) from None
    if facts.get("format") != FORMAT:
        raise UsageError(said("mail_command.half", path=mail))
    return facts


def _kind(lists: pd.DataFrame) -> NDArray[np.int64]:
    """Return in which part of the mail a line stands: offers, firms, others."""
    kind = lists["kind"].astype("str")
    return np.where(kind == "offer", 0, np.where(kind == "spontaneous", 1, 2))


def _check_plan(
    plan: pd.DataFrame, lists: pd.DataFrame, faults: Faults, *, is_test: bool
) -> NDArray[np.int64]:
    """Check that the plan has all lines of its youths in their order; return their rows."""
    blocks = plan.drop_duplicates(["message_id", "block"])
    faults.must("mail_once", ~blocks["youth_id"].duplicated(), file=PLAN, row=None)
    order = blocks.groupby("message_id").cumcount() + 1 == blocks["block"]
    faults.must("mail_once", order, file=PLAN, row=None)
    one_address = blocks.groupby("message_id")["address"].transform("nunique") == 1
    faults.must("mail_once", one_address, file=PLAN, row=None)
    if not is_test:  # a trial sends all to one address
        one_message = blocks.groupby("address")["message_id"].transform("nunique") == 1
        faults.must("mail_once", one_message, file=PLAN, row=None)
    rank = pd.DataFrame({"youth_id": lists["youth_id"], "rank": lists["rank"]})
    rank["row"], rank["kind"] = np.arange(len(lists)), _kind(lists)
    due = rank[rank["youth_id"].isin(blocks["youth_id"])]
    due = due.sort_values(["youth_id", "kind", "rank"], kind="stable")
    due_slot = due.groupby("youth_id").cumcount() + 1
    told = plan.assign(at=np.arange(len(plan))).sort_values(["youth_id", "slot"], kind="stable")
    if len(told) != len(due):
        faults.equal("mail_lines", len(told), len(due), file=PLAN)
        return np.empty(0, dtype=np.int64)
    true = lists.iloc[due["row"].to_numpy()]
    same = (told["slot"].to_numpy() == due_slot.to_numpy()) & (
        told["youth_id"].to_numpy() == due["youth_id"].to_numpy()
    )
    for name in ("offer_id", "trade_code", "url"):
        same = same & (told[name].astype("str").to_numpy() == true[name].astype("str").to_numpy())
    faults.must("mail_lines", same, file=PLAN, row=told["at"].to_numpy())
    rows = np.empty(len(plan), dtype=np.int64)
    rows[told["at"].to_numpy()] = due["row"].to_numpy()
    return rows


def _check_files(
    mail: Path,
    facts: Mapping[str, Any],
    plan: pd.DataFrame,
    lines: pd.DataFrame,
    lang: str,
    faults: Faults,
) -> None:
    """Check every row of the tool's file."""
    k, siblings = facts["lines_per_youth"], facts["options"]["max_siblings"]
    starts = np.flatnonzero(~plan["message_id"].duplicated().to_numpy())
    of_message = pd.factorize(plan["message_id"])[0]
    place = np.full((len(starts), siblings, k), -1, dtype=np.int64)
    place[of_message, plan["block"].to_numpy() - 1, plan["slot"].to_numpy() - 1] = np.arange(
        len(plan)
    )
    expected = _expected(lines, lang)
    kind = _kind(lines)
    ids = pa.array(plan["message_id"].iloc[starts], pa.large_string())
    addresses = pa.array(plan["address"].iloc[starts], pa.large_string())
    first = 0
    for name in facts["tool_files"]:
        limit = facts["tool"]["max_file_bytes"]
        size = (mail / name).stat().st_size
        if facts["form"] == "csv" and size > limit:
            faults.equal("mail_size", size, limit, file=name)
        for some in _rows(mail / name, facts):
            if first == 0:
                _check_names(mail, some.schema.names, name, facts, faults)
            its = slice(first, first + len(some))
            first += len(some)
            if first > len(ids):
                break
            for column, true in (("MESSAGE_ID", ids[its]), ("EMAIL", addresses[its])):
                is_same = same_texts(some.column(column), true)
                faults.must("mail_rows", is_same, file=name, column=column, row=its.start)
            _check_cells(some, place[its], kind, expected, name, faults, its.start)
    faults.equal("mail_rows", first, len(ids), file=facts["tool_files"][-1])


def _check_names(
    mail: Path, names: list[str], file: str, facts: Mapping[str, Any], faults: Faults
) -> None:
    """Check the columns: those that the tool was told of, by names that it takes."""
    if facts["form"] == "csv":
        told = (mail / "attributes.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
        faults.equal("mail_names", names[1:], [row.partition(";")[0] for row in told], file=file)
    for name in names:
        if not NAME.fullmatch(name) or name in MERGING:
            faults.add("mail_names", file=file, column=name, found=name)


def _expected(lines: pd.DataFrame, lang: str) -> dict[str, pa.Array]:
    """Return what a tool should be told of each line."""
    names = table("en" if lang == "en" else "fr", "kind_of_line")
    cells = {}
    for part, column in PARTS.items():
        text = lines[column].astype("str").reset_index(drop=True)
        if part == "TITRE":
            kind = lines["kind"].astype("str").reset_index(drop=True)
            is_other = ~kind.isin(["offer", "spontaneous"])
            text = text.where(~is_other, kind.map(dict(names)) + " : " + text)
        if part == "URL":
            text = text.where(text.str.fullmatch(r"https?://[^\s\"<>]+"), "")
        else:
            text = text.str.replace("<", "‹").str.replace(">", "›")
        cells[part] = pa.array(text.where(text != "", EMPTY), pa.large_string())
    return cells


def _check_cells(
    some: pa.Table,
    place: NDArray[np.int64],
    kind: NDArray[np.int64],
    expected: Mapping[str, pa.Array],
    file: str,
    faults: Faults,
    row: int,
) -> None:
    """Check counts, lines and the markers of slots without a line."""
    has = place >= 0
    is_youth = has.any(axis=2)
    _numbers(some, "N_ENFANTS", is_youth.sum(axis=1), file, faults, row)
    kinds = np.where(has, kind[np.maximum(place, 0)], -1)
    for i, name in enumerate(COUNTS):
        of_child = (kinds == i).sum(axis=2)
        _numbers(some, f"N_{name}", of_child.sum(axis=1), file, faults, row)
        for child in range(place.shape[1]):
            _numbers(some, f"ENFANT_{child + 1}_N_{name}", of_child[:, child], file, faults, row)
    for child in range(place.shape[1]):
        for slot in range(place.shape[2]):
            at = place[:, child, slot]
            for part, cells in expected.items():
                name = f"ENFANT_{child + 1}_LIGNE_{slot + 1}_{part}"
                due = pc.fill_null(cells.take(pa.array(at, mask=at < 0)), EMPTY)
                is_same = _is_same(some.column(name), due)
                faults.must("mail_cells", is_same, file=file, column=name, row=row)


def _is_same(told: pa.ChunkedArray, due: pa.Array) -> NDArray[np.bool_]:
    """Tell which cells say what they should: shortened ones begin so, links may bear a mark."""
    is_same = same_texts(told, due)
    for i in np.flatnonzero(~is_same).tolist():
        one, other = told[i].as_py(), due[i].as_py()
        is_link = other.startswith("http")
        is_same[i] = one.startswith(other.partition("#")[0]) if is_link else _is_short(one, other)
    return is_same


def _is_short(told: str, due: str) -> bool:
    stem = told.removesuffix("…")
    return len(stem) > 1 and due.startswith(stem)


def _numbers(
    some: pa.Table, name: str, due: NDArray[np.int64], file: str, faults: Faults, row: int
) -> None:
    is_same = same_texts(some.column(name), [str(n) for n in due.tolist()])
    faults.must("mail_cells", is_same, file=file, column=name, row=row)


def _rows(file: Path, facts: Mapping[str, Any]) -> Iterator[pa.Table]:
    """Yield the rows of a part, some at a time, with the columns of a tool's file."""
    if facts["form"] == "csv":
        for some in read_batches(file, delimiter=facts["tool"]["delimiter"]):
            yield pa.Table.from_batches([some])
        return
    k, siblings = facts["lines_per_youth"], facts["options"]["max_siblings"]
    texts = file.read_text(encoding="utf-8").splitlines()
    yield pa.Table.from_pylist([_flat(json.loads(text), k, siblings) for text in texts])


def _flat(message: Mapping[str, Any], k: int, siblings: int) -> dict[str, str]:
    """Return a JSON message as a row of a tool's file."""
    params = message["params"]
    row = {"EMAIL": message["email"], "MESSAGE_ID": message["message_id"]}
    row |= {f"N_{name}": str(params[f"n_{name.lower()}"]) for name in COUNTS}
    row["N_ENFANTS"] = str(params["n_enfants"])
    for child in range(siblings):
        youths = params["enfants"]
        lines: Mapping[str, Any] = youths[child] if child < len(youths) else {}
        groups = [lines.get(name.lower(), []) for name in COUNTS]
        row |= {
            f"ENFANT_{child + 1}_N_{name}": str(len(group))
            for name, group in zip(COUNTS, groups, strict=True)
        }
        told = [line for group in groups for line in group]
        for slot in range(k):
            one = told[slot] if slot < len(told) else {}
            for part in PARTS:
                row[f"ENFANT_{child + 1}_LIGNE_{slot + 1}_{part}"] = one.get(part.lower()) or EMPTY
    return row
