"""What a territory sets for itself, row by row: looked up anew, and not as the engines do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matchmaker.reference.gazetteer import regions
from matchmaker.settings import Settings
from matchmaker.verify.clean import Clean, rows_of
from matchmaker.verify.fault import Faults

__all__ = ["check_told", "has_contract", "own_values"]


def own_values(settings: Settings, name: str, regions: pd.Series) -> NDArray[Any]:
    """Return the value of a setting for each row of a table.

    Parameters
    ----------
    settings : Settings
    name : str
        Of a whole number, or of a truth.
    regions : Series of str
        Code of the region of each row; of the home of a youth, of the place of an offer.

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> here = Settings(territories={"53": {"pilot": "DREETS", "min_lines": 4}})
    >>> own_values(here, "min_lines", pd.Series(["11", "53"], dtype="str")).tolist()
    [6, 4]
    """
    of_all = getattr(settings, name)
    if not settings.territories:
        return np.full(len(regions), of_all)
    code, known = pd.factorize(regions)
    values = [
        settings.territories[region].own().get(name, of_all)
        if region in settings.territories
        else of_all
        for region in map(str, known)
    ]
    return np.array([*values, of_all])[code]


def has_contract(
    settings: Settings,
    youths: pd.DataFrame,
    offers: pd.DataFrame,
    youth: NDArray[np.int64],
    offer: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Tell which pairs are of a contract that is offered where the youth lives.

    Parameters
    ----------
    settings : Settings
    youths, offers : DataFrame
        The clean tables.
    youth, offer : ndarray of int64, shape (n,)
        Rows of them.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    home, homes = pd.factorize(youths["region_code"])
    kind, kinds = pd.factorize(offers["contract_type"])
    is_offered = np.ones((len(homes) + 1, len(kinds) + 1), dtype=bool)
    for row, region in enumerate(map(str, homes)):
        own = settings.territories[region].own() if region in settings.territories else {}
        types = {"", *own.get("contract_types", settings.contract_types)}
        is_offered[row, :-1] = [str(name) in types for name in kinds]
    found: NDArray[np.bool_] = is_offered[home[youth], kind[offer]]
    return found


def check_told(
    summary: Mapping[str, Any],
    manifest: Mapping[str, Any],
    clean: Clean,
    lists: pd.DataFrame,
    faults: Faults,
) -> None:
    """Check that manifest and summary tell each difference with its pilot, and whom it hits.

    What a run without the differences would give cannot be counted again from a folder.

    Parameters
    ----------
    summary, manifest : mapping
    clean : Clean
    lists : DataFrame
    faults : Faults
        What is found is added to it.
    """
    settings = manifest["settings"]
    own = settings.get("territories", {})
    names = dict(zip(regions()["region_code"], regions()["name"], strict=True))
    due = [
        {
            "region_code": code,
            "name": names.get(code),
            "pilot": own[code]["pilot"],
            "settings": [
                {"name": key, "of_all": settings[key], "here": value}
                for key, value in own[code].items()
                if key != "pilot"
            ],
        }
        for code in sorted(own)
    ]
    faults.equal(
        "figure", manifest.get("territories", []), due, file="manifest.json", column="territories"
    )
    told = summary.get("territories", {})
    head = (
        [{name: one.get(name) for name in due[0]} for one in told.get("territories", [])]
        if due
        else []
    )
    faults.equal("figure", head, due, file="summary.json", column="territories")
    if not due or head != due:
        return
    home = clean.youths["region_code"].to_numpy(dtype=object)
    is_seeking = (clean.youths["status"] == "seeking") & ~clean.youths["opt_out"].astype(bool)
    youth = rows_of(lists["youth_id"], clean.youths["youth_id"])
    score = lists["score"].to_numpy(dtype=np.int64)
    for column, said, who in (
        *(
            ("territories." + one["region_code"], one, home == one["region_code"])
            for one in told["territories"]
        ),
        ("territories.others", told["others"], ~np.isin(home, [*own])),
        ("territories.all", told["all"], np.ones(len(home), dtype=bool)),
    ):
        its = who[youth]
        true = {
            "seeking": int((is_seeking.to_numpy(dtype=bool) & who).sum()),
            "served": len(np.unique(youth[its])),
            "lines": int(its.sum()),
            "score": int(score[its].sum()),
        }
        found = {"seeking": said["seeking"], **said["with"]}
        faults.equal("figure", found, true, file="summary.json", column=column)
