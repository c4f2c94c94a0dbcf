"""``matchmaker compare``: what a user types, from the configuration to the page."""

from __future__ import annotations

import json
import sys

import pytest

from matchmaker import generate
from matchmaker_cli import app as cli


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command as the shell does; returns exit code, stdout, stderr."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["matchmaker", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    return call


@pytest.fixture
def config(tmp_path):
    generate(youths=20, offers=200, out=tmp_path, regions=["Bretagne"])
    file = tmp_path / "night.toml"
    file.write_text('[inputs]\nyouths="youths.csv"\nwishes="wishes.csv"\noffers="offers.csv"\n')
    return file


def test_the_figures_as_json_and_the_page(run, config, tmp_path):
    page = tmp_path / "page.html"
    words = ("compare", config, "--as-of", "2023-09-15", "--out", page, "--format", "json")
    vary = ("--vary", "objective=best,fair", "--vary", "contract_types=[],['apprentissage']")
    code, out, err = run(*words, *vary)
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["reads"] == 1
    assert [(row["objective"], row["contract_types"]) for row in told["runs"]] == [
        ("best", ["apprentissage", "professionnalisation"]),  # the settings of the file
        ("best", []),
        ("best", ["apprentissage"]),
        ("fair", []),
        ("fair", ["apprentissage"]),
    ]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    page.write_text("a letter")
    code, _, err = run(*words, *vary)
    assert code == 2
    assert page.read_text() == "a letter"
    assert str(page) in err


@pytest.mark.parametrize(
    ("vary", "sentence"),
    [
        ("lists_per_sat=3", "Vouliez-vous dire 'lists_per_seat' ?"),
        ("lists_per_seat", "'lists_per_seat' ne se lit pas"),
        ("objective=fare", "Vouliez-vous dire 'fair' ?"),
    ],
)
def test_what_cannot_vary_is_refused_at_once(run, config, vary, sentence):
    code, out, err = run("compare", config, "--vary", vary)
    assert (code, out) == (2, "")
    assert sentence in err


def test_a_setting_may_not_be_given_twice(run, config):
    code, _, err = run("compare", config, "--vary", "seed=1", "--vary", "seed=2")
    assert code == 2
    assert "donné deux fois" in err
