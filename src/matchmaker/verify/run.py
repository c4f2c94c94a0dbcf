"""A saved run, verified from its folder alone: what is written, and whether it may be.

Two ways through the same checks.  `verified` looks at a folder that was published; just before
that, `check_saved` leaves out what cannot have changed since: hashes, and the rules of lines and
bounds, which were checked on the very frames that were written.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from matchmaker.allocators import give_back
from matchmaker.errors import MatchmakerError
from matchmaker.reference.nearness import between
from matchmaker.settings import Settings
from matchmaker.verify.assigned import faults_of_assignment_folder, faults_of_pairs
from matchmaker.verify.bounds import SAMPLE, Claims, rechecked_bounds
from matchmaker.verify.clean import Clean
from matchmaker.verify.diplomas import cells_of
from matchmaker.verify.fault import Fault, Faults
from matchmaker.verify.figures import check_figures
from matchmaker.verify.folder import HEAD, UNREADABLE, faults_of_folder
from matchmaker.verify.lists import faults_of_lists
from matchmaker.verify.mailing import check_mailing
from matchmaker.verify.orphans import ORPHANS, check_orphans, open_offers
from matchmaker.verify.people import check_people
from matchmaker.verify.report import check_report
from matchmaker.verify.sentences import faults_of_sentences
from matchmaker.verify.territories import check_told
from matchmaker.verify.written import MANIFEST, SUMMARY, check_manifest, check_written

__all__ = ["Verified", "check", "check_saved", "verified"]

FORMAT = 2
OF_PAPERS = (
    "offer_id", "kind", "capacity", "status", "expiry_date", "flags", "contract_type",
    "latitude", "region_code", "trade_codes", "diplomas",
)  # fmt: skip
OF_PEOPLE = ("youth_id", "status", "opt_out", "commune_code", "departement", "region_code")
OF_LINES = (
    "youth_id", "offer_id", "rank", "wish_rank", "doubt", "kind", "distance_km", "rung",
    "in_region", "distance_is_approximate", "score",
)  # fmt: skip
ONLY_SHOWN = ("employer", "place", "url")  # of lists: held against the mailing, and no rule's
SCALED = ("trade", "distance", "wish", "level", "region", "start")  # derived point by point


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found in a run's folder, and what was not looked at.

    Attributes
    ----------
    faults : Faults
    youths : int
        That seek and were rechecked against the bounds of the proofs, with every eligible offer.
    of_youths : int
        That the run is about.
    unchecked : tuple of str
        Names of what could not be derived again: of the words ``unchecked``, or a criterion.
    """

    faults: Faults
    youths: int = 0
    of_youths: int = 0
    unchecked: tuple[str, ...] = ()


def check(folder: str | Path, *, full: bool = False) -> tuple[Fault, ...]:
    """Return what is wrong with a saved run.

    Parameters
    ----------
    folder : path
        Folder of a run, not a HOME.
    full : bool
        Derive the bounds of all youths again, and not of 256; and the nearness of the trades,
        from the reference tables.

    Returns
    -------
    tuple of Fault
        None where all holds; at most 20 of one rule, file and column.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from matchmaker import generate, match
    >>> with TemporaryDirectory() as folder:
    ...     made = generate(youths=20, offers=300, out=Path(folder), regions=["Bretagne"])
    ...     result = match(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15")
    ...     result.save(Path(folder) / "run")
    ...     check(Path(folder) / "run")
    ()
    """
    return verified(folder, full=full).faults.shown


