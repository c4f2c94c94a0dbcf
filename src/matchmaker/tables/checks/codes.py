"""Levels, types of contract, SIRET and trades: written forms to codes, through the reference tables.

Each distinct text goes to its resolver once; what the resolver says is counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchmaker.reference.agreement import contradicts
from matchmaker.reference.contracts import parse_contract_types
from matchmaker.reference.free_words import as_meant, is_denied, trades_of_words
from matchmaker.reference.levels import parse_levels
from matchmaker.reference.lookup import combinations
from matchmaker.reference.naf import are_activities, editions, trades_of_activities
from matchmaker.reference.siret import check_digits, read_siret
from matchmaker.reference.trades import are_codes, check_codes, resolve_trades
from matchmaker.reference.wish_labels import NAMED_DIPLOMA, NO_WISH, resolve_wish_labels
from matchmaker.settings import Settings
from matchmaker.tables.checks.columns import one_array
from matchmaker.tables.checks.findings import Findings
from matchmaker.words import said

__all__ = [
    "BLANK_WISH",
    "NOT_IN_TABLES",
    "check_contracts",
    "check_levels",
    "check_sirets",
    "check_trades",
    "spread",
]

_WORDS_CONFIDENCE = 0.5  # our judgement: words say what a youth likes, not what they will do
_OTHER_REPAIRS = frozenset({"name", "roman"})
ORDINARY_CONTRACT = "autre contrat de travail"  # of `contract_types.csv`
SURE = 0.95  # of an official title, word for word, that means one thing only
BLANK_WISH = ("left_out", "blank_wish", "label")
"""Key of wishes that say no trade at all: their youths have not wished."""
NOT_IN_TABLES = ("warning", "code_not_in_tables", "trade_code")
"""Key of offers whose codes have the form of ROME and may be newer than the tables."""
_SIRET_FINDINGS = (
    ("absent", "repair", "written_as_missing"),
    ("form", "repair", "siret_form"),
    ("siren", "warning", "siret_is_siren"),
    ("damaged", "warning", "siret_damaged"),
    ("invalid", "warning", "siret_invalid"),
)


def spread(frame: pd.DataFrame, codes: NDArray[np.intp]) -> dict[str, Any]:
    """Return the columns of answers to distinct texts, row by row of the table."""
    return {name: frame[name].array.take(codes) for name in frame.columns}


def check_levels(cells: pd.Series, findings: Findings) -> NDArray[np.int8]:
    """Return levels 3 to 8, 0 unknown; a number outside rejects the row.

    A text that is no level counts as unknown, with a warning: nine offers in ten come
    without a level anyway, and unknown never excludes anybody.
    """
    codes, distinct = pd.factorize(cells)
    levels = parse_levels(pd.Series(distinct, dtype="str"))
    how = levels["how"].to_numpy(dtype=object)
    for form in sorted(set(how) - {"", "number"}):
        rows = np.flatnonzero((how == form)[codes])
        if form in _OTHER_REPAIRS:
            findings.count("repair", f"level_{form}", "level", rows)
        elif form == "out_of_bounds":
            findings.reject(
                rows,
                reason="level_out_of_bounds",
                column="level",
                value=cells.iloc[rows],
                message=said("cell.level"),
                hint=said("cell.level_hint"),
            )
        else:
            findings.count("warning", f"level_{form}", "level", rows)
    result: NDArray[np.int8] = levels["level"].to_numpy(dtype=np.int8)[codes]
    return result


def check_contracts(cells: pd.Series, kinds: pd.Series, findings: Findings) -> pd.Series:
    """Return types of contract; others than work-study stay as they are, and are counted.

    The row stays in the table, and takes part only if the setting `contract_types` names its
    contract; one without a contract always does, but for a job: what is published as a job and
    names no contract is an ordinary one.
    """
    codes, distinct = pd.factorize(cells)
    types = parse_contract_types(pd.Series(distinct, dtype="str"))
    how = types["how"].to_numpy(dtype=object)
    for form, kind, reason in (
        ("either", "default", "contract_left_open"),
        ("perhaps", "warning", "contract_perhaps"),
        ("typo", "repair", "contract_typo"),
        ("other", "warning", "other_contract"),
        ("unknown", "warning", "unknown_contract"),
    ):
        findings.count(kind, reason, "contract_type", np.flatnonzero((how == form)[codes]))
    contract = pd.Series(types["contract_type"].array.take(codes))
    is_ordinary = contract.eq("").to_numpy(dtype=bool) & kinds.eq("job").to_numpy(dtype=bool)
    findings.count("default", "job_contract", "contract_type", np.flatnonzero(is_ordinary))
    return contract.mask(is_ordinary, ORDINARY_CONTRACT)


def check_sirets(cells: pd.Series, sources: pd.Series, findings: Findings) -> pd.Series:
    """Return SIRETs of 14 digits, SIRENs of 9 where no more is told, "" for what is neither.

    The number is a key (of pooling, of the caps on employers), so nothing stays that could make
    one firm of many; the row keeps its place.  Made-up numbers are for made-up rows: in others
    they are counted.
    """
    is_siret, is_made_up = check_digits(cells)
    is_odd = (cells != "").to_numpy(dtype=bool) & ~is_siret & ~is_made_up
    rows = np.flatnonzero(is_odd)
    codes, distinct = pd.factorize(cells.iloc[rows])
    read = [read_siret(text) for text in distinct.tolist()]
    how = np.array([form for _, form in read], dtype=object)[codes]
    for form, kind, reason in _SIRET_FINDINGS:
        findings.count(kind, reason, "siret", rows[how == form])
    is_made_up[rows] = how == "made_up"
    is_real_row = (sources != "synthetic").to_numpy(dtype=bool)
    findings.count("warning", "siret_made_up", "siret", np.flatnonzero(is_made_up & is_real_row))
    if not len(rows):
        return cells
    clean = pa.array([siret for siret, _ in read], type=pa.large_string()).take(pa.array(codes))
    return pd.Series(pd.array(pc.replace_with_mask(one_array(cells), is_odd, clean), dtype="str"))


def check_trades(
    written: pd.Series,
    labels: pd.Series,
    findings: Findings,
    settings: Settings,
    *,
    label_column: str,
    diplomas: dict[str, pd.Series] | None = None,
    activities: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the trades of each row: from its code, else diploma, else label, else activity.

    Parameters
    ----------
    written : Series of str, n rows
        Trade codes as written.
    labels : Series of str, n rows
        Titles or labels.
    findings : Findings
        A code that is not known rejects the row, unless diploma or label tell the trade; that of
        an offer may be newer than the tables, and leaves it without a trade.
    settings : Settings
    label_column : str
        Column of `labels`, for messages.
    diplomas : dict of str to Series of str, optional
        ``diploma_code`` and ``rncp_code``: of wishes, whose labels may also be free words.
    activities : Series of str, optional
        NAF codes of the rows whose label is that of the activity; "" for all others.

    Returns
    -------
    DataFrame, n rows
        trade_codes, trade_how (``code``, ``diploma``, ``label``, `NAMED_DIPLOMA`,
        ``words``, ``naf``, `NO_WISH`, ""),
        trade_confidence float32, level int8 (of the diploma or of the words of the label, else 0),
        differs (bool: the label is the title of another trade than the codes).
    """
    texts = {"written": written, "label": labels, **(diplomas or {})}
    if activities is not None:
        texts["naf_code"] = activities
    row_of, first = combinations(list(texts.values()))
    distinct = pd.DataFrame(
        {name: cells.iloc[first].to_numpy(dtype=object) for name, cells in texts.items()},
        dtype="str",
    )
    answers, seen = _distinct_trades(distinct, settings, is_wish=bool(diplomas))
    columns = {"label": label_column, "diploma": "diploma_code"}
    for (kind, reason, about), found in seen.items():
        findings.count(kind, reason, columns.get(about, about), np.flatnonzero(found[row_of]))
    is_lost = (distinct["written"] != "") & (answers["trade_codes"] == "") & ~answers["is_known"]
    is_lost &= ~seen[NOT_IN_TABLES]
    lost = np.flatnonzero(is_lost.to_numpy(dtype=bool)[row_of])
    findings.reject(
        lost,
        reason="unknown_trade_code",
        column="trade_code",
        value=written.iloc[lost],
        message=said("cell.trade_code"),
        hint=said("cell.trade_code_hint"),
    )
    return pd.DataFrame(spread(answers.drop(columns="is_known"), row_of))


