"""The cells of one row, each read as what it is, in whatever column it stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from matchmaker.reference.gazetteer import Gazetteer
from matchmaker.reference.place_elsewhere import collectivity
from matchmaker.reference.place_names import communes_named
from matchmaker.reference.place_text import PlaceText, departement_named, read_code, read_place

__all__ = ["PlaceRow", "place_of", "read_row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """The cells of one row as they were read.

    Attributes
    ----------
    place, how : int, str
        What the code says: -1 and "" where it is not one commune's.
    code, postal : str
        INSEE code and postal code, "" where the cell holds none.
    text : PlaceText
    note : str
        What there is to say of the code, or of how it was written.
    is_cedex : bool
        CEDEX is written out.
    is_blank : bool
        Neither a code nor a name is given.
    is_postal_text : bool
        The name of `text` stands where the postal code should.
    has_departement : bool
        The department has a cell of its own: what is beside it is a commune's name.
    """

    place: int = -1
    how: str = ""
    code: str = ""
    postal: str = ""
    text: PlaceText = field(default_factory=PlaceText)
    note: str = ""
    is_cedex: bool = False
    is_blank: bool = False
    is_postal_text: bool = False
    has_departement: bool = False


def read_row(
    gazetteer: Gazetteer, commune_code: str, postal_code: str, name: str, departement: str
) -> PlaceRow:
    """Read the cells of a row, each in the column where it belongs."""
    code, postal = read_code(commune_code), read_code(postal_code)
    text = read_place(name) if name else PlaceText()
    has_lost_zero = any(
        len(read) == 5 and len(written.strip()) == 4
        for read, written in ((code, commune_code), (postal, postal_code))
    )
    place, how, note = place_of(gazetteer, code)
    is_postal_text = False
    if commune_code and not code:
        if any(sign.isalpha() for sign in commune_code):  # a name in the column of codes
            text = text if text.name else read_place(commune_code)
        else:
            note = "unknown_commune_code"
    if postal_code and not postal:
        beside = read_place(postal_code)  # "75012 Paris 12e" in the column of postal codes
        postal = beside.postal_code
        is_postal_text = not text.name
        text = text if text.name else beside
    postal = postal or text.postal_code
    if departement:
        text = replace(text, departement=read_place(f"- ({departement})").departement)
    if postal in ("", code) and _is_postal(gazetteer, place, code, text):
        place, how, postal, note = -1, "", code, "postal_in_commune_column"
    return PlaceRow(
        place=place,
        how=how,
        code=code,
        postal=postal,
        text=_without_departement(gazetteer, text, place, code if place >= 0 else postal),
        note=note or ("leading_zero" if has_lost_zero else ""),
        is_cedex="cedex" in f"{postal_code} {name}".lower(),
        is_blank=not (commune_code or postal_code or name),
        is_postal_text=is_postal_text,
        has_departement=bool(departement),
    )


def place_of(gazetteer: Gazetteer, code: str) -> tuple[int, str, str]:
    """Return (place or -1, how, note) of an INSEE code."""
    g = gazetteer
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


def _is_postal(gazetteer: Gazetteer, place: int, code: str, text: PlaceText) -> bool:
    """Tell whether the only code, in the column of communes, is a postal code.

    It is where no commune ever had it, and where the name says so; not where it was the code
    of what is a collectivity overseas today, unless the name says so.
    """
    g = gazetteer
    if code not in g.by_postal:
        return False
    is_named = bool(text.name and communes_named(g, text.name, g.by_postal[code]).places)
    if place >= 0:
        return is_named and not communes_named(g, text.name, [place]).places
    return is_named or not collectivity(code, is_postal=False)


def _without_departement(gazetteer: Gazetteer, text: PlaceText, place: int, code: str) -> PlaceText:
    """Return a text without its name where that is the department of the code, not a commune.

    Parameters
    ----------
    gazetteer : Gazetteer
    text : PlaceText
    place : int
        The commune of `code`; -1 where this is a postal code.
    code : str
    """
    named = departement_named(text.name) if text.name else ""
    if not (named and code.startswith(named)):
        return text
    places = [place] if place >= 0 else gazetteer.by_postal.get(code, ())
    if not places or any(text.name in gazetteer.names[place] for place in places):
        return text  # the town that has the name of its department
    return replace(text, name="", departement=text.departement or named)
