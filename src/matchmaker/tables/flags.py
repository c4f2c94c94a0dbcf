"""Marks on offers that a person should look at, each with its reason.

Every rule is a sieve over all rows (one linear-time expression) and a closer look at
the few rows that pass. What counts is precision: a wrong mark may cost a youth a
true offer, so a doubt leaves the offer unmarked. Rules and measured precision:
``docs/explanation/pooling.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matchmaker.reference.lookup import fold

__all__ = ["FLAGS", "flag_offers"]

FLAGS = ("school", "ordinary_job", "discriminatory", "nameless", "title_vs_code")
"""In the order in which they are written; their words are those of ``quality``."""

# Divisions of the NAF in which schools post for others: secondary, higher and other
# education and its support. Sports, arts and driving schools (85.51 to 85.53) and
# primary schools (85.1, 85.2) take on apprentices of their own.
_NAF_SCHOOL = re.compile(r"^85\.?(?:3|4|59|6|$)")
_SCHOOL_NAME = re.compile(
    r"\b(?:cfa|cfai|ecole|ecoles|institut|campus|formations?|business school|school|academy"
    r"|academie|universite|iut|greta|afpa|bachelor|college de paris|alternance)\b"
)
_TRUE_EMPLOYER = re.compile(r"\b(?:auto ecole|ecole (?:maternelle|primaire|elementaire)|creche)\b")
_FOR_OTHERS = re.compile(
    r"\b(?:entreprises? partenaires?|un de (?:ses|nos) partenaires|(?:ses|nos) partenaires recrut"
    r"|pour le compte d|nos etudiants|notre ecole|notre cfa|notre centre de formation"
    r"|formation (?:100 )?(?:gratuite|prise en charge|financee)|frais de scolarite)"
)

# Names that are a school's whatever stands beside them; cut off or run together they still are.
_KNOWN_SCHOOL = re.compile(
    r"^(?:iscod|aftral|ifcv|kai ?school|beforma|escm|ecofac|scholia|promotrans|garac|aforp|afpi|talis"
    r"|pole formation|btp cfa|ppa|aurlom|maestris|greta)\b|\b(?:cfa|school|mfr)\b|business school"
)
_PUBLISHER = (
    r"(?:entreprises?|societes?|enseignes?|magasins?|restaurants?|etablissements?|agences?|salons?"
    r"|employeurs?|structures?|instituts?|banques?)"
)
# What a publisher says of those for whom it publishes.
_FOR_PARTNER = re.compile(
    rf"\b(?:recrut\w+|recherch\w+|cherch\w+)(?: \w+){{0,2}}? pour (?:(?:l )?une? de |le compte de )?"
    rf"(?:ses|nos|son|sa|notre|une?|plusieurs)(?: \w+)?(?: {_PUBLISHER})?(?: \w+){{0,2}} partenaires?\b"
    rf"|\bpour (?:l )?une? de (?:ses|nos) {_PUBLISHER} partenaires?\b"
    r"|\bpour (?:son|notre) partenaire\b"
    r"|\bnotre (?:centre de formation|ecole|cfa)(?: \w+){0,3} (?:vous propose|recherche|recrute)"
)
_FOR_ITSELF = re.compile(
    r"\b(?:pour son (?:propre|centre)|au sein de|notre equipe|dans son service|pour sa cuisine"
    r"|pour son ecole)\b"
)

_WORK_STUDY = (
    r"(?i)altern|apprenti|professionnalisation|contrat[ -]pro\b|formation en|cfa\b|[ée]tudiant|rythme"
    r"|tuteur|ma[iî]tre d.apprentissage|\b(?:cap|bep|bts|but|dut|bachelor|licence pro)\b"
)
_SENIOR_TITLE = re.compile(
    r"\b(?:senior|confirmee?|experimentee?|experte?|directeur|directrice|head of|lead"
    r"|chef de service|cheffe de service|responsable regionale?|medecin|avocate?|notaire)\b"
)
# A superset of these that needs no folding: their hardest letters.
_SENIOR_SIEVE = (
    r"(?i)s.{1,2}nior|confirm|exp.{1,2}r|dir.{1,2}ct|head|lead|chef|resp|m.{1,2}decin|avoca|notaire"
)
_JUNIOR = re.compile(r"\b(?:junior|assistante?|adjointe?|aide|debutante?)\b")
_YEARS_SIEVE = (  # RE2's blanks are those of ASCII: the two kinds of hard blank are added
    r"(?i)\d[\s\x{a0}\x{202f}]*(?:\(.{0,10}\)[\s\x{a0}\x{202f}]*)?(?:an|ann[ée]e)s?\b"
)
_YEARS = re.compile(
    r"(?:exp[ée]riences?[^.\n]{0,60}?\b(\d{1,2})\s*(?:ans|ann[ée]es|An\(s\))"
    r"|\b(\d{1,2})\s*(?:[àa-]\s*\d{1,2}\s*)?(?:ans|ann[ée]es|An\(s\))\s*(?:minimum\s*)?"
    r"(?:d['’]exp[ée]riences?|dans (?:un|une) (?:poste|fonction) similaire))",
    re.IGNORECASE,
)
# "Fort de 30 ans d'expérience": the firm's own years.
_FIRM_YEARS = re.compile(
    r"(?:fort[es]{0,2} de|depuis|avec plus de|riche de|notre|nos|acteur|entreprise|soci[ée]t[ée]"
    r"|groupe|leader)[^.\n]{0,60}$",
    re.IGNORECASE,
)

# Wording against L1132-1, each with what the sieve looks for. Legal age limits of the
# contract ("moins de 30 ans") and statements of equal treatment are no such wording.
_DISCRIMINATORY = tuple(
    re.compile(pattern)
    for pattern in (
        # Sex
        r"\b(?:(?:re)?cherch|recrut|souhait)\w+ (?:une? |des )?(?:jeunes? )?(?:femmes?|hommes?|filles?|garcons?|demoiselles?|messieurs)\b(?! (?:ou|et|h|f|hommes?|femmes?|de|d|toutes?|polyvalents?|du|a)\b)",
        r"\b(?:hommes?|femmes?|filles?|garcons?) (?:uniquement|exclusivement|seulement)\b",
        r"\b(?:uniquement|exclusivement|reservee?s? aux?|seulement) (?:des |aux |les )?(?:hommes|femmes|filles|garcons)\b(?! (?:et|ou)\b)",
        r"\bprofil (?:feminin|masculin) (?:souhaite|exige|recherche|uniquement|prefere)",
        # Sex, origin, age, health: "s'abstenir"
        r"\b(?:hommes?|femmes?|etrangers?|seniors?|handicapes?|plus de \d\d ans) s abstenir\b",
        # Origin, nationality, language
        r"\b(?:type|origine) (?:europeenne?|caucasienne?|francaise)\b",
        r"\bfrancaise?s? de souche\b|\bde race\b|\bblancs? uniquement\b",
        r"\bnationalite francaise (?:exigee|obligatoire|requise|imperative|uniquement)",
        r"\blangue maternelle francaise\b|\bfrancais langue maternelle (?:exige|obligatoire)",
        # Family, pregnancy
        r"\bsans enfants?\b(?! a )|\bcelibataires? (?:uniquement|souhaitee?|de preference|sans)",
        r"\bpas de (?:femmes? enceintes?|projet de grossesse|maternite)\b",
        # Looks, health
        r"\bphysique (?:agreable|attrayant|avantageux|attractif|irreprochable)\b",
        r"\b(?:handicap|rqth) (?:non acceptee?s?|exclue?s?)\b|\bpas de (?:personnes? )?handicap",
        # Religion, opinions, unions
        r"\b(?:sans|pas de) (?:voile|foulard|hijab)\b|\bnon syndique",
        # Place of residence
        r"\b(?:habiter|resider|domiciliee?s?) (?:imperativement|obligatoirement|exclusivement)\b",
    )
)
# A superset of the patterns above that needs no folding: their hardest words.
_DISCRIMINATORY_SIEVE = (
    r"(?i)femme|homme|fille|gar[çc]on|demoiselle|messieurs|profil (?:f[ée]minin|masculin)|abstenir"
    r"|(?:type|origine) (?:europ|caucas|fran[çc])|de souche|de race|blancs? uniq"
    r"|nationalit[ée] fran|maternelle|sans enfant|c[ée]libataire|enceinte|grossesse|maternit[ée]"
    r"|physique|handicap|rqth|voile|foulard|hijab|non syndiqu|habiter|r[ée]sider|domicili"
)
# Habilitations and the civil service may lawfully ask for the French nationality.
_LAWFUL_NATIONALITY = re.compile(r"habilitation|defense|fonction publique|armee|gendarmerie|police")
_NOT_A_PERSON = re.compile(
    r"(?:femmes?|hommes?) (?:de (?:menage|chambre|service|main|terrain|l art)|d entretien"
    r"|toutes? mains?|a tout faire|cles?|orchestre)"
)
_NO_NAME = frozenset(
    {
        "",
        "anonyme",
        "confidentiel",
        "entreprise confidentielle",
        "employeur confidentiel",
        "nc",
        "n a",
        "non renseigne",
        "non communique",
        "non precise",
        "inconnu",
        "nom compagnie",
        "entreprise anonyme",
        "enseigne inconnue",
        "nom entreprise",
        "xxx",
    }
)


def flag_offers(offers: pd.DataFrame, school_names: Iterable[str] = ()) -> pd.Series:
    """Return the flags of each offer, "|"-joined in the order of `FLAGS`, "" for none.

    Parameters
    ----------
    offers : DataFrame, n rows
        Clean offers with their `description` (a column left out says nothing): title,
        employer, naf_code, contract_type, kind, description; title_differs (bool: the title is,
        word for word, that of another trade than the codes, as
        `matchmaker.reference.agreement.contradicts` tells).
    school_names : iterable of str
        Names of schools that the user knows to pose as firms; compared without case,
        accents and signs.

    Returns
    -------
    Series of str
        Aligned with `offers`.

    Examples
    --------
    >>> import pandas as pd
    >>> flag_offers(pd.DataFrame({
    ...     "title": ["Vendeur (H/F)", "Directeur commercial"], "employer": ["", "Acme"],
    ...     "naf_code": ["", ""], "contract_type": ["apprentissage", "professionnalisation"],
    ...     "kind": ["offer", "offer"], "description": ["", "10 ans d'expérience exigés."]})).tolist()
    ['nameless', 'ordinary_job']
    """
    blank = pd.Series("", index=offers.index, dtype="str")
    text = {
        name: offers[name].astype("str") if name in offers.columns else blank
        for name in (
            "title",
            "employer",
            "naf_code",
            "contract_type",
            "kind",
            "description",
            "is_delegated",
        )
    }
    employer, names = pd.factorize(text["employer"])
    folded = [fold(name) for name in names]
    masks = {
        "school": _school(text, employer, folded, {fold(name) for name in school_names}),
        "ordinary_job": _ordinary_job(text),
        "discriminatory": _discriminatory(text),
        "nameless": np.array([name in _NO_NAME for name in folded], dtype=bool)[employer],
        "title_vs_code": _title_differs(offers),
    }
    # One bit a flag; each combination of them is written once.
    bits = np.zeros(len(offers), dtype=np.intp)
    for bit, name in enumerate(FLAGS):
        bits |= masks[name].astype(np.intp) << bit
    texts = [
        "|".join(name for bit, name in enumerate(FLAGS) if combination >> bit & 1)
        for combination in range(1 << len(FLAGS))
    ]
    return pd.Series(pd.array(texts, dtype="str").take(bits), index=offers.index)


def _title_differs(offers: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which published offers bear the title of another trade; firms have no title of theirs."""
    if "title_differs" not in offers.columns:
        return np.zeros(len(offers), dtype=bool)
    return (offers["title_differs"] & (offers["kind"] == "offer")).to_numpy(dtype=bool)


