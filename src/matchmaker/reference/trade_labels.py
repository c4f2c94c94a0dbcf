"""Labels of trades as people write them: accents put right, both genders in words.

The nomenclature leaves capitals without accents ("Electricien") and writes both genders with
a stroke ("Agent / Agente d'entretien").  What people read has the accents, and "ou".
"""

from __future__ import annotations

import re

__all__ = ["in_words", "mended"]

# French writes É before one consonant, or a group that begins a syllable, and a vowel; but
# "Employé", "Expert", "Esthéticien", "Ethnologue", where the E is closed in.
_BARE_E = re.compile(
    r"\bE(?=(?:[bcdfgptv]r|[bcfgp]l|[cpt]h|qu|gn|[bcdfgjklmnpqrstvz])[aeiouyàâéèêëîïôûœ])"
)
# English words of the nomenclature that the rule would take for French ones.
_ENGLISH = frozenset({"Energy", "Event", "Events", "Editor", "Evangelist"})
_FIRST_WORD = re.compile(r"\w+")

# What no rule mends: the whole text of a word, or of a label.
_WORDS = {"Maitrise": "Maîtrise", "multimedia": "multimédia"}
_LABELS = {
    "Agent / Agente d'administration principal(e) des douanes": (
        "Agent d'administration principal / Agente d'administration principale des douanes"
    ),
    "Éducateur sportif / Éducatrice sportive spécialisé(e) en activités physiques et sportives"
    " adaptées": (
        "Éducateur sportif spécialisé / Éducatrice sportive spécialisée en activités physiques"
        " et sportives adaptées"
    ),
    "Homologateur / Homologatrice fonctionnel de logiciel": (
        "Homologateur fonctionnel / Homologatrice fonctionnelle de logiciel"
    ),
    "Médecin responsable de la Documentation et de l'Information Médicale (Médecin responsable"
    " -DIM-)": "Médecin responsable de la Documentation et de l'Information Médicale (DIM)",
    "Responsable de site(s) de vente et de réparation cycles": (
        "Responsable de sites de vente et de réparation de cycles"
    ),
}

# What a sentence says of labels that put a capital in the middle, or agree with one gender
# alone: the table keeps them, since titles are resolved by its words.
_SPOKEN = {
    "Accompagnant Éducatif et Social (AES) / Accompagnante Éducative et Sociale (AES)": (
        "Accompagnant éducatif et social ou accompagnante éducative et sociale (AES)"
    ),
    "Analyste Concepteur / Conceptrice informatique": (
        "Analyste concepteur ou conceptrice informatique"
    ),
    "Animateur / Animatrice événementiel": "Animateur événementiel ou animatrice événementielle",
    "Artiste Plasticien / Plasticienne": "Artiste plasticien ou plasticienne",
    "Cadre Dirigeant / Dirigeante d'administration centrale": (
        "Cadre dirigeant ou dirigeante d'administration centrale"
    ),
    "Cadre Technico-commercial / Technico-commerciale": (
        "Cadre technico-commercial ou technico-commerciale"
    ),
    "Conducteur / Conductrice Véhicule Léger de l'armée": (
        "Conducteur ou conductrice de véhicule léger de l'armée"
    ),
    "Conducteur / Conductrice de véhicules Super Lourds": (
        "Conducteur ou conductrice de véhicules super-lourds"
    ),
    "Conseiller / Conseillère immobilier": "Conseiller immobilier ou conseillère immobilière",
    "Diagnostiqueur / Diagnostiqueuse immobilier": (
        "Diagnostiqueur immobilier ou diagnostiqueuse immobilière"
    ),
    "Développeur / Développeuse décisionnel - Business Intelligence": (
        "Développeur décisionnel ou développeuse décisionnelle - Business Intelligence"
    ),
    "Éducateur sportif / Éducatrice sportive Santé": (
        "Éducateur sportif ou éducatrice sportive santé"
    ),
    "Ingénieur / Ingénieure Chantier nucléaire": "Ingénieur ou ingénieure de chantier nucléaire",
    "Instrumentiste Industriel / Industrielle": "Instrumentiste industriel ou industrielle",
    "Médecin Anesthésiste Réanimateur / Réanimatrice (MAR)": (
        "Médecin anesthésiste réanimateur ou réanimatrice (MAR)"
    ),
    "Responsable Commercial / Commerciale": "Responsable commercial ou commerciale",
    "Responsable Opérationnel / Opérationnelle de la défense": (
        "Responsable opérationnel ou opérationnelle de la défense"
    ),
    "Secrétaire Facturier / Facturière": "Secrétaire facturier ou facturière",
    "Spa Praticien / Spa Praticienne": "Spa praticien ou spa praticienne",
    "Staffeur Stuqueur / Staffeuse Stuqueuse": "Staffeur stuqueur ou staffeuse stuqueuse",
}

_STROKE = re.compile(r"\s+/\s+")
# An abbreviation after what it stands for, between dashes that open and close.
_DASHED = re.compile(r"\s+-\s?([A-Z]{2,6})\s?-(?=\s|\)|$)")
_TWICE = re.compile(r" (\([A-Z]{2,6}\))(?= ou ).*(?= \1$)")


def mended(label: str) -> str:
    """Return a label with the accents and the apostrophes of French.

    Parameters
    ----------
    label : str
        As in the nomenclature.

    Returns
    -------
    str

    Examples
    --------
    >>> mended("Electricien / Electricienne du bâtiment"), mended("Esthéticien / Esthéticienne")
    ('Électricien / Électricienne du bâtiment', 'Esthéticien / Esthéticienne')
    """
    text = re.sub(r"[^\W\d_]+", _mended_word, label.replace("\u2019", "'"))
    return _LABELS.get(text, text)


def _mended_word(found: re.Match[str]) -> str:
    word = found[0]
    if word in _ENGLISH:
        return word
    return _WORDS.get(word) or _BARE_E.sub("É", word)


def in_words(label: str) -> str:
    """Return a label as a sentence may name it, the second gender after "ou".

    Parameters
    ----------
    label : str
        As `mended` gives it.

    Returns
    -------
    str

    Examples
    --------
    >>> in_words("Boulanger / Boulangère"), in_words("Agent / Agente d'entretien")
    ('Boulanger ou boulangère', "Agent ou agente d'entretien")
    >>> in_words("Médecin de la Protection Maternelle et Infantile -PMI-")
    'Médecin de la Protection Maternelle et Infantile (PMI)'
    >>> in_words("Conseiller / Conseillère immobilier")
    'Conseiller immobilier ou conseillère immobilière'
    """
    if spoken := _SPOKEN.get(label.strip()):
        return spoken
    first, *others = _STROKE.split(_DASHED.sub(r" (\1)", label.strip()))
    text = " ou ".join([first, *map(_without_capital, others)])
    return _TWICE.sub(lambda found: found[0].replace(f" {found[1]}", "", 1), text)


def _without_capital(text: str) -> str:
    """Return the text with a small first letter, unless its first word is an abbreviation."""
    word = _FIRST_WORD.match(text)
    if word is None or (len(word[0]) > 1 and word[0].isupper()):
        return text
    return text[0].lower() + text[1:]
