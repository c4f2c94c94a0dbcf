"""Travel times between communes: a table of the user's own, in place of the straight line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from matchmaker.errors import InputError, Issue, UsageError
from matchmaker.reference import store
from matchmaker.settings import Settings
from matchmaker.words import said

__all__ = ["LONGEST_MINUTES", "travel_times"]

COLUMNS = ("from_commune", "to_commune", "minutes")
LONGEST_MINUTES = 1440  # a day
_COMMUNE = r"(?:\d{2}|2[AB])\d{3}"
_SAID = {
    "from_commune": ("reference.travel_from", "reference.travel_from_hint"),
    "to_commune": ("reference.travel_to", "reference.travel_to_hint"),
    "minutes": ("reference.travel_minutes", "reference.travel_minutes_hint"),
    "twice": ("reference.travel_twice", "reference.travel_twice_hint"),
}


def travel_times(settings: Settings) -> pd.DataFrame:
    """Return the minutes of travel from one commune to another.

    Parameters
    ----------
    settings : Settings
        ``travel_times_file``: a CSV of from_commune, to_commune (official codes) and minutes.
        The way back is a row of its own.

    Returns
    -------
    DataFrame
        from_commune, to_commune (str), minutes (int16, decimals rounded up); each pair once, no
        row without a file.

    Raises
    ------
    UsageError
        The file is not there.
    InputError
        A column is missing, a code is none, minutes are no number of 0 to 1,440, or a pair has
        two different times: all faults at once.

    Examples
    --------
    >>> len(travel_times(Settings()))
    0
    """
    file = settings.travel_times_file
    if not file:
        text = pd.Series(dtype="str")
        return pd.DataFrame(dict.fromkeys(COLUMNS[:2], text)).assign(minutes=np.zeros(0, "int16"))
    if not Path(file).is_file():
        raise UsageError(said("setting.no_such_file", name="travel_times_file", path=file))
    frame = store.read_csv(file, COLUMNS)
    name = Path(file).name
    minutes = pd.to_numeric(frame["minutes"], errors="coerce")
    is_wrong = {
        "from_commune": ~frame["from_commune"].str.fullmatch(_COMMUNE),
        "to_commune": ~frame["to_commune"].str.fullmatch(_COMMUNE),
        "minutes": ~minutes.between(0, LONGEST_MINUTES),
    }
    times = frame[[*COLUMNS[:2]]].assign(minutes=np.ceil(minutes.fillna(0)))
    first = times.drop_duplicates()
    again = first.duplicated(list(COLUMNS[:2])).reindex(frame.index, fill_value=False)
    faults = [
        *(_fault(name, frame, i, column, *_SAID[column])
          for column, wrong in is_wrong.items() for i in np.flatnonzero(wrong)),
        *(_fault(name, frame, i, "minutes", *_SAID["twice"])
          for i in np.flatnonzero(again)),
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return first.astype({"minutes": "int16"}).reset_index(drop=True)


def _fault(
    name: str, frame: pd.DataFrame, row: np.intp, column: str, what: str, hint: str
) -> Issue:
    return Issue(
        reason="bad_travel_time",
        file=name,
        line=int(row) + 2,
        column=column,
        value=str(frame[column].iloc[row]),
        message=said(what, high=LONGEST_MINUTES),
        hint=said(hint),
    )
