import pandas as pd
import pytest

from matchmaker.reference.lookup import fold
from matchmaker.tables.flags import FLAGS, flag_offers
from matchmaker.words import table


def flag(school_names=(), **columns):
    row = {
        "title": "Boulanger (H/F)", "employer": "Boulangerie Martin", "naf_code": "10.71C",
        "contract_type": "apprentissage", "kind": "offer", "description": "Apprentissage en deux ans",
    } | columns  # fmt: skip
    return flag_offers(pd.DataFrame([row], dtype="str"), school_names).iloc[0]


@pytest.mark.parametrize(
    ("employer", "naf", "description", "expected"),
    [
        ("École supérieure de vente", "85.42Z", "", "school"),
        ("CFA des métiers", "8559A", "", "school"),
        ("Digital Campus", "85", "", "school"),
        ("BUSINESS SCHOOL OF X", "", "Pour l'une de nos entreprises partenaires", "school"),
        ("Institut X", "70.22Z", "Formation 100% gratuite pour nos étudiants", "school"),
        ("Les Alternants Réunis", "", "", "school"),  # on the user's list
        ("Auto-école Martin", "85.53Z", "", ""),
        ("Auto-école Martin", "85.59B", "", ""),
        ("École de danse", "85.52Z", "", ""),
        ("Lycée Jules Ferry", "85.31Z", "", ""),  # schools hire cooks of their own
        ("Institut de beauté", "96.02B", "", ""),
        ("Crèche École des petits", "85.10Z", "", ""),
        ("Boulangerie Martin", "85.59A", "", ""),
        ("Campus Immobilier", "68.31Z", "Nous recrutons pour notre agence", ""),
        ("Schoolmouv", "", "", ""),
    ],
)
def test_schools_that_pose_as_firms(employer, naf, description, expected):
    found = flag(["LES ALTERNANTS REUNIS"], employer=employer, naf_code=naf,
                 description=description)  # fmt: skip
    assert found == expected


@pytest.mark.parametrize(
    ("title", "description", "expected"),
    [
        ("Directeur commercial (H/F)", "Vous dirigez l'équipe.", "ordinary_job"),
        ("Comptable confirmé", "", "ordinary_job"),
        ("Comptable", "Expérience de 5 ans exigée en cabinet.", "ordinary_job"),
        ("Comptable", "3 à 5 ans d’expérience minimum", "ordinary_job"),
        ("Comptable", "Tenue des comptes\nExpérience exigée : 3 An(s)", "ordinary_job"),
        ("Comptable", "Vous justifiez de 10 ans d'expérience", "ordinary_job"),
        ("Comptable", "", ""),
        ("Comptable", "1 an d'expérience", ""),
        ("Comptable", "Fort de 12 ans d'expérience, le cabinet X", ""),
        ("Comptable", "Notre société, 10 ans d'expérience dans le secteur", ""),
        ("Comptable", "40 ans d'expérience", ""),
        ("Comptable", "Contrat de 2 ans", ""),
        ("Comptable en alternance", "5 ans d'expérience", ""),
        ("Directeur adjoint (H/F)", "Contrat d'apprentissage", ""),
        ("Assistant du directeur", "", ""),
        ("Comptable confirmé", "Rythme : 3 jours en entreprise, 2 jours en CFA", ""),
    ],
)
def test_ordinary_jobs(title, description, expected):
    found = flag(title=title, description=description, contract_type="professionnalisation")
    assert found == expected


def test_what_says_it_is_a_job_is_no_ordinary_job_in_disguise():
    assert flag(title="Directeur", description="", kind="job") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Nous recherchons une jeune femme dynamique",
        "recrute un homme pour la manutention",
        "Poste réservé aux hommes",
        "Femmes uniquement",
        "Profil féminin souhaité.",
        "Plus de 45 ans s'abstenir",
        "Étrangers s’abstenir",
        "Nationalité française exigée",
        "Langue maternelle française",
        "physique agréable demandé",
        "Célibataire de préférence, sans enfant",
        "Pas de femme enceinte",
        "pas de voile",
        "Résider impérativement à Quimper",
    ],
)
def test_wording_against_the_law(text):
    assert flag(description=f"Apprentissage. {text}") == "discriminatory"
    assert flag(title=text.upper()) == "discriminatory"


