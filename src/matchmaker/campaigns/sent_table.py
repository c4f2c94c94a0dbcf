"""What was sent: one table of all waves, which only `mail --record` writes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa

from matchmaker.campaigns.mail import MailPlan
from matchmaker.errors import CheckError, UsageError
from matchmaker.replacing import replaced
from matchmaker.report.cells import guard_column
from matchmaker.words import said

__all__ = ["SENT_COLUMNS", "record"]

SENT_COLUMNS = (
    "youth_id", "offer_id", "wave", "slot", "sent_at", "state", "channel", "message_id"
)  # fmt: skip


def record(plan: MailPlan, path: Path, *, sent_at: dt.date) -> int:
    """Add the lines of a wave to the table of what was sent; those in it already stay as they are.

    Parameters
    ----------
    plan : MailPlan
    path : Path
        CSV, made at the first wave. `match --sent` reads it. Ids only: no name, no address.
    sent_at : date

    Returns
    -------
    int
        Lines that were added: none where the same wave was recorded before.

    Raises
    ------
    UsageError
        The file is another table, or cannot be read or written.
    CheckError
        This wave is in it with other lines: what was sent is not forgotten.
    """
    known = _known(path)
    ids = plan.lines[["youth_id", "offer_id"]].apply(_guarded)
    wave = plan.lines[["youth_id", "offer_id", "slot", "message_id"]].assign(
        **ids,
        wave=str(plan.options.wave),
        slot=plan.lines["slot"].astype("str"),
        sent_at=sent_at.isoformat(),
        state="written",
        channel="mail",
    )
    same = known[known["message_id"].isin(set(wave["message_id"]))]
    pairs = {*zip(wave["message_id"], wave["youth_id"], wave["offer_id"], strict=True)}
    before = {*zip(same["message_id"], same["youth_id"], same["offer_id"], strict=True)}
    recorded = {*same["message_id"]}
    again = {pair for pair in pairs if pair[0] in recorded}
    if before != again:
        raise CheckError(
            said(
                "mail_command.recorded_other",
                path=path,
                wave=plan.options.wave,
                campaign=plan.options.campaign,
            )
        )
    key = ["message_id", "youth_id", "offer_id"]
    whole = pd.concat([known, wave[list(SENT_COLUMNS)]]).drop_duplicates(key)
    content = whole.to_csv(index=False, lineterminator="\n").encode()
    with replaced(path) as sink:
        sink.write(content)
    return len(whole) - len(known)


def _guarded(column: pd.Series[str]) -> pd.Series[str]:
    """Return ids as our CSV files have them: a spreadsheet may open the table."""
    cells = pa.chunked_array([pa.array(column, pa.large_string())])
    return pd.Series(guard_column(cells).to_pandas(), dtype="str")


def _known(path: Path) -> pd.DataFrame:
    """Return the table as it is; an empty one where there is none."""
    if not path.exists():
        return pd.DataFrame(columns=list(SENT_COLUMNS), dtype="str")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(said("error.cannot_read", path=path, why=error)) from None
    if not {*SENT_COLUMNS} <= {*frame.columns}:
        raise UsageError(said("mail_command.record_columns", path=path))
    return frame[list(SENT_COLUMNS)]