def verified(folder: str | Path, *, full: bool = False) -> Verified:
    """Return what is wrong with a saved run, and what was not looked at; parameters as for `check`.

    Parameters
    ----------
    folder, full
        As for `check`.

    Returns
    -------
    Verified
    """
    path, faults = Path(folder), Faults()
    manifest: dict[str, Any] = {}
    with_manifest = _step(faults, lambda: manifest.update(_manifest(path)))
    if not with_manifest:
        return Verified(faults=faults)
    _step(faults, lambda: check_written(path, manifest, faults))
    is_match = "lists.parquet" in manifest.get("outputs", {})
    if manifest.get("format", 1) != FORMAT:
        own = faults_of_folder(path) if is_match else faults_of_assignment_folder(path)
        faults.take(own)
        return Verified(faults=faults, unchecked=("format_1",))
    _step(faults, lambda: check_manifest(path, manifest, faults))
    if not is_match:
        return _of_assignment(path, manifest, faults)
    settings = _settings(manifest, faults)
    faults.take(_of_files(path, settings))
    clean = None if settings is None else _opened(path, manifest, faults)
    if settings is None or clean is None:
        return Verified(faults=faults)
    _step(faults, lambda: _check_papers(path, manifest, clean, settings, faults))
    if full:
        _step(faults, lambda: _check_nearness(clean, settings, faults))
    give_back()
    rechecked: list[int] = [0]
    _step(
        faults,
        lambda: _check_lines(path, clean, settings, full=full, faults=faults, done=rechecked),
    )
    return Verified(
        faults=faults,
        youths=rechecked[0],
        of_youths=len(clean.youths),
        unchecked=_unchecked(manifest, settings),
    )


def check_saved(folder: Path) -> None:
    """Raise unless a folder that is about to be published holds together.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    CheckError
        With every rule that is broken, and how often.
    """
    faults = Faults()
    manifest: dict[str, Any] = {}
    if _step(faults, lambda: manifest.update(_manifest(folder))):
        settings = _settings(manifest, faults)
        faults.take(_of_files(folder, settings))
        if settings is not None and not faults.counts:
            _step(faults, lambda: check_manifest(folder, manifest, faults))
            give_back()  # the tables of the run itself are in memory too
            clean = _opened(folder, manifest, faults, some=True)
            if clean is not None:
                _step(faults, lambda: _check_papers(folder, manifest, clean, settings, faults))
    faults.refuse(HEAD)


def _settings(manifest: Mapping[str, Any], faults: Faults) -> Settings | None:
    """Return the settings of a run, None where they cannot be read."""
    found: list[Settings] = []

    def read() -> None:
        found.append(Settings.from_dict(manifest["settings"], source=MANIFEST))

    return found[0] if _step(faults, read) else None


def _of_files(folder: Path, settings: Settings | None) -> Faults:
    """Hold the files of a run against each other: two forms of each table, lists and mailing.

    Both ways go through files of the size of the lists, mostly outside the interpreter: they go
    side by side.
    """
    of_mailing = Faults()
    with ThreadPoolExecutor(max_workers=1) as beside:
        own = beside.submit(faults_of_folder, folder)
        if settings is not None:
            _step(of_mailing, lambda: check_mailing(folder, settings, of_mailing))
    faults = own.result()
    faults.take(of_mailing)
    return faults


def _opened(
    folder: Path, manifest: Mapping[str, Any], faults: Faults, *, some: bool = False
) -> Clean | None:
    """Return the clean tables of a run, None where they cannot be read.

    For what people get, `some` of the columns are enough, and no wishes.
    """
    found: list[Clean] = []
    of_youths, of_offers = (OF_PEOPLE, OF_PAPERS) if some else (None, None)

    def read() -> None:
        has_sent = any(one["role"] == "sent" for one in manifest["inputs"])
        has_words = "tables/words.parquet" in manifest["outputs"]
        heeds = has_sent and not manifest["asked"].get("ignore_sent", False)
        clean = Clean(
            youths=_table(folder, "tables/youths", columns=of_youths),
            wishes=pd.DataFrame() if some else _table(folder, "tables/wishes"),
            offers=_table(folder, "tables/offers", columns=of_offers),
            sent=_table(folder, "tables/sent") if heeds else None,
            as_of=dt.date.fromisoformat(manifest["as_of"]),
            nearness=_table(folder, "reference/nearness"),
            words=_table(folder, "tables/words") if has_words else None,
        )
        found.append(clean)

    return found[0] if _step(faults, read) else None


def _check_papers(
    folder: Path, manifest: Mapping[str, Any], clean: Clean, settings: Settings, faults: Faults
) -> None:
    """Check who is followed up, the report, and the figures."""
    lists = _table(folder, "lists", columns=OF_LINES)
    summary = _json(folder / SUMMARY)
    has_referents = any(one["role"] == "referents" for one in manifest["inputs"])
    referents = _table(folder, "reference/referents") if has_referents else None
    check_people(folder, clean.youths, lists["youth_id"], referents, settings, faults)
    is_open = open_offers(clean, settings)
    if ORPHANS in manifest["outputs"]:
        check_orphans(folder, summary, clean, lists, is_open, faults)
    check_figures(folder, summary, clean, lists, is_open, settings, faults)
    check_told(summary, manifest, clean, lists, faults)
    check_report(folder, summary, manifest, faults)


