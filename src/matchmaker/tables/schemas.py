"""The neutral tables as data: columns, types, bounds, defaults, what is personal.

The checks, the messages, the documentation page and the exported Table Schema all
come from `TABLES`; nothing about a column is said anywhere else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

__all__ = [
    "OF_PEOPLE",
    "TABLES",
    "Column",
    "columns_of",
    "is_personal_column",
    "markdown",
    "normal_name",
    "own_columns",
    "table_schema",
]

Kind = Literal[
    "id", "text", "date", "year", "integer", "number", "flag", "answer", "level", "choice",
    "trade_codes",
    "place", "coordinate", "region", "contract", "email", "phone", "link",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a neutral table.

    Attributes
    ----------
    name, meaning : str
    kind : str
        How its cells are read.
    is_required : bool
        The column must be there.
    is_filled : bool
        Each of its cells must hold something, else the row is rejected.
    low, high : float or None
        Bounds, both included.
    default : str
        What an empty cell or an absent column stands for, in words.
    max_length : int
        Longest cell in signs.
    choices : tuple of (str, tuple of str)
        Values and their accepted spellings.
    is_personal : bool
        Its values are never shown on screen or in logs.
    """

    name: str
    kind: Kind
    meaning: str
    is_required: bool = False
    is_filled: bool = False
    low: float | None = None
    high: float | None = None
    default: str = ""
    max_length: int = 500
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_personal: bool = False


_YOUTH_STATUS = (
    ("seeking", ("seeking", "en recherche", "recherche", "sans contrat", "a placer")),
    ("placed", ("placed", "place", "placee", "contrat signe", "en contrat", "sous contrat")),
    (
        "withdrawn",
        ("withdrawn", "abandon", "abandonne", "retire", "retiree", "desiste", "demission"),
    ),
)
_OFFER_STATUS = (
    ("open", ("open", "active", "ouverte", "ouvert", "pending", "en cours", "disponible")),
    ("filled", ("filled", "pourvue", "pourvu", "full", "complet", "complete")),
    ("cancelled", ("cancelled", "canceled", "annulee", "annule", "fermee", "ferme", "closed")),
)
_SENT_STATES = tuple(
    (state, (state,))
    for state in ("opposed", "bounced", "released", "contract", "answered", "written", "planned")
)
_KINDS = (
    ("offer", ("offer", "offre")),
    ("spontaneous", ("spontaneous", "spontanee", "candidature spontanee")),
    ("training", ("training", "formation")),
    ("school", ("school", "ecole", "lycee")),
    ("job", ("job", "emploi")),
)
_LICENCE_ASKED = (
    ("required", ("required", "exige", "exigee", "obligatoire", "e")),
    ("wished", ("wished", "souhaite", "souhaitee", "apprecie", "appreciee", "s")),
    ("none", ("none", "aucun", "aucune", "non", "no", "non demande")),
)
_PLACE = (
    Column(name="postal_code", kind="place", meaning="Postal code, five digits"),
    Column(name="commune_code", kind="place", meaning="Official code of the commune (INSEE)"),
    Column(name="place_name", kind="place", meaning="Name of the commune"),
    Column(name="latitude", kind="coordinate", meaning="Degrees north (WGS 84)"),
    Column(name="longitude", kind="coordinate", meaning="Degrees east (WGS 84)"),
)
_LEVEL = Column(
    name="level", kind="level", default="unknown", low=3, high=8,
    meaning="Level aimed at: 3 CAP, 4 Bac, 5 Bac+2, 6 Bac+3, 7 Bac+5, 8 doctorate",
)  # fmt: skip
_SOURCE = Column(name="source", kind="text", meaning="Where the row comes from")
# Read for the file of contacts and for oppositions alone: no clean table has them.
_PERSONS: tuple[tuple[str, Kind, str], ...] = (
    ("first_name", "text", "First name"),
    ("last_name", "text", "Surname"),
    ("email_2", "email", "Second address of the youth"),
    ("phone", "phone", "Telephone number of the youth"),
    ("phone_2", "phone", "Second number of the youth"),
    ("guardian_email", "email", "Address of a parent or guardian"),
    ("guardian_email_2", "email", "Address of the other one"),
    ("guardian_phone", "phone", "Telephone number of a parent or guardian"),
    ("guardian_phone_2", "phone", "Number of the other one"),
    ("ine", "text", "National number (INE), for oppositions that name it"),
)
_PEOPLE = tuple(
    Column(name=name, kind=kind, is_personal=True, meaning=f"{meaning}; only for `--contacts`")
    for name, kind, meaning in _PERSONS
)
OF_PEOPLE = frozenset(column.name for column in _PEOPLE)
"""Names, addresses and numbers of persons: never quoted, whatever is wrong with them."""

