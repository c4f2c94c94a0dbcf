"""The rules that turn one commune code, postal code and name into one place, or say why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf, nan

import numpy as np
from rapidfuzz.distance import OSA

from matchmaker.reference.coordinates import distance_km
from matchmaker.reference.gazetteer import Gazetteer, postal_office
from matchmaker.reference.place_text import PlaceText, read_code, read_place

__all__ = ["PLACE_NOTES", "Found", "PlaceFinder"]

# Note -> (verdict, what it says). "repair": one meaning was left; "warning": placed, but a cell
# was not used; "unplaced": no commune and no area, for a human.
PLACE_NOTES: dict[str, tuple[str, str]] = {
    "leading_zero": ("repair", "has lost its leading zero"),
    "former_commune": ("repair", "is a former commune, now part of another one"),
    "insee_in_postal_column": ("repair", "is a commune code, not a postal code"),
    "postal_in_commune_column": ("repair", "is a postal code, not a commune code"),
    "typo": ("repair", "is close to one name only among those that are possible"),
    "cedex": ("repair", "is a CEDEX code: the name beside it tells the commune"),
    "coordinates_swapped": ("repair", "latitude and longitude are swapped"),
    "unknown_commune_code": ("warning", "is no commune code"),
    "unknown_postal_code": ("warning", "is no postal code of a commune (a CEDEX code?)"),
    "postal_code_differs": ("warning", "is not a postal code of that commune: its code is used"),
    "name_differs": ("warning", "is not the name of that commune: the code is used"),
    "several_communes": ("warning", "covers several communes: their middle is used"),
    "name_not_in_postal_code": (
        "warning",
        "is no commune of that postal code: the middle of its communes is used",
    ),
    "coordinates_unreadable": ("warning", "coordinates are not numbers"),
    "coordinates_equal": ("warning", "latitude and longitude are the same number"),
    "coordinates_outside": ("warning", "coordinates are not in France"),
    "coordinates_far": ("warning", "coordinates are far from the commune: its own are used"),
    "contradiction": ("unplaced", "names a place far from the other cells of the row"),
    "ambiguous_name": ("unplaced", "is the name of several communes"),
    "ambiguous_code": ("unplaced", "is a former code of several communes"),
    "overseas_collectivity": ("unplaced", "is in an overseas collectivity, which has no table"),
    "abroad": ("unplaced", "is not in France"),
    "unknown_place": ("unplaced", "is no place that is known"),
    "blank": ("unplaced", "no place is given"),
}

# Two cells that name places within this distance disagree by a slip, not about the place.
MAX_KM_OF_SLIP = 30.0
# Shortest name in which one wrong letter leaves enough to recognise it.
MIN_LETTERS_FOR_TYPO = 3
_COLLECTIVITIES = ("975", "977", "978", "984", "986", "987", "988", "989")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One place: see `resolve_places` for the fields; ``place`` is -1 where none is known."""

    place: int = -1
    departement: str = ""
    region_code: str = ""
    latitude: float = nan
    longitude: float = nan
    how: str = ""
    confidence: float = 0.0
    note: str = ""
    hint: str = ""


