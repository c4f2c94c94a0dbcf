"""Pages say what the code does: made pages are up to date, tutorials run."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from matchmaker.candidates.market import build_market
from matchmaker.settings import Settings
from tests.worlds import AS_OF, random_tables

ROOT = Path(__file__).resolve().parents[2]


def tool():
    spec = importlib.util.spec_from_file_location(
        "write_reference_pages", ROOT / "tools" / "write_reference_pages.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["settings.md", "criteria.md", "tables.md"])
def test_made_pages_are_up_to_date(name):
    page = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert page == tool().pages()[name], "run `make docs`"


def test_the_tutorial_on_criteria_runs():
    page = (ROOT / "docs" / "tutorials" / "your-own-criterion.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL))
    tables = random_tables(np.random.default_rng(3), 40, 200)
    names = {"market": build_market(tables, Settings(), as_of=AS_OF)}
    exec(compile(code, "your-own-criterion.md", "exec"), names)
    seats = tables.offers["capacity"].to_numpy()[names["pairs"].offer]
    assert set(names["points"]["small_employer"][seats == 1]) == {100_000}
    assert set(names["points"]["small_employer"][seats > 1]) == {40_000}
    said = names["sentence"].str.contains("une seule place")
    np.testing.assert_array_equal(said, seats == 1)


def test_every_link_between_pages_leads_somewhere():
    for page in [*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
