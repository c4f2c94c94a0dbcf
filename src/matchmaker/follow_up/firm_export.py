"""From a saved run to the workbooks of ambassadors, one a territory, without any youth's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from matchmaker.candidates.fused import fused_engine
from matchmaker.errors import UsageError
from matchmaker.explain.employers import employer_names
from matchmaker.follow_up.firm_answers import read_answers
from matchmaker.follow_up.firm_book import FirmBook, firm_book_bytes
from matchmaker.follow_up.firms import firms_of, with_asked
from matchmaker.follow_up.missing import Missing, cells_of, missing_in
from matchmaker.follow_up.territories import territories
from matchmaker.follow_up.unfit import unfit_offers
from matchmaker.reference.structures import structures
from matchmaker.reference.trades import trade_names
from matchmaker.replacing import replaced
from matchmaker.routes.follow_up import NOT_FOLLOWED
from matchmaker.runs.folder import Run, open_run
from matchmaker.runs.saved_market import market_of_tables
from matchmaker.scoring.criteria import criteria_for
from matchmaker.scoring.total import scoring_of
from matchmaker.words import said, say, table

__all__ = ["FirmsExported", "export_employers"]

_PREFIX = "employeurs"
_NOT_BY = ("mission_locale", "cfa")  # of youths, not of firms


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmsExported:
    """What was written.

    Attributes
    ----------
    files : tuple of (Path, int)
        Each workbook and its firms.
    firms : int
        In all of them; each in one.
    missing : int
        Youths with too few lines whom the workbooks count.
    unfit : int
        Published offers that nobody fits.
    never : int
        Firms left out: they said not to be asked again.
    """

    files: tuple[tuple[Path, int], ...]
    firms: int
    missing: int
    unfit: int
    never: int


def export_employers(
    run: str | Path, *, by: str, out: Path, asked: Sequence[Path] = (), force: bool = False
) -> FirmsExported:
    """Write a workbook of firms to ask for each territory of a saved run.

    Parameters
    ----------
    run : path
        Folder of a run of lists, or a HOME.
    by : str
        ``region``, ``departement``, or the path of a CSV with ``commune_code`` and ``territory``.
    out : Path
        Folder for the files, not inside the run's.
    asked : sequence of Path
        ``employer_answers.csv`` or ``firm_oppositions.csv`` of earlier imports.
    force : bool
        Replace workbooks that are there, which people may have filled in.

    Returns
    -------
    FirmsExported

    Raises
    ------
    UsageError
        The run has no lists, a file is missing, or one that is there would be replaced.
    InputError
        A file of answers is none, or a commune is in two territories.
    """
    opened = open_run(run)
    if not opened.is_match:
        raise UsageError(said("cells.no_lists", path=run))
    if by in _NOT_BY:
        raise UsageError(said("employers.by", by=by))
    if out.resolve().is_relative_to(opened.path.resolve()):
        raise UsageError(said("employers.inside", path=out, folder=opened.path))
    before = pd.concat([read_answers(path) for path in asked] or [read_answers(None)])
    lang, trades = opened.settings.lang, trade_names(opened.settings)
    offers = opened.table("tables/offers")
    lines = opened.table("lists", ["youth_id", "offer_id"])
    all_firms = firms_of(offers, trades).assign(training_centre="")
    unfit = _unfit(opened, offers, lines)
    cells = _cells(opened, lines)
    codes, named = territories(
        pd.concat([frame[_AREAS] for frame in (all_firms, unfit, cells)], ignore_index=True),
        by,
        structures(opened.settings), lang, outside=say(lang, "employers.elsewhere"),
    )  # fmt: skip
    cuts = [len(all_firms), len(all_firms) + len(unfit)]
    of_firm, of_unfit, of_cell = codes[: cuts[0]], codes[cuts[0] : cuts[1]], codes[cuts[1] :]
    cells["territory"] = of_cell.to_numpy()
    missing = {code: missing_in(some, trades, lang) for code, some in cells.groupby("territory")}
    wanted = _wanted([row for rows in missing.values() for row in rows])
    all_firms["territory"], unfit["territory"] = of_firm.to_numpy(), of_unfit.to_numpy()
    firms = with_asked(all_firms, before, wanted, lang)
    paths = {code: out / one.file_named(_PREFIX) for code, one in named.items()}
    for path in paths.values():
        if path.exists() and not force:
            raise UsageError(said("employers.is_there", path=path))
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = []
    for code, path in paths.items():
        mine = firms[firms["territory"] == code]
        book = FirmBook(
            name=named[code].name,
            missing=missing.get(code, ()),
            firms=mine,
            unfit=unfit[unfit["territory"] == code],
            as_of=opened.as_of or dt.date.max,  # a run of lists has a day
            lang=lang,
        )
        with replaced(path) as sink:
            sink.write(firm_book_bytes(book))
        files.append((path, len(mine)))
    return FirmsExported(
        files=tuple(files),
        firms=len(firms),
        missing=sum(row.count for rows in missing.values() for row in rows),
        unfit=len(unfit),
        never=len(all_firms) - len(firms),
    )


_AREAS = ["region_code", "departement", "commune_code", "training_centre"]


def _cells(opened: Run, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the youths with too few lines, as what they miss and where."""
    youths = opened.table("tables/youths")
    why = opened.table("unserved", ["youth_id", "reason_code"]).set_index("youth_id")
    gone = why.index[why["reason_code"].isin(NOT_FOLLOWED)]
    seeks = (youths["status"] == "seeking") & ~youths["opt_out"] & ~youths["youth_id"].isin(gone)
    some = youths[seeks].assign(territory="")
    cells = cells_of(some, opened.table("tables/wishes"), lines, opened.settings.min_lines)
    region = some.drop_duplicates("departement").set_index("departement")["region_code"]
    cells["region_code"] = cells["departement"].map(region).fillna("").astype("str")
    return cells.assign(training_centre="")


def _unfit(opened: Run, offers: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the published offers that nobody fits, with the reason in words."""
    settings = opened.settings
    day = opened.as_of or dt.date.max
    market = market_of_tables(
        opened.table("tables/youths"), opened.table("tables/wishes"), offers, settings, day
    )
    tables = scoring_of(market, settings, criteria_for(settings)).tables
    found = unfit_offers(market, tables, lines["offer_id"], fused_engine)
    told = offers.merge(found, on="offer_id").sort_values("offer_id", kind="stable")
    reasons = table(settings.lang, "employers_reason")
    return told.assign(
        reason=told["reason"].map(dict(reasons)),
        employer=employer_names(told, settings.lang),
        place=told["place_name"],
        training_centre="",
    )


def _wanted(missing: Sequence[Missing]) -> frozenset[tuple[str, str]]:
    """Return the department and trade of what is shown as missing in one trade."""
    return frozenset(
        (row.departement, row.trades[0])
        for row in missing
        if len(row.trades) == 1 and row.trades[0]
    )
