"""Names of firms, folded as far as one meaning goes: case, accents, signs and legal form."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from matchmaker.reference.lookup import fold

__all__ = ["firm_name", "firm_names", "names_nobody"]

# Forms that are no French word of their own: "sel" is salt, "cie" may be all that tells two apart.
_FORMS = frozenset(
    [
        "sa",
        "sas",
        "sasu",
        "sarl",
        "eurl",
        "sci",
        "scop",
        "scea",
        "earl",
        "gaec",
        "snc",
        "selarl",
        "selas",
        "eirl",
        "gie",
        "ets",
        "etablissement",
        "etablissements",
        "ste",
        "societe",
    ]
)
# "S.A.R.L." comes apart into letters.
_SPELT_OUT = re.compile(
    rf"\b(?:{'|'.join(' '.join(form) for form in sorted(_FORMS, key=len, reverse=True))})\b"
)
# Words of placeholders that stand where no employer is named.
_NOBODY = frozenset(
    [
        "anonyme",
        "communique",
        "compagnie",
        "confidentiel",
        "confidentielle",
        "employeur",
        "enseigne",
        "entreprise",
        "inconnu",
        "inconnue",
        "nc",
        "nom",
        "non",
        "precise",
        "renseigne",
        "societe",
        "xxx",
    ]
)
_NOBODY_SPELT_OUT = frozenset({"n a", "n c", "n r"})


def names_nobody(folded: str) -> bool:
    """Tell whether a folded name stands for none.

    Examples
    --------
    >>> names_nobody("entreprise confidentielle"), names_nobody(""), names_nobody("entreprise martin")
    (True, True, False)
    """
    return folded in _NOBODY_SPELT_OUT or set(folded.split()) <= _NOBODY


def firm_name(name: str) -> str:
    """Return a firm's name without case, accents, signs and legal form, "" where it names none.

    Examples
    --------
    >>> firm_name("S.A.R.L. Boulangerie MARTIN & Fils"), firm_name("Boulangerie Martin et fils")
    ('boulangerie martin fils', 'boulangerie martin fils')
    >>> firm_name("Sté Générale"), firm_name("SAS"), firm_name("Non renseigné")
    ('generale', 'sas', '')
    """
    folded = fold(name)
    if names_nobody(folded):
        return ""
    joined = _SPELT_OUT.sub(lambda found: found[0].replace(" ", ""), folded).split()
    kept = [word for word in joined if word not in _FORMS and word != "et"]
    return " ".join(kept or joined)


def firm_names(employers: pd.Series) -> pd.Series:
    """Return the folded name of each employer; each distinct text is folded once."""
    codes, distinct = pd.factorize(employers)
    names = np.array([firm_name(text) for text in distinct], dtype=object)
    return pd.Series(pd.array(names[codes], dtype="str"), index=employers.index)
