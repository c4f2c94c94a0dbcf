"""The template of a tool shows each inbox what the plan says, from the attributes that it keeps."""

from __future__ import annotations

import html
import re

import pytest
from jinja2.sandbox import SandboxedEnvironment

from matchmaker.campaigns.letter import letter
from matchmaker.campaigns.mail import plan
from matchmaker.campaigns.tool_file import attributes
from matchmaker.campaigns.tool_template import tool_template
from matchmaker.campaigns.tools import TOOLS
from tests.campaigns import waves
from tests.campaigns.mail_twin import Twin, new_rows, planned


def made(of, **changes):
    return plan(of.run, of.contacts, None, waves.options(**changes), key=waves.KEY)


def shown(text: str, contact, types) -> str:
    values = {n: int(v) if types[n] == "number" else v for n, v in contact.items()}
    return SandboxedEnvironment().from_string(text).render(contact=values)


@pytest.fixture(scope="module")
def inboxes(tmp_path_factory):
    """Two waves at one account, the second with shorter lists; what each inbox shows then."""
    twin = None
    for number, longest in ((1, 10), (2, 4)):
        folder = tmp_path_factory.mktemp(f"wave-{number}")
        wave = waves.wave(folder, youths=80, number=number, longest=longest, shared=0.3)
        of = made(wave, wave=number)
        types = dict(attributes(of))
        twin = twin or Twin({*types})
        twin.take(new_rows(of, TOOLS["brevo"]))
    text = tool_template(of)
    return of, {one["EMAIL"]: shown(text, one, types) for one in twin.contacts}


def test_each_inbox_shows_its_lines_and_no_other(inboxes):
    of, mails = inboxes
    for address, youths in planned(of).items():
        links = re.findall(r'href="(https://example.org/[^"]+)"', mails[address])
        assert links == [url for youth in youths for _, url in youth]
        assert mails[address].count("<ol") == len(youths)


def test_it_says_what_the_preview_says(inboxes):
    of, mails = inboxes
    for message in range(of.messages):
        mail = letter(of, message)
        text = html.unescape(mails[mail["address"]]).replace("\u202f", " ").replace("\u00a0", " ")
        for said in (mail["salutation"], mail["about"], *mail["mention"]):
            assert said.replace("\u202f", " ") in text
        for child in mail["children"]:
            assert child["opening"] in text
            for step in child["steps"]:
                assert step in text
        heads = {s["head"] for child in mail["children"] for s in child["sections"]}
        for head in ("Offres publiées", "Entreprises à qui proposer votre candidature"):
            assert (f">{head}</h3>" in text) is (head in heads)


def test_it_asks_for_no_attribute_that_is_not_listed(inboxes):
    of, _ = inboxes
    asked = set(re.findall(r"contact\.(\w+)", tool_template(of)))
    assert asked <= {name for name, _ in attributes(of)}
    assert "N_ENFANTS" in asked


def test_it_names_nobody(inboxes):
    of, _ = inboxes
    text = tool_template(of)
    assert not re.search(r"foyer|Y0000|Mécanicien automobile \d", text)
