"""A title of several meanings is a wish for the leading one; the others are near, and said."""

from __future__ import annotations

import pandas as pd
import pytest

from matchmaker import match
from matchmaker.reference.nearness import nearness
from matchmaker.reference.trades import resolve_trades
from matchmaker.settings import Settings

YOUTHS = pd.DataFrame([{"youth_id": "Y", "commune_code": "35238"}])
OFFERS = pd.DataFrame(
    [
        {"offer_id": code, "trade_code": code, "title": code, "commune_code": "35238",
         "contract_type": "apprentissage"}
        for code in ("G1703", "M1601", "N1103", "D1302", "D1503")
    ]
)  # fmt: skip


def rungs(**wish):
    wishes = pd.DataFrame([{"youth_id": "Y", "rank": "1", **wish}])
    result = match(YOUTHS, wishes, OFFERS, as_of="2023-09-15", settings={"other_sector_lines": 0})
    lists = result.lists
    return dict(zip(lists["offer_id"], lists["rung"].tolist(), strict=True)), result


def test_the_leading_meaning_is_the_wish():
    found, result = rungs(trade_label="Réceptionniste")
    assert found == {"G1703": 1, "M1601": 2, "N1103": 2}
    assert result.lists["offer_id"].iloc[0] == "G1703"
    codes = dict(zip(result.lists["trade_code"], result.lists["wish_code"], strict=True))
    assert codes == {"G1703": "G1703", "M1601": "~M1601", "N1103": "~N1103"}
    assert (result.quality["reason"] == "several_meanings").any()
    assert result.lists["points_trade"].tolist() == [300_000, 150_000, 150_000]


@pytest.mark.parametrize("wish", [
    {"trade_label": "BTS MCO"},  # a diploma leads to several trades
    {"trade_code": "D1302|D1503"},  # codes as written
])  # fmt: skip
def test_trades_of_a_diploma_and_written_codes_are_all_the_wish(wish):
    found, result = rungs(**wish)
    assert found["D1302"] == found["D1503"] == 1
    assert not (result.quality["reason"] == "several_meanings").any()


def test_an_offer_of_several_meanings_keeps_them_all():
    wishes = pd.DataFrame([{"youth_id": "Y", "rank": "1", "trade_code": "N1103"}])
    offers = OFFERS.head(1).assign(trade_code="", title="Réceptionniste")
    assert len(match(YOUTHS, wishes, offers, as_of="2023-09-15").lists) == 1


def test_how_many_codes_are_the_leading_meaning():
    found = resolve_trades(pd.Series(["Réceptionniste", "BTS MCO", "???"], dtype="str"), Settings())
    assert found["leading"].tolist() == [1, 5, 0]
    assert found["codes"].str.count(r"\|").tolist() == [2, 6, 0]


def test_words_are_near_on_evidence_and_never_by_their_sector():
    """Half the value; what shares no more than the sector is no half evidence."""
    codes = ("D1101", "D1102", "D1104", "~D1102")
    near = nearness(codes, Settings(sector_trades=True))
    row = slice(near.indptr[3], near.indptr[4])
    assert near.code[row].tolist() == [1, 2]
    assert near.value[row].tolist() == [5_000, 1_983]
    assert near.step[row].tolist() == [2, 2]


def test_a_title_of_another_trade_is_flagged_and_keeps_its_code():
    wishes = pd.DataFrame([{"youth_id": "Y", "rank": "1", "trade_code": "D1102"}])
    offers = OFFERS.head(2).assign(trade_code="D1102", title=["Boulangère", "Secrétaire"])
    result = match(YOUTHS, wishes, offers, as_of="2023-09-15")
    assert len(result.lists) == 2
    flagged = result.flagged[result.flagged["flags"].str.contains("title_vs_code")]
    assert flagged["offer_id"].tolist() == ["M1601"]
    assert not flagged["is_left_out"].any()
    counted = result.quality[result.quality["reason"] == "title_vs_code"]
    assert counted["count"].tolist() == [1]


def test_a_sure_title_wins_over_the_code_and_an_offer_stays_flagged():
    wishes = pd.DataFrame([{"youth_id": "Y", "rank": "1", "trade_code": "D1102"}])
    offers = OFFERS.head(2).assign(
        trade_code=["J1501", "D1102"], title=["Boulangère", "Aide-soignant"]
    )
    result = match(YOUTHS, wishes, offers, as_of="2023-09-15")
    assert result.lists["offer_id"].tolist() == [offers["offer_id"].iloc[0]]
    flagged = result.flagged[result.flagged["flags"].str.contains("title_vs_code")]
    assert sorted(flagged["offer_id"]) == sorted(offers["offer_id"])
    counted = result.quality[result.quality["reason"] == "title_taken_for_code"]
    assert counted["count"].tolist() == [2]


def test_another_meaning_is_said():
    _, result = rungs(trade_label="Réceptionniste")
    said = dict(zip(result.lists["trade_code"], result.lists["reason"], strict=True))
    assert "« Réceptionniste », votre vœu, peut aussi désigner ce métier" in said["N1103"]
    assert "c'est votre vœu" in said["G1703"]
