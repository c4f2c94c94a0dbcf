"""Every label of a trade as people read it: accents, both genders in words, nothing in brackets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference.lookup import read_table
from matchmaker.reference.rome import rome
from matchmaker.reference.trade_labels import _SPOKEN, in_words, mended
from matchmaker.reference.trades import trade_names
from matchmaker.settings import Settings

LABELS = read_table("rome.csv")["label"].tolist()
# Words of the labels that begin with a bare E, all of them read one by one.
BARE_E = """
    Efficacité Effileur Effileuse Employé Employée Encadrant Encadrante Endocrinologue Enquêteur
    Enquêtrice Enseignant Enseignante Entraîneur Entraîneure Entreprise Environnement Ergonome
    Ergothérapeute Escale Esthéticien Esthéticienne Ethnologue Expert Experte Exploitant
    Exploitante Extracteur Extractrice
"""


def test_every_label_has_the_accents_of_french():
    words = {word for label in LABELS for word in re.findall(r"[^\W\d_]+", label)}
    small = {word for word in words if word[0] == "E" and not word.isupper()}
    assert small - set(BARE_E.split()) == set()
    assert [
        label for label in LABELS if "\u2019" in label or "(e)" in label or "(s)" in label
    ] == []
    assert [label for label in LABELS if mended(label) != label] == []


def test_every_name_is_words():
    names = trade_names(Settings())
    assert len(names) == len(LABELS)
    # Strokes, dashes that stand for brackets, brackets in brackets, a capital after "ou".
    odd = re.compile(r"/|-[A-Z]+-|- [A-Z]+ -|\([^)]*\(|(?<!Petite) ou [A-Z][a-z]|  |^\W|^[a-z]")
    assert [name for name in names.values() if odd.search(name)] == []
    assert names["D1102"] == "Boulanger ou boulangère"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Boulanger / Boulangère", "Boulanger ou boulangère"),
        ("Fleuriste", "Fleuriste"),
        ("Electricien / Electricienne du bâtiment", "Électricien ou électricienne du bâtiment"),
        ("Energy manager", "Energy manager"),
        ("UX - UI Designer", "UX - UI Designer"),
        (
            "Accompagnant Educatif et Social (AES) / Accompagnante Educative et Sociale (AES)",
            "Accompagnant éducatif et social ou accompagnante éducative et sociale (AES)",
        ),
        ("Secrétaire Facturier / Facturière", "Secrétaire facturier ou facturière"),
        (
            "Conseiller / Conseillère immobilier",
            "Conseiller immobilier ou conseillère immobilière",
        ),
        ("Personnel Navigant Commercial - PNC -", "Personnel Navigant Commercial (PNC)"),
    ],
)  # fmt: skip
def test_examples(label, said):
    assert in_words(mended(label)) == said


def test_labels_that_are_said_in_words_of_their_own_are_in_the_table():
    assert set(_SPOKEN) <= set(LABELS)


@given(st.sampled_from(LABELS))
def test_mending_and_naming_happen_once(label):
    assert mended(mended(label)) == mended(label)
    assert in_words(in_words(label)) == in_words(label)


def test_labels_of_the_users_tables_are_mended_too(tmp_path):
    (tmp_path / "codes.csv").write_text(
        "code_rome;libelle_rome\nF1602;Electricien / Electricienne du bâtiment\n", encoding="utf-8"
    )
    labels = rome(Settings(rome_dir=str(tmp_path))).codes.set_index("code")["label"]
    assert labels["F1602"] == "Électricien / Électricienne du bâtiment"
