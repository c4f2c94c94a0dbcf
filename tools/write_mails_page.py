"""Write the page of ten mails, from the sample tables: what a campaign team is to expect.

Run with ``make docs``; a test fails when the page no longer says what the mails say.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import matchmaker
from matchmaker.campaigns.letter import letter
from matchmaker.campaigns.mail import plan
from matchmaker.campaigns.preview import chosen, plain_text
from matchmaker.runs.folder import open_run
from matchmaker.runs.mail_section import MailOptions
from matchmaker.tables.contacts import CONTACT_COLUMNS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "dix-courriels.md"
MADE = "<!-- Made by tools/write_mails_page.py: change the code, then run `make docs`. -->\n"
HEAD = """# Dix courriels

Dix messages faits des [exemples](../../data/samples/README.md), tels qu'ils partiraient, en texte simple : un de chaque
sorte d'abord (frère et sœur, parent, offres et entreprises, entreprises seules, offres seules). Jeunes, employeurs et adresses
sont inventés. Chacun a été relu comme à 16 ans, puis comme parent. Les liens de réponse sont abrégés.
"""
NAMES = ("Léa", "Noé", "Inès", "Adam", "Jade", "Yanis", "Zoé", "Maël", "Sarah", "Hugo")
KEY = bytes(32)  # these mails are nobody's
OPTIONS = MailOptions(
    campaign="Exemple",
    desk_name="Cellule nationale de l'apprentissage",
    desk_phone="01 99 00 12 34",
    controller="le rectorat de l'académie de Rennes",
    sender="campagne@example.org",
    address_source="votre dossier à la mission locale",
    answer_found="https://example.org/t/{m}",
    answer_call="https://example.org/r/{m}",
    answer_stop="https://example.org/s/{m}",
)


def mails() -> list[str]:
    """Return ten mails of the samples as text."""
    samples = ROOT / "data" / "samples"
    tables = [samples / f"{name}.csv" for name in ("youths", "wishes", "offers")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "run"
        referents = samples / "referents.csv"
        matchmaker.match(*tables, as_of="2023-09-15", referents=referents).save(folder)
        run = open_run(folder)
        ids = run.table("tables/youths", ["youth_id"])
        contacts = ids.reindex(columns=list(CONTACT_COLUMNS), fill_value="")
        at = range(len(ids))
        contacts = contacts.assign(
            run_id=run.run_id,
            first_name=[NAMES[i % len(NAMES)] for i in at],
            # One in ten shares the address of the youth before; every third one is a parent's.
            email_1=[f"famille{i - (i % 10 == 1)}@example.org" for i in at],
            email_1_of=["guardian" if i % 3 == 0 else "youth" for i in at],
        )
        of = plan(run, contacts.astype("str"), None, OPTIONS, key=KEY)
        return [_shown(letter(of, message)) for message in chosen(of, 10)]


def _shown(mail: dict[str, Any]) -> str:
    return f"{mail['labels']['subject']} : {mail['subject']}\n\n{plain_text(mail)}"


def page() -> str:
    """Return the page."""
    blocks = [f"## {i}\n\n```text\n{text}```\n" for i, text in enumerate(mails(), 1)]
    return "\n".join([MADE, HEAD, *blocks])


def main() -> None:
    """Write it."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
