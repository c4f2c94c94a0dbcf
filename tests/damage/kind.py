"""What a kind of damage is, and the columns that most kinds are tried in."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.damage.changes import Change

Where = dict[str, tuple[str, ...]]

PLACE = ("postal_code", "commune_code", "place_name")
POINT = ("latitude", "longitude")
DATES: Where = {
    "youths": ("birth_date", "available_from"),
    "offers": ("start_date", "expiry_date"),
}
NUMBERS: Where = {"youths": ("max_distance_km",), "offers": ("capacity",)}
EVERY: Where = {
    "youths": ("youth_id", "birth_date", *PLACE, *POINT, "level", "max_distance_km",
               "available_from", "is_mobile", "has_rqth", "opt_out", "status", "email"),
    "wishes": ("youth_id", "rank", "trade_code", "trade_label", "level", "region_code",
               "commune_code"),
    "offers": ("offer_id", "title", "trade_code", *PLACE, *POINT, "level", "capacity",
               "start_date", "expiry_date", "contract_type", "employer", "siret", "naf_code",
               "kind", "status", "url"),
}  # fmt: skip
IDS: Where = {"youths": ("youth_id",), "wishes": ("youth_id",), "offers": ("offer_id",)}
TABLES: Where = {"youths": ("",), "wishes": ("",), "offers": ("",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of damage.

    Attributes
    ----------
    name : str
        Unique.
    where : mapping of table to columns
        "" is the whole table.
    left : str
        Evidence that remains, "" for none.
    change : callable
    without : tuple of str
        Columns that the file never had: with them there would be evidence.
    words : str
        For the page: what happened, in French; of kinds that leave no evidence.
    """

    name: str
    where: Where = field(default_factory=lambda: EVERY)
    left: str = "form"
    change: Change
    without: tuple[str, ...] = ()
    words: str = ""