MAX_REACH_KM = 1000  # from one end of the mainland to the other

TABLES: dict[str, tuple[Column, ...]] = {
    "youths": (
        Column(name="youth_id", kind="id", is_required=True, is_filled=True, max_length=100,
               meaning="Identifier, neither a name nor an e-mail address nor a NIR"),
        Column(name="birth_date", kind="date", default="age unknown: eligible", is_personal=True,
               meaning="Date of birth"),
        Column(name="birth_year", kind="year", is_personal=True,
               meaning="Year of birth, where the date is not known"),
        *_PLACE[:3],
        *(replace(column, is_personal=True) for column in _PLACE[3:]),
        _LEVEL,
        Column(name="max_distance_km", kind="number", low=1, high=MAX_REACH_KM,
               default="the setting reach_km", meaning="How far the youth can go, in kilometres"),
        Column(name="available_from", kind="date", default="at once", meaning="First day of work"),
        Column(name="is_mobile", kind="flag", default="no", meaning="Has a vehicle"),
        Column(name="driving_licence", kind="answer",
               meaning="Holds a car driving licence (category B): yes or no; unknown where empty."
                       " Read by the optional criterion driving_licence alone"),
        Column(name="training_started_on", kind="date",
               meaning="First day in a training centre without a contract, from which the three"
                       " months of article L6222-12-1 run; none where empty. Read by the optional"
                       " criterion days_left alone"),
        Column(name="has_rqth", kind="flag", default="no", is_personal=True,
               meaning="Recognised as a disabled worker: no upper age limit"),
        Column(name="opt_out", kind="flag", default="no",
               meaning="Refuses: whatever is not clearly no keeps the youth out of every list"),
        Column(name="status", kind="choice", choices=_YOUTH_STATUS, default="seeking",
               meaning="seeking, placed or withdrawn; the last two get no list"),
        Column(name="email", kind="email", is_personal=True, default="cannot be e-mailed",
               meaning="Address; never scored, shown or logged"),
        *_PEOPLE,
        Column(name="training_centre", kind="text", max_length=100,
               meaning="UAI of the training centre where the youth is enrolled or wishes to be"),
        _SOURCE,
    ),
    "wishes": (
        Column(name="youth_id", kind="id", is_required=True, is_filled=True, max_length=100,
               meaning="Youth who wishes"),
        Column(name="rank", kind="integer", low=1, high=1000, is_required=True,
               default="unranked, in a tie", meaning="1 for the first wish; may be left empty"),
        Column(name="trade_code", kind="trade_codes", meaning="ROME code, or several with | between"),
        Column(name="trade_label", kind="text", meaning="Trade in words"),
        Column(name="diploma_code", kind="text", meaning="CFD or MEF code of the diploma"),
        Column(name="rncp_code", kind="text", meaning="RNCP code of the diploma"),
        _LEVEL,
        Column(name="region_code", kind="region", meaning="Region wished for: code or name"),
        Column(name="commune_code", kind="place", meaning="Commune of the training centre"),
        _SOURCE,
    ),
    "offers": (
        Column(name="offer_id", kind="id", is_required=True, is_filled=True, max_length=200,
               meaning="Identifier"),
        Column(name="title", kind="text", meaning="Title as published", max_length=1000),
        Column(name="trade_code", kind="trade_codes", meaning="ROME code, or several with | between"),
        *_PLACE,
        _LEVEL,
        Column(name="capacity", kind="integer", low=0, high=10_000, default="1",
               meaning="Places; 0 is full"),
        Column(name="start_date", kind="date", default="as soon as possible",
               meaning="First day of the contract"),
        Column(name="expiry_date", kind="date", default="unknown", meaning="Last day to apply"),
        Column(name="contract_type", kind="contract", default="unknown: takes part",
               meaning="apprentissage, professionnalisation, or another: those that the setting"
                       " contract_types does not name take no part"),
        Column(name="employer", kind="text", default="not given", meaning="Name of the firm"),
        Column(name="siret", kind="text",
               meaning="SIRET of the firm, 14 digits; what is none is not used"),
        Column(name="naf_code", kind="text", meaning="NAF code of the firm"),
        Column(name="kind", kind="choice", choices=_KINDS, default="offer",
               meaning="offer, spontaneous, training, school or job; a job without contract_type"
                       " has an ordinary employment contract"),
        Column(name="status", kind="choice", choices=_OFFER_STATUS, default="open",
               meaning="open, filled or cancelled"),
        Column(name="url", kind="link", meaning="Page of the offer (http or https)", max_length=4000),
        Column(name="hiring_chance", kind="number", low=0, high=1,
               meaning="Chance that the firm hires, 0 to 1; unknown where empty. Read by the"
                       " optional criterion hiring_chance alone"),
        Column(name="answer_rate", kind="number", low=0, high=1,
               meaning="Share of applications that the firm answers, 0 to 1; unknown where empty."
                       " Read by the optional criterion answer_rate alone"),
        Column(name="welcomes_disabled", kind="answer",
               meaning="The firm says that it welcomes disabled people: yes; all else counts as"
                       " nothing said. Read by the optional criterion welcomes_disabled alone"),
        Column(name="licence_asked", kind="choice", choices=_LICENCE_ASKED,
               meaning="Car driving licence (category B): required, wished or none; unknown where"
                       " empty. Read by the optional criterion driving_licence alone"),
        Column(name="size", kind="text", meaning="Size of the firm, as written; never scored"),
        Column(name="opco", kind="text", meaning="OPCO of the firm; never scored"),
        Column(name="duration", kind="text",
               meaning="Length of the contract in months, as written; never scored"),
        Column(name="remote", kind="text", meaning="onsite, remote or hybrid; never scored"),
        Column(name="is_delegated", kind="flag",
               meaning="A training centre publishes it for a firm that it does not name"),
        Column(name="delegated_by", kind="text", meaning="Name of that training centre"),
        _SOURCE,
        Column(name="description", kind="text", max_length=100_000,
               meaning="Text of the offer; read for warnings, never copied out"),
    ),
    "audit": (
        Column(name="youth_id", kind="id", is_required=True, is_filled=True, max_length=100,
               meaning="Youth"),
        Column(name="sex", kind="text", is_personal=True, meaning="Group"),
        Column(name="is_qpv", kind="flag", is_personal=True, meaning="Lives in a priority area"),
        Column(name="is_rural", kind="flag", is_personal=True, meaning="Lives in the country"),
    ),
    "sent": (
        Column(name="youth_id", kind="id", is_required=True, is_filled=True, max_length=100,
               meaning="Youth"),
        Column(name="offer_id", kind="id", is_required=True, is_filled=True, max_length=200,
               meaning="Offer"),
        Column(name="wave", kind="text", meaning="Wave in which it was sent"),
        Column(name="sent_at", kind="date", meaning="Day on which it was sent"),
        Column(name="outcome", kind="text", meaning="What came of it"),
        Column(name="state", kind="choice", choices=_SENT_STATES,
               meaning="planned, written (where empty), bounced, answered, opposed, released or"
                       " contract; bounced, opposed and released leave the exposure free"),
        Column(name="slot", kind="integer", low=1, high=1000, meaning="Place in the mail; not read"),
        Column(name="channel", kind="text", meaning="How it was sent; not read"),
        Column(name="message_id", kind="text", meaning="Message; not read"),
    ),
    "referents": (
        Column(name="departement", kind="text", is_required=True, meaning="Department served"),
        Column(name="commune_code", kind="place", default="the whole department",
               meaning="Commune served, where it is only one"),
        Column(name="region_code", kind="region", default="everybody, where no department stands",
               meaning="Region served, where no department stands: code or name"),
        Column(name="referent_name", kind="text", is_required=True, meaning="Who takes over"),
        Column(name="referent_contact", kind="text", is_required=True,
               meaning="Where they are reached"),
        Column(name="capacity", kind="integer", low=0, high=1_000_000, default="100",
               meaning="How many youths they can follow"),
    ),
}  # fmt: skip
"""Columns of each table, in the order in which documentation shows them."""