Seen = dict[tuple[str, str, str], NDArray[np.bool_]]
"""(kind, reason, column) of a finding -> the distinct rows that it is about."""


def _named(labels: pd.Series, settings: Settings, *, is_wish: bool) -> pd.DataFrame:
    """Return what labels name, as the columns of the clean table have it.

    Of a wish other meanings of a title, and trades near a diploma, are near and no more.
    """
    named = (resolve_wish_labels if is_wish else resolve_trades)(labels, settings)
    is_named = (named["codes"] != "").to_numpy(dtype=bool)
    is_elsewhere = (named["how"] == NO_WISH).to_numpy(dtype=bool)
    is_title = named["how"].isin(["code", "title", "slip", "text"]).to_numpy(dtype=bool)
    n_codes = named["codes"].str.count(r"\|").to_numpy() + 1
    of_named = np.where(is_title | (not is_wish), "label", NAMED_DIPLOMA)
    return named.assign(
        codes=as_meant(named) if is_wish else named["codes"],
        trade_how=np.where(is_named, of_named, np.where(is_elsewhere, NO_WISH, "")),
        has_meanings=is_wish & is_title & is_named & (named["leading"].to_numpy() < n_codes),
    )


def _how_of_words(
    is_found: NDArray[np.bool_],
) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    return np.where(is_found, "words", ""), np.where(is_found, _WORDS_CONFIDENCE, 0)


