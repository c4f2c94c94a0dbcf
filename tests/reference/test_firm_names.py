"""Names of firms: one meaning is folded, two are not."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference.firm_names import firm_name, firm_names

WORDS = ["Boulangerie", "Éclair", "Martin", "l'Étoile", "Cœur", "3 Suisses"]
FORMS = [
    "SARL",
    "S.A.R.L.",
    "sas",
    "S A S",
    "SA",
    "EURL",
    "Ets",
    "Établissements",
    "Société",
    "Sté",
]


@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    form=st.sampled_from(FORMS),
    is_behind=st.booleans(),
    write=st.sampled_from([str.upper, str.lower, str.title, lambda text: text.replace(" ", "  ")]),
)
def test_form_case_and_signs_make_no_other_firm(words, form, is_behind, write):
    name = " ".join(words)
    written = write(f"{name}, {form}" if is_behind else f"{form} {name}")
    assert firm_name(written) == firm_name(name) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Boulangerie Martin", "Martin"),
        ("Garage 12", "Garage 13"),
        ("Le Sel", "Le"),
        ("Martin", "Martin Frères"),
        ("C & A", "C & B"),
    ],
)
def test_other_words_make_another_firm(one, other):
    assert firm_name(one) != firm_name(other)


def test_a_form_alone_is_a_name_and_a_placeholder_is_none():
    column = ["SARL", "", "Confidentiel", "Entreprise confidentielle", "N/A", "Non renseigné", "A"]
    assert firm_names(pd.Series(column, dtype="str")).tolist() == ["sarl", "", "", "", "", "", "a"]
    assert firm_names(pd.Series([], dtype="str")).tolist() == []