MAIN_TABLES = ("youths", "wishes", "offers")

_SPACES = re.compile(r"[\s_\-.]+")


@cache
def normal_name(header: str) -> str:
    """Return a header name trimmed, in lower case, without accents or invisible signs.

    Examples
    --------
    >>> normal_name(" Youth-ID ")
    'youth_id'
    """
    folded = unicodedata.normalize("NFKD", header).casefold()
    kept = "".join(
        c for c in folded if not unicodedata.combining(c) and unicodedata.category(c) != "Cf"
    )
    return _SPACES.sub("_", kept.strip()).strip("_")


@cache
def is_personal_column(role: str, column: str) -> bool:
    """Tell whether a column of a table holds personal data; no other is known.

    Examples
    --------
    >>> is_personal_column("youths", "email"), is_personal_column("offers", "title")
    (True, False)
    """
    known = columns_of(role).get(column) if role in TABLES else None
    return known is not None and known.is_personal


def columns_of(role: str) -> dict[str, Column]:
    """Return the columns of a table by name."""
    return {column.name: column for column in TABLES[role]}


@cache
def own_columns(role: str) -> frozenset[str]:
    """Return the columns that tell one of the three main tables from the other two.

    Examples
    --------
    >>> sorted(own_columns("wishes"))
    ['diploma_code', 'rank', 'region_code', 'rncp_code', 'trade_label']
    """
    others = [other for other in MAIN_TABLES if other != role]
    return frozenset(columns_of(role)) - {name for other in others for name in columns_of(other)}