def _sieved(texts: pd.Series, sieve: str) -> npt.NDArray[np.bool_]:
    """Tell which texts contain the sieve's expression, in the dialect of RE2."""
    codes, distinct = pd.factorize(texts)
    found = pc.match_substring_regex(pa.array(distinct, type=pa.large_string()), sieve)
    return np.asarray(found, dtype=bool)[codes]


def _school(
    text: Mapping[str, pd.Series],
    employer: npt.NDArray[np.intp],
    names: list[str],
    known: set[str],
) -> npt.NDArray[np.bool_]:
    """School by its mark, by its own sentence, by name and activity or text; or on the user's list.

    `employer` says which of the folded `names` each row has.
    """
    mask = np.array([name in known and name != "" for name in names], dtype=bool)[employer]
    is_named = np.array(
        [bool(_SCHOOL_NAME.search(name)) and not _TRUE_EMPLOYER.search(name) for name in names],
        dtype=bool,
    )
    is_known = np.array([bool(_KNOWN_SCHOOL.search(name)) for name in names], dtype=bool)
    mask |= (text["is_delegated"].str.casefold() == "true").to_numpy(dtype=bool)
    told = np.flatnonzero(_sieved(text["description"], r"(?i)parten|formation|cfa|[ée]cole"))
    for row, description in zip(
        told.tolist(), text["description"].iloc[told].tolist(), strict=True
    ):
        mask[row] |= bool(_FOR_PARTNER.search(fold(description)))
    certain = np.flatnonzero(is_known[employer])
    for row, description in zip(
        certain.tolist(), text["description"].iloc[certain].tolist(), strict=True
    ):
        mask[row] |= not _FOR_ITSELF.search(fold(description))
    rows = np.flatnonzero(is_named[employer])
    cells = zip(text["naf_code"].iloc[rows], text["description"].iloc[rows], strict=True)
    for row, (naf, description) in zip(rows.tolist(), cells, strict=True):
        said = fold(description)
        of_school = bool(_NAF_SCHOOL.match(naf.strip())) and not _FOR_ITSELF.search(said)
        mask[row] |= of_school or bool(_FOR_OTHERS.search(said))
    return mask


