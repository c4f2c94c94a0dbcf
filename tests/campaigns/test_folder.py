"""The folder of a wave: whole, private, the same bytes; a trial; mails that can be read."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from matchmaker.campaigns.folder import check_mail_target, only_to, write_mail
from matchmaker.campaigns.letter import letter
from matchmaker.campaigns.mail import plan
from matchmaker.campaigns.preview import chosen, eml, html_body, plain_text
from matchmaker.campaigns.sent_table import SENT_COLUMNS, record
from matchmaker.campaigns.tools import TOOLS
from matchmaker.errors import CheckError, UsageError
from matchmaker.settings import Settings
from matchmaker.tables.sent import load_sent
from tests.campaigns import waves

DAY = dt.date(2026, 9, 16)


@pytest.fixture(scope="module")
def wave(tmp_path_factory):
    return waves.wave(tmp_path_factory.mktemp("run"), youths=40, shared=0.3)


def made(of, **changes):
    return plan(of.run, of.contacts, None, waves.options(**changes), key=waves.KEY)


def files_of(folder):
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_a_folder_is_for_its_owner_only_and_the_same_each_time(wave, tmp_path):
    for name in ("one", "two"):
        write_mail(made(wave), tmp_path / name, TOOLS["brevo"])
    one, two = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    assert one == two
    assert {*json.loads(one["mail.json"])["outputs"]} == one.keys() - {"mail.json"}
    for path in (tmp_path / "one", *(tmp_path / "one").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0
    assert not re.search("@|Y0000", "".join(one))  # names of files


def test_an_earlier_wave_is_replaced_and_nothing_else(wave, tmp_path):
    out = tmp_path / "out"
    write_mail(made(wave), out, TOOLS["brevo"])
    (out / "note.txt").write_text("mine")
    check_mail_target(out, wave.run.path)
    write_mail(made(wave), out, TOOLS["generic"], form="jsonl", preview=2)
    assert {"generic-1.jsonl", "note.txt", "preview/02.eml"} <= files_of(out).keys()
    assert not {"brevo-1.csv", "preview/03.eml"} & files_of(out).keys()


def test_a_folder_of_somebody_else_or_of_the_run_is_refused(wave, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="n'a pas été écrit"):
        check_mail_target(tmp_path, wave.run.path)
    with pytest.raises(UsageError, match="aucune adresse"):
        check_mail_target(wave.run.path / "mail", wave.run.path)


def test_a_trial_goes_to_one_address_only(wave, tmp_path):
    of = only_to(made(wave), "me@example.org")
    assert of.messages == 10
    write_mail(of, tmp_path / "trial", TOOLS["brevo"], is_test=True)
    texts = b"".join(files_of(tmp_path / "trial").values()).lower()
    assert b"foyer" not in texts
    assert texts.count(b"me@example.org") >= 10
    assert json.loads((tmp_path / "trial" / "mail.json").read_bytes())["is_test"]


def test_the_mails_to_look_at_have_one_of_each_kind(wave):
    of = made(wave)
    picked = chosen(of, 10)
    blocks = of.blocks[of.blocks["message"].isin(picked)]
    assert len({*picked}) == 10
    assert (blocks.groupby("message").size() > 1).any()
    assert (blocks["recipient"] == "guardian").any()
    assert len(chosen(of, 3)) == 3
    assert chosen(of, 0) == []


def test_a_mail_says_whom_to_turn_to_what_to_do_and_what_was_planned(wave):
    of = made(wave)
    for message in range(of.messages):
        mail = letter(of, message)
        text = plain_text(mail)
        for child in mail["children"]:
            assert len(child["steps"]) == 3
        lines = of.lines["message_id"] == mail["message_id"]
        for url in of.lines.loc[lines, "url"]:
            assert url in text
            assert url in html_body(mail)
        assert "01 99 00 12 34" in text
        assert text.index(mail["labels"]["steps"].upper()) < text.index("https://")
        for answer in ("J'ai trouvé", "Rappelez-moi", "Ne m'écrivez plus"):
            assert text.count(f"{answer} : ") == len(mail["children"])
        assert len(eml(mail)) < 100_000


def test_the_largest_mail_is_below_what_mail_programs_cut(tmp_path):
    wave = waves.wave(tmp_path, youths=4, shared=0)
    wave.contacts["email_1"] = "famille@example.org"
    longest = wave.lists.groupby("youth_id").head(1)
    lists = pd.concat([longest.assign(rank=i, offer_id=f"O{i}") for i in range(1, 11)])
    lists.sort_values(["youth_id", "rank"]).to_parquet(tmp_path / "lists.parquet")
    mail = letter(made(wave, mention="decision"), 0)
    assert sum(len(s["lines"]) for child in mail["children"] for s in child["sections"]) == 40
    assert len(eml(mail)) < 100_000


def test_an_eml_opens_in_a_mail_program(wave):
    mail = letter(made(wave), 0)
    opened = email.message_from_bytes(eml(mail), policy=email.policy.default)
    assert opened["Subject"] == mail["subject"]
    assert opened["To"] == mail["address"]
    assert opened["Date"] is None
    assert opened.get_body(("plain",)).get_content().replace("\r", "") == plain_text(mail)
    assert opened.get_body(("html",)).get_content().startswith("<!doctype html>")


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.seen |= {tag, *(name for name, _ in attrs)}


def test_nothing_that_an_employer_wrote_runs(tmp_path):
    wave = waves.wave(tmp_path, youths=2)
    evil = "<script>alert(1)</script>{{ 7 * 7 }}"
    wave.lists.assign(title=evil, employer=evil, reason=evil, url="javascript:alert(1)").to_parquet(
        tmp_path / "lists.parquet"
    )
    body = html_body(letter(made(wave), 0))
    tags = Tags()
    tags.feed(body)
    assert not tags.seen & {"script", "onclick", "img", "iframe"}
    assert "javascript" not in body
    assert "{{ 7 * 7 }}" in body


def test_a_template_of_the_users_own_runs_in_a_sandbox(wave, tmp_path):
    own = tmp_path / "own.html.j2"
    mail = letter(made(wave), 0)
    own.write_text("<p>{{ mail.salutation }}</p>")
    assert html_body(mail, own).startswith("<p>")
    for text in ("{{ mail.children.__class__.__mro__ }}", "{{ nothing }}", "{% if %}"):
        own.write_text(text)
        with pytest.raises(UsageError, match="ne convient pas"):
            html_body(mail, own)


def test_the_three_mentions(wave):
    def foot(**changes):
        return " ".join(letter(made(wave, **changes), 0)["mention"])

    information, decision = foot(), foot(mention="decision")
    for text in ("Affelnet", "campagne@example.org", "CNIL", "vous opposer"):
        assert text in information
        assert text in decision
    assert "n'est pas une décision" in information
    for text in ("R. 311-3-1-1", "L. 311-3-1", "finalité", "CADA", "un mois", "principales"):
        assert text in decision
    assert foot(mention="none", mention_reason="essai interne") == ""


def test_answer_links_of_the_settings_hold_the_mark(wave):
    of = made(wave, answer_found="https://example.org/trouve?m={m}")
    answers = letter(of, 0)["children"][0]["answers"]
    m = of.blocks["m"].iloc[0]
    assert answers[0]["url"] == f"https://example.org/trouve?m={m}"
    assert answers[1]["url"].startswith("mailto:campagne@example.org?subject=Rappelez-moi%20%5B")
    assert m in answers[2]["url"]


def test_what_was_sent_is_kept_of_all_waves(wave, tmp_path):
    path = tmp_path / "sent.csv"
    one = made(wave)
    assert record(one, path, sent_at=DAY) == len(one.lines)
    assert record(one, path, sent_at=DAY + dt.timedelta(1)) == 0
    assert record(made(wave, wave=2), path, sent_at=DAY) == len(one.lines)
    frame = pd.read_csv(path, dtype=str)
    assert tuple(frame.columns) == SENT_COLUMNS
    assert set(frame["state"]) == {"written"}
    assert set(frame["sent_at"]) == {"2026-09-16"}
    assert path.stat().st_mode & 0o077 == 0
    assert "@" not in path.read_text()
    known = load_sent(path, settings=Settings(), as_of=DAY).frame
    assert len(known) == one.lines[["youth_id", "offer_id"]].drop_duplicates().shape[0]


def test_the_same_wave_with_other_lines_is_refused(wave, tmp_path):
    path = tmp_path / "sent.csv"
    of = made(wave)
    record(of, path, sent_at=DAY)
    before = path.read_bytes()
    of.lines.loc[0, "offer_id"] = "another"
    with pytest.raises(CheckError, match="avec d'autres lignes"):
        record(of, path, sent_at=DAY)
    assert path.read_bytes() == before


def test_another_table_is_not_written_over(wave, tmp_path):
    path = tmp_path / "sent.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="table des envois"):
        record(made(wave), path, sent_at=DAY)
    assert path.read_text() == "a,b\n1,2\n"


def test_who_is_to_be_called_stands_in_a_file_for_a_spreadsheet(tmp_path):
    wave = waves.wave(tmp_path / "run", youths=3, shared=0)
    wave.contacts.loc[0, ["email_1", "last_name"]] = ["", "=cmd"]
    unserved = pd.DataFrame(
        {
            "youth_id": ["Y9", "Y8"],
            "reason_code": ["out_of_reach", "opted_out"],
            "reason": ["Trop loin.", "A demandé à ne plus être contacté."],
        }
    )
    unserved.to_parquet(tmp_path / "run" / "unserved.parquet")
    write_mail(made(wave), tmp_path / "out", TOOLS["brevo"])
    text = (tmp_path / "out" / "to_call.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = pd.read_csv(tmp_path / "out" / "to_call.csv", sep=";", dtype=str, keep_default_na=False)
    assert rows["youth_id"].tolist() == ["Y000000", "Y9"]  # who opted out is not called
    assert rows["reason"].tolist() == [
        "Aucune adresse électronique utilisable.",
        "Aucune piste. Trop loin.",
    ]
    assert rows["last_name"].tolist() == ["'=cmd", ""]
    assert rows["phone_1"].tolist() == ["06 00 00 00 00", ""]
    assert set(rows["contact"]) == {"01 99 00 12 34"}
