"""The tutorials on criteria and solvers, whole: files written, command run, Python run."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

from tests.docs.own_pages import command_of, run, run_python, write_files

PAGES = {"your-own-criterion.md": "small_employer", "your-own-solver.md": "lp_solver"}


@pytest.fixture(params=PAGES)
def page(request, tmp_path, monkeypatch):
    """A page in its folder; its module is found there by no path of this process."""
    names = write_files(request.param, tmp_path)
    module = PAGES[request.param]
    assert names == ["youths.csv", "wishes.csv", "offers.csv", f"{module}.py", "settings.toml"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    yield request.param
    sys.modules.pop(module, None)


def test_the_python_of_the_page_prints_what_it_shows(page, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)  # where Python finds what lies beside a script
    for said, expected in run_python(page):
        assert said == expected


@pytest.mark.parametrize("page", ["your-own-criterion.md"], indirect=True)
def test_the_command_takes_the_criterion(page, tmp_path, monkeypatch):
    code, _ = run(command_of(page), monkeypatch)
    assert not code
    lists = pd.read_csv("results/lists.csv")
    assert lists["offer_id"].tolist() == ["O2", "O1"]
    assert lists["points_small_employer"].tolist() == [100_000, 40_000]
    assert lists["reason"].str.contains("une seule place").tolist() == [True, False]
    report = (tmp_path / "results" / "report.html").read_text(encoding="utf-8")
    assert "<code>weights.small_employer</code>" in report
    code, said = run("matchmaker settings show --settings settings.toml", monkeypatch)
    assert not code
    assert "small_employer = [" in said
    options = command_of(page).partition("match ")[2].partition(" --out")[0]
    code, _ = run(f"matchmaker assign {options} --out assigned", monkeypatch)
    assert not code
    assigned = pd.read_csv("assigned/youths.csv")
    assert assigned["offer_id"].tolist() == ["O2"]


@pytest.mark.parametrize("page", ["your-own-solver.md"], indirect=True)
def test_the_command_takes_the_solver(page, tmp_path, monkeypatch):
    code, _ = run(command_of(page), monkeypatch)
    assert not code
    manifest = json.loads((tmp_path / "results" / "manifest.json").read_text())
    assert manifest["settings"]["solver"] == "lp_solver:lp"
    summary = json.loads((tmp_path / "results" / "summary.json").read_text())
    assert summary["proofs"]["lists"]["gap"] == 0.0


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('solver = "nobody:lp"', "nobody"),
        ('solver = "lp_solver:lq"', "lq"),
        ('solver = "os.path:join"', "ne prend pas"),
        ('solver = "exactly"', "exact"),
    ],
)
@pytest.mark.parametrize("page", ["your-own-solver.md"], indirect=True)
def test_a_solver_that_is_none_is_refused_before_anything_is_read(
    page, tmp_path, monkeypatch, capsys, setting, said
):
    (tmp_path / "settings.toml").write_text(setting + "\n")
    (tmp_path / "youths.csv").unlink()
    code, _ = run(command_of(page), monkeypatch)
    assert code == 2
    assert said in capsys.readouterr().err
