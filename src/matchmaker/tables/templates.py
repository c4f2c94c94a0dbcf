"""Workbooks to fill in by hand: French headers, drop-downs, an example that is never read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matchmaker.reference.gazetteer import departements, regions
from matchmaker.reference.levels import LEVEL_NAMES_FR
from matchmaker.tables.reading.template_marks import EXAMPLE, MARK, MARKS_SHEET
from matchmaker.tables.schemas import TABLES
from matchmaker.tables.synonyms import french_header
from matchmaker.tables.workbook_file import without_clock, write_new
from matchmaker.words import say, word

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["TEMPLATES", "template_bytes", "write_template"]

_LISTS_SHEET = "_listes"  # an inline list may have no comma and at most 255 signs
_HELP_SHEET = "Mode d'emploi"
_ROWS = 5000  # rows that have drop-downs
_OUTCOMES = (
    "contrat trouvé",
    "rendez-vous pris",
    "nouveau projet",
    "déjà accompagné",
    "contacté sans réponse",
    "coordonnées incorrectes",
    "injoignable",
    "cherche sans notre aide",
    "se réoriente sans notre aide",
    "ne veut pas être accompagné",
    "autre",
)
_ANSWERS = (
    "intéressé",
    "places pourvues",
    "ne recrute plus",
    "à rappeler",
    "sans réponse",
    "ne souhaite plus être contacté",
    "autre",
)
_CHOICES: dict[str, tuple[str, ...]] = {
    "flag": ("oui", "non"),
    "level": tuple(LEVEL_NAMES_FR.values()),
    "contract": ("apprentissage", "professionnalisation"),
    "region": tuple(regions()["name"]),
    "youths.status": ("en recherche", "contrat signé", "abandon"),
    "offers.status": ("ouverte", "pourvue", "annulée"),
    "offers.kind": ("offre", "candidature spontanée", "formation", "école", "emploi"),
    "referents.departement": tuple(departements()["departement"]),
    "solutions.outcome": _OUTCOMES,
    "employers.answer": _ANSWERS,
}
# Columns that a person who fills in a table by hand has no use for.
_NOT_ASKED = frozenset(
    {
        "birth_year",
        "latitude",
        "longitude",
        "diploma_code",
        "rncp_code",
        "source",
        "place_name",
        "size",
        "opco",
        "duration",
        "remote",
        "is_delegated",
        "delegated_by",
        "driving_licence",
        "training_started_on",
        "training_centre",
        "email_2",
        "phone_2",
        "guardian_email_2",
        "guardian_phone_2",
        "ine",
        "hiring_chance",
        "answer_rate",
        "welcomes_disabled",
        "licence_asked",
    }
)
_EXAMPLES = {
    "birth_date": "14/03/2008",
    "postal_code": "29200",
    "commune_code": "29019",
    "level": "CAP",
    "max_distance_km": "30",
    "available_from": "01/09/2026",
    "is_mobile": "non",
    "has_rqth": "non",
    "opt_out": "non",
    "status": "",
    "email": "prenom@example.org",
    "first_name": "Prénom",
    "last_name": "Nom",
    "phone": "06 39 98 00 00",
    "guardian_email": "parent@example.org",
    "guardian_phone": "06 39 98 00 01",
    "rank": "1",
    "trade_code": "D1102",
    "trade_label": "boulanger",
    "region_code": "Bretagne",
    "title": "Apprenti boulanger (H/F)",
    "capacity": "2",
    "start_date": "01/09/2026",
    "expiry_date": "31/08/2026",
    "contract_type": "apprentissage",
    "employer": "Le Fournil",
    "siret": "73282932000074",
    "naf_code": "1071C",
    "kind": "offre",
    "url": "https://example.org/offre",
    "description": "",
    "departement": "29",
    "referent_name": "Prénom Nom",
    "referent_contact": "02 98 00 00 00",
    "outcome": "rendez-vous pris",
    "contacted_on": "15/09/2026",
    "already_known": "non",
    "comment": "",
    "seats_left": "1",
    "answer": "intéressé",
}
_DATES = frozenset({"date"})
_NUMBERS = frozenset({"integer", "number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One column of a template."""

    name: str
    header: str
    kind: str
    is_required: bool = False


