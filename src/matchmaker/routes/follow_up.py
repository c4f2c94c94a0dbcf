"""Whom a person should follow up, and which person."""

from __future__ import annotations

import pandas as pd

from matchmaker.reference.lookup import is_among
from matchmaker.routes.referents import assign_referents
from matchmaker.settings import Settings
from matchmaker.words import Said, said

__all__ = ["follow_up", "with_referents"]

# Youths whom nobody should contact, or who need nothing any more.
NOT_FOLLOWED = ("opted_out", "opposed", "placed", "withdrawn")
REFERENT = ("referent_name", "referent_contact", "referent_note")


def follow_up(
    lists: pd.DataFrame,
    unserved: pd.DataFrame,
    few_lines: pd.DataFrame,
    youths: pd.DataFrame,
    referents: pd.DataFrame | None,
    settings: Settings,
) -> pd.DataFrame:
    """Return the youths with fewer than ``settings.min_lines`` lines, each with a referent.

    Parameters
    ----------
    lists : DataFrame
        Lines.
    unserved, few_lines : DataFrame
        ``youth_id``, ``reason_code``, ``reason`` of those without any, and of those with few.
    youths : DataFrame
        The clean table.
    referents : DataFrame or None
        Clean referents; without them the names stay empty.
    settings : Settings

    Returns
    -------
    DataFrame
        ``youth_id``, ``lines``, ``departement``, ``referent_name``, ``referent_contact``,
        ``referent_note``, ``reason_code``, ``reason``; fewest lines first, then by id.  The
        note says of which territory a referent is who is not of the home's, or that there
        is none and for which department.
    """
    lines = youths["youth_id"].map(lists["youth_id"].value_counts()).fillna(0).astype("int16")
    left_alone = unserved["youth_id"][unserved["reason_code"].isin(NOT_FOLLOWED)]
    wanted = (lines < settings.min_lines) & ~is_among(youths["youth_id"], left_alone)
    homes = youths.loc[wanted, ["youth_id", "departement", "region_code", "commune_code"]]
    why = pd.concat([unserved, few_lines]).set_index("youth_id").reindex(homes["youth_id"])
    few = homes.assign(
        lines=lines[wanted],
        reason_code=why["reason_code"].to_numpy(),
        reason=why["reason"].to_numpy(),
        **dict.fromkeys(REFERENT, ""),
    )
    if referents is not None:
        named = assign_referents(homes, referents)
        few = few.assign(
            referent_name=named["referent_name"], referent_contact=named["referent_contact"]
        )
        notes = {
            key: _note(*key).text(settings.lang)
            for key in set(zip(named["of"], homes["departement"], strict=True))
            if key[0] not in {"commune", "departement"}
        }
        few["referent_note"] = [
            notes.get(key, "") for key in zip(named["of"], homes["departement"], strict=True)
        ]
    else:
        few["referent_note"] = said("follow_up.no_file").text(settings.lang)
    columns = ["youth_id", "lines", "departement", *REFERENT, "reason_code", "reason"]
    return (
        few.sort_values(["lines", "youth_id"], kind="stable")[columns]
        .reset_index(drop=True)
        .astype(dict.fromkeys((*REFERENT, "reason_code", "reason"), "str"))
    )


def _note(of: str, departement: str) -> Said:
    """Return what is to be known of a referent who is not of the home's department, or of none."""
    if of == "region":
        return said("follow_up.of_region")
    if of == "all":
        return said("follow_up.of_all")
    if not departement:
        return said("follow_up.home_unknown")
    return said("follow_up.none", departement=departement)


def with_referents(unserved: pd.DataFrame, few: pd.DataFrame) -> pd.DataFrame:
    """Return `unserved` with the referent that `few` names for each youth, if any.

    Parameters
    ----------
    unserved : DataFrame
        ``youth_id`` is read.
    few : DataFrame
        As `follow_up` gives it.

    Returns
    -------
    DataFrame
        `unserved` and ``referent_name``, ``referent_contact``, ``referent_note``; "" for who
        is not followed.
    """
    named = few.set_index("youth_id")
    return unserved.assign(
        **{
            column: named[column].reindex(unserved["youth_id"]).fillna("").to_numpy()
            for column in REFERENT
        }
    )
