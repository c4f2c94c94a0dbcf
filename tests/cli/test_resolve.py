import json

import pytest
from typer.testing import CliRunner

from matchmaker.errors import UsageError
from matchmaker_cli.commands import evaluate, reference, resolve


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MATCHMAKER_LANG", "en")


def run(app, *args):
    result = CliRunner().invoke(app, [str(a) for a in args])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_trade_with_its_runners_up():
    output = run(resolve.app, "trade", "apprentie boulangère", "je ne sais pas")
    assert output.startswith("apprentie boulangère: D1102 Boulanger / Boulangère (confidence 0.9")
    assert "\n    D1108 Chef boulanger" in output
    assert "je ne sais pas: unresolved" in output


def test_french_is_what_they_speak_unless_told(monkeypatch, tmp_path):
    monkeypatch.delenv("MATCHMAKER_LANG")
    output = run(resolve.app, "trade", "boulanger", "je ne sais pas")
    assert output.startswith("boulanger : D1102 Boulanger / Boulangère (confiance ")
    assert "\nje ne sais pas : non reconnu " in output
    file = tmp_path / "gold.csv"
    file.write_text("title,codes\nboulanger,D1102\n", "utf-8")
    assert run(resolve.app, "trade", "--file", file).startswith("1 ligne reconnue sur 1\n")
    assert "\n  exactitude@1 : 1.000 " in run(evaluate.app, "trades", file)
    assert run(reference.app, "list").startswith("rien n'a été ajouté")


def test_a_trade_as_json():
    (row,) = json.loads(run(resolve.app, "trade", "maçon", "--format", "json"))
    assert row["codes"] == "F1703"
    assert row["runners_up"][0].keys() == {"code", "label", "score"}


def test_places_and_diplomas():
    assert "75056 Paris" in run(resolve.app, "place", "75012 Paris 12e")
    output = run(resolve.app, "diploma", "CAP Boulanger", "50022137", "RNCP1")
    assert "CAP Boulanger: D1102" in output
    assert "50022137: unresolved  (level 3, how cfd)" in output
    assert "how unknown_code" in output


def test_a_file_shows_its_coverage(tmp_path):
    file = tmp_path / "offers.csv"
    file.write_text("title;x\nboulanger;1\ncoiffeuse;2\nbzzt;3\n", "utf-8")
    output = run(resolve.app, "trade", "--file", file)
    assert "2 of 3 rows resolved" in output
    assert "how title: 2" in output
    figures = json.loads(run(resolve.app, "trade", "--file", file, "--format", "json"))
    assert figures["resolved"] == 2
    assert [row["codes"] for row in figures["rows"]] == ["D1102", "D1202", ""]


def test_wrong_use_is_told(tmp_path):
    file = tmp_path / "offers.csv"
    file.write_text("titel\nx\n", "utf-8")
    with pytest.raises(UsageError, match=r"pas de colonne 'title'\. Vouliez-vous dire 'titel' \?"):
        run(resolve.app, "trade", "--file", file)
    with pytest.raises(UsageError, match="l'un des deux, pas les deux"):
        run(resolve.app, "trade")
    with pytest.raises(UsageError, match="n'existe pas"):
        run(resolve.app, "trade", "--file", tmp_path / "none.csv")


def test_tables_are_added_listed_and_nearness_is_written(tmp_path):
    assert "none added" in run(reference.app, "list")
    file = tmp_path / "codes.csv"
    file.write_text("code_rome,libelle_rome\nD1102,Boulanger\n", "utf-8")
    assert "rome codes: 1 row from codes.csv" in run(reference.app, "add", "rome", file)
    assert "rome codes: 1 row, codes.csv, " in run(reference.app, "list")
    (row,) = json.loads(run(reference.app, "list", "--format", "json"))
    assert len(row["sha256"]) == 64
    out = tmp_path / "near.csv"
    assert "1584 trades" in run(reference.app, "nearness", out)
    assert out.read_text("utf-8").startswith("code,near,value,step\n")


def test_evaluation_in_text_and_json(tmp_path):
    file = tmp_path / "gold.csv"
    file.write_text("title,codes\nboulanger,D1102\nvétérinaire,D1102\n", "utf-8")
    output = run(evaluate.app, "trades", file)
    assert "accuracy@1: 0.500 [0.095, 0.905]" in output
    assert "1 x A1504 instead of D1102: vétérinaire" in output
    figures = json.loads(run(evaluate.app, "trades", file, "--format", "json"))
    assert figures["all"]["titles"] == 2
    parents = tmp_path / "codes.csv"
    parents.write_text("code_rome,code_rome_parent\nA1504,D1102\n", "utf-8")
    judged = run(evaluate.app, "trades", file, "--parents", parents)
    assert "accuracy@1: 1.000" in judged