_SHEETS = {
    "youths": "Jeunes",
    "wishes": "Vœux",
    "offers": "Offres",
    "referents": "Référents",
    "solutions": "Suites",
    "employers": "Employeurs",
}
# What comes back from those who work with the lists; no command reads these two yet.
_LATER: dict[str, tuple[_Asked, ...]] = {
    "solutions": (
        _Asked(name="youth_id", header="identifiant du jeune", kind="id", is_required=True),
        _Asked(name="outcome", header="suite donnée", kind="choice", is_required=True),
        _Asked(name="contacted_on", header="date du contact", kind="date"),
        _Asked(name="already_known", header="déjà connu", kind="flag"),
        _Asked(name="comment", header="commentaire", kind="text"),
    ),
    "employers": (
        _Asked(name="offer_id", header="identifiant de l'offre", kind="id", is_required=True),
        _Asked(name="employer", header="entreprise", kind="text"),
        _Asked(name="siret", header="n° siret", kind="text"),
        _Asked(name="answer", header="réponse de l'employeur", kind="choice", is_required=True),
        _Asked(name="seats_left", header="places restantes", kind="integer"),
        _Asked(name="contacted_on", header="date du contact", kind="date"),
        _Asked(name="comment", header="commentaire", kind="text"),
    ),
}

TEMPLATES = tuple(_SHEETS)
"""Tables that have a template."""


def write_template(role: str, path: Path) -> None:
    """Write the template of a table; a file that is there is not overwritten.

    Raises
    ------
    UsageError
        The file is there, is no XLSX by its name, or cannot be written.
    """
    write_new(path, template_bytes(role))


def template_bytes(role: str) -> bytes:
    """Return the template of a table as an XLSX file; always the same bytes.

    Parameters
    ----------
    role : str
        One of `TEMPLATES`.

    Examples
    --------
    >>> template_bytes("youths")[:2]
    b'PK'
    """
    from openpyxl import Workbook

    columns = _columns(role)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _SHEETS[role]
    lists = book.create_sheet(_LISTS_SHEET)
    lists.sheet_state = "hidden"
    _fill(sheet, columns)
    for place, column in enumerate(columns, start=1):
        _validate(sheet, lists, place, column, _choices(role, column))
    _explain(book, columns)
    marks = book.create_sheet(MARKS_SHEET)
    marks.sheet_state = "veryHidden"
    marks.append([MARK, role])
    for column in columns:
        marks.append([column.header, column.name])
    return without_clock(book)


def _columns(role: str) -> tuple[_Asked, ...]:
    """Return the columns of a template."""
    if role in _LATER:
        return _LATER[role]
    return tuple(
        _Asked(
            name=c.name, header=french_header(role, c.name), kind=c.kind, is_required=c.is_required
        )
        for c in TABLES[role]
        if c.name not in _NOT_ASKED
    )


def _choices(role: str, column: _Asked) -> tuple[str, ...]:
    return _CHOICES.get(f"{role}.{column.name}") or _CHOICES.get(column.kind, ())


def _note(column: _Asked) -> str:
    return word("column_note", column.name).text("fr")


def _fill(sheet: Worksheet, columns: tuple[_Asked, ...]) -> None:
    """Write the header and the example, and give each column its width and its form."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        head = sheet.cell(row=1, column=place, value=column.header)
        head.font = Font(bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="top")
        head.fill = PatternFill("solid", fgColor="FFE699" if column.is_required else "DDEBF7")
        head.comment = Comment(_note(column), "matchmaker", height=120, width=280)
        example = f"{EXAMPLE} (ligne jamais lue)" if place == 1 else _EXAMPLES.get(column.name, "")
        shown = sheet.cell(row=2, column=place, value=example or None)
        shown.font = Font(italic=True, color="808080")
        form = sheet.column_dimensions[letter]
        form.width = max(16, len(column.header) + 4)
        # Text keeps the zeros of codes; a spreadsheet would take them away.
        form.number_format = (
            "dd/mm/yyyy" if column.kind in _DATES else "General" if column.kind in _NUMBERS else "@"
        )
    sheet.freeze_panes = "A2"


def _validate(
    sheet: Worksheet, lists: Worksheet, place: int, column: _Asked, choices: tuple[str, ...]
) -> None:
    """Give a column its drop-down, whose words stand in the hidden sheet, and its note."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not choices:
        return
    letter = get_column_letter(place)
    for row, choice in enumerate(choices, start=1):
        lists.cell(row=row, column=place, value=choice)
    area = f"'{_LISTS_SHEET}'!${letter}$1:${letter}${len(choices)}"
    rule = DataValidation(type="list", formula1=area, allow_blank=True, showErrorMessage=True)
    rule.promptTitle, rule.prompt, rule.showInputMessage = column.header[:32], _note(column), True
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{_ROWS}")


def _explain(book: Workbook, columns: tuple[_Asked, ...]) -> None:
    """Add the sheet that says how the others are filled in."""
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(_HELP_SHEET)
    sheet.append([say("fr", "template.help")])
    sheet.append([])
    for column in columns:
        needed = say("fr", "template.required" if column.is_required else "template.optional")
        sheet.append([f"« {column.header} »", needed, _note(column)])
    for row in sheet.iter_rows():
        row[0].font = Font(bold=True)
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in (("A", 34), ("B", 14), ("C", 80)):
        sheet.column_dimensions[letter].width = width
