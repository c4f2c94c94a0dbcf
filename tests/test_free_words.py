"""A youth without a wish, or with free words, from CSV to lists, mailing and follow-up."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchmaker
from matchmaker.reference.free_words import WORD, is_denied, trades_of_words
from matchmaker.reference.lookup import read_table
from matchmaker.reference.nearness import nearness
from matchmaker.reference.trades import resolve_trades, trade_table
from matchmaker.settings import Settings
from matchmaker.tables import load

AS_OF = dt.date(2026, 9, 15)
YOUTHS = [f"Y{n}" for n in range(1, 9)]
WISHES = """youth_id;rank;trade_label
Y1;1;plutôt dehors, mécanique
Y2;;les animaux ou les enfants
Y3;1;
Y4;1;pas la vente
Y5;1;boulanger
Y6;1;mécanicien automobile
Y7;1;je sais pas
"""
OFFERS = """offer_id;title;postal_code;employer
O1;Apprenti mécanicien automobile;29000;Garage A
O2;Auxiliaire vétérinaire;29000;Clinique B
O3;Vendeur prêt-à-porter;29000;Mode C
O4;Boulanger;29000;Fournil D
O5;Carrossier peintre;29000;Carrosserie E
"""
REFERENTS = "departement;referent_name;referent_contact\n29;Anne Le Goff;02 98 00 00 00\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    youths = "youth_id;birth_date;postal_code;opt_out\n" + "".join(
        f"{youth};2005-03-14;29000;non\n" for youth in YOUTHS
    )
    texts = {"youths": youths, "wishes": WISHES, "offers": OFFERS, "referents": REFERENTS}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def result(files):
    given = [files / f"{name}.csv" for name in ("youths", "wishes", "offers")]
    return matchmaker.match(*given, as_of=AS_OF, referents=files / "referents.csv")


def test_words_are_near_trades_at_a_lower_score(result):
    lists = result.lists.set_index(["youth_id", "offer_id"])
    words, wished = lists.loc[("Y1", "O1")], lists.loc[("Y6", "O1")]
    assert (words["rung"], wished["rung"]) == (2, 1)
    assert words["points_trade"] * 2 == wished["points_trade"]
    assert words["score"] < wished["score"]
    assert "métier proche des mots de votre vœu, « " in words["reason"]
    assert "mots de votre vœu, « les animaux ou les enfants »" in lists.loc[("Y2", "O2")]["reason"]
    assert ": c'est votre vœu." in wished["reason"]
    assert "mots" not in wished["reason"]


def test_who_names_no_trade_goes_to_a_person_and_gets_no_mail(result, tmp_path):
    why = result.unserved.set_index("youth_id")
    assert why["reason_code"].to_dict() == {
        "Y3": "no_wish", "Y4": "wish_unresolved", "Y7": "wish_unresolved", "Y8": "no_wish",
    }  # fmt: skip
    assert why.loc["Y3", "reason"] == "N'a demandé aucun métier."
    follow = result.follow_up.set_index("youth_id").loc[why.index]
    assert set(follow["referent_name"]) == {"Anne Le Goff"}
    assert follow["reason"].tolist() == why["reason"].tolist()
    result.save(tmp_path / "out")
    mailed = pd.read_csv(tmp_path / "out" / "mailing.csv", sep=";", encoding="utf-8-sig")
    assert set(mailed["youth_id"]) == {"Y1", "Y2", "Y5", "Y6"}


def test_nothing_of_it_is_an_error(result):
    assert len(result.rejects) == 0
    counted = result.quality.set_index(["table", "reason"])["count"]
    assert counted["wishes", "trade_from_words"] == 2
    assert counted["wishes", "blank_wish"] == 1
    assert counted["youths", "without_wish"] == 2


def test_a_table_of_wishes_that_nobody_filled_in_is_no_error():
    youths = pd.DataFrame({"youth_id": ["Y1"], "postal_code": ["29000"]})
    wishes = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_label": [""]})
    offers = pd.DataFrame({"offer_id": ["O1"], "title": ["Boulanger"], "postal_code": ["29000"]})
    result = matchmaker.match(youths, wishes, offers, as_of=AS_OF)
    assert result.unserved["reason_code"].tolist() == ["no_wish"]


def test_a_class_that_leads_to_no_contract_is_said_and_is_no_label_to_teach():
    youths = pd.DataFrame({"youth_id": ["Y1", "Y2"], "postal_code": ["29000", "29000"]})
    wishes = pd.DataFrame(
        [("Y1", "1", "2NDE GENERALE"), ("Y2", "1", "2NDE GT"), ("Y2", "2", "Boulanger")],
        columns=["youth_id", "rank", "trade_label"],
    )
    offers = pd.DataFrame({"offer_id": ["O1"], "title": ["Boulanger"], "postal_code": ["29000"]})
    result = matchmaker.match(youths, wishes, offers, as_of=AS_OF)
    assert result.unserved["reason_code"].tolist() == ["no_apprenticeship"]
    (reason,) = result.unserved["reason"]
    assert reason.startswith("N'a demandé que des classes qui ne mènent à aucun contrat")
    assert reason.endswith("« 2NDE GENERALE ».")
    assert result.lists["youth_id"].tolist() == ["Y2"]
    counted = result.quality.set_index("reason")["count"]
    assert counted["no_apprenticeship"] == 2
    assert "trade_unresolved" not in counted


def test_every_line_of_the_table_of_words_has_known_codes_and_names_no_trade_itself():
    table = read_table("free_words.csv")
    known = set(trade_table(Settings())["code"])
    assert {code for cell in table["codes"] for code in cell.split("|")} <= known
    named = resolve_trades(table["words"], Settings())
    assert table["words"][named["codes"] != ""].tolist() == []
    assert (trades_of_words(table["words"], Settings()) != "").all()


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        ("pas la vente, la cuisine", ""),
        ("tout sauf la vente", ""),
        ("Je ne sais pas, peut-être les fleurs", "~A1414|~D1209"),
        ("pas dehors, mais les fleurs", "~A1414|~D1209"),
        ("dans le Pas-de-Calais", ""),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_what_is_denied_is_not_wished(label, codes):
    assert trades_of_words(pd.Series([label], dtype="str"), Settings()).tolist() == [codes]


WORDS = st.sampled_from(["mécanique", "les fleurs", "dehors", "travailler avec les animaux"])


@given(st.lists(WORDS, min_size=1, max_size=3, unique=True), st.permutations([", ", " ou ", "/"]))
def test_order_and_separators_of_words_do_not_matter(words, separators):
    label = separators[0].join(words)
    again = separators[1].join(reversed(words))
    one, two = trades_of_words(pd.Series([label, again], dtype="str"), Settings())
    assert one == two != ""


@given(WORDS, st.sampled_from(["pas {}", "tout sauf {}", "surtout pas {}", "jamais {}"]))
def test_a_denial_is_never_read_as_a_wish(words, denial):
    label = denial.format(words)
    assert is_denied(label)
    youths = pd.DataFrame({"youth_id": ["Y1"], "postal_code": ["29000"]})
    wishes = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_label": [label]})
    offers = pd.DataFrame({"offer_id": ["O1"], "title": ["Boulanger"], "postal_code": ["29000"]})
    tables = load(youths, wishes, offers, as_of=AS_OF, settings=Settings())
    assert tables.wishes["trade_codes"].tolist() == [""]


def test_words_are_near_at_half_the_value_and_never_the_wished_trade():
    codes = ["D1102", "D1104", "K1302", f"{WORD}D1102"]
    near = nearness(codes, Settings())
    rows = [slice(near.indptr[i], near.indptr[i + 1]) for i in range(4)]
    plain = dict(zip(near.code[rows[0]], near.value[rows[0]], strict=True))
    words = dict(zip(near.code[rows[3]], near.value[rows[3]], strict=True))
    assert words == {code: value // 2 for code, value in plain.items()}
    assert near.step[rows[3]].min() == 2
    assert 3 not in np.concatenate([near.code[rows[i]] for i in range(3)])
