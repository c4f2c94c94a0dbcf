"""The independent check of a written folder, just before it is published.

It knows nothing of markets, searches or solvers.  It reads the files that people and
programs will read, and derives again, in whole numbers, what they claim: that CSV and
Parquet say the same, that caps and order hold, that the sums are right, and that the
bound of each proof follows from the prices in ``certificate.parquet``.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from matchmaker.allocators import give_back
from matchmaker.errors import UsageError
from matchmaker.settings import Settings
from matchmaker.verify.advice import heeded, places_said
from matchmaker.verify.clean import rows_of
from matchmaker.verify.fault import Faults
from matchmaker.verify.forms import check_forms
from matchmaker.verify.order import is_in_order
from matchmaker.verify.proof import Shown, check_proof
from matchmaker.verify.territories import own_values
from matchmaker.words import word

__all__ = ["check_folder", "faults_of_folder"]

HEAD = word("verify", "files")
# What a file raises that is not there, or does not hold what it must.
UNREADABLE = (OSError, pa.ArrowException, ValueError, KeyError, TypeError)
SUMMARY, MANIFEST, NAME = "summary.json", "manifest.json", "certificate"
WORDS = "tables/words"
LINES, PAIRS = "lists.parquet", "assignment.parquet"
IN_BOTH = ("lists", "assignment", "unserved")  # tables written as CSV and as Parquet
LISTS = (
    "youth_id",
    "rank",
    "offer_id",
    "score",
    "wish_rank",
    "doubt",
    "kind",
    "lists_of_offer",
    "seats",
)
COLUMNS = ("proof", "side", "id", "capacity", "price", "bonus", "bound", "line")


def check_folder(folder: Path) -> None:
    """Raise unless the files of a run hold together.

    Parameters
    ----------
    folder : Path
        Holds ``lists``, ``assignment`` and ``unserved`` (CSV and Parquet),
        ``certificate.parquet``, ``summary.json`` and ``manifest.json``.

    Raises
    ------
    CheckError
        With every rule that is broken, and how often.
    """
    faults_of_folder(folder).refuse(HEAD)


def faults_of_folder(folder: Path) -> Faults:
    """Return what is wrong with the files of a run; parameters as for `check_folder`.

    Parameters
    ----------
    folder : Path
        As for `check_folder`.

    Returns
    -------
    Faults

    Raises
    ------
    OSError
        The disk could not read them: of what they hold that says nothing.
    """
    faults = Faults()
    try:
        _check_files(folder, faults)
    except UNREADABLE as error:
        if is_of_the_disk(error):
            raise
        faults.add("file_readable", file=".", found=str(error))
    return faults


def is_of_the_disk(error: Exception) -> bool:
    """Tell a fault of the disk from a file that is not there, or is none of its kind.

    Examples
    --------
    >>> is_of_the_disk(OSError(errno.EIO, "Input/output error")), is_of_the_disk(OSError("magic"))
    (True, False)
    """
    number = error.errno if isinstance(error, OSError) else None
    return number not in (None, errno.ENOENT, errno.EISDIR, errno.ENOTDIR)


def _check_files(folder: Path, faults: Faults) -> None:
    for name in IN_BOTH:
        check_forms(folder, name, faults)
    give_back()  # buffers of the readers, as large as all that follows
    if faults.counts:  # which of the two is right, nobody can say
        return
    summary = json.loads((folder / SUMMARY).read_bytes())
    manifest = json.loads((folder / MANIFEST).read_bytes())
    settings, proofs = manifest["settings"], summary["proofs"]
    lists = _lists(folder)
    assigned = _read(folder, "assignment", ["youth_id", "offer_id", "score", "rank_in_list"])
    certificate = _read(folder, NAME, COLUMNS)
    unserved = _read(folder, "unserved", ["youth_id"])
    _add_territories(folder, _caps_of(settings), lists, certificate)
    _add_words(folder, lists)
    _number(lists, assigned, certificate, unserved)
    alone, served = unserved["youth_id"], lists["youth_id"].drop_duplicates()
    for file, figure, said, true in (
        (MANIFEST, "counts.lines", manifest["counts"]["lines"], len(lists)),
        (MANIFEST, "counts.youths", manifest["counts"]["youths"], len(served) + len(alone)),
        (SUMMARY, "youths.served", summary["youths"]["served"], len(served)),
    ):
        faults.equal("figure", said, true, file=file, column=figure)
    faults.must("unserved_alone", ~alone.isin(served), file="unserved.parquet", column="youth_id")
    of_proof = certificate["proof"].isin([*proofs])
    faults.must("certificate_proof", of_proof, file=f"{NAME}.parquet", column="proof")
    has_earlier = any(file["role"] == "sent" for file in manifest["inputs"])
    offers = _offers(lists)
    _check_lists(lists, offers, settings, faults, has_earlier=has_earlier)
    is_first = _check_first_lines(lists, assigned, certificate, faults)
    if faults.counts:  # sums over wrong lines would only repeat it
        return
    is_youth = certificate["side"] == "youth"
    longest = certificate[is_youth].drop_duplicates("id").set_index("id")["longest"]
    problems = _problems(lists, is_first, offers, settings, longest)
    if "lists" not in proofs or not set(proofs) <= set(problems):
        faults.add("proof_names", file=SUMMARY, column="proofs")
        return
    for name in proofs:
        rows = certificate[certificate["proof"] == name]
        check_proof(name, proofs[name], rows, problems[name], faults)


def _read(folder: Path, name: str, columns: Sequence[str]) -> pd.DataFrame:
    with pa.parquet.ParquetFile(folder / f"{name}.parquet") as file:
        absent = sorted(set(columns) - set(file.schema_arrow.names))
        if absent:
            raise ValueError(f"{name}.parquet has no column '{absent[0]}'")
        # One array a column, each freed as it is turned into one of the frame.
        table = file.read(columns=list(columns))
        frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    return frame


def _caps_of(settings: Mapping[str, Any]) -> Settings:
    """Return the settings that the rules of this file look at: a run of before may have others."""
    looked_at = ("lines_per_youth", "lists_per_seat", "lists_per_firm")
    given = {name: settings[name] for name in looked_at}
    try:
        return Settings.from_dict({**given, "territories": settings.get("territories", {})})
    except UsageError as error:
        raise ValueError(str(error)) from None


def _add_territories(
    folder: Path, settings: Settings, lists: pd.DataFrame, certificate: pd.DataFrame
) -> None:
    """Write beside each line how long its list may be, and in how many lists its seat stands.

    The same of a list beside each youth of a certificate, in column ``longest``.
    """
    regions: list[pd.Series] = []
    for name, ids in (
        ("youth", lists["youth_id"]), ("offer", lists["offer_id"]), ("youth", certificate["id"])
    ):  # fmt: skip
        region = np.full(len(ids), "", dtype=object)
        if settings.territories:  # the homes and places stand in no list
            rows = _read(folder, f"tables/{name}s", [f"{name}_id", "region_code"])
            at = rows_of(ids, rows[f"{name}_id"])
            region = np.append(rows["region_code"].to_numpy(dtype=object), "")[at]
        regions.append(pd.Series(region, dtype="str"))
    home, place, of_youth = regions
    lists["longest"] = own_values(settings, "lines_per_youth", home).astype(np.int32)
    certificate["longest"] = own_values(settings, "lines_per_youth", of_youth)
    firm, seat = (
        own_values(settings, name, place) for name in ("lists_per_firm", "lists_per_seat")
    )
    is_firm = (lists["kind"] == "spontaneous").to_numpy(dtype=bool)
    lists["lists_each"] = np.where(is_firm, firm, seat).astype(np.int32)


def _add_words(folder: Path, lists: pd.DataFrame) -> None:
    """Write beside each line whether an adviser keeps it, and the place that one said of it."""
    lists["is_pinned"], advice = False, None
    if (folder / f"{WORDS}.parquet").is_file():
        advice = _read(folder, WORDS, ["youth_id", "offer_id", "word", "value", "state"])
        pins = heeded(advice, "pin")
        its = pd.MultiIndex.from_frame(pins[["youth_id", "offer_id"]])
        pairs = pd.MultiIndex.from_frame(lists[["youth_id", "offer_id"]].astype("str"))
        lists["is_pinned"] = pairs.isin(its)
    lists["said"] = places_said(advice, lists)


def _number(
    lists: pd.DataFrame, assigned: pd.DataFrame, certificate: pd.DataFrame, unserved: pd.DataFrame
) -> None:
    """Put numbers in the place of ids, in all tables the same; -1 for no line.

    A pair gets one number too, in column ``pair``.
    """
    is_offer = (certificate["side"] == "offer").to_numpy()
    ids = certificate["id"]
    parts = [lists["offer_id"], assigned["offer_id"], certificate["line"], ids[is_offer]]
    offer, names = pd.factorize(pd.concat(parts, ignore_index=True))
    in_lists, in_assigned, line, of_offer = _split(offer, parts)
    lists["offer_id"], assigned["offer_id"] = in_lists, in_assigned
    certificate["line"] = np.where(certificate["line"] == "", -1, line)
    parts = [lists["youth_id"], assigned["youth_id"], unserved["youth_id"], ids[~is_offer]]
    youth, _ = pd.factorize(pd.concat(parts, ignore_index=True))
    lists["youth_id"], assigned["youth_id"], unserved["youth_id"], of_youth = _split(youth, parts)
    number = np.empty(len(certificate), dtype=np.int64)
    number[is_offer], number[~is_offer] = of_offer, of_youth
    certificate["id"] = number
    for frame in (lists, assigned):
        frame["pair"] = frame["youth_id"] * len(names) + frame["offer_id"]
    certificate["pair"] = certificate["id"] * len(names) + certificate["line"]


def _split(codes: NDArray[np.int64], parts: Sequence[pd.Series[str]]) -> list[NDArray[np.int64]]:
    return np.split(codes, np.cumsum([len(part) for part in parts])[:-1])


def _lists(folder: Path) -> pd.DataFrame:
    """Return the lines as written, with the sum of their parts as `parts`."""
    names = pa.parquet.read_schema(folder / "lists.parquet").names
    signs = {"points_": 1, "cost_": -1}
    of_score = {
        name: sign for name in names for part, sign in signs.items() if name.startswith(part)
    }
    lists = _read(folder, "lists", [*LISTS, *of_score])
    parts = np.zeros(len(lists), dtype=np.int64)
    for name, sign in of_score.items():
        parts += sign * lists.pop(name).to_numpy(dtype=np.int64)
    lists["parts"] = parts
    whole = dict.fromkeys(["score", "seats", "lists_of_offer", "wish_rank"], np.int64)
    return lists.astype({**whole, "kind": "category", "doubt": "category"})


def _offers(lists: pd.DataFrame) -> pd.DataFrame:
    """Return what the lists say of each offer that stands in one.

    ``exposure`` in all waves, ``earlier`` in those before, ``cap`` of the exposure, ``room``
    for this wave, and ``width``: the lists that cost the same.
    """
    offers = lists.groupby("offer_id").agg(
        seats=("seats", "first"),
        kind=("kind", "first"),
        exposure=("lists_of_offer", "first"),
        shown=("youth_id", "size"),
        lists_each=("lists_each", "first"),
    )
    is_firm = offers["kind"] == "spontaneous"
    # A firm has said of no number of seats: it has one cap, and its lists compete for one.
    each = offers["lists_each"].astype(np.int64)
    offers["cap"] = (offers["seats"] * each).mask(is_firm, each)
    offers["earlier"] = offers["exposure"] - offers["shown"]
    offers["room"] = offers["cap"] - offers["earlier"]
    offers["width"] = offers["seats"].mask(is_firm, 1)
    return offers


def _check_lists(
    lists: pd.DataFrame,
    offers: pd.DataFrame,
    settings: Mapping[str, Any],
    faults: Faults,
    *,
    has_earlier: bool,
) -> None:
    by_youth = lists.groupby("youth_id", sort=False)
    number, at = by_youth.ngroup(), by_youth.cumcount()
    of = offers[["seats", "kind", "exposure"]].reindex(lists["offer_id"]).reset_index(drop=True)
    worth = lists["score"]
    if settings["line_order"] == "chance":
        worth = worth * of["seats"] // of["exposure"].clip(lower=of["seats"])
    is_right = is_in_order(
        ((at == 0) | (lists["said"].diff() != 0)).to_numpy().cumsum(),
        lists["doubt"],
        lists["wish_rank"].to_numpy(),
        lists["kind"],
        worth.to_numpy(dtype=np.int64),
    )
    for rule, is_true in (
        ("pair_once", ~lists["pair"].duplicated()),
        ("list_together", number.diff().fillna(0) >= 0),
        ("list_length", at < lists["longest"]),
        ("rank", lists["rank"] == at + 1),
        ("word_order", (at == 0) | (lists["said"].diff() >= 0)),
        ("order", is_right),
        ("points_sum", lists["parts"] == lists["score"]),
        (
            "offer_same",
            (lists["seats"] == of["seats"])
            & (lists["kind"] == of["kind"])
            & (lists["lists_of_offer"] == of["exposure"]),
        ),
    ):
        faults.must(rule, is_true, file=LINES)
    earlier = offers["earlier"]
    is_written = earlier >= 0 if has_earlier else earlier == 0
    # One row an offer, not a line.
    faults.must("exposure_written", is_written, file=LINES, row=None)
    faults.must("exposure", offers["exposure"] <= offers["cap"], file=LINES, row=None)


def _check_first_lines(
    lists: pd.DataFrame, assigned: pd.DataFrame, certificate: pd.DataFrame, faults: Faults
) -> NDArray[np.bool_]:
    """Check the lines that were chosen before the others, and tell which they are."""
    first = certificate[certificate["line"] >= 0]
    of_assignment = first.loc[first["proof"] == "assignment", "pair"]
    found = assigned.merge(lists, on="pair", how="left", suffixes=("", "_of_line"))
    rows = first.index.to_numpy()
    faults.must("first_once", ~first["id"].duplicated(), file=f"{NAME}.parquet", row=rows)
    is_line = first["pair"].isin(lists["pair"])
    faults.must("first_line", is_line, file=f"{NAME}.parquet", column="line", row=rows)
    is_proved = assigned["pair"].isin(of_assignment)
    faults.must("assigned_proof", is_proved, file=PAIRS)
    is_same = found["score"] == found["score_of_line"]
    is_same &= found["rank_in_list"] == found["rank"]
    faults.must("assigned_facts", is_same, file=PAIRS)
    if len(assigned) != len(of_assignment):
        faults.add(
            "assigned_proof",
            file=f"{NAME}.parquet",
            found=str(len(of_assignment)),
            expected=str(len(assigned)),
        )
    return lists["pair"].isin(first["pair"]).to_numpy()


def _problems(
    lists: pd.DataFrame,
    is_first: NDArray[np.bool_],
    offers: pd.DataFrame,
    settings: Mapping[str, Any],
    longest: pd.Series[int],
) -> dict[str, Shown]:
    """Return by the name of its proof what each problem was about."""
    room, seats, earlier = offers["room"], offers["seats"], offers["earlier"]
    is_pinned = lists["is_pinned"].to_numpy(dtype=bool)
    first, before, rest = (
        lists[is_first],
        lists[is_first | is_pinned],
        lists[~is_first & ~is_pinned],
    )
    shown, kept = (
        some["offer_id"].value_counts().reindex(offers.index, fill_value=0)
        for some in (before, lists[is_pinned])
    )
    lines = Shown(
        lines=rest,
        others=before,
        room=room - shown,
        used=earlier + shown,
        width=offers["width"],
        lines_per_youth=longest,
        unit_costs=settings["competition_costs"],
        floors=(),
    )
    room, earlier = room - kept, earlier + kept
    own = lists.loc[is_pinned, "youth_id"].value_counts().reindex(longest.index, fill_value=0)
    one = replace(
        lines,
        lines=first,
        others=lists[is_pinned],
        room=room,
        used=earlier,
        lines_per_youth=(longest - own).clip(upper=1) + own,
    )
    return {
        "lists": lines,
        "first_lines": replace(one, floors=settings["fair_floors"]),
        "assignment": replace(one, room=room.where(room < seats, seats), unit_costs=()),
    }
