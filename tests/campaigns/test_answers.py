"""What comes back of a wave: each tool's export, brought to the youths and offers of the plan."""

import hmac
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.campaigns.answer_files import Event, read_events
from matchmaker.campaigns.answer_folder import read_wave, write_answers
from matchmaker.campaigns.answer_words import KINDS, NO_ANSWER, kind_of
from matchmaker.campaigns.answers import Wave, answers_of
from matchmaker.campaigns.sent_table import SENT_COLUMNS
from matchmaker.errors import InputError, UsageError
from matchmaker.key_path import key_path
from matchmaker.tables.contacts import CONTACT_COLUMNS, write
from matchmaker.tables.opposition_files import read_rows

KEY = bytes(range(32))
LEA, TOM, BOTH = "a" * 16, "b" * 16, "c" * 16  # messages


def m_of(youth):
    return hmac.digest(KEY, f"autumn|1|{youth}".encode(), "sha256").hex()[:16]


PLAN = pd.DataFrame(
    [
        (LEA, "lea@example.org", 1, "Y1", 1, "O1"), (LEA, "lea@example.org", 1, "Y1", 2, "O2"),
        (TOM, "Tom@example.org", 1, "Y2", 1, "O1"),
        (BOTH, "parent@example.org", 1, "Y3", 1, "O1"),
        (BOTH, "parent@example.org", 2, "Y4", 1, "O3"),
    ],
    columns=["message_id", "address", "block", "youth_id", "slot", "offer_id"],
).assign(trade_code="D1102", url="https://example.org", state="planned")  # fmt: skip
WAVE = Wave(plan=PLAN, campaign="autumn", wave="1", key=KEY)


def came(tmp_path, text, name="f.csv", wave=WAVE):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return answers_of(read_events([path]), wave)


def states(answers):
    return {(r.youth_id, r.offer_id): r.state for r in answers.sent.itertuples()}


BREVO = (
    "Email_ID;Send_Date;Delivered_Date;Open_Date;Total Opens;Hard_Bounce_Date;Hard_Bounce_Reason;"
    "Soft_Bounce_Date;Unsubscribe_Date;Clicked_Links_Count\n"
    "lea@example.org;01-09-2026 10:00:00;;;;01-09-2026 10:00:01;user unknown;;;\n"
    "tom@example.org;01-09-2026 10:00:00;01-09-2026 10:00:01;;3;;;;;2\n"
    "parent@example.org;01-09-2026 10:00:00;01-09-2026 10:00:02;;1;;;;02-09-2026 09:00:00;\n"
)
EXAMPLES = {
    "brevo report": BREVO,
    "brevo events": (
        '"st_text","ts","sub","frm","email","tag","mid","link"\n'
        '"hard_bounce","2026-09-01 10:00:01","Vos offres","x@y.fr","lea@example.org","","",""\n'
        '"clicked","2026-09-01 10:00:01","Vos offres","x@y.fr","tom@example.org","","","http://x"\n'
        '"unsubscribed","2026-09-02","Vos offres","x@y.fr","parent@example.org","","",""\n'
    ),
    "sarbacane": (
        "Email;Statut;Date\nLEA@example.org;NPAI;01/09/2026\ntom@example.org;Cliqué;01/09/2026\n"
        "parent@example.org;Désinscrit;02/09/2026\n"
    ),
    "mailchimp": (
        '"Email Address","First Name",CLEAN_TIME,UNSUB_TIME,UNSUB_REASON\n'
        'lea@example.org,Léa,"2026-09-01 10:00:00",,\n'
        'parent@example.org,X,,"2026-09-02 09:00:00",NORMAL\n'
    ),
}


@pytest.mark.parametrize("tool", EXAMPLES)
def test_bounces_and_unsubscriptions_as_each_tool_exports_them(tmp_path, tool):
    answers = came(tmp_path, EXAMPLES[tool])
    assert states(answers) == {
        ("Y1", "O1"): "bounced", ("Y1", "O2"): "bounced",
        ("Y3", "O1"): "opposed", ("Y4", "O3"): "opposed",
    }  # fmt: skip
    assert answers.oppositions["email"].tolist() == ["parent@example.org"]
    assert answers.to_call[["youth_id", "reason_code"]].to_numpy().tolist() == [["Y1", "bounced"]]
    assert not len(answers.waiting)
    assert not len(answers.unmatched)
    assert tuple(answers.sent.columns) == SENT_COLUMNS


