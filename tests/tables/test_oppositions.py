"""Who must not be written to: every export of a mailing tool is read whole, and heeded."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchmaker
from matchmaker import Settings
from matchmaker.errors import CheckError, InputError
from matchmaker.runs.folder import open_run
from matchmaker.tables.contact_rows import gathered
from matchmaker.tables.contacts import read_contacts, write
from matchmaker.tables.opposition_files import read_rows
from matchmaker.tables.oppositions import heed, heed_rows, mark, read_oppositions
from matchmaker.tables.sources.wish_files import pseudonym
from matchmaker.verify import Clean, check_lists
from tests.tables.read_by import AS_OF

KEY = bytes(range(32))
EXAMPLES = {
    "brevo_contacts.csv": (
        "EMAIL;LASTNAME;FIRSTNAME;SMS;EXT_ID;EMAIL_BLACKLISTED\n"
        "A@Example.org;X;Léa;33639980000;;TRUE\nb@example.org;X;Tom;;;FALSE\n"
    ),
    "brevo_campaign.csv": (
        "Email_ID;Send_Date;Hard_Bounce_Date;Unsubscribe_Date;Complaint_date\n"
        "a@example.org;01-09-2026 10:00:00;;02-09-2026 08:00:00;\n"
        "b@example.org;01-09-2026 10:00:00;01-09-2026 10:01:00;;\n"
    ),
    "mailchimp_unsubscribed.csv": (
        '"Email Address","First Name","Last Name",MEMBER_RATING,UNSUB_TIME,UNSUB_REASON,LEID\n'
        'a@example.org,Léa,X,2,"2026-09-02 08:00:00","NORMAL, no",123\n'
    ),
    "sarbacane.csv": "\ufeffEmail;Nom;Date de désinscription\na@example.org;X;02/09/2026 08:00\n",
    "list.txt": "a@example.org\n",
    "in words.csv": "Adresse e-mail,Motif\nLéa <a@EXAMPLE.org>,ne veut plus\n",
    "several.csv": "courriel;téléphone\na@example.org, A@example.org;06 39 98 00 00\n",
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_exports_of_each_tool_name_who_is_opposed_and_nobody_else(tmp_path, name):
    path = tmp_path / name
    path.write_text(EXAMPLES[name], encoding="utf-8")
    (row,), (file,), passed = read_rows([path])
    assert "a@example.org" in row.readings
    assert not any("b@" in reading for reading in row.readings)
    assert passed == ("b@" in EXAMPLES[name])
    assert file.role == "do_not_contact"
    assert file.rows == 1 + passed


def test_a_list_without_a_header_is_read_by_what_its_values_are(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("06 39 98 00 00\n123456789ab\nY0001\n0639980000\n\n")
    rows, _, _ = read_rows([path])
    assert [sorted(row.readings) for row in rows] == [
        ["+33639980000", "06 39 98 00 00", "0639980000"],
        ["123456789AB", "123456789ab"],
        ["Y0001"],
        ["+33639980000", "0639980000"],
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("email\nfoo\na@x.fr\nb@x\n", [2, 4]),
        ("email;motif\na@x.fr;x\n;y\n", [3]),
        ("email;sms\na@x.fr;12\n", [2]),
        ("a@x.fr\nbonjour\n", [2]),
        ("a@x.fr;1\nb@x.fr\n", [2]),
        ("nom;motif\nX;Y\n", [1]),
        ("email;email_blacklisted\na@x.fr;non\n", [None]),
    ],
)
def test_no_opposition_is_lost_what_cannot_be_read_stops_with_its_line(tmp_path, text, lines):
    path = tmp_path / "o.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_rows([path])
    assert [issue.line for issue in caught.value.issues] == lines
    for lang in ("fr", "en"):
        assert not any(word in caught.value.text(lang) for word in ("foo", "b@x", "bonjour"))
    assert caught.value.exit_code == 1


def test_a_list_of_nobody_yet_is_no_fault(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("EMAIL;SMS\n")
    assert read_rows([path])[0] == ()


PEOPLE = pd.DataFrame(
    {
        "youth_id": ["Y1", "Y2", "Y3", "Y4", "Y5"],
        "email": ["a@x.fr", "shared@x.fr", "shared@x.fr", "", ""],
        "guardian_email": ["p@x.fr", "", "q@x.fr", "p@x.fr; r@x.fr", "only@x.fr"],
        "phone": ["0639980000", "", "", "", ""],
        "ine": ["", "123456789AB", "", "", ""],
    },
    dtype="str",
)


def contacts():
    files = pd.Series(["y.csv"] * len(PEOPLE), dtype="str")
    return gathered(PEOPLE, files, np.arange(2, 7))


def opposed(tmp_path, *values, key=KEY):
    path = tmp_path / "o.csv"
    path.write_text("\n".join(values) + "\n")
    return read_oppositions([path], key=key)


@pytest.mark.parametrize(
    ("value", "gone", "addresses"),
    [
        ("A@X.fr", ["Y1"], 0),
        ("+33 6 39 98 00 00", ["Y1"], 0),
        ("123456789ab", ["Y2"], 0),
        ("Y3", ["Y3"], 0),
        ("shared@x.fr", ["Y2", "Y3"], 0),
        ("p@x.fr", [], 2),
        ("only@x.fr", ["Y5"], 0),
        ("nobody@x.fr", [], 0),
    ],
)
def test_whom_an_opposition_takes_out(tmp_path, value, gone, addresses):
    heeded = heed(contacts(), opposed(tmp_path, value))
    assert heeded.youth_ids.tolist() == gone
    left = heeded.contacts
    assert left.people["youth_id"].tolist() == [y for y in PEOPLE["youth_id"] if y not in gone]
    assert heeded.figures == {
        "given": 1, "matched": int(value != "nobody@x.fr"), "unmatched": int(value == "nobody@x.fr"),
        "youths": len(gone), "addresses": addresses, "passed": 0,
    }  # fmt: skip
    if value == "p@x.fr":
        rows = left.rows(pd.Series([None] * 5, dtype="datetime64[s]"), np.datetime64(AS_OF))
        assert rows["email_1"].tolist() == ["a@x.fr", "shared@x.fr", "shared@x.fr", "r@x.fr",
                                            "only@x.fr"]  # fmt: skip
        assert "p@x.fr" not in rows.to_csv()


def test_an_ine_is_matched_by_its_pseudonym_too(tmp_path):
    given = opposed(tmp_path, "123456789 ab")
    assert mark(KEY, pseudonym("123456789AB", KEY)) in given.named()
    assert all(len(one) == 32 for one in given.named())


@pytest.mark.parametrize("value", ["A@X.fr", "Y3", "p@x.fr", "r@x.fr", "only@x.fr", "0639980000"])
def test_oppositions_after_the_run_take_the_same_out_of_its_file_or_more(tmp_path, value):
    given = opposed(tmp_path, value)
    all_rows = contacts().rows(pd.Series([None] * 5, dtype="datetime64[s]"), np.datetime64(AS_OF))
    write(all_rows, tmp_path / "c.csv", run_dir=tmp_path / "run", run_id="r")
    told = read_contacts(tmp_path / "c.csv", run_id="r")
    left, gone = heed_rows(told, given)
    taken_by_run = set(heed(contacts(), given).youth_ids)
    taken = set(told["youth_id"]) - set(left["youth_id"])
    assert taken >= taken_by_run
    assert gone == len(taken)
    cells = {cell.casefold() for cell in left[["email_1", "email_2", "email_3"]].to_numpy().ravel()}
    assert value.casefold() not in cells
    if value == "p@x.fr":
        y4 = left[left["youth_id"] == "Y4"].iloc[0]
        assert (y4["email_1"], y4["email_1_of"], y4["email_2"]) == ("r@x.fr", "guardian", "")


@given(st.emails(), st.data())
def test_any_spelling_of_an_address_is_the_same_opposition(address, data):
    from matchmaker.tables.normal_forms import normal_email

    right = normal_email(address)
    spelt = "".join(data.draw(st.sampled_from([c, c.upper()])) for c in address)
    if right:
        assert mark(KEY, normal_email(f" {spelt}\n")) == mark(KEY, right)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("opposed")
    return matchmaker.generate(youths=30, offers=300, out=folder / "in", regions=["Bretagne"])


def matched(made, **given):
    return matchmaker.match(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15",
                            **given)  # fmt: skip


def test_an_opposed_youth_has_no_list_and_the_run_says_so_without_the_address(made, tmp_path):
    before = matched(made)
    youths = pd.read_csv(made["youths"], dtype=str, keep_default_na=False).set_index("youth_id")
    served = [y for y in before.lists["youth_id"].unique() if youths.loc[y, "email"]]
    who, address = served[0], youths.loc[served[0], "email"]
    path = tmp_path / "unsubscribed.csv"
    path.write_text(f"EMAIL\n{address.upper()}\nnobody@example.com\n")
    result = matched(made, do_not_contact=path)
    assert who not in set(result.lists["youth_id"])
    assert who not in set(result.contacts["youth_id"])
    why = result.unserved.set_index("youth_id").loc[who]
    assert why["reason_code"] == "opposed"
    assert result.summary["youths"]["opposed"] == result.summary["oppositions"]["youths"] >= 1
    assert result.summary["oppositions"]["unmatched"] == 1
    assert result.manifest["run_id"] != before.manifest["run_id"]
    assert "oppositions qui ne correspondent à personne" in str(result)
    result.save(tmp_path / "run")
    assert not matchmaker.verify.check(tmp_path / "run")
    for file in open_run(tmp_path / "run").path.rglob("*"):
        if file.is_file():
            content = file.read_bytes().lower()
            assert address.lower().encode() not in content, file
            assert b"nobody@example.com" not in content, file
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "<h2>Oppositions</h2>" in page
    roles = [
        one["role"] for one in json.loads((tmp_path / "run/manifest.json").read_text())["inputs"]
    ]
    assert "do_not_contact" in roles


def test_the_independent_check_refuses_a_list_of_an_opposed_youth(made, tmp_path):
    result = matched(made)
    tables = result.kept
    youths = tables.youths.copy()
    youths.loc[youths["youth_id"] == result.lists["youth_id"].iloc[0], "status"] = "opposed"
    clean = Clean(youths=youths, wishes=tables.wishes, offers=tables.offers, as_of=AS_OF)
    with pytest.raises(CheckError, match="seuls les jeunes qui cherchent"):
        check_lists(result.lists, result.assignment, clean, Settings())


def test_the_id_of_a_run_is_known_before_it_and_depends_on_the_oppositions(made, tmp_path):
    from matchmaker.runs.identity import id_of
    from matchmaker.runs.inputs import inputs_of
    from matchmaker.runs.setup import setup_of

    asked = {"assignment": False, "ignore_sent": False}
    ids = []
    for text in ("EMAIL\na@x.fr\n", "EMAIL\nb@x.fr\n"):
        path = tmp_path / "o.csv"
        path.write_text(text)
        inputs = inputs_of(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15",
                           do_not_contact=[path])  # fmt: skip
        ids.append(id_of(inputs, setup_of(Settings()), asked=asked))
        assert matched(made, do_not_contact=path).manifest["run_id"] == ids[-1]
    assert ids[0] != ids[1]
    assert Path(path).exists()
