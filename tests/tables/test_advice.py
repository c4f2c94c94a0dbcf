"""What advisers said, read and decided: one rule, whatever the order of rows, and nothing personal kept."""

from __future__ import annotations

import datetime as dt
import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import InputError
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.advice import OUTCOMES, WORDS, AdviceRow, read_advice
from matchmaker.tables.advice_decided import decided
from matchmaker.tables.advice_heeded import heed_advice

AS_OF = dt.date(2023, 9, 15)
BAKER = "00000000100011"


def word(name, on="2023-09-14", *, offer="O1", siret="", value="", youth="Y1", signed_on=""):
    return AdviceRow(
        file=0, row=0, youth_id=youth, offer_id=offer, siret=siret, word=name, value=value, by="",
        on=on, signed_on=signed_on,
    )  # fmt: skip


def states(*rows, sirens=None):
    return [state for state, _ in decided(rows, sirens or {}, AS_OF.isoformat())]


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        # the later day; no day is older than all; of one day the more careful one
        ([word("pin", "2023-09-14"), word("ban", "2023-09-13")], ["heeded", "superseded"]),
        ([word("pin", "2023-09-14"), word("ban", "")], ["heeded", "superseded"]),
        ([word("pin"), word("ban")], ["superseded", "heeded"]),
        ([word("pin"), word("ban", offer="O2")], ["heeded", "heeded"]),
        ([word("pin"), word("ban", youth="Y2")], ["heeded", "heeded"]),
        # places and trades
        ([word("order", value="2"), word("order", value="1")], ["superseded", "heeded"]),
        ([word("order", value="2"), word("order", value="10")], ["heeded", "superseded"]),
        ([word("trade", value="b", offer=""), word("trade", value="a", offer="")], ["superseded", "heeded"]),
        # contracts: broken after signed, signed again, one that ends later than today
        ([word("contract", value="2023-09-01"), word("broken", value="2023-09-10")], ["superseded", "heeded"]),
        ([word("contract", value="2023-09-12"), word("broken", value="2023-09-10")], ["heeded", "superseded"]),
        ([word("contract", value="2023-09-10"), word("broken", value="2023-09-10")], ["superseded", "heeded"]),
        ([word("broken", value="2023-09-16", signed_on="2023-07-01")], ["heeded"]),
        ([word("broken", value="2023-09-16")], ["noted"]),
        # who is called again after all
        ([word("outcome", "2023-09-10", value="not_again"), word("outcome", value="appointment")], ["superseded", "noted"]),
        ([word("outcome", value="not_again")], ["heeded"]),
        ([word("note"), word("known")], ["noted", "noted"]),
    ],
)  # fmt: skip
def test_which_word_counts(rows, due):
    assert states(*rows) == due
    assert states(*rows[::-1]) == due[::-1]


def test_a_line_of_a_firm_that_was_dropped_stays_only_if_it_was_kept_later():
    sirens = {"O1": "123456789"}
    ban = word("ban", offer="", siret="123456789", on="2023-09-14")
    for on, state in (
        ("2023-09-13", "superseded"),
        ("2023-09-14", "superseded"),
        ("2023-09-15", "heeded"),
    ):
        assert states(word("pin", on), ban, sirens=sirens) == [state, "heeded"]
    broken = word("broken", offer="", siret="12345678900011", value="2023-09-14")
    assert states(word("pin", "2023-09-13"), broken, sirens=sirens) == ["superseded", "heeded"]


@given(
    rows=st.lists(
        st.builds(
            word,
            st.sampled_from(["pin", "ban", "order", "trade", "contract", "broken"]),
            st.sampled_from(["", "2023-09-10", "2023-09-14"]),
            offer=st.sampled_from(["O1", "O2"]),
            value=st.sampled_from(["1", "2023-09-10", "2023-09-14"]),
        ),
        max_size=6,
    ),
    seed=st.randoms(use_true_random=False),
)
def test_no_order_of_rows_changes_what_counts(rows, seed):
    once = list(dict.fromkeys(rows))
    turned = seed.sample(once, len(once))
    one, other = (dict(zip(some, states(*some), strict=True)) for some in (once, turned))
    assert one == other
    for pair in itertools.combinations([row for row in once if one[row] == "heeded"], 2):
        about = {(row.youth_id, row.offer_id) for row in pair}
        assert not (len(about) == 1 and {row.word for row in pair} == {"pin", "ban"})


def told(*rows, columns=WORDS):
    return pd.DataFrame([dict.fromkeys(columns, "") | row for row in rows], columns=list(columns))


