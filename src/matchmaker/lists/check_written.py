"""The independent check of a written folder, just before it is published.

It knows nothing of markets, searches or solvers.  It reads the files that people and
programs will read, and derives again, in whole numbers, what they claim: that CSV and
Parquet say the same, that caps and order hold, that the sums are right, and that the
bound of each proof follows from the prices in ``certificate.parquet``.
"""

from __future__ import annotations

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
from matchmaker.errors import CheckError
from matchmaker.lists.check_csv import check_csv
from matchmaker.lists.check_proof import Shown, check_proof
from matchmaker.lists.faults import Faults

__all__ = ["check_folder"]

HEAD = (
    "The independent check refused the files of this run; nothing was published and earlier "
    "results are whole."
)
IN_BOTH = ("lists", "assignment", "unserved")  # tables written as CSV and as Parquet
LISTS = (
    "youth_id", "rank", "offer_id", "score", "cost_rung", "kind", "lists_of_offer", "seats",
)  # fmt: skip
CERTIFICATE = ("proof", "side", "id", "capacity", "price", "bonus", "bound", "line")


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
    try:
        faults = _faults_of(folder)
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError) as error:
        # A file that is not there, or does not hold what it must.
        raise CheckError(f"{HEAD}\nA file cannot be read as what it should be: {error}") from error
    faults.refuse(HEAD)


def _faults_of(folder: Path) -> Faults:
    faults = Faults()
    for name in IN_BOTH:
        check_csv(folder, name, faults)
    give_back()  # buffers of the readers, as large as all that follows
    if faults.found:  # which of the two is right, nobody can say
        return faults
    summary = json.loads((folder / "summary.json").read_bytes())
    manifest = json.loads((folder / "manifest.json").read_bytes())
    settings, proofs = manifest["settings"], summary["proofs"]
    lists = _lists(folder)
    assigned = _read(folder, "assignment", ["youth_id", "offer_id", "score", "rank_in_list"])
    certificate = _read(folder, "certificate", CERTIFICATE)
    unserved = _read(folder, "unserved", ["youth_id"])
    _number(lists, assigned, certificate, unserved)
    alone, served = unserved["youth_id"], lists["youth_id"].drop_duplicates()
    for fact, said, true in (
        ("lines in manifest.json", manifest["counts"]["lines"], len(lists)),
        ("youths in manifest.json", manifest["counts"]["youths"], len(served) + len(alone)),
        ("youths served in summary.json", summary["youths"]["served"], len(served)),
    ):
        faults.equal(fact, said, true)
    faults.must("nobody with a line is called unserved", ~alone.isin(served))
    faults.must("each row of the certificate is of a proof", certificate["proof"].isin([*proofs]))
    has_earlier = any(file["role"] == "sent" for file in manifest["inputs"])
    offers = _offers(lists, settings)
    _check_lists(lists, offers, settings, faults, has_earlier=has_earlier)
    is_first = _check_first_lines(lists, assigned, certificate, faults)
    if faults.found:  # sums over wrong lines would only repeat it
        return faults
    problems = _problems(lists, is_first, offers, settings)
    is_known = "lists" in proofs and set(proofs) <= set(problems)
    faults.must("proofs have known names, lists among them", np.array([is_known]))
    for name in proofs if is_known else ():
        rows = certificate[certificate["proof"] == name]
        check_proof(name, proofs[name], rows, problems[name], faults)
    return faults


def _read(folder: Path, name: str, columns: Sequence[str]) -> pd.DataFrame:
    with pa.parquet.ParquetFile(folder / f"{name}.parquet") as file:
        absent = sorted(set(columns) - set(file.schema_arrow.names))
        if absent:
            raise ValueError(f"{name}.parquet has no column '{absent[0]}'")
        # One array a column, each freed as it is turned into one of the frame.
        table = file.read(columns=list(columns))
        frame: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    return frame


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
    points = [name for name in names if name.startswith("points_")]
    lists = _read(folder, "lists", [*LISTS, *points])
    parts = -lists.pop("cost_rung").astype(np.int64)
    for name in points:
        parts += lists.pop(name)
    lists["parts"] = parts
    whole = dict.fromkeys(["score", "seats", "lists_of_offer"], np.int64)
    return lists.astype({**whole, "kind": "category"})


