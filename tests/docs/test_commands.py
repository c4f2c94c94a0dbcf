"""The commands and the examples of the pages print what the pages show."""

from __future__ import annotations

import doctest
import html
import itertools
import json
import re
import shlex
from pathlib import Path

import pytest
import typer

from matchmaker_cli import app as cli
from tests.docs.tools import tool

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", tool("run_pages").PAGES)
def test_a_page_shows_all_that_its_commands_print(name):
    page = (ROOT / name).read_text(encoding="utf-8")
    assert page.count("```text\n$ ") > 0
    assert page == tool("run_pages").rewritten(page), "run `make docs`"


@pytest.mark.parametrize(
    ("name", "examples"),
    [("how-to/affelnet-points.md", 10), ("how-to/assign.md", 2), ("reference/cli.md", 3)],
)
def test_the_python_of_the_page_runs(monkeypatch, name, examples):
    monkeypatch.chdir(ROOT)
    done = doctest.testfile(str(ROOT / "docs" / name), module_relative=False)
    assert done.attempted > examples
    assert done.failed == 0


def commands(name: str) -> list[list[str]]:
    """Return the command lines of a page, without the comments behind them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = re.findall(r"^(?:    |\$ )(matchmaker .+)$", text, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


PAGES = ["README.md", *(str(page.relative_to(ROOT)) for page in ROOT.glob("docs/**/*.md"))]


@pytest.mark.parametrize("name", sorted(name for name in PAGES if commands(name)))
def test_the_commands_of_a_page_are_commands(name):
    for _, *given in commands(name):
        command = typer.main.get_command(cli.app)
        words = [
            word for word in itertools.takewhile(lambda w: w != ">", given) if word != "--help"
        ]
        while words and hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        command.make_context(command.name, words)  # ends the test where an option is wrong


@pytest.fixture
def checkout(tmp_path) -> Path:
    """Return an empty folder that sees the samples where the repository has them."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


def test_the_commands_of_the_readme_run_in_a_checkout(checkout):
    for words in commands("README.md"):
        assert tool("run_pages").output(words, checkout)
    assert (checkout / "out" / "results" / "report.html").is_file()


def test_the_python_of_the_readme_runs_in_a_checkout(checkout):
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    said = tool("run_pages").output(["python", "-c", code], checkout)
    assert said.startswith("Appariement du 15 septembre 2023")
    assert (checkout / "out" / "results" / "report.html").is_file()


def test_the_french_page_says_what_the_commands_and_the_report_say(checkout):
    name = "docs/how-to/preparer-une-campagne.md"
    text = (ROOT / name).read_text(encoding="utf-8")
    laid = {"jeunes": "youths", "voeux": "wishes", "offres": "offers", "referents": "referents"}
    for file, sample in laid.items():
        (checkout / f"{file}.csv").symlink_to(ROOT / "data" / "samples" / f"{sample}.csv")
    (checkout / "desinscrits.csv").write_text("EMAIL\ny000001@example.org\n")
    steps = [w for w in commands(name) if w[1] not in ("join-contacts", "answers")]
    said = {words[-1]: tool("run_pages").output(words, checkout) for words in steps}

    counts = json.loads(said["--dry-run"])
    named = re.findall(r"`(\w+)`", text.split("## 2.")[1].split("## 3.")[0])
    assert set(named) <= counts.keys() | counts["youths"].keys() | counts["offers"].keys()

    report = (checkout / "resultats" / "report.html").read_text(encoding="utf-8")
    report = html.unescape(report).replace("\u202f", " ").replace("\xa0", " ")
    quoted = set(re.findall(r"« ([^»]+) »", text.split("## Avant")[1])) - {"envoyer"}
    of_the_command = "opposés, aucune ligne"
    assert of_the_command in quoted & set(re.findall(r"opposés, .*? ligne", said["resultats"]))
    for words in quoted - {of_the_command}:
        assert words.casefold() in report.casefold(), words
    for file in re.findall(r"^\|[^|]*\|[^|]*`(\w+\.\w+)`", text.split("## 3.")[1], re.MULTILINE):
        assert (checkout / "resultats" / file).is_file() or file == "referents.csv"