_TYPES = {
    "date": "date", "year": "year", "integer": "integer", "number": "number", "flag": "boolean",
    "level": "integer", "coordinate": "number",
}  # fmt: skip


def table_schema(role: str) -> dict[str, Any]:
    """Return a table as a Frictionless Table Schema (https://specs.frictionlessdata.io).

    Examples
    --------
    >>> table_schema("sent")["fields"][0]["constraints"]
    {'required': True, 'maxLength': 100}
    """
    return {
        "fields": [_field(column) for column in TABLES[role]],
        "missingValues": [""],
        **({"primaryKey": TABLES[role][0].name} if role in {"youths", "offers", "audit"} else {}),
    }


def _field(column: Column) -> dict[str, Any]:
    """Return one field of a Table Schema."""
    kind = _TYPES.get(column.kind, "string")
    constraints: dict[str, Any] = {}
    if column.is_filled:
        constraints["required"] = True
    for name, bound in (("minimum", column.low), ("maximum", column.high)):
        if bound is not None:
            constraints[name] = int(bound) if bound == int(bound) else bound
    if column.choices:
        constraints["enum"] = [value for value, _ in column.choices]
    if kind == "string" and not column.choices:
        constraints["maxLength"] = column.max_length
    field = {"name": column.name, "type": kind, "description": column.meaning}
    if column.kind == "email":
        field["format"] = "email"
    return field | ({"constraints": constraints} if constraints else {})


def markdown(role: str) -> str:
    """Return the columns of a table as a Markdown table for the reference page.

    Examples
    --------
    >>> print(markdown("sent").splitlines()[2])
    | **youth_id** | id | Youth |  |
    """
    lines = ["| column | type | meaning | where empty |", "|---|---|---|---|"]
    for column in TABLES[role]:
        name = f"**{column.name}**" if column.is_required else column.name
        bounds = f" ({column.low:g} to {column.high:g})" if _has_bounds(column) else ""
        meaning = column.meaning.replace("|", "\\|")
        private = "; personal" if column.is_personal else ""
        lines.append(
            f"| {name} | {column.kind.replace('_', ' ')}{bounds} | {meaning}{private} "
            f"| {column.default} |"
        )
    return "\n".join(lines) + "\n"


def _has_bounds(column: Column) -> bool:
    return column.low is not None and column.high is not None
