"""Names and addresses of neutral tables: whom the file of contacts names, and what never leaves it."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.errors import InputError
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.tables.contact_rows import refuse_nobody
from matchmaker.tables.normal_forms import normal_email, normal_ine, normal_phone
from matchmaker.tables.schemas import OF_PEOPLE
from tests.tables.read_by import AS_OF, contact_rows

WISHES = pd.DataFrame({"youth_id": ["Y1", "Y2"], "rank": "1", "trade_code": "D1102"}, dtype="str")
OFFERS = pd.DataFrame(
    {"offer_id": ["O1"], "title": "Boulanger", "trade_code": "D1102", "postal_code": "29000"},
    dtype="str",
)
YOUTHS = pd.DataFrame(
    {
        "youth_id": ["Y1", "Y2"],
        "postal_code": "29000",
        "first_name": ["Léa", "=Tom"],
        "last_name": ["Dupont", "Martin"],
        "birth_date": ["2008-09-15", "2004-01-01"],
        "email": ["lea@example.org", ""],
        "phone": ["06 39 98 00 00", "nul"],
        "guardian_email": ["Parent@example.org; autre@example.org", "parent@example.org"],
        "guardian_phone": ["", "0639980001"],
        "ine": ["123456789AB", ""],
        "training_centre": ["0290001A", ""],
    },
    dtype="str",
)


def loaded(youths=YOUTHS):
    return load(youths, WISHES, OFFERS, as_of=AS_OF, settings=Settings())


def test_neutral_tables_give_a_row_a_youth_with_the_guardian_first_under_sixteen():
    tables = loaded()
    lea, tom = tables.contacts.to_dict("records")
    assert lea == {
        "youth_id": "Y1", "first_name": "Léa", "last_name": "Dupont",
        "email_1": "Parent@example.org", "email_2": "autre@example.org",
        "email_3": "lea@example.org", "email_1_of": "guardian",
        "phone_1": "+33639980000", "phone_2": "", "phone_3": "", "phone_1_of": "youth",
        "source_file": "DataFrame youths", "source_line": 1, "address_shared": True,
    }  # fmt: skip
    assert (tom["first_name"], tom["email_1_of"], tom["phone_1"]) == (
        "Tom", "guardian", "+33639980001",
    )  # fmt: skip
    assert tom["address_shared"]
    assert tables.youths["training_centre"].tolist() == ["0290001A", ""]


def test_who_is_sixteen_today_is_written_to_first():
    frame = pd.DataFrame(
        {"youth_id": ["Y1"], "source_line": [2], "email": "a@x.fr", "guardian_email": "b@x.fr"}
    ).astype({"youth_id": "str", "email": "str", "guardian_email": "str"})
    for born, first in ((None, "youth"), ("2007-09-15", "youth"), ("2007-09-16", "guardian")):
        assert contact_rows(frame, born)["email_1_of"].tolist() == [first]


def test_no_name_or_address_is_in_any_table_but_the_contacts():
    bad = YOUTHS.assign(
        first_name=["L" * 501, "#N/A"], last_name=["Dupont\x00", "=Dupont"], phone=["Dupont", "x"]
    )
    many = pd.concat([YOUTHS.assign(youth_id=["Y3", "Y4"]), bad], ignore_index=True)
    tables = load(
        many, WISHES.assign(youth_id=["Y3", "Y4"]), OFFERS, as_of=AS_OF,
        settings=Settings(max_rejected_share=1),
    )  # fmt: skip
    assert len(tables.rejects)
    for frame in (tables.youths, tables.wishes, tables.rejects, tables.notes, tables.quality):
        text = frame.to_csv()
        for personal in ("Léa", "Dupont", "LLLL", "example.org", "9980", "123456789AB"):
            assert personal not in text, personal
    assert not OF_PEOPLE & {*tables.youths.columns}


def test_a_file_of_contacts_that_would_reach_nobody_is_refused():
    bare = loaded(YOUTHS[["youth_id", "postal_code", "first_name"]])
    with pytest.raises(InputError, match="le fichier de contacts serait vide"):
        refuse_nobody(bare.contacts, bare.files)
    tables = loaded()
    refuse_nobody(tables.contacts, tables.files)


def test_contacts_do_not_depend_on_the_order_of_rows(tmp_path: Path):
    frame = pd.DataFrame(
        {"youth_id": ["Y1", "Y1", "Y2"], "source_line": [2, 3, 4],
         "email": ["b@x.fr", "a@x.fr", "B@X.fr"], "first_name": ["Zoé", "", "Ali"]}
    ).astype({"youth_id": "str", "email": "str", "first_name": "str"})  # fmt: skip
    there, back = contact_rows(frame), contact_rows(frame.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(there, back)
    assert there["email_1"].tolist() == ["a@x.fr", "B@X.fr"]
    assert there["address_shared"].tolist() == [False, False]  # the first address is what counts


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


@given(LETTERS, st.sampled_from(["example.org", "élan.fr", "a-b.co.uk"]), st.data())
def test_spellings_of_one_address_have_one_form(name, domain, data):
    right = normal_email(f"{name}@{domain}")
    assert right
    spelt = "".join(data.draw(st.sampled_from([c, c.upper()])) for c in f"{name}@{domain}")
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() and data.draw(st.booleans())
                   else c for c in spelt)  # fmt: skip
    around = data.draw(st.sampled_from(["{}", "  {}\t", "\u200b{}", "Léa D. <{}>", "mailto:{}"]))
    assert normal_email(around.format(wide)) == right
    assert normal_email(right) == right


@given(st.integers(100_000_000, 999_999_999), st.data())
def test_spellings_of_one_number_have_one_form(number, data):
    digits = str(number)
    right = normal_phone("0" + digits)
    head = data.draw(st.sampled_from(["0", "+33", "0033", "+33 (0)", "33", "", "+33 0", "tel:+33"]))
    between = data.draw(st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f"]))
    pairs = [digits[0], *(digits[i : i + 2] for i in range(1, 9, 2))]
    assert normal_phone(head + between.join(pairs)) == right
    assert normal_phone(right) == right
    assert right.startswith("+")


@given(st.text(max_size=30))
def test_forms_are_stable_whatever_is_written(text):
    for form in (normal_email, normal_phone, normal_ine):
        assert form(form(text)) == form(text)


def test_what_is_no_address_has_no_form():
    for text in ("", "a@b", "a b@x.fr", "@x.fr", "a@", "a@@x.fr", "a@.fr", "a@x..fr"):
        assert normal_email(text) == ""
    for text in ("", "12", "06123456", "061234567x", "1 85 05 78 006 084 36"):
        assert normal_phone(text) == ""
    assert normal_ine("123456789a b") == "123456789AB"
    assert normal_ine("12345678") == ""
