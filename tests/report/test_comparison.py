"""The page of a comparison: it loads nothing, and shows every run once."""

from __future__ import annotations

import datetime as dt
import html
import re
from importlib.resources import files

import pytest

from matchmaker.report.comparison import FIGURES, comparison_html, comparison_text
from matchmaker.words import table
from tests.report.test_html import Page


def rows(*shares):
    return [
        {
            "objective": f"<b>{i}</b>",
            **dict.fromkeys(FIGURES, share),
            "median_km": None,
            "is_base": i == 0,
        }
        for i, share in enumerate(shares)
    ]


def made(*shares, lang="fr"):
    return comparison_html(
        rows(*shares),
        ["objective"],
        as_of=dt.date(2023, 9, 15),
        is_synthetic=True,
        version="1",
        lang=lang,
    )


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_loads_nothing_and_runs_nothing(lang):
    page = Page(made(0.2, 0.9, lang=lang))
    assert not {"script", "link", "img", "iframe", "object", "base", "b"} & set(page.tags)
    for _tag, name, value in page.attributes:
        assert name not in {"src", "href", "style"}
        assert "//" not in (value or "")


@pytest.mark.parametrize("shares", [(0.5,), (0.0, 1.0), (0.5, 0.5), (1.0, 1.0), (0.0,)])
def test_every_dot_lies_within_its_scale(shares):
    page = Page(made(*shares))
    dots = [float(value) for tag, name, value in page.attributes if (tag, name) == ("rect", "x")]
    assert len(dots) == 3 * len(shares)
    beside = 8 * len("objective = <b>0</b>")
    assert beside < min(dots) <= max(dots) < beside + 3 * 250
    assert dots == sorted(dots)


def test_what_is_not_known_is_a_dash_in_table_and_chart():
    page = made(None)
    assert "<rect" not in page
    assert "–" in page
    assert "–" in comparison_text(rows(None), ["objective"], as_of=dt.date(2023, 9, 15), lang="fr")


def test_the_row_of_the_files_own_settings_is_marked_within_the_table():
    """A column of its own for the mark was cut off beside a dozen figures."""
    page = made(0.2, 0.9)
    head, *body = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    assert {row.count("<td") for row in body} == {head.count("<th")}
    assert ['class="base"' in row for row in body] == [True, False]
    named = html.escape(table("fr", "compare")["base_short"])
    assert [f'aria-label="{named}"' in row for row in body] == [True, False]


def test_texts_of_settings_are_escaped():
    assert html.escape("<b>0</b>") in made(0.5)


def test_no_words_of_the_comparison_are_unused():
    templates = files("matchmaker.report") / "templates"
    page = (templates / "comparison.html.j2").read_text(encoding="utf-8")
    used = set(re.findall(r"\bw\.(\w+)", page)) | set(FIGURES) | {"title"}
    used |= {f"chart_{name}" for name in ("enough", "with_offer", "wished")}
    said = {"unknown", "inside", "bad", "nothing", "twice", "base"}  # by code, in other modules
    assert set(table("fr", "compare")) == used | said
