"""Pages say what the code does: made pages are up to date, tutorials run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.tools import tool

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["settings.md", "criteria.md", "tables.md", "minors.md"])
def test_made_pages_are_up_to_date(name):
    page = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert page == tool("write_reference_pages").pages()[name], "run `make docs`"


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def test_every_link_between_pages_leads_somewhere():
    for page in [*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]:
        text = page.read_text(encoding="utf-8")
        for target, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", text):
            if "://" not in target:
                to = page.parent / target if target else page
                assert to.exists(), f"{page.name}: {target}"
                assert not anchor or anchor in anchors(to), f"{page.name}: {target}#{anchor}"