def test_json_lines_of_our_own_by_every_mark(tmp_path):
    lines = [
        {"m": m_of("Y3"), "event": "found", "at": "2026-09-03"},
        {"message_id": TOM, "event": "call", "at": "2026-09-03"},
        {"email": "LEA@example.org", "event": "stop"},
        {"m": m_of("Y4"), "event": "stop", "at": "2026-09-04"},
        {"link": f"https://x.fr/?mtm_kwd={m_of('Y1')}", "m": "", "event": "click"},
        {"m": m_of("Y2"), "event": "quelque chose d'autre"},
        {"m": "0" * 16, "event": "found"},
        {"m": "", "email": "nobody@example.org", "event": "unsubscribed"},
    ]
    text = "\n".join(json.dumps({"message_id": "", "m": "", "email": "", "event": "", "at": "",
                                 "link": "", **line}) for line in lines)  # fmt: skip
    answers = came(tmp_path, text, "f.jsonl")
    assert states(answers) == {
        ("Y1", "O1"): "opposed", ("Y1", "O2"): "opposed", ("Y2", "O1"): "answered",
        ("Y3", "O1"): "answered", ("Y4", "O3"): "opposed",
    }  # fmt: skip
    assert answers.waiting[["youth_id", "kind"]].to_numpy().tolist() == [
        ["Y3", "found"], ["Y2", "unread"],
    ]  # fmt: skip
    assert answers.to_call[["youth_id", "reason_code"]].to_numpy().tolist() == [["Y2", "asked"]]
    assert answers.oppositions[["email", "youth_id"]].to_numpy().tolist() == [
        ["", "Y4"], ["lea@example.org", ""], ["nobody@example.org", ""],
    ]  # fmt: skip
    assert answers.unmatched["kind"].tolist() == ["found", "opposed"]
    assert answers.counts["click"] == 1


def test_replies_of_a_mailbox_are_told_by_their_subject(tmp_path):
    text = (
        "From;Objet\n"
        f"x;Re: J'ai trouvé [{m_of('Y1')}]\n"
        f"x;Ne m'écrivez plus [{m_of('Y2')}]\n"
        f"x;RE: TR: Rappelez-moi [{m_of('Y3')}]\n"
        f"x;Re: Vos offres [{m_of('Y4')}]\n"
    )
    answers = came(tmp_path, text)
    assert answers.waiting[["youth_id", "kind"]].to_numpy().tolist() == [
        ["Y1", "found"], ["Y4", "replied"],
    ]  # fmt: skip
    assert answers.oppositions["youth_id"].tolist() == ["Y2"]
    assert answers.to_call["youth_id"].tolist() == ["Y3"]


def test_an_offer_is_doubtful_when_two_youths_say_that_it_is_filled(tmp_path):
    def said(*youths, offer="O1"):
        rows = "".join(f"{m_of(youth)},Pourvue,{offer}\n" for youth in youths)
        return came(tmp_path, "m,réponse,offer_id\n" + rows)

    assert not len(said("Y1").doubtful)
    assert not len(said("Y1", "Y1").doubtful)
    twice = said("Y1", "Y2")
    assert twice.doubtful.to_numpy().tolist() == [["O1", "2"]]
    assert twice.waiting["offer_id"].tolist() == ["O1", "O1"]
    assert not len(said("Y1", "Y2", offer="O3").doubtful)  # nobody was sent it


def test_an_opposition_goes_before_a_bounce_and_nobody_calls_who_objected(tmp_path):
    text = "email,event,at\nlea@example.org,hard_bounce,1\nlea@example.org,spam,2\n"
    answers = came(tmp_path, text)
    assert set(states(answers).values()) == {"opposed"}
    assert not len(answers.to_call)


def test_what_is_written_is_private_and_the_oppositions_go_straight_into_match(tmp_path):
    answers = came(tmp_path, EXAMPLES["sarbacane"])
    out = tmp_path / "answers"
    names = write_answers(answers, out)
    assert {path.name for path in out.iterdir()} == {*names, "answers.json"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (out, *out.iterdir()))
    rows, _, passed = read_rows([out / "oppositions.csv"])
    assert [sorted(row.readings) for row in rows] == [["parent@example.org"]]
    assert passed == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    write_answers(answers, out)
    assert before == {path.name: path.read_bytes() for path in out.iterdir()}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="autre chose"):
        write_answers(answers, tmp_path / "other")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("{}")
    with pytest.raises(UsageError, match="aucune adresse"):
        write_answers(answers, tmp_path / "run" / "answers")


@pytest.mark.parametrize(
    ("text", "part"),
    [("nom;event\nX;found\n", "de qui"), ("email;nom\na@x.fr;X\n", "ce qui est arrivé")],
)
def test_files_that_are_no_answers_are_refused(tmp_path, text, part):
    with pytest.raises(InputError, match=part):
        came(tmp_path, text)


def test_a_plan_is_read_with_its_campaign_and_a_trial_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"plan\.parquet"):
        read_wave(tmp_path, None)
    PLAN.to_parquet(tmp_path / "plan.parquet")
    facts = {"run_id": "r", "options": {"campaign": "autumn", "wave": 1}}
    (tmp_path / "mail.json").write_text(json.dumps(facts))
    wave = read_wave(tmp_path, None)
    assert (wave.campaign, wave.wave, wave.key) == ("autumn", "1", None)
    (tmp_path / "mail.json").write_text(json.dumps({**facts, "is_test": True}))
    with pytest.raises(UsageError, match="essai"):
        read_wave(tmp_path, None)
    PLAN.drop(columns="address").to_parquet(tmp_path / "plan.parquet")
    with pytest.raises(InputError, match="address"):
        read_wave(tmp_path, None)