def _check_nearness(clean: Clean, settings: Settings, faults: Faults) -> None:
    """Check that the nearness that is kept is that of the reference tables."""
    true = between(cells_of(clean.wishes), cells_of(clean.offers), settings)
    kept = clean.nearness
    if kept is None or kept.to_numpy().tolist() != true.to_numpy().tolist():
        faults.add("nearness_table", file="reference/nearness.parquet")


def _check_lines(
    folder: Path, clean: Clean, settings: Settings, *, full: bool, faults: Faults, done: list[int]
) -> None:
    """Check that every line may be sent, and what the certificate says of some youths."""
    names = pq.read_schema(folder / "lists.parquet").names
    lists = _table(folder, "lists", columns=[name for name in names if name not in ONLY_SHOWN])
    assignment = pd.read_parquet(folder / "assignment.parquet")
    certificate = pd.read_parquet(folder / "certificate.parquet")
    summary = _json(folder / SUMMARY)
    proofs, published = summary["proofs"], summary.get("published", {})
    bands = {
        name: (proof["bands"]["floors"], proof["bands"]["bonuses"])
        for name, proof in proofs.items()
        if "bands" in proof
    }
    size = None if full else SAMPLE
    own = faults_of_lists(lists, assignment, clean, settings)
    faults.take(own)
    if not {"youth_exists", "offer_exists"} & set(own.by_rule):
        faults.take(faults_of_sentences(lists, clean, settings))
    if own.counts:  # scores of lines that may not be would only repeat it
        return
    give_back()
    of_bounds, done[0] = rechecked_bounds(
        clean,
        settings,
        lists,
        certificate,
        Claims.of(
            bands,
            clean,
            lists,
            settings,
            is_most_shown=published.get("is_most_shown", False),
        ),
        size=size,
    )
    faults.take(of_bounds)


def _of_assignment(folder: Path, manifest: Mapping[str, Any], faults: Faults) -> Verified:
    """Verify the folder of `assign`."""
    faults.take(faults_of_assignment_folder(folder))
    if "tables/youths.parquet" not in manifest["outputs"]:
        return Verified(faults=faults, unchecked=("preferences",))
    settings = _settings(manifest, faults)
    clean = None if settings is None else _opened(folder, manifest, faults)
    if settings is None or clean is None:
        return Verified(faults=faults)
    youths = pd.read_parquet(folder / "youths.parquet")
    _step(faults, lambda: faults.take(faults_of_pairs(youths, clean, settings)))
    return Verified(faults=faults, of_youths=len(clean.youths), unchecked=("mechanism",))


def _unchecked(manifest: Mapping[str, Any], settings: Settings) -> tuple[str, ...]:
    """Return what no rule of this room derives again."""
    own = [name for name, weight in settings.weights.items() if weight and name not in SCALED]
    travel = ["travel_times"] if settings.travel_times_file else []
    return (*travel, *own, *manifest["handed_in"].get("criteria", ()))


def _step(faults: Faults, do: Callable[[], None]) -> bool:
    """Do one part of the work; a file that cannot be read is a fault, and no traceback."""
    try:
        do()
    except (*UNREADABLE, AttributeError, IndexError, MatchmakerError) as error:
        faults.add("file_readable", file=".", found=f"{type(error).__name__}: {error}"[:200])
        return False
    return True


def _table(folder: Path, name: str, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
    file = folder / f"{name}.parquet"
    there = None if columns is None else [c for c in pq.read_schema(file).names if c in columns]
    frame = pd.read_parquet(file, columns=there)
    days = frame.select_dtypes("datetime64").columns
    return frame.astype(dict.fromkeys(days, "datetime64[s]"))


def _manifest(folder: Path) -> dict[str, Any]:
    manifest = _json(folder / MANIFEST)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("outputs"), dict):
        raise TypeError(f"{MANIFEST} is not that of a run")
    return manifest


def _json(file: Path) -> Any:
    return json.loads(file.read_bytes())
