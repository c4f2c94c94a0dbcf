"""The worked example of the docs gives what it prints."""

import doctest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_on_points_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    page = ROOT / "docs/how-to/affelnet-points.md"
    done = doctest.testfile(str(page), module_relative=False)
    assert done.attempted > 10
    assert done.failed == 0