FAULTY = [
    ({"word": "pin", "offer_id": "O1"}, "word_nobody"),
    ({"youth_id": "Y1", "word": "pine", "offer_id": "O1"}, "word_unknown"),
    ({"youth_id": "Y1", "word": "pin"}, "word_no_offer"),
    ({"youth_id": "Y1", "word": "ban"}, "word_no_offer"),
    ({"youth_id": "Y1", "word": "ban", "employer": "Boulangerie Martin"}, "word_firm"),
    ({"youth_id": "Y1", "word": "order", "offer_id": "O1", "value": "first"}, "word_place"),
    ({"youth_id": "Y1", "word": "trade"}, "word_no_trade"),
    ({"youth_id": "Y1", "word": "pin", "offer_id": "O1", "on": "lundi"}, "word_date"),
]


@pytest.mark.parametrize(("row", "reason"), FAULTY)
def test_a_row_that_cannot_be_read_is_named_and_the_rest_goes_on(row, reason):
    right = {"youth_id": "Y1", "word": "pin", "offer_id": "O9"}
    read = read_advice([told(right, row, right)])
    assert [one.offer_id for one in read.rows] == ["O9", "O9"]
    ((table, _, _, line, _, _, found, *_),) = read.findings[0].faults
    assert (table, line, found) == ("words", 2, reason)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"birth_date": "2005-01-01", "commune_code": "35238", "signed_on": "2023-09-01"}, "word_nobody"),
        ({"youth_id": "Y1", "signed_on": "2023-02-30"}, "word_date"),
        ({"youth_id": "Y1", "siret": "12", "signed_on": "2023-09-01"}, "word_firm"),
        ({"youth_id": "Y1", "why": "rien"}, "word_no_contract"),
    ],
)  # fmt: skip
def test_a_contract_that_cannot_be_read_is_named(row, reason):
    read = read_advice([told(row, columns=OUTCOMES)])
    assert not read.rows
    assert [fault[6] for fault in read.findings[0].faults] == [reason]
    assert "rien" not in str(read.findings[0].faults)


def test_another_file_is_refused(tmp_path):
    file = tmp_path / "youths.csv"
    file.write_text("youth_id,birth_date\nY1,2005-01-01\n")
    with pytest.raises(InputError, match=r"words\.csv") as caught:
        read_advice([file])
    assert caught.value.issues[0].file == "youths.csv"


def test_a_file_is_read_as_a_cell_or_a_spreadsheet_writes_it(tmp_path):
    """Separators, a byte mark, columns in another order, the guard against formulas."""
    file = tmp_path / "words.csv"
    file.write_text("﻿word;youth_id;offer_id;on\npin;'-Y1;'=O1;14/09/2023\n", encoding="utf-8")
    (row,) = read_advice([file]).rows
    assert (row.youth_id, row.offer_id, row.on) == ("-Y1", "=O1", "2023-09-14")


@pytest.fixture
def tables():
    youths = pd.DataFrame(
        {
            "youth_id": ["Y1", "Y2", "Y3"],
            "birth_date": "2005-03-01",
            "commune_code": "35238",
            "status": ["seeking", "placed", "seeking"],
            "training_started_on": ["", "2023-08-01", ""],
        }
    )
    wishes = pd.DataFrame(
        {
            "youth_id": ["Y1", "Y1", "Y3"],
            "rank": ["1", "2", ""],
            "trade_code": ["F1603", "D1102", "D1102"],
        }
    )
    offers = pd.DataFrame(
        {
            "offer_id": ["O1", "O2", "O3"],
            "title": "Boulanger (H/F)",
            "trade_code": "D1102",
            "commune_code": ["35238", "35238", "35051"],
            "employer": ["Martin", "Martin", "Durand"],
            "siret": [BAKER, BAKER, ""],
            "kind": ["offer", "spontaneous", "offer"],
            "capacity": ["2", "1", "1"],
        }
    )
    return load(youths, wishes, offers, as_of=AS_OF, settings=Settings())


def heeded(tables, *files, sent=None):
    return heed_advice(tables, read_advice(files), sent, settings=Settings(), as_of=AS_OF)