def _offers(lists: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Return what the lists say of each offer that stands in one.

    ``exposure`` in all waves, ``earlier`` in those before, ``cap`` of the exposure, ``room``
    for this wave, and ``width``: the lists that cost the same.
    """
    offers = lists.groupby("offer_id").agg(
        seats=("seats", "first"), kind=("kind", "first"),
        exposure=("lists_of_offer", "first"), shown=("youth_id", "size"),
    )  # fmt: skip
    is_firm = offers["kind"] == "spontaneous"
    # A firm has said of no number of seats: it has one cap, and its lists compete for one.
    cap = (offers["seats"] * settings["lists_per_seat"]).mask(is_firm, settings["lists_per_firm"])
    offers["cap"] = cap
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
    for fact, is_true in (
        ("an offer stands once in a list", ~lists["pair"].duplicated()),
        ("a list stands in one place", number.diff().fillna(0) >= 0),
        ("no list is too long", at < settings["lines_per_youth"]),
        ("ranks run from 1", lists["rank"] == at + 1),
        ("better lines come first", (at == 0) | (worth.diff() <= 0)),
        ("contributions add up to the score", lists["parts"] == lists["score"]),
        ("all lines say the same of an offer", (lists["seats"] == of["seats"])
         & (lists["kind"] == of["kind"]) & (lists["lists_of_offer"] == of["exposure"])),
    ):  # fmt: skip
        faults.must(fact, is_true)
    earlier = offers["earlier"]
    faults.must(
        "the exposure written is the true one", earlier >= 0 if has_earlier else earlier == 0
    )
    faults.must("no offer stands in too many lists", offers["exposure"] <= offers["cap"])


def _check_first_lines(
    lists: pd.DataFrame, assigned: pd.DataFrame, certificate: pd.DataFrame, faults: Faults
) -> NDArray[np.bool_]:
    """Check the lines that were chosen before the others, and tell which they are."""
    first = certificate[certificate["line"] >= 0]
    of_assignment = first.loc[first["proof"] == "assignment", "pair"]
    found = assigned.merge(lists, on="pair", how="left", suffixes=("", "_of_line"))
    for fact, is_true in (
        ("one line a youth is chosen before the others", ~first["id"].duplicated()),
        ("lines chosen before the others are lines", first["pair"].isin(lists["pair"])),
        ("the pairs of the assignment are those of its proof", assigned["pair"].isin(of_assignment)),
        ("an assigned pair has the score and the rank of its line",
         (found["score"] == found["score_of_line"]) & (found["rank_in_list"] == found["rank"])),
    ):  # fmt: skip
        faults.must(fact, is_true)
    faults.equal("pairs of the assignment", len(assigned), len(of_assignment))
    return lists["pair"].isin(first["pair"]).to_numpy()


def _problems(
    lists: pd.DataFrame,
    is_first: NDArray[np.bool_],
    offers: pd.DataFrame,
    settings: Mapping[str, Any],
) -> dict[str, Shown]:
    """Return by the name of its proof what each problem was about."""
    room, seats, earlier = offers["room"], offers["seats"], offers["earlier"]
    first, rest = lists[is_first], lists[~is_first]
    shown = first["offer_id"].value_counts().reindex(offers.index, fill_value=0)
    lines = Shown(
        lines=rest,
        others=first,
        room=room - shown,
        used=earlier + shown,
        width=offers["width"],
        lines_per_youth=settings["lines_per_youth"],
        unit_costs=settings["competition_costs"],
        floors=(),
    )
    one = replace(lines, lines=first, others=lists[:0], room=room, used=earlier, lines_per_youth=1)
    return {
        "lists": lines,
        "first_lines": replace(one, floors=settings["fair_floors"]),
        "assignment": replace(one, room=room.where(room < seats, seats), unit_costs=()),
    }
