"""``matchmaker verify``: what it prints, and how it ends."""

from __future__ import annotations

import json
import shutil
import sys

import pytest

from matchmaker import generate, match
from matchmaker_cli.app import main


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    made = generate(youths=20, offers=300, out=folder / "given", regions=["Bretagne"])
    result = match(made["youths"], made["wishes"], made["offers"], as_of="2023-09-15")
    result.save(folder / "run")
    return folder / "run"


@pytest.fixture
def verify(monkeypatch, capsys):
    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["matchmaker", "verify", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return call


def test_a_run_that_holds(saved, verify):
    code, out, err = verify(saved)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"{saved} : tout se tient."
    assert "Bornes refaites pour" in out
    assert "--full" in out
    code, out, _ = verify(saved, "--full", "--lang", "en")
    assert code == 0
    assert "all who seek" in out


def test_a_run_that_was_changed_ends_with_4(saved, verify, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "run")
    with (folder / "mailing.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    code, out, err = verify(folder)
    assert code == 4
    assert "file_hash (mailing.csv)" in out
    assert "Traceback" not in err
    code, out, _ = verify(folder, "--format", "json")
    told = json.loads(out)
    assert code == 4
    assert told["by_rule"]["file_hash"] == 1
    assert told["faults"][0]["file"] == "mailing.csv"


def test_a_home_and_what_is_no_run(saved, verify, tmp_path):
    shutil.copytree(saved, tmp_path / "runs" / "one")
    (tmp_path / "CURRENT").write_text("one\n")
    assert verify(tmp_path)[0] == 0
    for path in (tmp_path / "gone", tmp_path / "runs"):
        code, out, err = verify(path)
        assert (code, out) == (2, "")
        assert len(err.splitlines()) == 1


def test_a_run_from_before_there_were_formats_says_what_is_not_verified(saved, verify, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "run")
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in ("made_by", "format", "run_id", "identity", "stages"):
        del manifest[name]
    for name in [name for name in manifest["outputs"] if "/" in name]:
        del manifest["outputs"][name]
        (folder / name).unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    code, out, _ = verify(folder)
    assert code == 0
    assert "version d'avant" in out
