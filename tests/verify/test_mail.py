"""`verify --mail` sees whatever was changed between the lists and the file of the tool."""

from __future__ import annotations

import hashlib
import json

import pandas as pd
import pytest

from matchmaker.campaigns.folder import write_mail
from matchmaker.campaigns.mail import plan
from matchmaker.campaigns.tools import TOOLS
from matchmaker.errors import UsageError
from matchmaker.verify.mail import check_mail
from tests.campaigns import waves


@pytest.fixture
def world(tmp_path):
    wave = waves.wave(tmp_path / "run", youths=30, shared=0.3)
    of = plan(wave.run, wave.contacts, None, waves.options(), key=waves.KEY)
    return wave.run.path, tmp_path / "mail", of


def written(of, mail, form="csv"):
    write_mail(of, mail, TOOLS["generic"], form=form, preview=1)


def sealed(mail, name, content: bytes) -> None:
    """Write a file and its hash, as somebody would who knows of hashes."""
    (mail / name).write_bytes(content)
    facts = json.loads((mail / "mail.json").read_bytes())
    facts["outputs"][name] = hashlib.sha256(content).hexdigest()
    (mail / "mail.json").write_text(json.dumps(facts))


def changed_plan(mail, change) -> None:
    frame = pd.read_parquet(mail / "plan.parquet")
    sealed(mail, "plan.parquet", change(frame).to_parquet(index=False))


def changed_text(mail, old: str, new: str) -> None:
    content = (mail / "generic-1.csv").read_text(encoding="utf-8")
    assert old in content
    sealed(mail, "generic-1.csv", content.replace(old, new, 1).encode())


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_was_written_holds(world, form):
    run, mail, of = world
    written(of, mail, form)
    assert check_mail(run, mail).by_rule == {}


def test_a_marked_link_and_a_shortened_text_hold(world, tmp_path):
    run, mail, _ = world
    wave = waves.wave(tmp_path / "run", youths=30, shared=0.3)
    given = waves.options(link_mark="k={m}")
    of = plan(wave.run, wave.contacts, None, given, key=waves.KEY)
    from dataclasses import replace

    write_mail(of, mail, replace(TOOLS["generic"], max_cell_bytes=255))
    assert check_mail(run, mail).by_rule == {}


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("mail_once", lambda p: p.assign(block=p["block"].where(p["block"] == 1, 3))),
        ("mail_once", lambda p: p.assign(address="a@example.org")),
        ("mail_lines", lambda p: p.iloc[1:]),
        ("mail_lines", lambda p: p.assign(offer_id=p["offer_id"].to_numpy()[::-1])),
        ("mail_lines", lambda p: p.assign(url="https://example.org/other")),
    ],
)
def test_a_changed_plan_is_seen(world, rule, change):
    run, mail, of = world
    written(of, mail)
    changed_plan(mail, change)
    assert rule in check_mail(run, mail).by_rule


def test_a_file_that_was_saved_again_is_seen(world):
    run, mail, of = world
    written(of, mail)
    with (mail / "generic-1.csv").open("ab") as file:
        file.write(b"\n")
    assert check_mail(run, mail).by_rule == {"mail_file": 1}


def test_the_mailing_of_another_run_is_seen(world, tmp_path):
    _, mail, of = world
    written(of, mail)
    other = waves.wave(tmp_path / "other", youths=3, number=2).run.path
    assert check_mail(other, mail).by_rule == {"mail_run": 1}


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("mail_cells", "Mécanicien automobile", "Mécanicienne"),
        ("mail_cells", ';"-";', ';"0";'),
        ("mail_rows", "@example.org", "@example.com"),
        ("mail_names", '"TELEPHONE"', '"SMS"'),
    ],
)
def test_a_changed_cell_is_seen(world, rule, old, new):
    run, mail, of = world
    written(of, mail)
    text = (mail / "generic-1.csv").read_text(encoding="utf-8")
    head, _, body = text.partition("\n")
    last = body.rstrip("\n").rpartition("\n")[2]
    if rule == "mail_names":
        changed_text(mail, old, new)
    elif new == ';"0";':  # the marker of an empty slot, from the end of the last row
        before, _, after = last.rpartition(old)
        changed_text(mail, last, before + new + after)
    else:
        changed_text(mail, last, last.replace(old, new))
    assert rule in check_mail(run, mail).by_rule
    assert head


def test_a_row_that_is_gone_is_seen(world):
    run, mail, of = world
    written(of, mail)
    text = (mail / "generic-1.csv").read_bytes()
    sealed(mail, "generic-1.csv", text.rstrip(b"\n").rpartition(b"\n")[0] + b"\n")
    assert check_mail(run, mail).by_rule == {"mail_rows": 1}


def test_a_part_above_the_limit_is_seen(world):
    run, mail, of = world
    written(of, mail)
    facts = json.loads((mail / "mail.json").read_bytes())
    facts["tool"]["max_file_bytes"] = 10
    (mail / "mail.json").write_text(json.dumps(facts))
    assert check_mail(run, mail).by_rule == {"mail_size": 1}


def test_a_folder_that_is_none_or_unfinished_is_refused(world):
    run, mail, of = world
    with pytest.raises(UsageError, match="n'a pas été écrit"):
        check_mail(run, mail)
    written(of, mail)
    (mail / "mail.json").write_text('{"made_by": "matchmaker mail"}')
    with pytest.raises(UsageError, match="inachevé"):
        check_mail(run, mail)
