"""The rules that turn one commune code, postal code and name into one place, or say why not."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np

from matchmaker.reference.coordinates import distance_km
from matchmaker.reference.gazetteer import Gazetteer, postal_office
from matchmaker.reference.place_elsewhere import (
    cedex_town,
    collectivity,
    is_slip_of_departement,
)
from matchmaker.reference.place_names import Named, communes_named
from matchmaker.reference.place_notes import PlaceFound
from matchmaker.reference.place_row import PlaceRow, place_of, read_row
from matchmaker.reference.place_text import (
    COLLECTIVITIES,
    PlaceText,
    departement_named,
    region_named,
)
from matchmaker.words import Text, said

__all__ = ["PlaceFinder"]

# Two cells that name places within this distance disagree by a slip, not about the place.
MAX_KM_OF_SLIP = 30.0


class PlaceFinder:
    """Finds places in one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        # Answers that thousands of rows share: a commune by its code, a postal code's area.
        self._communes: dict[int, PlaceFound] = {}
        self._areas: dict[tuple[tuple[int, ...], str], PlaceFound] = {}
        self._with_districts = {place for place, _ in gazetteer.district_point}

    def find(self, commune_code: str, postal_code: str, name: str, departement: str) -> PlaceFound:
        """Resolve the four cells of one row, as written; "" where a cell is missing."""
        plain = self._plainly(commune_code, postal_code, name, departement)
        if plain:
            return plain
        row = read_row(self._gazetteer, commune_code, postal_code, name, departement)
        if len(row.code) == 5 and row.code.startswith("99"):
            return self._unplaced("abroad")  # countries have 99 and three digits
        return (
            self._by_code(row)
            or self._by_code_in_postal_column(row)
            or self._in_collectivity(row)
            or self._by_ambiguous_code(row)
            or self._by_postal(row)
            or self._by_name(row)
        )

    def _plainly(
        self, commune_code: str, postal_code: str, name: str, departement: str
    ) -> PlaceFound | None:
        """Resolve what most rows say, None for the others: the long way would end here too."""
        g = self._gazetteer
        if departement or (postal_code and postal_code not in g.by_postal):
            return None
        place = g.by_code.get(commune_code, -1)
        if place >= 0 and name in ("", g.name[place]):
            if place in self._with_districts or (
                postal_code and postal_code not in g.postal_codes[place]
            ):
                return self._by_code(
                    PlaceRow(place=place, how="commune_code", code=commune_code, postal=postal_code)
                )
            if place not in self._communes:
                self._communes[place] = self._point(place, "commune_code", 1.0, "")
            return self._communes[place]
        if postal_code and name and not commune_code:
            place = self._named_in(postal_code, name)
            if place >= 0:
                return self._point(place, "postal_code+name", 1.0, "")
        return None

    def _named_in(self, postal_code: str, name: str) -> int:
        """Return the one commune of a postal code with this official name, -1 if not so plain.

        It is left to the long way where another one is spelt alike, or where the
        arrondissement counts.
        """
        g = self._gazetteer
        places = g.by_postal[postal_code]
        place = next((place for place in places if g.name[place] == name), -1)
        if place < 0 or place in self._with_districts:
            return -1
        alike = [other for other in places if g.names[other][0] == g.names[place][0]]
        return place if len(alike) == 1 else -1

    def _by_code(self, row: PlaceRow) -> PlaceFound | None:
        """Check a commune known by its code against the other cells."""
        g, place, postal, note = self._gazetteer, row.place, row.postal, row.note
        if place < 0:
            return None
        if postal and postal not in g.postal_codes[place]:
            others = g.by_postal.get(postal, ())
            # A code in no table begins like those of the communes around it.
            around = others or tuple(g.by_office.get(postal_office(postal), ()))
            overseas = "" if others else collectivity(postal, is_postal=True)
            if place_of(g, postal)[0] == place and not others:
                note = note or "insee_in_postal_column"
            elif overseas or (
                around and place not in around and self._km(place, around) > MAX_KM_OF_SLIP
            ):
                hint = said(
                    "where.code_and_postal" if others or overseas else "where.code_and_start",
                    code=g.code[place],
                    name=g.name[place],
                    postal=postal,
                    others=overseas or self._named(around),
                )
                return self._unplaced("contradiction", hint)
            else:
                note = note or ("postal_code_differs" if others else "unknown_postal_code")
        elif row.text.name and not communes_named(g, row.text.name, [place]).places:
            note = note or ("unknown_postal_code" if row.is_postal_text else "name_differs")
        district = g.district_by_code.get(row.code) or self._district(place, postal, row.text)
        return self._point(place, row.how, 1.0, note, district)

    def _by_code_in_postal_column(self, row: PlaceRow) -> PlaceFound | None:
        """Resolve an INSEE code that stands where the postal code should.

        Only what is beside it tells it from a CEDEX code: the name of the commune.
        """
        g, postal = self._gazetteer, row.postal
        place, how, _ = place_of(g, postal)
        if place < 0 or row.is_cedex:
            return None
        is_named = bool(row.text.name and communes_named(g, row.text.name, [place]).places)
        if postal in g.by_postal:
            inside = communes_named(g, row.text.name, g.by_postal[postal]) if is_named else None
            if inside is None or inside.places:
                return None
        elif row.text.name and not is_named:
            return None
        elif not (is_named or self._is_sure_to_be_communal(place, postal)):
            if collectivity(postal, is_postal=True):
                return None
            hint = said(
                "where.cedex_or_commune",
                town=g.name[cedex_town(g, postal)],
                code=postal,
                name=g.name[place],
            )
            return self._unplaced("cedex_alone", hint)
        district = g.district_by_code.get(postal)
        return self._point(place, how, 0.95, "insee_in_postal_column", district)

    def _is_sure_to_be_communal(self, place: int, code: str) -> bool:
        """Tell whether a code in no table of postal codes means one commune, CEDEX or not.

        Codes of Corse have a letter; those of an arrondissement, and a CEDEX code of the same
        digits, lie in one town.
        """
        g = self._gazetteer
        town = cedex_town(g, code)
        return not code.isdigit() or code in g.district_by_code or town in (place, -1)

    def _in_collectivity(self, row: PlaceRow) -> PlaceFound | None:
        """Name the collectivity overseas that a code or the words of a row lie in."""
        if row.postal and row.postal in self._gazetteer.by_postal:
            return None
        departement = row.text.departement or departement_named(row.text.name)
        name = (
            collectivity(row.code, is_postal=False)
            or collectivity(row.postal, is_postal=True)
            or ("" if row.code or row.postal else COLLECTIVITIES.get(departement, ""))
        )
        if not name:
            return None
        return self._unplaced("overseas_collectivity", said("where.collectivity", name=name))

    def _by_ambiguous_code(self, row: PlaceRow) -> PlaceFound | None:
        """Resolve the code of a commune that was divided, by the postal code if any."""
        if row.note != "ambiguous_code":
            return None
        g = self._gazetteer
        heirs = g.by_former_code[row.code]
        narrowed = [place for place in heirs if row.postal in g.postal_codes[place]]
        if len(narrowed) == 1:
            return self._point(narrowed[0], "former_code", 0.95, "former_commune")
        return None if row.postal else self._unplaced("ambiguous_code", self._named(heirs))

    def _by_postal(self, row: PlaceRow) -> PlaceFound | None:
        """Choose among the communes of a postal code by the name, if any."""
        g, postal, text = self._gazetteer, row.postal, row.text
        if postal not in g.by_postal:
            return None
        places = g.by_postal[postal]
        named = communes_named(g, text.name, places) if text.name else Named([], 0.0)
        if len(named.places) == 1:
            place = named.places[0]
            district = self._district(place, postal, text)
            note = row.note or named.note
            return self._point(place, "postal_code+name", named.confidence, note, district)
        is_strange = bool(text.name) and not named.places
        if is_strange and self._is_elsewhere(row, places):
            hint = said("where.postal", postal=postal, others=self._named(places))
            return self._unplaced("contradiction", hint)
        if len(places) == 1:
            district = self._district(places[0], postal, text)
            differs = "name_differs" if text.name else ""
            confidence = 0.9 if differs else 1.0
            return self._point(places[0], "postal_code", confidence, row.note or differs, district)
        reason = "name_not_in_postal_code" if is_strange else "several_communes"
        return self._area(places, row.note or reason)

    def _is_elsewhere(self, row: PlaceRow, places: tuple[int, ...]) -> bool:
        """Tell whether a name that none of `places` bears contradicts their postal code.

        It does where it is found elsewhere, unless that is near.
        """
        elsewhere = self._gazetteer.by_name.get(row.text.name, ())
        if not elsewhere:
            return row.note == "leading_zero"
        return all(self._km(place, places) > MAX_KM_OF_SLIP for place in elsewhere)

    def _by_name(self, row: PlaceRow) -> PlaceFound:
        """Resolve by the name alone, the postal code being absent or in no table."""
        if row.postal or row.code:
            return self._near_unknown_postal(row)
        if not row.text.name:
            return self._unplaced("blank" if row.is_blank else "unknown_place")
        if not row.has_departement and self._is_departement(row.text):
            departement = departement_named(row.text.name)
            return self._somewhere(departement, self._with_its_name(row.text.name))
        if row.text.departement:
            return self._in_departement(row.text, row.note)
        return self._anywhere(row.text, row.note)

    def _is_departement(self, text: PlaceText) -> bool:
        """Tell whether a name is that of a department, and of no commune of another one."""
        departement = departement_named(text.name)
        is_meant = bool(departement) and text.departement in ("", departement)
        # Paris is its own department.
        return is_meant and len(self._gazetteer.by_departement[departement]) > 1

    def _with_its_name(self, name: str) -> Text:
        """Return the communes that bear the name of a department, for a message."""
        places = self._gazetteer.by_name.get(name, ())
        return said("where.town_too", towns=self._named(places)) if places else ""

    def _near_unknown_postal(self, row: PlaceRow) -> PlaceFound:
        """Resolve a postal code that is in no table: one abroad, or a CEDEX code."""
        g, postal, text = self._gazetteer, row.postal or row.code, row.text
        if postal.startswith(("980", "99")):
            return self._unplaced("abroad")
        # A CEDEX code begins like the codes of the communes around it.
        office = g.by_office.get(postal_office(postal), frozenset())
        near = [place for place in g.by_name.get(text.name, ()) if place in office]
        if len(near) == 1:
            district = self._district(near[0], "", text)
            return self._point(near[0], "postal_code+name", 0.95, "cedex", district)
        if len(office) == 1:  # Paris: all codes that begin with 75 are its own
            (place,) = office
            return self._point(place, "postal_code", 0.95, "unknown_postal_code")
        town = cedex_town(g, postal)
        if near or town < 0 or not row.postal:
            return self._unplaced("unknown_place", self._named(near))
        hint = said("where.cedex", code=postal, town=g.name[town])
        return self._unplaced("unknown_place" if text.name else "cedex_alone", hint)

    def _in_departement(self, text: PlaceText, note: str) -> PlaceFound:
        """Resolve a name by the department beside it."""
        g = self._gazetteer
        named = communes_named(g, text.name, g.by_departement[text.departement])
        is_exact = bool(named.places) and named.note != "typo"
        if not is_exact and is_slip_of_departement(text.name, text.departement):
            return self._somewhere(text.departement)
        if len(named.places) != 1:
            return self._unplaced("ambiguous_name" if named.places else "unknown_place")
        place, reason = named.places[0], note or named.note
        district = self._district(place, "", text)
        return self._point(place, "name+departement", named.confidence, reason, district)

    def _anywhere(self, text: PlaceText, note: str) -> PlaceFound:
        """Resolve a name that stands alone: one commune of the country has it, or none is told."""
        g = self._gazetteer
        places = g.by_name.get(text.name, ()) or g.by_former_name.get(text.name, ())
        region = region_named(text.name)
        if region and len(places) != 1:
            return PlaceFound(note="region", region_code=region)
        if len(places) != 1:
            reason = "ambiguous_name" if places else note or "unknown_place"
            return self._unplaced(reason, self._named(places))
        is_former = text.name not in g.by_name
        reason = note or ("former_commune" if is_former else "")
        district = self._district(places[0], "", text)
        return self._point(places[0], "name", 0.8 if is_former else 0.95, reason, district)

    def _district(self, place: int, postal: str, text: PlaceText) -> tuple[int, int] | None:
        """Return the arrondissement that the postal code or the name tells."""
        g = self._gazetteer
        key = g.district_by_postal.get(postal) or (place, text.district)
        return key if key in g.district_point and key[0] == place else None

    def _point(
        self,
        place: int,
        how: str,
        confidence: float,
        note: str,
        district: tuple[int, int] | None = None,
    ) -> PlaceFound:
        """Return a commune, or an arrondissement of it."""
        g = self._gazetteer
        latitude, longitude = float(g.latitude[place]), float(g.longitude[place])
        if district is not None:
            latitude, longitude = g.district_point[district]
        return PlaceFound(
            place=place,
            departement=g.departement[place],
            region_code=g.region_code[place],
            latitude=latitude,
            longitude=longitude,
            how=how,
            confidence=confidence,
            note=note,
        )

    def _area(self, places: tuple[int, ...], note: str) -> PlaceFound:
        """Return what several communes have in common, and their middle."""
        if (places, note) not in self._areas:
            self._areas[places, note] = self._middle(places, note)
        return self._areas[places, note]

    def _middle(self, places: tuple[int, ...], note: str) -> PlaceFound:
        g = self._gazetteer
        rows = list(places)
        people = g.population[rows] + 1.0  # six villages have no inhabitant
        total = float(people.sum())
        departements = {g.departement[place] for place in places}
        regions = {g.region_code[place] for place in places}
        return PlaceFound(
            departement=departements.pop() if len(departements) == 1 else "",
            region_code=regions.pop() if len(regions) == 1 else "",
            latitude=round(float((g.latitude[rows] * people).sum()) / total, 5),
            longitude=round(float((g.longitude[rows] * people).sum()) / total, 5),
            how="postal_code_area",
            confidence=float(people.max()) / total,
            note=note,
            hint=self._named(places),
        )

    def _somewhere(self, departement: str, hint: Text = "") -> PlaceFound:
        """Return a department without a point: where in it is not told."""
        place = self._gazetteer.by_departement[departement][0]
        region = self._gazetteer.region_code[place]
        return PlaceFound(
            note="departement", departement=departement, region_code=region, hint=hint
        )

    def _unplaced(self, note: str, hint: Text = "") -> PlaceFound:
        """Return no place, with the reason."""
        return PlaceFound(note=note, hint=hint)

    def _km(self, place: int, others: Sequence[int]) -> float:
        """Return the distance from a place to the nearest of `others`."""
        g, rest = self._gazetteer, list(others)
        here = (np.full(len(rest), g.latitude[place]), np.full(len(rest), g.longitude[place]))
        away = distance_km(*here, g.latitude[rest], g.longitude[rest])
        return float(away.min()) if rest else inf

    def _named(self, places: Sequence[int], limit: int = 5) -> Text:
        """Return "01053 Bourg-en-Bresse ou 01344 ...", the largest first."""
        g = self._gazetteer
        largest = sorted(places, key=lambda place: (-g.population[place], g.code[place]))
        named = [f"{g.code[place]} {g.name[place]}" for place in largest[:limit]]
        text: Text = ""
        for name in named:
            text = said("where.or", one=text, other=name) if text else name
        return said("where.or_others", one=text) if len(largest) > limit else text