def test_contracts_take_and_give_back(tables):
    found = told({"youth_id": "Y1", "signed_on": "2023-09-10", "siret": BAKER}, columns=OUTCOMES)
    back = told({"youth_id": "Y2", "broken_on": "2023-09-12", "siret": BAKER, "why": "trop loin"}, columns=OUTCOMES)  # fmt: skip
    changed, kept = heeded(tables, found, back)
    assert changed.youths["status"].tolist() == ["placed", "seeking", "seeking"]
    months = changed.youths["training_started_on"]
    pd.testing.assert_series_equal(months, tables.youths["training_started_on"])
    seats = dict(zip(changed.offers["offer_id"], changed.offers["capacity"], strict=True))
    assert seats == {"O1": 1, "O2": 1, "O3": 1}  # the published offer before the firm
    assert kept["seats"].tolist() == [2, 0]
    assert "trop loin" not in kept.to_csv()
    assert tables.youths["status"].tolist() == ["seeking", "placed", "seeking"]  # as it was


def test_the_offer_that_was_sent_loses_the_seat(tables):
    found = told({"youth_id": "Y1", "signed_on": "2023-09-10", "siret": BAKER}, columns=OUTCOMES)
    sent = pd.DataFrame({"youth_id": ["Y1"], "offer_id": ["O2"]})
    changed, _ = heeded(tables, found, sent=sent)
    assert changed.offers["capacity"].tolist() == [2, 0, 1]


def test_two_contracts_take_two_seats_and_no_third_one(tables):
    rows = [{"youth_id": f"Y{n}", "word": "outcome", "value": "signed", "offer_id": "O3", "on": "2023-09-14"} for n in (1, 2, 9)]  # fmt: skip
    changed, kept = heeded(tables, told(*rows))
    assert changed.offers["capacity"].tolist() == [2, 1, 0]
    assert kept["state"].tolist() == ["heeded", "heeded", "gone"]
    assert changed.notes["reason_code"].tolist()[-1:] == ["word_youth_gone"]


def test_a_new_trade_is_the_first_wish(tables):
    rows = [{"youth_id": "Y1", "word": "trade", "value": "Coiffeur"}, {"youth_id": "Y2", "word": "trade", "value": "D1102"}, {"youth_id": "Y3", "word": "trade", "value": "xyzzy"}]  # fmt: skip
    changed, kept = heeded(tables, told(*rows))
    wishes = changed.wishes[["youth_id", "wish_id", "rank", "trade_codes", "source"]]
    assert [tuple(row) for row in wishes.itertuples(index=False)][:4] == [
        ("Y1", 0, 1, "D1202", "words"), ("Y1", 1, 2, "F1603", wishes["source"][1]),
        ("Y1", 2, 3, "D1102", wishes["source"][2]), ("Y2", 0, 1, "D1102", "words"),
    ]  # fmt: skip
    assert dict(changed.wishes.dtypes) == dict(tables.wishes.dtypes)
    assert kept[["state", "rule"]].iloc[-1].tolist() == ["refused", "trade_unknown"]
    assert changed.rejects["reason"].tolist() == ["word_trade_unknown"]
    assert "xyzzy" not in changed.rejects.to_csv() + kept.to_csv()


def test_words_at_odds_and_of_what_has_left_are_named(tables):
    rows = [
        {"youth_id": "Y1", "offer_id": "O1", "word": "pin", "on": "2023-09-14", "by": "Mme A"},
        {"youth_id": "Y1", "offer_id": "O1", "word": "ban", "on": "2023-09-14", "by": "M. B"},
        {"youth_id": "Y1", "offer_id": "O8", "word": "ban", "on": "2023-09-14"},
    ]
    changed, kept = heeded(tables, told(*rows))
    notes = changed.notes[changed.notes["table"] == "words"]
    assert sorted(zip(notes["reason_code"], notes["line"], strict=True)) == [
        ("word_conflict", 1), ("word_conflict", 2), ("word_offer_gone", 3),
    ]  # fmt: skip
    assert sorted(zip(kept["word"], kept["state"], strict=True)) == [
        ("ban", "gone"), ("ban", "heeded"), ("pin", "superseded"),
    ]  # fmt: skip


def test_who_is_not_to_be_called_again_is_opposed(tables):
    changed, _ = heeded(tables, told({"youth_id": "Y1", "word": "outcome", "value": "not_again"}))
    assert changed.youths["status"].tolist() == ["opposed", "placed", "seeking"]


@pytest.mark.parametrize(
    ("broken_on", "status"), [("2023-09-15", "seeking"), ("2023-09-16", "placed")]
)
def test_a_broken_contract_brings_the_youth_back_on_that_day_and_not_before(
    tables, broken_on, status
):
    row = {"youth_id": "Y2", "signed_on": "2023-07-01", "broken_on": broken_on, "siret": BAKER}
    changed, _ = heeded(tables, told(row, columns=OUTCOMES))
    assert changed.youths["status"][1] == status
