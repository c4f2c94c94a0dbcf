"""What is said of a row's place: the answer itself, and the notes that may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

from matchmaker.words import Text

__all__ = ["PLACE_NOTES", "PlaceFound"]

# Note -> verdict; the words are those of ``place``. "repair": one meaning was left; "warning":
# placed, but a cell was not used; "unplaced": no commune and no area, for a human.
PLACE_NOTES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "leading_zero",
            "former_commune",
            "insee_in_postal_column",
            "postal_in_commune_column",
            "typo",
            "cedex",
            "coordinates_swapped",
        ),
        "repair",
    ),
    **dict.fromkeys(
        (
            "unknown_commune_code",
            "unknown_postal_code",
            "postal_code_differs",
            "name_differs",
            "several_communes",
            "name_not_in_postal_code",
            "coordinates_unreadable",
            "coordinates_equal",
            "coordinates_outside",
            "coordinates_far",
        ),
        "warning",
    ),
    **dict.fromkeys(
        (
            "contradiction",
            "ambiguous_name",
            "ambiguous_code",
            "cedex_alone",
            "departement",
            "region",
            "overseas_collectivity",
            "abroad",
            "unknown_place",
            "blank",
        ),
        "unplaced",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFound:
    """One place: see `resolve_places` for the fields; ``place`` is -1 where none is known."""

    place: int = -1
    departement: str = ""
    region_code: str = ""
    latitude: float = nan
    longitude: float = nan
    how: str = ""
    confidence: float = 0.0
    note: str = ""
    hint: Text = ""
