"""Types of contract from all spellings, and the table of legal ages."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference import contracts
from matchmaker.reference.contracts import age_rules, legal_ages, parse_contract_types
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
        ("E2", "apprentissage", "name"),
        ("FS", "professionnalisation", "name"),
        ("E1", "autre contrat de travail", "other"),
        ("Contrat de professionalisation", "professionnalisation", "typo"),
        ("aprentissage", "apprentissage", "typo"),
        ("CDI (apprentissage possible)", "", "perhaps"),
        ("Apprentissage possible", "apprentissage", "name"),
        ("Pas d'apprentissage, contrat pro", "professionnalisation", "name"),
        ("Alternance hors apprentissage", "professionnalisation", "name"),
        ("Alternance (pas de professionnalisation)", "apprentissage", "name"),
        ("Apprentissage, pas de CDI", "apprentissage", "name"),
        ("Contrat d'apprentissage (hors secteur public)", "apprentissage", "name"),
        ("Apprentissage - temps plein non cadre", "apprentissage", "name"),
        ("CDI hors alternance", "cdi", "other"),
        ("CDI, apprentissage exclu", "cdi", "other"),
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


@given(st.text(max_size=30) | st.lists(st.sampled_from(
    ["hors", "pas de", "CDI", "apprentissage", "professionalisation", "alternance", "possible",
     "non", ",", "(", ")", "mais", "ou"]
), max_size=6).map(" ".join))  # fmt: skip
def test_any_text_has_an_answer(text):
    kind, how = parsed(text)
    assert how in {"name", "typo", "either", "perhaps", "other", "unknown", ""}
    assert (how in {"name", "typo"}) == (kind in {"apprentissage", "professionnalisation"})


@given(
    no=st.sampled_from(["Hors {}", "Pas de {}", "pas d'{}", "Sans {}", "NON {}", "{} : non",
                        "{} (non)", "{} exclu", "Aucun {}", "{} non accepté", "ni {} ni {}"]),
    word=st.sampled_from(["apprentissage", "contrat d’apprentissage", "Apprenti", "APPRENTISSAGE",
                          "aprentissage", "alternance"]),
    before=st.sampled_from(["", "CDI, ", "CDD (", "Emploi ", "Temps plein - "]),
)  # fmt: skip
def test_a_negation_is_never_an_apprenticeship(no, word, before):
    kind, how = parsed(before + no.replace("{}", word))
    assert how == "other"
    assert kind not in {"", "apprentissage", "professionnalisation"}


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

    @pytest.mark.parametrize(
        ("contract", "conditions", "expected"),
        [
            ("apprentissage", {""}, (16, 29, "start")),
            ("apprentissage", {"", "after_3e"}, (15, 29, "start")),
            ("apprentissage", {"", "after_3e", "rqth"}, (15, None, "start")),
            ("apprentissage", {"after_other_apprenticeship"}, (16, 35, "start")),
            ("professionnalisation", {"", "after_3e", "rqth"}, (16, 25, "signing")),
            ("professionnalisation", {"", "registered_job_seeker"}, (16, None, "signing")),
        ],
    )
    def test_rules_that_apply_together_make_one_range(self, contract, conditions, expected):
        ages = legal_ages(contract, frozenset(conditions))
        assert (ages.low, ages.high, ages.counted_on) == expected

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ([(16, 20, "start"), (22, 25, "start")], "not one range"),
            ([(16, 20, "start"), (17, 25, "signing")], "needs one counted_on"),
            ([(16, 20, "some day")], "needs one counted_on"),
        ],
    )
    def test_a_table_that_cannot_be_is_refused(self, monkeypatch, rows, said):
        table = pd.DataFrame(
            [("x", f"c{i}", low, high, day) for i, (low, high, day) in enumerate(rows)],
            columns=["contract_type", "condition", "min_age", "max_age", "counted_on"],
        ).astype({"min_age": "Int16", "max_age": "Int16"})
        monkeypatch.setattr(contracts, "age_rules", lambda: table)
        with pytest.raises(ValueError, match=said):
            contracts.legal_ages.__wrapped__("x", frozenset(table["condition"]))