def _are_titles(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which labels are to be read as titles: not those of a firm's activity."""
    is_written = (rows["label"] != "").to_numpy(dtype=bool)
    if "naf_code" in rows:
        has_activity = (rows["naf_code"] != "").to_numpy(dtype=bool)
        is_written = is_written & ~(has_activity & are_activities(rows["label"]))
    return is_written


def _of_2025(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which activities have a code of the edition of 2025."""
    if "naf_code" not in rows:
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(editions(rows["naf_code"]) == "2025", dtype=bool)


def _by_activity(
    rows: pd.DataFrame, is_open: NDArray[np.bool_], settings: Settings
) -> tuple[NDArray[np.intp], pd.DataFrame]:
    """Return the firms among the open rows that have an activity, and the trades of it."""
    of_firms = np.flatnonzero(is_open & (rows["naf_code"] != "").to_numpy(dtype=bool))
    some = rows.iloc[of_firms]
    return of_firms, trades_of_activities(some["naf_code"], some["label"], settings)


def _against_codes(
    rows: pd.DataFrame, codes: pd.Series, settings: Settings, *, is_wish: bool
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which labels are another trade than the codes, and which of these are surer.

    The code of a wish was chosen from a list; only an offer's title may be surer.
    """
    differs = contradicts(codes, rows["label"], settings)
    is_surer = differs & _are_titles(rows) & (not is_wish)
    at = np.flatnonzero(is_surer)
    named = resolve_trades(rows["label"].iloc[at], settings)
    is_surer[at] = (named["codes"] != "") & (named["confidence"] >= SURE)
    return differs, is_surer


def _may_be_new(rows: pd.DataFrame, is_lost: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which of the lost codes have the form of ROME: a newer table may have them."""
    result = is_lost.copy()
    result[is_lost] = [are_codes(text) for text in rows["written"][is_lost]]
    return result


def _distinct_trades(
    rows: pd.DataFrame, settings: Settings, *, is_wish: bool
) -> tuple[pd.DataFrame, Seen]:
    """Resolve distinct rows of ``written``, ``label`` and diploma codes; say what was seen."""
    checked = check_codes(rows["written"], settings)
    is_written = (rows["written"] != "").to_numpy(dtype=bool)
    is_known = checked["is_known"].to_numpy(dtype=bool)
    trade = checked["codes"].to_numpy(dtype=object, copy=True)
    how = np.where(trade != "", "code", "").astype(object)
    confidence = (trade != "").astype(np.float32)
    level = np.zeros(len(rows), dtype=np.int8)
    is_lost = np.zeros(len(rows), dtype=bool)

    if is_wish and (rows[["diploma_code", "rncp_code"]] != "").any(axis=None):
        from matchmaker.reference.diplomas import resolve_diplomas

        found = resolve_diplomas(rows[["diploma_code", "rncp_code"]], settings)
        is_lost = (found["how"] == "unknown_code").to_numpy(dtype=bool)
        codes = found["codes"].to_numpy(dtype=object)
        level = found["level"].to_numpy(dtype=np.int8, copy=True)
        taken = (trade == "") & (codes != "")
        trade[taken], how[taken], confidence[taken] = codes[taken], "diploma", 1.0

    differs, is_taken = _against_codes(rows, checked["codes"], settings, is_wish=is_wish)
    trade[is_taken] = ""
    rest = np.flatnonzero((trade == "") & _are_titles(rows))
    named = _named(rows["label"].iloc[rest], settings, is_wish=is_wish)
    trade[rest] = named["codes"].to_numpy(dtype=object)
    how[rest] = named["trade_how"].to_numpy(dtype=object)
    confidence[rest] = np.where(trade[rest] != "", named["confidence"].to_numpy(), 0)
    level[rest] = np.where(level[rest] == 0, named["level"].to_numpy(), level[rest])
    has_meanings = np.zeros(len(rows), dtype=bool)
    has_meanings[rest] = named["has_meanings"]

    if is_wish:
        is_no = np.array([is_denied(label) for label in rows["label"].iloc[rest]], dtype=bool)
        vague = rest[(how[rest] == "") | is_no]
        trade[vague] = trades_of_words(rows["label"].iloc[vague], settings).to_numpy(dtype=object)
        how[vague], confidence[vague] = _how_of_words(trade[vague] != "")

    if "naf_code" in rows:
        of_firms, done = _by_activity(rows, trade == "", settings)
        trade[of_firms], confidence[of_firms] = done["codes"], done["confidence"]
        how[of_firms] = np.where(trade[of_firms] != "", "naf", "")

    is_unknown = is_written & ~is_known
    is_blank = np.full(len(rows), is_wish) & (rows == "").to_numpy(dtype=bool).all(axis=1)
    seen: Seen = {
        ("repair", "code_form", "trade_code"): (checked["how"] == "repaired").to_numpy(dtype=bool),
        ("warning", "unknown_among_codes", "trade_code"): is_unknown & (how == "code"),
        ("warning", "unknown_code_other_used", "trade_code"): is_unknown
        & (how != "code")
        & (trade != ""),
        NOT_IN_TABLES: _may_be_new(rows, is_unknown & (trade == "") & (not is_wish)),
        ("warning", "code_and_label_differ", "label"): differs & ~is_taken,
        ("warning", "title_taken_for_code", "label"): is_taken,
        ("repair", "trade_from_label", "label"): np.isin(how, ("label", NAMED_DIPLOMA)),
        ("warning", "trade_from_words", "label"): how == "words",
        ("warning", "several_meanings", "label"): has_meanings & (how == "label"),
        ("repair", "trade_from_diploma", "diploma"): how == "diploma",
        ("repair", "trade_from_activity", "naf_code"): how == "naf",
        ("warning", "naf_2025_without_trade", "naf_code"): _of_2025(rows) & (trade == ""),
        ("warning", "diploma_code_unknown", "diploma"): is_lost,
        ("warning", "trade_unresolved", "label"): (trade == "")
        & ~is_unknown
        & ~is_blank
        & (how != NO_WISH),
        ("warning", "no_apprenticeship", "label"): how == NO_WISH,
        BLANK_WISH: is_blank,
    }
    answers = pd.DataFrame(
        {
            "trade_codes": pd.array(trade, dtype="str"),
            "trade_how": pd.array(how, dtype="str"),
            "trade_confidence": confidence.astype(np.float32),
            "level": level,
            "is_known": is_known,
            "differs": differs,
        }
    )
    return answers, seen
