"""Types of contract from all spellings, and the table of legal ages."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference.contracts import age_rules, parse_contract_types
from matchmaker.reference.lookup import fold, read_table


def parsed(text):
    """Return (type, how) of one cell."""
    return tuple(parse_contract_types(pd.Series([text])).iloc[0])


@pytest.mark.parametrize(
    ("text", "kind", "how"),
    [
        ("apprentissage", "apprentissage", "name"),
        ("Contrat d’apprentissage", "apprentissage", "name"),
        ("Contrat d'apprentissage", "apprentissage", "name"),
        ("Contrat apprentissage", "apprentissage", "name"),
        ("CDD - Contrat d'apprentissage 24 mois", "apprentissage", "name"),
        ("Cont. professionnalisation", "professionnalisation", "name"),
        ("Contrat pro", "professionnalisation", "name"),
        ("Alternance", "", "either"),
        ("Contrat d'alternance (pro, apprentissage)", "", "either"),
        ("Apprentissage|Professionnalisation", "", "either"),
        ("Contrats d'apprentissage et de professionnalisation, 24 mois", "", "either"),
        ("CDI", "cdi", "other"),
        ("CDI temps plein", "cdi", "other"),
        ("Stage de fin d'études", "stage", "other"),
        ("Contrat inconnu", "contrat inconnu", "unknown"),
        ("??", "", "unknown"),
        ("", "", ""),
    ],
)
def test_from_what_sources_write(text, kind, how):
    assert parsed(text) == (kind, how)


def test_every_spelling_is_folded_and_has_one_meaning():
    spellings = [
        s for cell in read_table("contract_types.csv")["spellings"] for s in cell.split("|")
    ]
    assert len(spellings) == len(set(spellings))
    assert all(s == fold(s) for s in spellings)


@given(st.text(max_size=30))
def test_any_text_has_an_answer(text):
    kind, how = parsed(text)
    assert how in {"name", "either", "other", "unknown", ""}
    assert (how == "name") == (kind in {"apprentissage", "professionnalisation"})


class TestAgeRules:
    def test_each_rule_names_its_article_and_has_bounds_in_order(self):
        rules = age_rules()
        assert (rules["article"].str.match(r"[LRD]\d{4}-\d")).all()
        assert (rules["note"] != "").all()
        assert rules["min_age"].notna().all()
        bounded = rules.dropna(subset="max_age")
        assert (bounded["min_age"] <= bounded["max_age"]).all()
        assert not rules.duplicated(["contract_type", "condition"]).any()

    def test_the_law(self):
        rules = age_rules().set_index(["contract_type", "condition"])
        assert rules.loc[("apprentissage", ""), ["min_age", "max_age"]].tolist() == [16, 29]
        assert rules.loc[("apprentissage", "after_3e"), "min_age"] == 15
        assert pd.isna(rules.loc[("apprentissage", "rqth"), "max_age"])
        assert rules.loc[("apprentissage", "after_other_apprenticeship"), "max_age"] == 35
        assert rules.loc[("professionnalisation", ""), ["min_age", "max_age"]].tolist() == [16, 25]
        assert rules.loc[("professionnalisation", "registered_job_seeker"), "min_age"] == 26
