"""What lines say, over every branch: 211 of them read one by one, and what holds of each."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matchmaker import match
from matchmaker.candidates.breakdown import score_lines
from matchmaker.candidates.market import build_market
from matchmaker.explain.employers import employer_names
from matchmaker.explain.reasons import reasons
from matchmaker.reference.trades import name_of_code, trade_names
from matchmaker.scoring.total import scoring_of
from matchmaker.settings import Settings
from matchmaker.words import table
from tests.explain.sentences import CASES, GOLDEN, NAMED, sentences, world
from tests.worlds import AS_OF

SETTINGS = Settings(max_late_start_days=400, sector_trades=True)
ROWS = np.arange(CASES, dtype=np.int32)


@pytest.fixture(scope="module")
def market():
    return build_market(world(), SETTINGS, as_of=AS_OF)


@pytest.fixture(scope="module")
def told():
    """Each line: kind, title, employer, reason."""
    return [line.split(" | ") for line in sentences("fr")]


def said_of(market, settings=SETTINGS):
    scoring = scoring_of(market, settings)
    rows = np.arange(CASES, dtype=np.int32)
    return reasons(score_lines(market, scoring.tables, rows, rows), market, settings, scoring)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_sentences_are_those_that_were_read(lang):
    """After a change of words: `python -m tests.explain.sentences`, then read the difference."""
    golden = (GOLDEN / f"sentences.{lang}.txt").read_text(encoding="utf-8").splitlines()
    assert sentences(lang) == golden


def test_every_branch_is_among_them(told):
    text = "\n".join(reason for *_, reason in told)
    wanted = [
        *("dans votre commune (", "à moins de 1 km", "à environ 12 km de chez vous"),
        *(
            "du centre de votre commune",
            "dans une commune à une vingtaine de km",
            "de centre à centre",
        ),
        *("sans doute à", "mais vous avez un véhicule", "dans une autre région ("),
        *("quelques km,", "environ 5 km", "une quinzaine de km", "une trentaine de km"),
        *("commence dès que possible", "recrute dès que possible", "commence le 2 octobre "),
        *("le 8 janvier 2024", "recrute à partir du", "mène à un diplôme", "forme à un diplôme"),
        *("correspond au niveau", "se fait en contrat de prof", "propose un contrat de prof"),
        *("proposez votre candidature", "proposez aussi votre candidature"),
        *("ce métier répond à votre", "de la même famille que", "un métier proche de"),
        *("un autre métier du secteur de", "peut aussi désigner ce métier"),
        *("l'un de vos vœux", "votre vœu.", "votre premier vœu", "votre dixième", "vœu n° 12"),
        *table("fr", "reason_subject").values(),
    ]
    assert [words for words in wanted if words not in text] == []
    employers = {employer for _, _, employer, _ in told}
    assert {"un employeur au Mans", "un employeur aux Ulis", "un employeur à Rennes"} < employers


def test_each_is_whole_sentences_that_name_the_trade_and_the_wish(told):
    known = [*trade_names(SETTINGS).values(), *(diploma for diploma, _ in NAMED)]
    names = sorted(known, key=len, reverse=True)
    for kind, title, _, reason in told:
        assert re.fullmatch(r"[A-ZÉŒ].* : .*[^ ]\. C(e|et|ette) .*[^.]\.", reason)
        assert not re.search(r" {2}|(?<!\.)\.\.(?!\.)|,,| ,|\(\)|« »|None", reason)
        assert "vœu" in reason
        named = next(
            name for name in names if reason.startswith((f"{name} : ", f"{name} (métier repris"))
        )
        assert title == (named if kind == "spontaneous" else "Alternance (H/F)")
        assert ("candidature" in reason) == (kind == "spontaneous")


def test_a_distance_between_centres_is_never_said_to_be_small(market):
    said = said_of(market)
    rough = market.youths["is_approximate"] | market.offers["is_approximate"]
    assert not said[rough].str.contains("moins de 1 km").any()
    assert said[rough].str.extract(r"environ (\d+) km")[0].dropna().astype(int).mod(5).eq(0).all()


def test_the_order_and_the_number_of_lines_change_no_sentence(market, monkeypatch):
    whole = said_of(market)
    monkeypatch.setattr("matchmaker.explain.reasons.BLOCK", 7)
    pd.testing.assert_series_equal(said_of(market), whole)
    scoring = scoring_of(market, SETTINGS)
    rows = np.arange(CASES, dtype=np.int32)[::-1].copy()
    lines = score_lines(market, scoring.tables, rows, rows)
    assert reasons(lines, market, SETTINGS, scoring).tolist() == whole.tolist()[::-1]
    none = score_lines(market, scoring.tables, rows[:0], rows[:0])
    assert reasons(none, market, SETTINGS, scoring).tolist() == []


@pytest.mark.parametrize(("lang", "said"), [
    ("fr", "peut vous accueillir à partir de vos 15 ans, le 3 novembre."),
    ("en", "can take you once you are 15, on 3 November."),
])  # fmt: skip
def test_an_apprenticeship_without_a_start_can_wait_for_a_birthday(lang, said):
    youths = pd.DataFrame(
        {"youth_id": ["A", "B", "C"], "commune_code": ["35238"] * 3,
         "birth_date": ["2008-11-03", "2006-11-03", ""], "birth_year": ["", "", "2008"]}
    )  # fmt: skip
    wishes = pd.DataFrame({"youth_id": list("ABC"), "rank": ["1"] * 3, "trade_code": ["D1102"] * 3})
    offers = pd.DataFrame(
        {"offer_id": ["O"], "title": ["Boulanger"], "trade_code": ["D1102"],
         "commune_code": ["35238"], "contract_type": ["apprentissage"], "kind": ["offer"]}
    )  # fmt: skip
    made = match(youths, wishes, offers, as_of="2023-09-15", settings={"lang": lang})
    reasons = made.lists.set_index("youth_id")["reason"]
    assert said in reasons["A"]
    assert not any(words in reasons[name] for name in "BC" for words in ("15 ans", "are 15"))


def test_a_wish_that_holds_personal_data_is_named_by_its_trade(market):
    """What youths write may be anything; an address or a number is never quoted."""
    for text in ("Boulanger a.b@example.org", "06 12 34 56 78", "x" * 81):
        wishes = market.wishes.assign(
            trade_label=pd.Series([text] * len(market.wishes), dtype="str")
        )
        said = said_of(build_market_of(market, wishes))
        assert not said.str.contains("example|06 12|…|xxx").any()
    blank = said_of(build_market_of(market, market.wishes.assign(trade_label="")))
    assert said.equals(blank)


def build_market_of(market, wishes):
    return replace(market, wishes=wishes.astype(market.wishes.dtypes.to_dict()))


def test_a_wish_that_names_the_trade_under_the_code_of_another_is_only_near(market):
    """The code was searched for: "Boulanger" with the code of pastry cooks is no wish for bakers."""
    near = score_lines(market, scoring_of(market, SETTINGS).tables, *([ROWS] * 2))
    names, codes = trade_names(SETTINGS), market.trade_codes
    written = [name_of_code(codes[trade], names).split(" ou ")[0] for trade in near.trade]
    wishes = market.wishes.copy()
    wish = market.entry_wish[near.entry]
    wishes["trade_label"] = wishes["trade_label"].astype("object")
    wishes.iloc[wish, wishes.columns.get_loc("trade_label")] = written
    said = said_of(build_market_of(market, wishes))
    is_same = said.str.contains(r"c'est (?:votre|l'un de vos) ")
    wished = np.array([codes[trade] for trade in market.entry_trade[near.entry]], dtype=object)
    is_code = np.isin(wished, list(names))  # not another meaning of a title
    is_far = np.isin(near.nearness_step, (1, 2, 3)) & is_code
    assert is_far.any()
    assert not is_same[is_far].any()
    by_code = wishes["trade_how"].eq("code").to_numpy()[wish]
    assert is_same[(near.nearness_step == 0) & by_code].all()
    pairs = zip(wished[is_far], said[is_far], strict=True)
    assert all(f"« {names[code]} »" in text for code, text in pairs)


@pytest.mark.parametrize(
    ("written", "is_it"),
    [
        ("Électricien du bâtiment / Électricienne du bâtiment", True),
        ("électricien / électricienne du bâtiment", True), ("Électricienne du bâtiment", True),
        ("Électricien du bâtiment / Plombier", False), ("installateur électrique", False),
    ],
)  # fmt: skip
def test_a_wish_in_both_genders_is_not_quoted_beside_the_same_trade(market, written, is_it):
    wishes = market.wishes.assign(trade_label=written)
    said = said_of(build_market_of(market, wishes))
    of_trade = said[said.str.startswith("Électricien ou électricienne du bâtiment : ")]
    of_trade = of_trade[~of_trade.str.contains("métier proche|même famille|secteur")]
    assert len(of_trade) > 3
    expected = "c'est (?:votre|l'un de vos) " if is_it else "ce métier répond à "
    assert of_trade.str.contains(expected).all()


def test_an_only_wish_is_one_only_where_none_was_rejected(market):
    assert said_of(market).str.contains(r"votre vœu[,.]").any()
    youths = market.youths.assign(wishes_rejected=np.int32(1))
    assert not said_of(replace(market, youths=youths)).str.contains(r"votre vœu[,.]").any()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("Rennes", "un employeur à Rennes"), ("Le Mans", "un employeur au Mans"),
        ("Les Ulis", "un employeur aux Ulis"), ("L'Haÿ-les-Roses", "un employeur à L'Haÿ-les-Roses"),
        ("Lesneven", "un employeur à Lesneven"), ("", "un employeur"),
    ],
)  # fmt: skip
def test_an_employer_without_a_name_has_its_town(place, said):
    row = {"employer": [""], "delegated_by": [""], "place_name": [place]}
    assert employer_names(pd.DataFrame(row), "fr").tolist() == [said]
