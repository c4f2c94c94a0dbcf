"""Whom a person should follow up, and which person."""

from __future__ import annotations

import pandas as pd

from matchmaker.routes.referents import assign_referents
from matchmaker.settings import Settings

__all__ = ["follow_up", "with_referents"]

# Youths whom nobody should contact, or who need nothing any more.
NOT_FOLLOWED = ("opted_out", "placed", "withdrawn")
FEW_LINES = {
    "fr": "Moins d'offres que le nombre souhaité.",
    "en": "Fewer offers than wanted.",
}


def follow_up(
    lists: pd.DataFrame,
    unserved: pd.DataFrame,
    youths: pd.DataFrame,
    referents: pd.DataFrame | None,
    settings: Settings,
) -> pd.DataFrame:
    """Return the youths with fewer than ``settings.min_lines`` lines, each with a referent.

    Parameters
    ----------
    lists, unserved : DataFrame
        Lines, and those without any with their reason.
    youths : DataFrame
        The clean table.
    referents : DataFrame or None
        Clean referents; without them the names stay empty.
    settings : Settings

    Returns
    -------
    DataFrame
        ``youth_id``, ``lines``, ``departement``, ``referent_name``, ``referent_contact``,
        ``reason``; fewest lines first, then by id.
    """
    lines = youths["youth_id"].map(lists["youth_id"].value_counts()).fillna(0).astype("int16")
    why = unserved.set_index("youth_id")
    left_alone = why.index[why["reason_code"].isin(NOT_FOLLOWED)]
    wanted = (lines < settings.min_lines) & ~youths["youth_id"].isin(left_alone)
    few = youths.loc[wanted, ["youth_id", "departement", "commune_code"]].assign(
        lines=lines[wanted]
    )
    reason = why["reason"].reindex(few["youth_id"]).fillna(FEW_LINES[settings.lang])
    few = few.assign(reason=reason.to_numpy(), referent_name="", referent_contact="")
    if referents is not None:
        named = assign_referents(few[["youth_id", "departement", "commune_code"]], referents)
        few = few.assign(
            referent_name=named["referent_name"], referent_contact=named["referent_contact"]
        )
    columns = [
        "youth_id", "lines", "departement", "referent_name", "referent_contact", "reason",
    ]  # fmt: skip
    return (
        few.sort_values(["lines", "youth_id"], kind="stable")[columns]
        .reset_index(drop=True)
        .astype({"reason": "str", "referent_name": "str", "referent_contact": "str"})
    )


def with_referents(unserved: pd.DataFrame, few: pd.DataFrame) -> pd.DataFrame:
    """Return `unserved` with the referent that `few` names for each youth, if any."""
    named = few.set_index("youth_id")
    return unserved.assign(
        **{
            column: named[column].reindex(unserved["youth_id"]).fillna("").to_numpy()
            for column in ("referent_name", "referent_contact")
        }
    )
