"""Headers in everyday French and English words, and the neutral column that each may mean.

They are never read in silence: messages propose them (``--map``), and templates, which say of
themselves what they are, are read back by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from matchmaker.tables.schemas import columns_of, normal_name

__all__ = ["SHEET_NAMES", "french_header", "may_mean", "proposals", "sheet_key"]

_YOUTH_ID = (
    "identifiant du jeune", "identifiant", "id", "id jeune", "numéro", "numéro du jeune",
    "n° du jeune", "n°", "code jeune", "youth", "identifier", "student id", "person id",
)  # fmt: skip
_PLACE = {
    "postal_code": ("code postal", "cp", "code postal de résidence", "code postal du domicile",
                    "zip", "zip code", "postcode", "postal"),
    "commune_code": ("code commune", "code insee", "insee", "code commune insee",
                     "code insee de la commune", "commune insee"),
    "place_name": ("commune", "ville", "nom de la commune", "commune de résidence", "localité",
                   "city", "town"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
}  # fmt: skip
_TRADE_CODE = ("code rome", "rome", "code métier", "codes rome", "code rome du métier",
               "rome code", "trade")  # fmt: skip
_LEVEL = (
    "niveau", "niveau visé", "niveau de formation", "niveau du diplôme", "niveau de diplôme",
    "niveau d'études", "niveau de diplôme visé", "diploma level", "target level",
)  # fmt: skip
_SOURCE = ("origine", "provenance")

_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "youths": {
        "youth_id": _YOUTH_ID,
        "birth_date": ("date de naissance", "né le", "née le", "naissance", "né(e) le", "ddn",
                       "date naissance", "date of birth", "birthdate", "birthday", "dob"),
        "birth_year": ("année de naissance", "année naissance", "year of birth"),
        **_PLACE,
        "level": _LEVEL,
        "max_distance_km": ("distance maximale (km)", "distance maximale", "distance max",
                            "mobilité (km)", "rayon", "rayon de recherche", "distance",
                            "max distance", "radius"),
        "available_from": ("disponible à partir du", "disponible le", "disponibilité",
                           "date de disponibilité", "disponible dès le", "available"),
        "is_mobile": ("véhiculé", "véhicule", "a un véhicule", "mobile", "permis et véhicule",
                      "has car"),
        "driving_licence": ("permis b", "permis de conduire", "permis", "titulaire du permis b",
                            "driving licence", "driver's license"),
        "training_started_on": ("entrée au cfa", "entré au cfa le", "date d'entrée au cfa",
                                "date d'entrée en formation", "début de la formation au cfa",
                                "training start"),
        "has_rqth": ("rqth", "travailleur handicapé", "reconnu travailleur handicapé",
                     "disabled"),
        "opt_out": ("opposition", "refus", "refuse", "opposé", "s'oppose", "désinscrit",
                    "ne souhaite pas être contacté", "opt out", "optout", "unsubscribed"),
        "status": ("situation", "statut", "état", "situation du jeune", "state"),
        "email": ("courriel", "adresse électronique", "e-mail", "mail", "mél",
                  "adresse mail", "adresse e-mail", "adresse courriel"),
        "first_name": ("prénom", "prénom du jeune", "prénom 1", "first name", "firstname"),
        "last_name": ("nom", "nom de famille", "nom du jeune", "nom de l'élève", "surname",
                      "last name", "lastname"),
        "email_2": ("second courriel", "courriel 2", "e-mail 2", "email 2"),
        "phone": ("téléphone", "téléphone portable", "portable", "mobile phone", "tél",
                  "numéro de téléphone", "phone number", "telephone"),
        "phone_2": ("second téléphone", "téléphone 2", "téléphone personnel", "phone 2"),
        "guardian_email": ("courriel du responsable", "courriel responsable 1",
                           "mail responsable 1", "e-mail responsable 1", "courriel du parent",
                           "parent email"),
        "guardian_email_2": ("courriel de l'autre responsable", "courriel responsable 2",
                             "mail responsable 2", "e-mail responsable 2"),
        "guardian_phone": ("téléphone du responsable", "téléphone responsable 1",
                           "téléphone du parent", "parent phone"),
        "guardian_phone_2": ("téléphone de l'autre responsable", "téléphone responsable 2"),
        "ine": ("numéro ine", "n° ine", "identifiant national"),
        "training_centre": ("uai du cfa", "code uai du cfa", "uai", "code uai"),
        "source": _SOURCE,
    },
    "wishes": {
        "youth_id": _YOUTH_ID,
        "rank": ("rang du vœu", "rang", "ordre", "numéro du vœu", "n° du vœu", "ordre du vœu",
                 "rang de vœu", "priorité", "choice", "order", "wish rank", "preference"),
        "trade_code": _TRADE_CODE,
        "trade_label": ("métier", "métier souhaité", "libellé du métier", "vœu",
                        "formation", "formation souhaitée", "libellé", "intitulé",
                        "trade name", "job", "occupation"),
        "diploma_code": ("code diplôme", "code mef", "mef", "cfd", "code formation diplôme",
                         "code du diplôme"),
        "rncp_code": ("code rncp", "rncp", "fiche rncp"),
        "level": _LEVEL,
        "region_code": ("région souhaitée", "région", "code région", "region"),
        "commune_code": ("commune du cfa", "code commune du cfa", "code commune", "code insee",
                         "code commune de formation"),
        "source": _SOURCE,
    },
    "offers": {
        "offer_id": ("identifiant de l'offre", "identifiant", "id", "id offre",
                     "numéro de l'offre", "référence", "référence de l'offre", "réf",
                     "n° de l'offre", "n° offre", "numéro", "reference", "offer"),
        "title": ("intitulé de l'offre", "intitulé", "titre", "poste", "intitulé du poste",
                  "libellé", "libellé du poste", "job title", "métier"),
        "trade_code": _TRADE_CODE,
        **_PLACE,
        "level": _LEVEL,
        "capacity": ("nombre de places", "places", "nombre de postes", "postes", "nb postes",
                     "nb de postes", "nb places", "nb de places", "seats", "openings",
                     "positions"),
        "start_date": ("date de début", "début", "début du contrat", "date de début du contrat",
                       "date d'embauche", "start", "starts on"),
        "expiry_date": ("date limite", "date limite de candidature", "date d'expiration",
                        "date de fin de publication", "expiration", "valable jusqu'au",
                        "fin de publication", "expiry", "expires", "expires on", "deadline",
                        "closing date"),
        "contract_type": ("type de contrat", "contrat", "nature du contrat", "contract"),
        "employer": ("entreprise", "employeur", "raison sociale", "nom de l'entreprise",
                     "société", "company", "firm", "employer name", "company name"),
        "siret": ("n° siret", "numéro siret", "siret de l'entreprise"),
        "naf_code": ("code naf", "naf", "code ape", "ape"),
        "kind": ("nature", "nature de l'offre", "type", "type d'offre"),
        "status": ("état", "statut", "état de l'offre", "statut de l'offre", "state"),
        "url": ("lien", "lien de l'offre", "adresse web", "adresse internet", "link"),
        "hiring_chance": ("chance d'embauche", "probabilité d'embauche", "potentiel d'embauche",
                          "hiring probability"),
        "answer_rate": ("taux de réponse", "response rate"),
        "welcomes_disabled": ("handi-accueillant", "accueille des personnes handicapées",
                              "accessible aux travailleurs handicapés", "handi-engagé",
                              "disability friendly"),
        "licence_asked": ("permis demandé", "permis exigé", "permis b demandé", "licence"),
        "source": _SOURCE,
        "description": ("descriptif", "texte de l'offre", "description du poste", "missions"),
    },
    "referents": {
        "departement": ("département", "dept", "dpt", "dép", "code département", "department"),
        "commune_code": ("code commune", "code insee", "commune insee"),
        "region_code": ("région", "code région", "region"),
        "referent_name": ("nom du référent", "référent", "nom", "name", "referent"),
        "referent_contact": ("contact du référent", "contact", "coordonnées", "courriel",
                             "e-mail", "téléphone", "mail"),
        "capacity": ("nombre de jeunes suivis", "capacité", "nombre de jeunes"),
    },
}  # fmt: skip
"""Words for the columns of a table; the first are the headers of its template."""

SHEET_NAMES: Mapping[str, frozenset[str]] = {
    "youths": frozenset({"youths", "youth", "jeunes", "jeune", "candidats", "eleves"}),
    "wishes": frozenset({"wishes", "wish", "voeux", "voeu", "v_ux", "souhaits"}),
    "offers": frozenset({"offers", "offer", "offres", "offre", "entreprises", "employeurs"}),
    "referents": frozenset({"referents", "referent"}),
    "sent": frozenset({"sent", "envois", "envoyes"}),
    "audit": frozenset({"audit"}),
}
"""How people name the sheet of a table."""

_REMARK = re.compile(r"\([^)]*\)|\*")
_SIGNS = re.compile(r"[^a-z0-9]+")


@cache
def sheet_key(text: str) -> str:
    """Return a name in words without case, accents and signs.

    Examples
    --------
    >>> sheet_key("N° du vœu"), sheet_key("Date d'embauche")
    ('n_du_voeu', 'date_d_embauche')
    """
    plain = normal_name(text.replace("œ", "oe").replace("Œ", "OE"))
    return _SIGNS.sub("_", plain).strip("_")


@cache
def _by_words(role: str) -> dict[str, str]:
    """Return the column of each header in words; what two columns share goes to the first."""
    found: dict[str, str] = {}
    for column, words in _WORDS.get(role, {}).items():
        for text in (*words, column):
            for key in (sheet_key(text), sheet_key(_REMARK.sub(" ", text))):
                found.setdefault(key, column)
    return {key: column for key, column in found.items() if key}


def may_mean(role: str, header: str) -> str:
    """Return the column that a header in words may mean, "" for none.

    Examples
    --------
    >>> may_mean("youths", "Code postal"), may_mean("youths", "Niveau (facultatif)")
    ('postal_code', 'level')
    >>> may_mean("youths", "couleur préférée")
    ''
    """
    if len(header) > 60:
        return ""
    words = _by_words(role)
    return words.get(sheet_key(header)) or words.get(sheet_key(_REMARK.sub(" ", header)), "")


def proposals(role: str, headers: Iterable[str]) -> dict[str, str]:
    """Return the column that each header in words may mean: one each, of columns not there.

    Where two headers may mean one column, neither is proposed.

    Examples
    --------
    >>> proposals("youths", ["youth_id", "code postal", "niveau", "couleur"])
    {'code postal': 'postal_code', 'niveau': 'level'}
    """
    written = list(headers)
    known = columns_of(role)
    taken = {normal_name(header) for header in written} & set(known)
    meant = {h: column for h in written if normal_name(h) not in known
             and (column := may_mean(role, h)) and column not in taken}  # fmt: skip
    twice = [column for column in meant.values() if list(meant.values()).count(column) > 1]
    return {header: column for header, column in meant.items() if column not in twice}


def french_header(role: str, column: str) -> str:
    """Return the header of a column in the template of its table.

    Examples
    --------
    >>> french_header("youths", "postal_code")
    'code postal'
    """
    return _WORDS.get(role, {}).get(column, (column,))[0]