def _ordinary_job(text: Mapping[str, pd.Series]) -> npt.NDArray[np.bool_]:
    """Work-study by its tag, by no word of its text, and asking for a seasoned person."""
    mask = np.zeros(len(text["title"]), dtype=bool)
    notices = np.flatnonzero((text["kind"] == "offer").to_numpy(dtype=bool))
    title_cells, description_cells = text["title"].iloc[notices], text["description"].iloc[notices]
    says_so = _sieved(title_cells, _WORK_STUDY) | _sieved(description_cells, _WORK_STUDY)
    years = _sieved(description_cells, _YEARS_SIEVE)
    is_doubtful = ~says_so & (years | _sieved(title_cells, _SENIOR_SIEVE))
    doubtful = np.flatnonzero(is_doubtful)
    cells = zip(title_cells.iloc[doubtful], description_cells.iloc[doubtful], strict=True)
    for row, (written, description) in zip(doubtful.tolist(), cells, strict=True):
        title = fold(written)
        is_senior = bool(_SENIOR_TITLE.search(title)) and not _JUNIOR.search(title)
        mask[notices[row]] = is_senior or (years[row] and _asks_years(description))
    return mask


def _asks_years(description: str) -> bool:
    """Tell whether two to fifteen years of experience are asked of the person."""
    for found in _YEARS.finditer(description):
        years = int(found[1] or found[2])
        if 2 <= years <= 15 and not _FIRM_YEARS.search(description[: found.start()]):
            return True
    return False


def _discriminatory(text: Mapping[str, pd.Series]) -> npt.NDArray[np.bool_]:
    """Wording that reserves the post to some, in title or description."""
    mask = np.zeros(len(text["title"]), dtype=bool)
    for part in (text["title"], text["description"]):
        rows = np.flatnonzero(_sieved(part, _DISCRIMINATORY_SIEVE))
        for row, written in zip(rows.tolist(), part.iloc[rows], strict=True):
            mask[row] |= _excludes(written)
    return mask


def _excludes(written: str) -> bool:
    """Tell whether one text holds a wording against L1132-1."""
    # Sentence by sentence, so that no rule reads across a full stop.
    for sentence in re.split(r"[.!?;\n]+", written):
        # "(H/F)" beside a word of sex says that both are meant.
        folded = _NOT_A_PERSON.sub(" ", fold(sentence))
        for pattern in _DISCRIMINATORY:
            found = pattern.search(folded)
            if not found:
                continue
            if "nationalite" in found.group() and _LAWFUL_NATIONALITY.search(fold(written)):
                continue
            return True
    return False
