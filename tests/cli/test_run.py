"""``matchmaker run``, ``prune`` and ``diff``: what a user types, and what is said."""

from __future__ import annotations

import fcntl
import json
import os
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
    file.write_text(
        '[inputs]\nyouths="youths.csv"\nwishes="wishes.csv"\noffers="offers.csv"\n'
        '[run]\nhome="home"\n'
    )
    return file


def test_three_nights_and_what_changed(run, config, tmp_path):
    home = tmp_path / "home"
    told = json.loads(run("run", config, "--as-of", "2023-09-15", "--dry-run")[1])
    assert not told["is_there"]
    assert not home.exists()
    code, out, err = run("run", config, "--as-of", "2023-09-15", "-v")
    first = home / "runs" / told["run_id"]
    assert code == 0
    assert out.splitlines()[-1] == f"Calcul {told['run_id']} : {first}"
    assert [line.partition(" : ")[0] for line in err.splitlines()] == [
        "lecture", "préparation", "répartition", "explication", "vérification", "bilan",
    ]  # fmt: skip
    assert run("run", config, "--as-of", "2023-09-15", "-q") == (0, "", "")
    assert run("run", config, "--as-of", "2023-09-16", "-q") == (0, "", "")
    page = tmp_path / "diff.html"
    code, out, err = run("diff", first, home, "--out", page)
    assert (code, err) == (0, "")
    assert out.startswith("Du calcul du 15 septembre 2023 à celui du 16 septembre 2023\n")
    assert "<!doctype html>" in page.read_text(encoding="utf-8")
    figures = json.loads(run("diff", first, home, "--format", "json")[1])
    assert figures["after"]["as_of"] == "2023-09-16"
    page.write_text("a letter")
    assert run("diff", first, home, "--out", page)[0] == 2
    assert run("prune", home, "--keep", "1")[:2] == (0, "1 ancien calcul supprimé.\n")
    assert run("prune", home, "--keep", "1")[:2] == (0, "0 ancien calcul supprimé.\n")
    assert not first.exists()


def test_another_run_at_work_is_75(run, config, tmp_path):
    home = tmp_path / "home"
    (home / "runs").mkdir(parents=True)
    held = os.open(home / ".lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        for words in (["run", config], ["prune", home, "--keep", "1"]):
            code, out, err = run(*words)
            assert (code, out) == (75, "")
            assert "un autre calcul y travaille" in err
    finally:
        os.close(held)
    assert sorted(path.name for path in home.iterdir()) == [".lock", "runs"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_cannot_be_is_one_sentence(run, config, tmp_path, lang):
    without = tmp_path / "without.toml"
    without.write_text(config.read_text().replace('home="home"', ""))
    log = ("--log-file", tmp_path / "offers.csv")
    for words in (
        ["run", without],
        ["run", tmp_path / "none.toml"],
        ["run", config, *log],
        ["prune", tmp_path, "--keep", "1"],
        ["diff", tmp_path, tmp_path],
    ):
        spoken = [] if words[0] == "prune" else ["--lang", lang]
        code, out, err = run(*words, *spoken)
        assert (code, out) == (2, ""), words
        assert len(err.splitlines()) == 1
    assert not (tmp_path / "home").exists()
    assert (tmp_path / "offers.csv").read_text().startswith("offer_id")
