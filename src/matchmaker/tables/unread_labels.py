"""Labels of wishes that are not understood, those of most youths first, and how to teach each."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd

from matchmaker.reference.lookup import fold
from matchmaker.tables.masking import mask
from matchmaker.words import Lang, say

__all__ = ["line_to_add", "unread_labels"]

_COLUMNS = ("label", "youths", "wishes")


def unread_labels(wishes: pd.DataFrame, *, least: int = 1) -> pd.DataFrame:
    """Return the labels that lead to no trade and to no class, most youths hit first.

    Labels that differ in capitals, accents and signs alone are one: a line of ``labels_file``
    teaches them all.

    Parameters
    ----------
    wishes : DataFrame
        Clean: youth_id, trade_label, trade_codes and trade_how are read.
    least : int
        Labels of fewer youths are left out.  What one youth alone wrote may name a person, so
        a figure that is handed round asks for two.

    Returns
    -------
    DataFrame
        label (as most have written it, addresses and numbers of persons hidden), youths, wishes.

    Examples
    --------
    >>> wishes = pd.DataFrame({"youth_id": ["Y1", "Y2", "Y2"], "trade_codes": ["", "", "D1102"],
    ...     "trade_how": ["", "", "label"], "trade_label": ["Zorglub", "ZORGLUB", "Boulanger"]})
    >>> unread_labels(wishes).to_dict("records")
    [{'label': 'ZORGLUB', 'youths': 2, 'wishes': 2}]
    """
    is_unread = (
        wishes["trade_codes"].eq("") & wishes["trade_how"].eq("") & wishes["trade_label"].ne("")
    ).to_numpy(dtype=bool)
    rows = wishes.loc[is_unread, ["youth_id", "trade_label"]]
    code, distinct = pd.factorize(rows["trade_label"])
    same = np.array([fold(text) for text in distinct], dtype=object)[code]
    rows = rows.assign(same=pd.Series(same, index=rows.index, dtype="str"))
    counts = rows.groupby("same")["youth_id"].agg(youths="nunique", wishes="size")
    # As most have written it; of equal numbers the first in the order of signs.
    written = rows.groupby(["same", "trade_label"]).size().reset_index(name="n")
    written = written.sort_values(["n", "trade_label"], ascending=[False, True])
    label = written.drop_duplicates("same").set_index("same")["trade_label"]
    found = counts.assign(label=mask(label, is_personal=False).reindex(counts.index))
    found = found[(found["youths"] >= least) & (found.index != "")]
    order = ["youths", "wishes", "label"]
    found = found.sort_values(order, ascending=[False, False, True], ignore_index=True)
    return pd.DataFrame(found[list(_COLUMNS)])


def line_to_add(label: str, lang: Lang) -> str:
    """Return the line of ``labels_file`` that teaches a label, once its codes are put in.

    Examples
    --------
    >>> line_to_add("Zorglub, option A", "fr")
    'trades,"Zorglub, option A",CODES ROME'
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(["trades", label, say(lang, "unread.codes")])
    return line.getvalue()
