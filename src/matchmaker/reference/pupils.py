"""Who leaves the 3e: the youths of Affelnet, and whoever wishes a common class of 2nde pro.

A "2NDE COMMUNE" is entered after the 3e and by nobody else: the wish says what a table that names
no source leaves open.
"""

from __future__ import annotations

import re

import pandas as pd

from matchmaker.reference.lookup import fold

__all__ = ["AFFELNET", "COMMON_CLASS", "with_pupils"]

AFFELNET = "affelnet"
COMMON_CLASS = re.compile(r"\b(?:2n?de?|seconde) comm?(?:une)?\b")
"""Of a folded label."""


def with_pupils(youths: pd.DataFrame, wishes: pd.DataFrame) -> pd.Series:
    """Return the source of each youth, `AFFELNET` for who has none and wishes a common class.

    Parameters
    ----------
    youths, wishes : DataFrame
        Clean tables.

    Returns
    -------
    Series of str
        With the index of `youths`.

    Examples
    --------
    >>> youths = pd.DataFrame({"youth_id": ["Y1", "Y2"], "source": ["", ""]}, dtype="str")
    >>> labels = ["METIERS DE L'AERONAUTIQUE 2NDE COMMUNE", "BOULANGER"]
    >>> wishes = pd.DataFrame({"youth_id": ["Y1", "Y2"], "trade_label": labels})
    >>> with_pupils(youths, wishes).tolist()
    ['affelnet', '']
    """
    label, labels = pd.factorize(wishes["trade_label"])
    is_common = [COMMON_CLASS.search(fold(str(text))) is not None for text in labels]
    rows = pd.Series([*is_common, False]).to_numpy()[label]
    is_pupil = youths["youth_id"].isin(wishes["youth_id"][rows])
    return youths["source"].mask(is_pupil & youths["source"].eq(""), AFFELNET)
