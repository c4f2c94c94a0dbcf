"""Diplomas that offers name, and those that labels of wishes are for."""

from __future__ import annotations

import pandas as pd
import pytest

from matchmaker.reference.nearness import nearness
from matchmaker.reference.stated_diplomas import DIPLOMA, diplomas_of_labels, stated_diplomas
from matchmaker.settings import Settings

MCO = "BTS Management commercial opérationnel"
NDRC = "BTS Négociation et digitalisation de la relation client"


def stated(title, text="", level=""):
    cells = (pd.Series([cell], dtype="str") for cell in (title, text, level))
    return stated_diplomas(*cells, Settings()).iloc[0].tolist()


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Alternance BTS MCO - Conseiller(ère) de vente", MCO),
        ("Conseiller de vente (bts MCO)", MCO),
        ("Commercial - BTS MCO / NDRC ou GPME", f"{MCO}|{NDRC}|BTS Gestion de la PME"),
        ("Brevet de technicien supérieur Management commercial opérationnel", MCO),
        (
            "Conducteur - Bac pro Pilote de ligne de production",
            "Bac pro Pilote de ligne de production",
        ),
        ("Alternance - BTS Tourisme - Rennes", "BTS Tourisme"),
        ("Accueil BTS MHR ou Tourisme", "BTS Management en hôtellerie restauration|BTS Tourisme"),
        ("BP Fleuriste en apprentissage", "BP Fleuriste"),
        ("Apprenti fleuriste (CAP)", ""),  # no name
        ("BTS Tourisme durable et loisirs", ""),  # one word, and another diploma's
        ("CAP mis en place par le CFA", ""),  # "MIS" is a diploma in capitals alone
        ("BTS ou équivalent - MCO", ""),
        ("Attaché commercial MCO", ""),
        ("", ""),
    ],
)
def test_a_title_names_its_diplomas(title, names):
    assert stated(title)[0] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Vous préparez un BTS MCO en deux ans.", MCO),
        ("Titulaire d'un BTS MCO, vous vendez.", ""),
        ("BTS MCO exigé.", ""),
        ("Titulaire d'un CAP Boulanger, vous préparez un BTS MCO.", MCO),
        ("De formation BTS NDRC. Vous préparez un BTS MCO.", MCO),  # what is prepared counts
    ],
)
def test_a_text_names_what_is_prepared_and_not_what_is_held(text, names):
    assert stated("Vendeur H/F", text)[:2] == [names, "text" if names else ""]


def test_the_title_counts_before_the_text():
    assert stated("BTS MCO", "Vous préparez un BTS NDRC.")[:2] == [MCO, "title"]


def test_a_diploma_of_another_level_than_the_offers_is_none():
    assert stated("Vendeur", "Profil BTS MCO.", "6")[0] == ""
    assert stated("Vendeur", "Profil BTS MCO.", "5|6")[0] == MCO


@pytest.mark.parametrize(
    ("label", "level", "name"),
    [
        ("BTS - Services - Management commercial opérationnel", 0, MCO),
        ("BTS MCO", 5, MCO),
        ("EQUIPIER POLYVALENT DU COMMERCE", 3, "CAP Équipier polyvalent du commerce"),
        ("EQUIPIER POLYVALENT DU COMMERCE", 0, ""),  # the type could be any
        ("EQUIPIER POLYVALENT DU COMMERCE", 5, ""),
        (
            "BTS - Production - Maintenance des systèmes - option A",
            0,
            "BTS Maintenance des systèmes",
        ),
        ("Boulanger", 3, "CAP Boulanger"),
        ("BP Boulanger", 0, "BP Boulanger"),
        ("BTS", 0, ""),
        ("", 3, ""),
    ],
)
def test_a_label_is_the_name_of_one_diploma(label, level, name):
    assert diplomas_of_labels([label], [level], Settings()) == [name]


def test_a_diploma_is_near_to_itself_alone():
    codes = (f"{DIPLOMA}BTS Banque", f"{DIPLOMA}BTS Tourisme", "D1102")
    near = nearness(codes, Settings(sector_trades=True))
    assert near.code.tolist() == [0, 1, 2]
    assert near.value.tolist() == [10_000] * 3
