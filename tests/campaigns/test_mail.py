"""The plan, and the tool's file as its projection."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.campaigns.addresses import marks
from matchmaker.campaigns.letter import MessageHead, salutation, subject
from matchmaker.campaigns.mail import PLAN_COLUMNS, plan
from matchmaker.campaigns.tool_file import attributes, csv_parts, messages_table, shortened
from matchmaker.campaigns.tools import TOOLS
from matchmaker.routes.referents import REFERENT_COLUMNS
from matchmaker.tables.oppositions import read_oppositions
from tests.campaigns import waves

BREVO = TOOLS["brevo"]


def made(of, **changes):
    return plan(of.run, of.contacts, None, waves.options(**changes), key=waves.KEY)


@pytest.fixture(scope="module")
def wave(tmp_path_factory):
    return waves.wave(tmp_path_factory.mktemp("wave"), youths=60, shared=0.3)


def rows_of(of, tool=BREVO):
    text = b"".join(piece for part in csv_parts(of, tool) for piece in part).decode()
    return [*csv.DictReader(io.StringIO(text, newline=""), delimiter=tool.delimiter)]


def test_the_plan_has_each_line_once_in_its_place(wave):
    of = made(wave)
    assert tuple(of.lines.columns) == PLAN_COLUMNS
    pairs = of.lines[["youth_id", "offer_id"]].apply(tuple, axis=1)
    assert sorted(pairs) == sorted(wave.lists[["youth_id", "offer_id"]].apply(tuple, axis=1))
    assert set(of.lines["state"]) == {"planned"}
    for _, lines in of.lines.groupby(["message_id", "block"]):
        assert lines["slot"].tolist() == [*range(1, len(lines) + 1)]
        assert len({*lines["youth_id"]}) == 1
    for _, lines in of.lines.groupby("address"):
        assert len({*lines["message_id"]}) == 1


def test_published_offers_stand_before_firms(wave):
    kind = dict(zip(wave.lists["offer_id"], wave.lists["kind"], strict=True))
    for _, lines in made(wave).lines.groupby("youth_id"):
        kinds = [kind[offer] for offer in lines["offer_id"]]
        assert kinds == sorted(kinds)  # offer, spontaneous


def test_marks_are_keyed_and_of_the_wave(wave):
    one, two = made(wave), made(wave, wave=2)
    address = one.blocks["address"].iloc[0]
    assert one.blocks["message_id"].iloc[0] == marks(waves.KEY, "Rentrée 2026", 1, [address])[0]
    for name in ("message_id", "m"):
        assert not {*one.blocks[name]} & {*two.blocks[name]}
    assert one.blocks["unsubscribe"].tolist() == two.blocks["unsubscribe"].tolist()
    for row in rows_of(one):
        links = "".join(value for name, value in row.items() if "LIEN" in name)
        assert row["EMAIL"] not in links
        assert not re.search(r"Y\d{6}", links)


def test_the_order_of_the_contacts_does_not_matter(wave):
    mixed = replace(wave, contacts=wave.contacts.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(made(wave).lines, made(mixed).lines)


def test_no_cell_is_empty_and_the_counts_say_how_many_slots_count(wave):
    of = made(wave)
    rows = rows_of(of)
    assert len(rows) == of.messages == of.blocks["address"].nunique()
    assert any(row["N_ENFANTS"] == "2" for row in rows)
    for row in rows:
        assert all(row.values())
        assert list(row) == [name for name, _ in attributes(of)]
        for child in range(1, 5):
            n = sum(int(row[f"ENFANT_{child}_N_{k}"]) for k in ("OFFRES", "ENTREPRISES", "AUTRES"))
            assert (n > 0) is (child <= int(row["N_ENFANTS"]))
            for slot in range(1, 11):
                is_filled = row[f"ENFANT_{child}_LIGNE_{slot}_TITRE"] != "-"
                assert is_filled is (slot <= n)


def test_names_of_attributes_are_those_that_tools_take(wave):
    names = [name for name, _ in attributes(made(wave))]
    assert len(names) == len({*names})
    assert all(re.fullmatch(r"[A-Z0-9_]{1,50}", name) for name in names)
    assert not {*names} & {"SMS", "WHATSAPP", "LANDLINE_NUMBER", "EXT_ID"}


def test_cells_run_nothing_and_hold_no_tag(wave):
    row = rows_of(made(wave))[0]
    assert row["ENFANT_1_LIGNE_1_EMPLOYEUR"].startswith("'=Garage ‹b›")


def test_a_large_file_comes_in_parts_below_the_limit_with_the_header_each(wave, monkeypatch):
    of = made(wave)
    whole = rows_of(of)
    monkeypatch.setattr("matchmaker.campaigns.tool_file._ROWS", 7)
    limit = 60_000
    parts = [b"".join(part) for part in csv_parts(of, replace(BREVO, max_file_bytes=limit))]
    assert len(parts) > 2
    assert all(len(part) <= limit for part in parts)
    assert {part.split(b"\n")[0] for part in parts} == {parts[0].split(b"\n")[0]}
    assert sum(part.count(b"\n") - 1 for part in parts) == of.messages
    assert sum(len(some) for some in messages_table(of, BREVO)) == of.messages
    assert [row["EMAIL"] for row in rows_of(of)] == [row["EMAIL"] for row in whole]


def test_a_referent_is_named_with_a_telephone_number(tmp_path):
    wave = waves.wave(tmp_path, youths=3, shared=0)
    referents = pd.DataFrame(
        [["35", "", "", "Mission locale de Rennes", "ml@example.org", 9]],
        columns=list(REFERENT_COLUMNS),
    )
    referents.to_parquet(tmp_path / "reference" / "referents.parquet")
    of = made(wave)
    assert set(of.blocks["person"]) == {"Mission locale de Rennes"}
    assert set(of.blocks["contact"]) == {"ml@example.org, ou Cellule nationale au 01 99 00 12 34"}
    referents["referent_contact"] = "02 99 00 00 00"
    referents.to_parquet(tmp_path / "reference" / "referents.parquet")
    assert set(made(wave).blocks["contact"]) == {"02 99 00 00 00"}


def test_the_desk_is_named_where_there_is_no_referent(wave):
    of = made(wave)
    assert set(of.blocks["person"]) == {"Cellule nationale"}
    assert set(of.blocks["contact"]) == {"01 99 00 12 34"}


def test_the_mark_of_a_link_stands_before_its_anchor(tmp_path):
    wave = waves.wave(tmp_path, youths=1)
    lists = wave.lists.assign(url="https://example.org/a?b=1#c")
    lists.to_parquet(tmp_path / "lists.parquet")
    of = made(wave, link_mark="mtm_kwd={m}")
    m = of.blocks["m"].iloc[0]
    assert of.told["url"].iloc[0] == f"https://example.org/a?b=1&mtm_kwd={m}#c"
    assert of.lines["url"].iloc[0] == "https://example.org/a?b=1#c"


def test_a_link_that_is_no_page_is_none(tmp_path):
    wave = waves.wave(tmp_path, youths=1)
    wave.lists.assign(url="javascript:alert(1)").to_parquet(tmp_path / "lists.parquet")
    assert rows_of(made(wave))[0]["ENFANT_1_LIGNE_1_URL"] == "-"


COUNTS = [each for each in itertools.product((0, 1, 3), repeat=3) if any(each)]


@pytest.mark.parametrize("is_for_guardian", [False, True])
@pytest.mark.parametrize("names", [("Léa",), ("",), ("Léa", "Noé"), ("", "")])
def test_the_object_promises_no_offer_to_who_has_none(names, is_for_guardian):
    for each in itertools.product(COUNTS, repeat=len(names)):
        head = MessageHead(names=names, counts=each, is_for_guardian=is_for_guardian)
        text = subject(head, "fr")
        if "offre" in text.lower():
            assert all(offers for offers, _, _ in each)
        if "entreprise" in text:
            assert all(firms for _, firms, _ in each)
        assert not re.search(r"\b0\b", text)
        assert text[0].isupper() or text[0].isdigit()
        assert salutation(head, "fr").endswith(",")


@given(st.text(max_size=200), st.integers(8, 60))
def test_a_shortened_text_fits_and_is_a_beginning(text, most):
    short = shortened(text, most)
    assert len(short.encode()) <= most
    assert text.startswith(short.removesuffix("…"))


@pytest.mark.parametrize("who", ["foyer0@example.org", "06 00 00 00 00", "Y000000"])
def test_an_opposition_that_came_after_the_run_is_heeded(tmp_path, who):
    wave = waves.wave(tmp_path / "run", youths=3, shared=0)
    file = tmp_path / "stop.csv"
    file.write_text(f"valeur\n{who}\n", encoding="utf-8")
    opposed = read_oppositions([file], key=waves.KEY)
    of = plan(wave.run, wave.contacts, opposed, waves.options(), key=waves.KEY)
    assert of.opposed == 1
    assert of.blocks["youth_id"].tolist() == ["Y000001", "Y000002"]
    assert "Y000000" not in {*of.to_call["youth_id"]}
