"""The French way from two exports, and from tables, to mails; the page of ten mails."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.docs.test_commands import commands
from tests.docs.tools import tool
from tests.exports import items

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
PAGE = "docs/how-to/des-listes-aux-courriels.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Run the commands of the page in their order, in an empty folder with the files it names."""
    folder = tmp_path_factory.mktemp("campaign")
    (folder / "prive").mkdir()
    (config,) = re.findall(r"```toml\n(.*?)```", (ROOT / PAGE).read_text("utf-8"), re.DOTALL)
    (folder / "campagne.toml").write_text(config, encoding="utf-8")
    (folder / "affelnet.csv").write_bytes((SAMPLES / "affelnet" / "export.csv").read_bytes())
    # The national export is one array of items: offers, and firms of the same shape.
    offers = json.loads((SAMPLES / "lba" / "answer.json").read_text("utf-8"))["jobs"]
    export = [*offers, *items(0, 300)]
    (folder / "offres.json").write_text(json.dumps(export), encoding="utf-8")
    for file, sample in (("jeunes", "youths"), ("voeux", "wishes"), ("offres", "offers")):
        (folder / f"{file}.csv").write_bytes((SAMPLES / f"{sample}.csv").read_bytes())
    said = {}
    for words in commands(PAGE):
        if "answers" in words:
            (folder / "reponses.csv").write_text(replies(folder / "vague-1"), encoding="utf-8")
        said[" ".join(words)] = tool("run_pages").output(words, folder)
    return folder, said


def replies(mail: Path) -> str:
    """Return the subjects of three replies to a wave."""
    text = io.StringIO((mail / "brevo-1.csv").read_text("utf-8"), newline="")
    m = [row["ENFANT_1_M"] for row in csv.DictReader(text, delimiter=";")]
    said = ("Ne m'écrivez plus", "Rappelez-moi", "J'ai trouvé")
    return "objet\n" + "".join(f"Re: {one} [{m[i]}]\n" for i, one in enumerate(said))


def told(said, start, end=""):
    (one,) = [
        text for words, text in said.items() if words.startswith(start) and words.endswith(end)
    ]
    return one


def test_the_page_leads_from_two_exports_to_the_tools_file(folder):
    where, said = folder
    assert "disent les lignes de ce calcul" in told(said, "matchmaker verify")
    assert (where / "vague-1" / "brevo-1.csv").stat().st_size > 10_000
    assert "Ne l'importez pas" in told(said, "matchmaker mail", "moi@example.org")
    assert "lignes notées comme envoyées" in told(said, "matchmaker mail", "--record")
    assert (where / "resultats-2" / "report.html").is_file()


def test_what_comes_back_is_brought_to_the_next_wave(folder):
    where, _ = folder
    answers = where / "vague-1" / "answers"
    for name in ("oppositions", "to_call", "waiting", "doubtful"):
        assert (answers / f"{name}.csv").is_file()
    one_each = [len((answers / f"{n}.csv").read_text("utf-8-sig").splitlines()) for n in
                ("oppositions", "to_call", "waiting")]  # fmt: skip
    assert one_each == [2, 2, 2]  # a header and a row
    summary = json.loads((where / "resultats-2" / "summary.json").read_bytes())
    assert summary["youths"]["opposed"] == 1


def test_the_page_leads_from_tables_to_the_tools_file(folder):
    where, _ = folder
    facts = json.loads((where / "vague-tables" / "mail.json").read_bytes())
    assert facts["counts"]["messages"] > 200


def test_the_page_names_the_files_and_reasons_that_there_are(folder):
    where, _ = folder
    text = (ROOT / PAGE).read_text("utf-8")
    named = set(re.findall(r"^\| `([^|]*?)` \|", text.split("## 4.")[0], re.MULTILINE))
    for name in {one for row in named for one in row.split("`, `")}:
        assert (where / "vague-1" / name).is_file(), name
    attributes = (where / "vague-1" / "attributes.csv").read_text("utf-8-sig")
    for name in re.findall(r"`(ENFANT_1_\w+|N_ENFANTS|OBJET|SALUTATION|TELEPHONE)`", text):
        assert f"{name};" in attributes
    codes = re.findall(r"^\| `(\w+)` \|", text.split("## Qui ne reçoit")[1], re.MULTILINE)
    from matchmaker.words import table

    assert codes == list(table("fr", "not_mailed"))


def test_the_reference_names_each_attribute_and_column(folder):
    where, _ = folder
    page = (ROOT / "docs" / "reference" / "outputs.md").read_text("utf-8")
    part = page.split("## Files of mail\n")[1].split("\n## ")[0]
    rows = (where / "vague-1" / "attributes.csv").read_text("utf-8-sig").splitlines()[1:]
    first = {name for name in (row.partition(";")[0] for row in rows) if re.fullmatch(
        r"(?!ENFANT_)\w+|ENFANT_1_(?!LIGNE)\w+|ENFANT_1_LIGNE_1_\w+", name)}  # fmt: skip
    named = {name for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", part) if not name.endswith("_")}
    assert first | {"EMAIL"} == named
    columns = {
        "message_id",
        "address",
        "block",
        "youth_id",
        "slot",
        "offer_id",
        "trade_code",
        "url",
    }
    assert columns <= set(re.findall(r"`(\w+)`", part))


def test_the_page_of_ten_mails_says_what_the_mails_say():
    page = (ROOT / "docs" / "reference" / "dix-courriels.md").read_text("utf-8")
    assert page == tool("write_mails_page").page(), "run `make docs`"
    mails = page.split("\n## ")[1:]
    assert len(mails) == 10
    for mail in mails:
        assert "01 99 00 12 34" in mail
        assert "À FAIRE CETTE SEMAINE" in mail
        if "OFFRES PUBLIÉES" not in mail:
            assert "offre" not in mail.split("Objet : ")[1].split("\n")[0].lower()
    # Slips of French that a template makes: a doubled sign or blank, a blank that lacks, « de le ».
    for slip in (r"\.\.(?!\.)", r",,", r" ,", r"[^ \u00a0\u202f]»", r"«[^ \u00a0]", r"\b[Dd]e le\b",
                 r"\bde les\b", r"\bà le\b", r"  ", r"\b1 (?:offre|entreprise)s\b", r"\(\)"):  # fmt: skip
        assert not re.findall(slip, re.sub(r"https?://\S+", "", "".join(mails))), slip