class PlaceFinder:
    """Finds places in one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._g = gazetteer
        # Answers that thousands of rows share: a commune by its code, a postal code's area.
        self._communes: dict[int, Found] = {}
        self._areas: dict[tuple[tuple[int, ...], str], Found] = {}
        self._with_districts = {place for place, _ in gazetteer.district_point}

    def find(self, commune_code: str, postal_code: str, name: str, departement: str) -> Found:
        """Resolve the four cells of one row, as written; "" where a cell is missing."""
        g = self._g
        is_plain = not postal_code or postal_code in g.by_postal
        place = g.by_code.get(commune_code, -1) if is_plain and not departement else -1
        if place >= 0 and name in ("", g.name[place]):
            # What most rows say: the long way below would end here too.
            if place in self._with_districts or (
                postal_code and postal_code not in g.postal_codes[place]
            ):
                return self._with_code(
                    place, "commune_code", "", commune_code, postal_code, PlaceText()
                )
            if place not in self._communes:
                self._communes[place] = self._point(place, "commune_code", 1.0, "")
            return self._communes[place]
        if is_plain and postal_code and name and not (commune_code or departement):
            place = self._named_in(postal_code, name)
            if place >= 0:
                return self._point(place, "postal_code+name", 1.0, "")
        code = read_code(commune_code)
        postal = read_code(postal_code)
        if len(code) == 5 and code.startswith("99"):
            return self._unplaced("abroad")  # countries have 99 and three digits
        text = read_place(name) if name else PlaceText()
        is_no_code = bool(commune_code) and not code
        if is_no_code and any(sign.isalpha() for sign in commune_code):
            is_no_code = False  # a name in the column of codes
            text = text if text.name else read_place(commune_code)
        if postal_code and not postal:
            beside = read_place(postal_code)  # "75012 Paris 12e" in the column of postal codes
            postal = beside.postal_code
            text = text if text.name else beside
        postal = postal or text.postal_code
        if departement:
            text = replace(text, departement=read_place(f"- ({departement})").departement)

        note = ""
        if any(
            len(read) == 5 and len(written.strip()) == 4
            for read, written in ((code, commune_code), (postal, postal_code))
        ):
            note = "leading_zero"
        place, how, code_note = self._by_code(code)
        if place < 0 and code in g.by_postal and postal in ("", code):
            postal, code_note = code, "postal_in_commune_column"
        if is_no_code:
            code_note = "unknown_commune_code"
        if (
            place < 0
            and postal not in g.by_postal
            and "cedex" not in f"{postal_code} {name}".lower()
        ):
            # Without a name beside it, it may still be a CEDEX code: hence less than sure.
            place, how, _ = self._by_code(postal)
            if place >= 0 and (not text.name or self._among(text, [place])[0]):
                district = g.district_by_code.get(postal)
                confidence = 0.95 if text.name else 0.8
                return self._point(place, how, confidence, "insee_in_postal_column", district)
            place = -1
        note = code_note or note
        if place >= 0:
            return self._with_code(place, how, note, code, postal, text)
        if code_note == "ambiguous_code":
            narrowed = [p for p in g.by_former_code[code] if postal in g.postal_codes[p]]
            if len(narrowed) == 1:
                return self._point(narrowed[0], "former_code", 0.95, "former_commune")
            if not postal:
                return self._unplaced("ambiguous_code", self._named(g.by_former_code[code]))
        if postal in g.by_postal:
            return self._with_postal(postal, text, note)
        is_blank = not (commune_code or postal_code or name)
        return self._with_name(postal or code, text, note, is_blank=is_blank)

    def _named_in(self, postal_code: str, name: str) -> int:
        """Return the one commune of a postal code with this official name, -1 if not so plain.

        It is left to the long way where another one is spelt alike, or where the
        arrondissement counts.
        """
        g = self._g
        places = g.by_postal[postal_code]
        place = next((place for place in places if g.name[place] == name), -1)
        if place < 0 or place in self._with_districts:
            return -1
        alike = [other for other in places if g.names[other][0] == g.names[place][0]]
        return place if len(alike) == 1 else -1

    def _by_code(self, code: str) -> tuple[int, str, str]:
        """Return (place or -1, how, note) of an INSEE code."""
        g = self._g
        if not code:
            return (-1, "", "")
        if code in g.by_code:
            return (g.by_code[code], "commune_code", "")
        if code in g.district_by_code:
            return (g.district_by_code[code][0], "commune_code", "")
        former = g.by_former_code.get(code, ())
        if len(former) == 1:
            return (former[0], "former_code", "former_commune")
        return (-1, "", "ambiguous_code" if former else "unknown_commune_code")

    def _with_code(
        self, place: int, how: str, note: str, code: str, postal: str, text: PlaceText
    ) -> Found:
        """Check a commune known by its code against the other cells."""
        g = self._g
        if postal and postal not in g.postal_codes[place]:
            others = g.by_postal.get(postal, ())
            if others and place not in others and self._km(place, others) > MAX_KM_OF_SLIP:
                hint = f"{g.code[place]} is {g.name[place]}, {postal} is {self._named(others)}."
                return self._unplaced("contradiction", hint)
            note = note or ("postal_code_differs" if others else "unknown_postal_code")
        elif text.name and not self._among(text, [place])[0]:
            note = note or "name_differs"
        district = g.district_by_code.get(code) or self._district(place, postal, text)
        return self._point(place, how, 1.0, note, district)

    def _with_postal(self, postal: str, text: PlaceText, note: str) -> Found:
        """Choose among the communes of a postal code by the name, if any."""
        g = self._g
        places = g.by_postal[postal]
        matches, confidence, match_note = self._among(text, places) if text.name else ([], 0.0, "")
        if len(matches) == 1:
            place = matches[0]
            district = self._district(place, postal, text)
            how = "postal_code+name" if text.name else "postal_code"
            return self._point(place, how, confidence, note or match_note, district)
        if text.name and not matches:
            # A name that is found elsewhere contradicts the postal code, unless it is near.
            elsewhere = g.by_name.get(text.name, ())
            is_misplaced = bool(elsewhere) and all(
                self._km(place, places) > MAX_KM_OF_SLIP for place in elsewhere
            )
            if is_misplaced or (elsewhere == () and note == "leading_zero"):
                hint = f"{postal} is {self._named(places)}."
                return self._unplaced("contradiction", hint)
        if len(places) == 1:
            district = self._district(places[0], postal, text)
            differs = "name_differs" if text.name else ""
            confidence = 0.9 if differs else 1.0
            return self._point(places[0], "postal_code", confidence, note or differs, district)
        reason = "name_not_in_postal_code" if text.name and not matches else "several_communes"
        return self._area(places, note or reason)

    def _with_name(self, postal: str, text: PlaceText, note: str, *, is_blank: bool) -> Found:
        """Resolve by the name alone, the postal code being absent or in no table."""
        g = self._g
        if postal:
            if postal.startswith(("980", "99")):
                return self._unplaced("abroad")
            if postal in ("97133", "97150") or postal.startswith(_COLLECTIVITIES):
                return self._unplaced("overseas_collectivity")
            # A CEDEX code begins like the codes of the communes around it.
            office = g.by_office.get(postal_office(postal), frozenset())
            near = [place for place in g.by_name.get(text.name, ()) if place in office]
            if len(near) == 1:
                district = self._district(near[0], "", text)
                return self._point(near[0], "postal_code+name", 0.95, "cedex", district)
            if len(office) == 1:  # Paris: all codes that begin with 75 are its own
                (place,) = office
                return self._point(place, "postal_code", 0.95, "unknown_postal_code")
            return self._unplaced("unknown_place", self._named(near))
        if not text.name:
            return self._unplaced("blank" if is_blank else "unknown_place")
        if text.departement:
            inside = g.by_departement[text.departement]
            matches, confidence, match_note = self._among(text, inside)
            if len(matches) == 1:
                district = self._district(matches[0], "", text)
                reason = note or match_note
                return self._point(matches[0], "name+departement", confidence, reason, district)
            return self._unplaced("ambiguous_name" if matches else "unknown_place")
        matches = list(g.by_name.get(text.name, ())) or list(g.by_former_name.get(text.name, ()))
        if len(matches) == 1:
            is_former = text.name not in g.by_name
            district = self._district(matches[0], "", text)
            reason = note or ("former_commune" if is_former else "")
            return self._point(matches[0], "name", 0.8 if is_former else 0.95, reason, district)
        if matches:
            return self._unplaced("ambiguous_name", self._named(matches))
        return self._unplaced("unknown_place" if note == "" else note)

    def _among(self, text: PlaceText, places: Sequence[int]) -> tuple[list[int], float, str]:
        """Return the places that a name may mean, with the confidence and the note.

        Tried in turn until one gives an answer: the name, a former commune's name, the name
        without its article, a part of the name, a name one or two letters away.
        """
        g, name = self._g, text.name
        inside: Collection[int] = set(places) if len(places) > 8 else places
        exact = [place for place in g.by_name.get(name, ()) if place in inside]
        if exact:
            return exact, 1.0, ""
        former = [place for place in g.by_former_name.get(name, ()) if place in inside]
        if former:
            return former, 0.95, "former_commune"
        bare = _without_article(name)
        loose = [p for p in places if any(_without_article(n) == bare for n in g.names[p])]
        if loose:
            return loose, 0.95, ""
        closest, confidence, note = self._closest(name, places)
        if len(places) <= 100:  # a postal code; in a whole department a part says too little
            part = [p for p in places if _is_part(g.names[p][0], name) and p not in closest]
            if part:
                # A part of one name and a slip of another: both are possible.
                return closest + part, 0.85, ""
        return closest, confidence, note

    def _closest(self, name: str, places: Iterable[int]) -> tuple[list[int], float, str]:
        """Return the places whose name is fewest letters away, if few enough."""
        if len(name) < MIN_LETTERS_FOR_TYPO:
            return [], 0.0, ""
        allowed = 1 if len(name) < 10 else 2
        best: list[int] = []
        for place in places:
            for known in self._g.names[place]:
                away = OSA.distance(name, known, score_cutoff=allowed)
                if away < allowed or (away == allowed and not best):
                    best, allowed = [place], away
                elif away == allowed and place not in best:
                    best.append(place)
        return best, 0.9, "typo" if best else ""

    def _district(self, place: int, postal: str, text: PlaceText) -> tuple[int, int] | None:
        """Return the arrondissement that the postal code or the name tells."""
        g = self._g
        key = g.district_by_postal.get(postal) or (place, text.district)
        return key if key in g.district_point and key[0] == place else None

    def _point(
        self,
        place: int,
        how: str,
        confidence: float,
        note: str,
        district: tuple[int, int] | None = None,
    ) -> Found:
        """Return a commune, or an arrondissement of it."""
        g = self._g
        latitude, longitude = float(g.latitude[place]), float(g.longitude[place])
        if district is not None:
            latitude, longitude = g.district_point[district]
        return Found(
            place=place,
            departement=g.departement[place],
            region_code=g.region_code[place],
            latitude=latitude,
            longitude=longitude,
            how=how,
            confidence=confidence,
            note=note,
        )

    def _area(self, places: tuple[int, ...], note: str) -> Found:
        """Return what several communes have in common, and their middle."""
        if (places, note) not in self._areas:
            self._areas[places, note] = self._middle(places, note)
        return self._areas[places, note]

    def _middle(self, places: tuple[int, ...], note: str) -> Found:
        g = self._g
        rows = list(places)
        people = g.population[rows] + 1.0  # six villages have no inhabitant
        total = float(people.sum())
        departements = {g.departement[place] for place in places}
        regions = {g.region_code[place] for place in places}
        return Found(
            departement=departements.pop() if len(departements) == 1 else "",
            region_code=regions.pop() if len(regions) == 1 else "",
            latitude=round(float((g.latitude[rows] * people).sum()) / total, 5),
            longitude=round(float((g.longitude[rows] * people).sum()) / total, 5),
            how="postal_code_area",
            confidence=float(people.max()) / total,
            note=note,
            hint=self._named(places),
        )

    def _unplaced(self, note: str, hint: str = "") -> Found:
        """Return no place, with the reason."""
        return Found(note=note, hint=hint)

    def _km(self, place: int, others: Sequence[int]) -> float:
        """Return the distance from a place to the nearest of `others`."""
        g, rest = self._g, list(others)
        here = (np.full(len(rest), g.latitude[place]), np.full(len(rest), g.longitude[place]))
        away = distance_km(*here, g.latitude[rest], g.longitude[rest])
        return float(away.min()) if rest else inf

    def _named(self, places: Sequence[int], limit: int = 5) -> str:
        """Return "01053 Bourg-en-Bresse or 01344 ...", the largest first."""
        g = self._g
        largest = sorted(places, key=lambda place: (-g.population[place], g.code[place]))
        named = [f"{g.code[place]} {g.name[place]}" for place in largest[:limit]]
        return " or ".join(named) + (" or others" if len(largest) > limit else "")


def _without_article(name: str) -> str:
    """Return a spelt name without its first article."""
    first, _, rest = name.partition(" ")
    return rest if rest and first in ("le", "la", "les", "l") else name


def _is_part(known: str, name: str) -> bool:
    """Tell whether one of two spelt names is the beginning of the other, in whole words."""
    return known.startswith(name + " ") or name.startswith(known + " ")
