"""Others of the kinds of odd files that had examples only: titles, notes, ids, ranks."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.reference.rome import rome
from matchmaker.settings import Settings
from matchmaker.tables import Tables, load

AS_OF = dt.date(2026, 9, 15)
OFFERS = pd.DataFrame({"offer_id": ["E1"], "title": ["boulanger"], "postal_code": ["29000"]})
YOUTHS = pd.DataFrame({"youth_id": ["Y1", "Y2"], "postal_code": ["29000", "35000"]})
TRADES = ["D1102", "F1703", "G1602", "F1602", "I1604", "D1104", "K1302", "F1603"]


def loaded(youths=YOUTHS, wishes=None, offers=OFFERS) -> Tables:
    if wishes is None:
        wishes = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_code": ["D1102"]})
    return load(youths, wishes, offers, as_of=AS_OF, settings=Settings(max_rejected_rows=1000))


@pytest.fixture(scope="module")
def titles() -> pd.DataFrame:
    known = rome(Settings()).titles
    return known[~known["is_own"].astype(bool)].drop_duplicates("title").reset_index(drop=True)


@given(data=st.data())
@settings(max_examples=15)
def test_an_official_title_beside_a_code_of_another_domain_is_said(titles, data):
    """Kind 8, of offers and wishes alike."""
    row = data.draw(st.integers(0, len(titles) - 1))
    title = titles["title"][row]
    letters = {code[0] for code in titles.loc[titles["title"] == title, "code"]}
    code = data.draw(st.sampled_from([c for c in TRADES if c[0] not in letters]))
    offers = OFFERS.assign(title=title, trade_code=code)
    wishes = pd.DataFrame({"youth_id": ["Y1"], "rank": ["1"], "trade_code": [code],
                           "trade_label": [title]})  # fmt: skip

    tables = loaded(wishes=wishes, offers=offers)

    found = tables.notes[["reason_code", "table"]].itertuples(index=False, name=None)
    taken, kept = ("title_taken_for_code", "offers"), ("code_and_label_differ", "offers")
    said = set(found) & {taken, kept, ("code_and_label_differ", "wishes")}
    is_code = tables.offers["trade_codes"].tolist() == [code]
    # The title of an offer is taken where it is sure; a wish keeps the code that it was given.
    assert said == {kept if is_code else taken, ("code_and_label_differ", "wishes")}
    assert tables.wishes["trade_codes"].tolist() == [code]
    assert is_code or {one[0] for one in tables.offers["trade_codes"][0].split("|")} <= letters


@given(places=st.sets(st.integers(0, 39), min_size=1, max_size=6),
       word=st.text(alphabet="zqxwkj", min_size=5, max_size=12))  # fmt: skip
@settings(max_examples=15)
def test_each_label_that_nothing_resolves_is_found_by_its_line(places, word):
    """Kind 12: wherever the lost ones stand among forty."""
    labels = [f"{word} {word[::-1]}" if i in places else "" for i in range(40)]
    wishes = pd.DataFrame({
        "youth_id": ["Y1"] * 40, "rank": [str(i + 1) for i in range(40)], "trade_label": labels,
        "trade_code": ["" if label else TRADES[i % 8] for i, label in enumerate(labels)],
    })  # fmt: skip

    notes = loaded(wishes=wishes).notes

    found = notes[notes["reason_code"] == "trade_unresolved"]
    assert found["line"].tolist() == sorted(place + 1 for place in places)
    assert set(found["value"]) == {f"{word} {word[::-1]}"}
    assert set(found["count_like_it"]) == {len(places)}


@given(numbers=st.sets(st.integers(1, 99_999), min_size=2, max_size=6), of_youths=st.booleans())
@settings(max_examples=15)
def test_zeros_that_a_spreadsheet_took_away_are_put_back_and_said(numbers, of_youths):
    """Kind 14: all ids of one of the two tables lost them."""
    whole = [f"{number:06}" for number in sorted(numbers)]
    short = [str(number) for number in sorted(numbers)]
    mine, theirs = (short, whole) if of_youths else (whole, short)
    wishes = pd.DataFrame({"youth_id": theirs, "rank": "1", "trade_code": "D1102"})

    tables = loaded(pd.DataFrame({"youth_id": mine, "postal_code": "29000"}), wishes)

    assert len(tables.rejects) == 0
    assert sorted(tables.wishes["youth_id"]) == sorted(mine)
    said = set(zip(tables.quality["table"], tables.quality["reason"], strict=True))
    assert ("wishes", "id_zeros") in said
    assert (("youths", "id_lost_zeros") in said) == of_youths


@given(rank=st.integers(1, 30),
       form=st.sampled_from(["V{}", "v {}", "vœu {}", "Voeu n° {}", "{}e", "{}ème", "n°{}"]))  # fmt: skip
@settings(max_examples=30)
def test_a_rank_in_words_is_its_number(rank, form):
    wishes = pd.DataFrame({"youth_id": ["Y1"], "rank": [form.format(rank)],
                           "trade_code": ["D1102"]})  # fmt: skip
    tables = loaded(wishes=wishes)
    assert tables.wishes["rank"].tolist() == [rank]
    assert "rank_in_words" in set(tables.quality["reason"])


@given(digits=st.from_regex(r"[1-9]([.,][0-9]{1,5})?E\+[0-9]{2}", fullmatch=True))
@settings(max_examples=20)
def test_a_youth_whose_wishes_were_unreadable_is_not_said_to_have_none(digits):
    wishes = pd.DataFrame({"youth_id": ["Y1", digits], "rank": "1", "trade_code": "D1102"})
    tables = loaded(wishes=wishes)
    assert tables.rejects[["line", "reason"]].to_numpy().tolist() == [[2, "id_scientific"]]
    lost = pd.DataFrame({"youth_id": ["Y1", "Y2"], "rank": ["1", "premier ?"],
                         "trade_code": "D1102"})  # fmt: skip
    youths = loaded(wishes=lost).youths
    assert dict(zip(youths["youth_id"], youths["wishes_rejected"], strict=True)) == {
        "Y1": 0, "Y2": 1,
    }  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_column_that_is_filled_and_has_no_header_is_said(tmp_path, separator):
    path = tmp_path / "offers.csv"
    rows = [["offer_id", "", "title", ""], ["E1", "", "boulanger", "2026-12-31"],
            ["E2", "", "boulanger", ""]]  # fmt: skip
    path.write_text("\n".join(separator.join(row) for row in rows), "utf-8")
    for offers, line in ((path, 2), (pd.DataFrame(rows[1:], columns=rows[0], dtype="str"), 0)):
        found = loaded(offers=offers).quality.query("reason == 'column_without_header'")
        assert found[["column", "count", "example_line"]].to_numpy().tolist() == [["4", 1, line]]


def test_a_training_centre_outside_the_region_wished_for_is_said():
    wishes = pd.DataFrame({"youth_id": ["Y1", "Y2"], "rank": "1", "trade_code": "D1102",
                           "region_code": "Bretagne", "commune_code": ["21231", "29232"]})  # fmt: skip
    tables = loaded(wishes=wishes)
    notes = tables.notes[tables.notes["reason_code"] == "centre_elsewhere"]
    assert notes["line"].tolist() == [1]
    assert tables.wishes["region_code"].tolist() == ["53", "53"]
