"""From the words of a job title to stems that know neither gender nor number.

``Conductrice d'engins (H/F) en alternance``, ``CONDUCTEUR D'ENGIN`` and ``Conducteur /
Conductrice d'engins`` all give the stems ``conducteur engin``.  What says nothing about the
trade is taken out: marks of gender, words of contracts and of adverts, durations, and
diplomas, which are kept aside as a hint of the level aimed at.

The stems are made by suffix rules, not by a dictionary: each rule maps the feminine and
the masculine form to one text, whether or not that text is a French word.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["ROLES", "TitleText", "read_title", "stem"]

# Pairs that no suffix rule joins: both sides of a label of the nomenclature.
_IRREGULAR = {
    "femme": "homm",
    "homme": "homm",
    "fille": "garcon",
    "garcon": "garcon",
    "steward": "hot",
    "compagne": "compagnon",
    "monsieur": "madam",
    "maieuticien": "sagehomm",
    "maieuticienne": "sagehomm",
    "sagefemme": "sagehomm",
    "travaux": "travail",
    "pizzaiola": "pizzaiolo",
    "sante": "sante",
    "velo": "cycl",
    "cycle": "cycl",
    "nurse": "nurs",
    "bonne": "bonn",
}


# Ending of either gender -> what both become; the first that fits counts.
_ENDINGS = (
    ("trice", "ter"),
    ("drice", "der"),
    ("euse", "er"),
    ("eure", "er"),
    ("eur", "er"),
    ("woman", "man"),
    ("maid", "man"),
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that carry no trade.  Accents are gone, as everywhere below.
_EMPTY = _words(
    """
    a au aux avec ce ces dans de des du elle en et etre il ils je la le les leur ma mes mon
    nos notre nous on ou par pas pour sa se ses si sur sous the un une vers votre vos vous y
    ne n of and for chez comme entre afin ainsi aussi bien non oui plus que qui sans tres tout
    tous
    """
)

# Words of adverts and contracts: they stand beside a trade and name none.
_ADVERT = _words(
    """
    alternance alternant alternante alternants alternantes apprenti apprentie apprentis
    apprenties apprentissage cdi cdd cdii interimaire stagiaire stagiaires recherchons
    recrutons urgent urgence temps plein partiel mois an ans annee annees debutant debutante
    debutants accepte acceptes confirme confirmee junior senior h f hf fh mf fm hfx fhx hfnb x
    nb voeu souhait souhaite souhaitee janvier fevrier mars avril mai juin juillet aout
    septembre octobre novembre decembre rentree professionnalisation pro professionnel
    professionnelle option specialite spe parcours mention niveau diplome diplomee diplomes
    possible immediat immediate rapidement selon profil
    """
)

# These may be part of a trade's name ("conseiller à l'emploi"): dropped at the front only.
_ADVERT_AT_FRONT = _words(
    """
    recherche recrute recrutement offre offres emploi emplois poste postes stage stages metier
    metiers formation formations contrat contrats interim
    """
)

# What people write who do not know, or do not say.
_UNDECIDED = _words(
    """
    sais sait saurais savoir idee idees aucun aucune rien indecis indecise inconnu inconnue
    renseigne renseignee renseigner definir preciser determiner peu importe nimporte quoi
    encore verrai verra autre autres divers diverse na nc nsp neant vide test xxx todo
    """
)

# Diplomas, longest first: (pattern, level).  Level 0: a diploma that tells none.
_DIPLOMAS: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"), level)
    for pattern, level in (
        (r"certificat d aptitudes? professionnelles?|cap ?a?(?= )|cap|capa|bepa?|cqpm?", 3),
        (r"certificat de qualification professionnelle", 3),
        (
            r"mentions? complementaires?|certificat de specialisation(?: agricole)?|mc ?[345]?|\Acs|fcil",
            0,
        ),
        (r"baccalaureats? professionnels?|bac ?pro(?:fessionnel)?|bacpro", 4),
        (r"baccalaureats? technologiques?|bac ?techno", 4),
        (r"brevet professionnel|brevet technique des metiers|btm|bp(?:jeps|rea|a)?", 4),
        (
            r"bac ?\+ ?2|(?:brevet de technicien superieur(?: agricole)?|bts ?a(?= )|btsa?)(?: ?- ?(?:services|production|agricole|maritime)(?= ?-))?|deust|\Abm",
            5,
        ),
        (r"bac ?\+ ?3|bac ?\+ ?4|bachelors?(?: universitaire de technologie)?|but|dut", 6),
        (r"licences? pro(?:fessionnelles?)?|licences?|desjeps", 6),
        (r"bac ?\+ ?5|masteres?(?: specialises?)?|masters?(?: [12])?|m[12]|msc|mba", 7),
        (r"bac ?\+ ?8|doctorats?|these cifre|cifre", 8),
        (r"titres? pro(?:fessionnels?)?|\At ?p|rncp ?\d*|cfa|bac ?(?:\+ ?\d)?", 0),
        (r"contrat d apprentissage|contrat de professionnalisation|contrat pro", 0),
        (r"en alternance|temps (?:plein|partiel)|n[o°] ?\d+|vie active", 0),
    )
)

_ANY_DIPLOMA = re.compile("|".join(pattern.pattern for pattern, _ in _DIPLOMAS))

_SUFFIXES = "ne|se|te|le|ve|re|rice|trice|teuse|euse|ere|iere|enne|ienne|onne|elle|ale|ive|e"
# employe(e), vendeur(euse)s, agent.e, conducteur/trice, charge·e·s, boulanger-ere
_INCLUSIVE = re.compile(
    rf"(?<=[a-z]{{2}})(?:\((?:{_SUFFIXES})\)s?|[./](?:{_SUFFIXES})(?:[.]?s)?)(?![a-z])"
    rf"|(?<=[a-z]{{3}})-(?:e|ere|rice|trice|euse|ienne)s?(?![a-z-])"
)
_GENDER_MARK = re.compile(
    r"[(\[]?(?<![a-z])(?:h ?[/\-|] ?f(?: ?[/\-|] ?(?:x|nb|d))?|f ?[/\-|] ?[hm](?: ?[/\-|] ?(?:x|nb|d))?"
    r"|[mh] ?[/\-|] ?[fw](?: ?[/\-|] ?(?:x|nb|d))?|homme ?/ ?femme|femme ?/ ?homme"
    r"|hommes? et femmes?|tous genres?)(?![a-z])[)\]]?"
)
_ELISION = re.compile(r"(?<![a-z])(?:d|l|qu|s|n|j|m|c|jusqu|lorsqu)'(?=[a-z0-9])")
_PIECE = re.compile(r"[a-z0-9]+(?:\+\+|#)?|/")
_TIME = re.compile(
    r"\b\d{1,2} ?(?:mois|ans?|h|heures?)\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b(?:19|20)\d\d\b"
    r"|\b\d{2,3} ?%|\b\d{5}\b|\(\d{2,3}[ab]?\)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleText:
    """What a title says once it is read.

    Attributes
    ----------
    stems : tuple of str
        Stems of the words that may name a trade, in order, no stem twice in a row.
    level : int
        Level of the diploma named in the title, 0 when none is, or when its name tells none.
    is_diploma : bool
        A diploma is named.
    """

    stems: tuple[str, ...]
    level: int = 0
    is_diploma: bool = False


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return one text for the masculine, feminine, singular and plural of `word`.

    Parameters
    ----------
    word : str
        A word in lower case, without accents.

    Examples
    --------
    >>> {stem(w) for w in ("conducteur", "conductrice", "conducteurs")}
    {'conducter'}
    >>> {stem(w) for w in ("boulanger", "boulangere", "boulangeres")}
    {'boulanger'}
    >>> {stem(w) for w in ("chef", "cheffe", "chefs")}
    {'chef'}
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or word[-1].isdigit():
        return word
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) > 5:
        return word[:-3] + "al"
    base = word.rstrip("sx") if not word.endswith("ss") else word
    if base.endswith("eu") and word.endswith("x"):
        return base[:-1] + "r"
    return _of_either_gender(base) or _without_ending(base)


def _of_either_gender(base: str) -> str:
    """Return a word in the singular with the ending that both genders share, "" if it has none."""
    for ending, common in _ENDINGS:
        if base.endswith(ending) and len(base) > len(ending) + 1:
            return base[: -len(ending)] + common
    return ""


def _without_ending(base: str) -> str:
    """Return a word in the singular without the letters that its feminine form adds."""
    if base.endswith("esse") and len(base) > 6:
        base = base[:-4]
    short = base.rstrip("es")
    if len(short) < 3:
        return base
    if short.endswith(("qu", "gu")):
        short = short[:-2] + ("c" if short[-2] == "q" else "g")
    if short[-1] == "v":
        short = short[:-1] + "f"
    if short[-1] == short[-2] and short[-1] not in "aeiou":
        short = short[:-1]
    return short


_SIGNS = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ø": "o",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "·": ".",
        "•": ".",
        "∙": ".",
        "‧": ".",
        "–": "-",
        "—": "-",
        "‑": "-",
    }
)


_BLANKS = str.maketrans("'.", "  ")


def _plain(text: str) -> str:
    """Return `text` in lower case and in ASCII: accents, ligatures, HTML entities undone."""
    if "&" in text:
        text = html.unescape(text)
    lower = text.lower()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower.translate(_SIGNS))
    return decomposed.encode("ascii", "ignore").decode("ascii")


def _one_gender(stems: Sequence[str]) -> list[str]:
    """Return stems with the second form of a pair dropped: a "/" parts them.

    ``conducteur / conducteur engin`` -> ``conducteur engin``: the longest run before
    the bar whose stems begin the run behind it goes.
    """
    out: list[str] = []
    position = 0
    while position < len(stems):
        if stems[position] == "/":
            behind = list(stems[position + 1 :])
            for size in range(min(len(out), 6, len(behind)), 0, -1):
                if out[-size:] == behind[:size]:
                    position += size
                    break
        else:
            out.append(stems[position])
        position += 1
    return out


@lru_cache(maxsize=1 << 14)  # the titles of a nomenclature are read twice: to resolve, for nearness
def read_title(text: str) -> TitleText:
    """Return the stems of a title and the level that it names.

    Parameters
    ----------
    text : str
        A title as written: offer, wish, label of a nomenclature.

    Examples
    --------
    >>> read_title("Apprenti(e) boulanger / boulangère (H/F) - CAP")
    TitleText(stems=('boulanger',), level=3, is_diploma=True)
    >>> read_title("Conductrice d'engins agricoles").stems
    ('conducter', 'engin', 'agricol')
    """
    plain = _GENDER_MARK.sub(" ", _plain(text))
    plain = _INCLUSIVE.sub("", plain)
    plain = plain.replace("sage-femme", "sagefemme")
    flat = _ELISION.sub(" ", plain)
    level, is_diploma = 0, False
    without = _TIME.sub(" ", flat).translate(_BLANKS).strip()
    if _ANY_DIPLOMA.search(without):
        for pattern, named in _DIPLOMAS:
            without, times = pattern.subn(" ", without)
            level = level or (named if times else 0)
            is_diploma = is_diploma or times > 0
    # A label that is all diploma ("Titre professionnel") keeps nothing: it names no trade.
    pieces = _PIECE.findall(without)
    while pieces and (pieces[0] in _EMPTY or pieces[0] in _ADVERT or pieces[0] in _ADVERT_AT_FRONT):
        del pieces[0]
    if all(p in _EMPTY or p in _ADVERT or p in _UNDECIDED or p in _ADVERT_AT_FRONT for p in pieces):
        pieces = []
    stems = _one_gender(
        [
            p if p == "/" else stem(p)
            for p in pieces
            if p == "/" or not (p in _EMPTY or p in _ADVERT or (p.isdigit()))
        ]
    )
    kept: list[str] = []
    for one in stems:
        if not kept or kept[-1] != one:
            kept.append(one)
    return TitleText(stems=tuple(kept), level=level, is_diploma=is_diploma)


def _roles(groups: str) -> dict[str, str]:
    """Return stem -> name of its group; the name begins with a sign that no stem has."""
    return {
        stem(word): f"~{line.split()[0]}"
        for line in groups.strip().splitlines()
        for word in line.split()
    }


# Words for one role: "chauffeur" and "conducteur" differ, and yet are nearer to each other
# than to "vendeur".  Each stem counts as itself and, besides, as a member of its group.
ROLES = _roles("""
chef responsable directeur manager dirigeant superviseur gerant coordinateur coordonnateur
conducteur chauffeur pilote
fabricant producteur constructeur
ouvrier operateur agent employe
technicien technologue
professeur enseignant formateur instituteur moniteur instructeur
installateur monteur poseur assembleur
reparateur mecanicien depanneur
concepteur designer dessinateur createur
assistant adjoint auxiliaire aide
""")
