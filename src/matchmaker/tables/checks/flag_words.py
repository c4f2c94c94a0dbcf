"""Yes and no as people write them in the columns of a youth: "véhiculé", "RQTH", "pas de permis"."""

from __future__ import annotations

import re

__all__ = ["yes_or_no"]

_WORD = re.compile(r"[a-z0-9]+")
# "Permis B" counts: who notes it in a column on mobility says that the youth can drive.
_YES_WORDS = {
    "is_mobile": frozenset(
        [
            "oui",
            "yes",
            "permis",
            "voiture",
            "vehicule",
            "vehiculee",
            "auto",
            "automobile",
            "scooter",
            "moto",
            "cyclomoteur",
            "mobylette",
            "b",
            "vehicules",
        ]
    ),
    "driving_licence": frozenset(["oui", "yes", "permis", "b", "obtenu"]),
    "has_rqth": frozenset(
        ["oui", "yes", "rqth", "th", "boe", "boeth", "reconnu", "reconnue", "reconnaissance"]
    ),
}
_NO_WORDS = frozenset(["non", "no", "pas", "sans", "aucun", "aucune", "ni"])
# What is to come, or is weighed, is neither.
_OPEN_WORDS = frozenset(
    [
        "mais",
        "si",
        "peut",
        "parfois",
        "cours",
        "bientot",
        "prevu",
        "prevue",
        "demande",
        "attente",
        "prochainement",
        "futur",
        "ou",
        "et",
        "selon",
    ]
)
_NO_ONLY = {
    "is_mobile": frozenset(
        {
            "a pied",
            "transports en commun",
            "transport en commun",
            "bus",
            "velo",
            "pieton",
            "aucun moyen de locomotion",
        }
    ),
    "driving_licence": frozenset[str](),
    "has_rqth": frozenset[str](),
}


def yes_or_no(folded: str, column: str) -> bool | None:
    """Return what a text says in one column of flags, None where that is not clear.

    Parameters
    ----------
    folded : str
        In lower case, without accents.
    column : str
        ``is_mobile``, ``driving_licence`` or ``has_rqth``; of any other column nothing is clear: an opt-out is
        never read between the lines.

    Examples
    --------
    >>> [yes_or_no(text, "is_mobile") for text in ("permis b", "pas de permis", "yes/no")]
    [True, False, None]
    """
    if column not in _YES_WORDS:
        return None
    words = _WORD.findall(folded)
    if " ".join(words) in _NO_ONLY[column]:
        return False
    if not _OPEN_WORDS.isdisjoint(words):
        return None
    says_no = not _NO_WORDS.isdisjoint(words)
    says_yes = not _YES_WORDS[column].isdisjoint(words)
    if says_no:
        # "Oui/non" is neither; "pas de permis" is a no, "permis : non" too.
        return None if {"oui", "yes"} & {*words} else False
    return True if says_yes else None
