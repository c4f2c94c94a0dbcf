"""How good the lists of a run are, by the grades that a reader gave to pairs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from matchmaker.audit.grades import OURS, Order, evaluate_lists, judged_of, read_judged
from matchmaker.audit.peer_orders import PeerOrders, peer_orders
from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.reference.store import read_csv
from matchmaker.runs.folder import MANIFEST
from matchmaker.settings import Settings
from matchmaker.tables import Given, InputFile, load
from matchmaker.words import said

__all__ = ["evaluate_run", "read_official"]

_OFFICIAL = ("trade_label", "trade_codes")


def evaluate_run(
    run: str | Path,
    judged: str | Path,
    *,
    youths: Given | None = None,
    wishes: Given | None = None,
    offers: Sequence[Given] = (),
    official: Mapping[str, Sequence[str]] | None = None,
    k: int = 10,
    seed: int = 0,
) -> dict[str, Any]:
    """Return how good the lists of a run are on judged pairs, beside the orders of others.

    Parameters
    ----------
    run : path
        Folder that `matchmaker.match` wrote.
    judged : path
        CSV with youth_id, offer_id and grade (0 to 3).
    youths, wishes, offers : path or DataFrame, optional
        What the run read, to make the orders of others from; without them ours stand alone.
    official : mapping of str to sequence of str, optional
        Label of a wish to the official codes of its diploma (`read_official`).
    k, seed : int
        As in `matchmaker.audit.grades.evaluate_lists`.

    Returns
    -------
    dict
        As `matchmaker.audit.grades.evaluate_lists` returns it, and ``left_out``: judged youths
        that the run neither served nor left without a line.

    Raises
    ------
    UsageError
        `run` is no folder of a run of `match`; a table is not the one that it read.
    InputError
        The judged pairs cannot be used, or none of their youths is of the run.
    """
    folder = Path(run)
    manifest, lists, others = _read_run(folder)
    grades = read_judged(judged)
    known = judged_of(grades, pd.concat([lists["youth_id"], others["youth_id"]]))
    if not known:
        raise InputError(
            [
                Issue(
                    reason="youths_unknown",
                    file=Path(judged).name,
                    column="youth_id",
                    message=said("relevance.unknown_youths"),
                    hint=said("relevance.unknown_youths_hint"),
                )
            ]
        )
    peers = None
    if wishes is not None and offers:
        peers = _peers(manifest, known, (youths, wishes, offers), official)
    beside: Mapping[str, Order] = {} if peers is None else peers.orders
    figures = evaluate_lists(
        {OURS: _order_of(lists), **beside},
        known,
        k=k,
        seed=seed,
        pools=None if peers is None else peers.pools,
    )
    return {"left_out": len(grades) - len(known), **figures}


def read_official(path: str | Path) -> dict[str, list[str]]:
    """Read the official codes of wished diplomas from a CSV: trade_label, trade_codes (``|``).

    Raises
    ------
    UsageError
        There is no such file, or it is no table.
    InputError
        A column is missing.
    """
    frame = read_csv(path, _OFFICIAL)
    pairs = zip(frame["trade_label"], frame["trade_codes"], strict=True)
    return {label: [code.strip() for code in codes.split("|")] for label, codes in pairs}


def _read_run(folder: Path) -> tuple[dict[str, Any], pd.DataFrame, pd.DataFrame]:
    """Return the manifest, the lists and those without a line."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        lists = pd.read_parquet(folder / "lists.parquet", columns=["youth_id", "rank", "offer_id"])
        unserved = pd.read_parquet(folder / "unserved.parquet", columns=["youth_id"])
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(said("relevance.no_run", path=folder)) from error
    return manifest, lists, unserved


def _order_of(lists: pd.DataFrame) -> dict[str, list[str]]:
    """Return the offers of each list, first line first."""
    by_rank = lists.sort_values(["youth_id", "rank"])
    found: dict[str, list[str]] = {}
    for youth, offer in zip(by_rank["youth_id"], by_rank["offer_id"], strict=True):
        found.setdefault(str(youth), []).append(str(offer))
    return found


def _peers(
    manifest: Mapping[str, Any],
    grades: Mapping[str, Mapping[str, int]],
    given: tuple[Given | None, Given, Sequence[Given]],
    official: Mapping[str, Sequence[str]] | None,
) -> PeerOrders:
    """Return the orders of others, from the tables that the run read."""
    settings = Settings.from_dict(manifest["settings"])
    as_of = dt.date.fromisoformat(manifest["as_of"])
    youths, wishes, offers = given
    tables = load(youths, wishes, list(offers), as_of=as_of, settings=settings)
    _check_same(tables.files, manifest)
    return peer_orders(tables, grades, settings, as_of=as_of, official=official)


def _check_same(files: Sequence[InputFile], manifest: Mapping[str, Any]) -> None:
    """Raise where a table is not one that the run read: its orders would be of other offers."""
    read = {(one["role"], one["sha256"]) for one in manifest["inputs"]}
    for file in files:
        if (file.role, file.sha256) not in read:
            raise UsageError(said("relevance.other_input", path=file.name))