@pytest.mark.parametrize(
    "text",
    [
        "Nous recherchons un(e) apprenti(e) homme/femme",
        "recherche un homme ou une femme motivé(e)",
        "recrute des femmes et des hommes passionnés",
        "L'égalité entre les femmes et les hommes est au cœur de nos engagements",
        "Nous cherchons une femme de chambre (H/F)",
        "recherche homme d'entretien (H/F)",
        "recrute un homme toutes mains",
        "sans distinction de sexe, d'âge, d'origine ou de handicap",
        "Poste ouvert aux personnes en situation de handicap, RQTH acceptée",
        "Éligible au contrat d'apprentissage (- de 30 ans, pas de limite d'âge avec une RQTH)",
        "Avoir entre 16 et 29 ans",
        "Bonne présentation exigée",
        "Bonne condition physique",
        "Nationalité française exigée pour l'habilitation secret défense",
        "Vous habitez à proximité",
        "École maternelle",
        "formation à la pose de voiles de béton",
        "Vendeuse prêt-à-porter femme",
        "Ce métier n'est pas réservé aux hommes et aux femmes de terrain",
    ],
)
def test_wording_that_is_lawful(text):
    assert flag(description=f"Apprentissage. {text}") == ""


@pytest.mark.parametrize("name", ["", "Anonyme", "CONFIDENTIEL", "Non renseigné", "nom compagnie"])
def test_nameless(name):
    assert flag(employer=name) == "nameless"


def test_flags_are_joined_in_the_order_of_the_reasons():
    found = flag(employer="", title="Directeur", description="Femmes uniquement")
    assert found == "ordinary_job|discriminatory|nameless"
    assert FLAGS == ("school", "ordinary_job", "discriminatory", "nameless", "title_vs_code")
    assert all(set(FLAGS) <= table(lang, "quality").keys() for lang in ("fr", "en"))


@pytest.mark.parametrize(("kind", "differs", "found"), [
    ("offer", True, "title_vs_code"), ("offer", False, ""), ("spontaneous", True, ""),
])  # fmt: skip
def test_a_published_title_of_another_trade(kind, differs, found):
    named = {"title": "Boulanger", "employer": "Boulangerie Martin", "kind": kind}
    frame = pd.DataFrame([named], dtype="str").assign(title_differs=differs)
    assert flag_offers(frame).tolist() == [found]


def test_rows_are_independent_and_columns_optional():
    frame = pd.DataFrame({"employer": ["", "A"], "title": ["x", "Femmes uniquement"]},
                         index=[7, 3], dtype="str")  # fmt: skip
    flags = flag_offers(frame)
    assert flags.to_dict() == {7: "nameless", 3: "discriminatory"}
    assert flags.dtype == "str"
    assert flag_offers(frame.iloc[:0]).empty


def test_names_of_the_list_are_compared_folded():
    assert fold("Les ALTERNANTS réunis") == "les alternants reunis"
    assert flag([""], employer="Boulangerie Martin") == ""


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"employer": "AFTRAL CFA TRANSPORT LOGI"}, "school"),  # cut off
        ({"employer": "KAISCHOOL PARIS"}, "school"),  # no boundary of a word
        ({"is_delegated": "true"}, "school"),
        (
            {"description": "X recrute, pour l'un de ses magasins partenaires, un vendeur."},
            "school",
        ),
        ({"description": "Notre centre de formation X vous propose une alternance."}, "school"),
        ({"employer": "AFTRAL", "description": "Alternant pour son centre de Caen."}, ""),
        ({"description": "Vous suivez nos magasins partenaires."}, ""),
        ({"employer": "Transports Bellac", "description": "Formation par AFTRAL."}, ""),
    ],
)
def test_schools_by_mark_name_and_sentence(columns, expected):
    assert flag(**columns) == expected
