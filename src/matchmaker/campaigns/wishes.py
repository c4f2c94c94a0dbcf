"""The wish of a youth in words, as a mail says it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from matchmaker.reference.trades import trade_names
from matchmaker.runs.folder import Run
from matchmaker.tables.masking import mask
from matchmaker.words import say

__all__ = ["wishes_in_words"]

_READ = ("youth_id", "wish_id", "rank", "trade_label", "trade_codes", "diplomas")
_SHORT = 90  # signs of a label that a mail shows
_MOST = 3  # wishes that it names


def wishes_in_words(run: Run, youth_ids: pd.Series[str]) -> np.ndarray:
    """Return the first wishes of each youth, in words.

    Parameters
    ----------
    run : Run
    youth_ids : Series of str

    Returns
    -------
    ndarray of str
        At most three, quoted: what the youth wrote, or the diploma that it was read as where an
        export has it in capitals; "" where there are no words. What looks like an address or a
        number is hidden.
    """
    wishes = run.table("tables/wishes", [*_READ])
    label = wishes["trade_label"].where(~wishes["trade_label"].str.isupper(), wishes["diplomas"])
    is_plain = (label != "") & ~label.str.contains("|", regex=False)
    words = label.where(is_plain, wishes["trade_label"])
    words = words.where(words != "", _named(wishes["trade_codes"], words == "", run))
    words = mask(words, is_personal=False).str.slice(0, _SHORT).str.strip()
    unranked = np.where(wishes["rank"] == 0, np.iinfo(np.int16).max, wishes["rank"])
    wishes = wishes.assign(words=words, order=unranked)[words != ""]
    wishes = wishes.sort_values(["youth_id", "order", "wish_id"], kind="stable")
    # One trade is one wish here, whatever the words of each: "Serveur", "Serveur / Serveuse".
    trade = wishes["trade_codes"].where(wishes["trade_codes"] != "", wishes["words"])
    wishes = wishes.assign(trade=trade).drop_duplicates(["youth_id", "trade"])
    wishes = wishes.drop_duplicates(["youth_id", "words"])
    wishes = wishes[wishes.groupby("youth_id").cumcount() < _MOST]
    code, distinct = pd.factorize(wishes["words"])
    lang = run.settings.lang
    quoted = [say(lang, "mail.quoted", wish=wish) for wish in distinct]
    told: dict[str, list[str]] = {}
    for youth_id, at in zip(wishes["youth_id"].tolist(), code.tolist(), strict=True):
        told.setdefault(youth_id, []).append(quoted[at])
    return np.array([", ".join(told.get(one, ())) for one in youth_ids.tolist()], dtype=object)


def _named(codes: pd.Series[str], is_wanted: pd.Series[bool], run: Run) -> pd.Series[str]:
    """Return the first trade in words of the wishes that were given as codes only."""
    first = codes.where(is_wanted, "").str.partition("|")[0]
    if not is_wanted.any():
        return first
    names = trade_names(run.settings)
    return first.map(lambda code: names.get(code, code)).astype("str")