EVENTS = st.lists(
    st.builds(
        Event,
        file=st.just("f"),
        line=st.integers(2, 99),
        kind=st.sampled_from([*KINDS, *NO_ANSWER]),
        marks=st.sampled_from([(), (LEA,), (BOTH,), (m_of("Y3"),), ("0" * 16,)]),
        address=st.sampled_from(["", "tom@example.org", "nobody@example.org"]),
        offer_id=st.sampled_from(["", "O1", "O9"]),
        at=st.sampled_from(["", "2026-09-01"]),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_order_changes_nothing_and_no_opposition_is_lost(events, random):
    there = answers_of(events, WAVE)
    mixed = list(events)
    random.shuffle(mixed)
    back = answers_of(mixed, WAVE)
    for name in ("sent", "oppositions", "to_call", "waiting", "doubtful"):
        pd.testing.assert_frame_equal(getattr(there, name), getattr(back, name))
    opposed = {y for e in events if e.kind == "opposed" for y in _whose(e)}
    kept = set(there.oppositions["youth_id"]) | {
        y for y, a in zip(PLAN["youth_id"], PLAN["address"], strict=True)
        if a.casefold() in {one.casefold() for one in there.oppositions["email"]}
    }  # fmt: skip
    assert opposed <= kept
    assert not opposed & set(there.to_call["youth_id"])
    found = there.sent["state"].isin(["opposed", "bounced", "answered"])
    assert found.all()


def _whose(event):
    if m_of("Y3") in event.marks:
        return {"Y3"}
    message = next((m for m in event.marks if m in set(PLAN["message_id"])), "")
    if message:
        return set(PLAN["youth_id"][PLAN["message_id"] == message])
    return set(PLAN["youth_id"][PLAN["address"].str.casefold() == event.address])


def test_the_key_of_an_unsubscribe_page_is_that_of_the_address(tmp_path):
    key = hmac.digest(KEY, b"autumn|unsubscribe|parent@example.org", "sha256").hex()[:16]
    answers = came(tmp_path, f"CLE_DESINSCRIPTION;event\n{key};unsubscribe\n")
    assert answers.oppositions[["email", "youth_id"]].to_numpy().tolist() == [
        ["parent@example.org", ""]
    ]
    assert set(answers.sent["youth_id"]) == {"Y3", "Y4"}


def test_answers_that_come_after_the_next_run_are_read_with_its_contacts(tmp_path):
    """The file of contacts is of another run by then; the key says whose it is."""
    marks = [hmac.digest(KEY, f"autumn|1|{one}".encode(), "sha256").hex()[:16]
             for one in PLAN["address"]]  # fmt: skip
    PLAN.assign(message_id=marks).to_parquet(tmp_path / "plan.parquet")
    (tmp_path / "mail.json").write_text(
        '{"run_id": "night-1", "options": {"campaign": "autumn", "wave": 1}}'
    )
    contacts = tmp_path / "contacts.csv"
    cells = dict.fromkeys(CONTACT_COLUMNS, "") | {"youth_id": "Y1", "phone_1": "0199001234"}
    rows = pd.DataFrame([cells]).assign(address_shared=False)
    write(rows, contacts, run_dir=tmp_path / "run", run_id="night-2")
    key_path(contacts).write_text(KEY.hex())
    key_path(contacts).chmod(0o600)
    wave = read_wave(tmp_path, contacts=contacts)
    assert wave.people["phone_1"].tolist() == ["0199001234"]
    key_path(contacts).write_text(bytes(32).hex())
    with pytest.raises(InputError):
        read_wave(tmp_path, contacts=contacts)


def test_words_of_answers():
    for text, kind in (("SoftBounce", "soft"), ("Ne m'écrivez plus", "opposed"),
                       ("Rappelez-moi", "call"), ("pourvue", "filled"), ("", "")):  # fmt: skip
        assert kind_of(text) == kind


def test_the_command_says_what_came_back_and_asks_for_the_key(tmp_path, monkeypatch, capsys):
    from matchmaker_cli.app import main

    PLAN.to_parquet(tmp_path / "plan.parquet")
    (tmp_path / "mail.json").write_text('{"options": {"campaign": "autumn", "wave": 1}}')
    (tmp_path / "form.csv").write_text(f"m,réponse\n{m_of('Y1')},rappelez-moi\n")
    (tmp_path / "report.csv").write_text(BREVO)

    def ended(file):
        argv = ["matchmaker", "answers", "import", str(tmp_path / file), "--mail", str(tmp_path)]
        monkeypatch.setattr("sys.argv", argv)
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code, capsys.readouterr()

    code, said = ended("form.csv")
    assert (code, "donnez --contacts" in said.err) == (2, True)
    assert not (tmp_path / "answers").exists()
    code, said = ended("report.csv")
    assert code == 0
    assert "1 jeune à appeler" in said.out
    assert "1 opposition à ajouter" in said.out
    assert "example.org" not in said.out
    assert (tmp_path / "answers" / "answers.json").is_file()
