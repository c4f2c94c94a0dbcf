import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import pandas as pd
import pytest

from matchmaker.report.html import html_report
from matchmaker.settings import Settings
from matchmaker.words import table
from tests.fakes import fake_result

VOID = {"meta", "line", "rect", "br"}


@pytest.fixture(scope="module")
def result():
    return fake_result()


class Page(HTMLParser):
    """Collects tags and attributes, and checks that tags are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_loads_nothing_and_runs_nothing(result, lang):
    text = html_report(result.summary, result.quality, result.manifest, lang=lang)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(page.tags)
    for _tag, name, value in page.attributes:
        assert name not in {"src", "href", "style", "srcset", "xlink:href"}
        assert not name.startswith("on")
        assert "//" not in (value or "")
    assert "url(" not in text
    assert "@import" not in text
    assert f'<html lang="{lang}">' in text


def test_the_policy_allows_the_one_style_sheet(result):
    text = result.to_html()
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    policy = next(v for t, n, v in Page(text).attributes if t == "meta" and "default-src" in v)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_texts_of_the_input_are_escaped(result):
    evil = '"><script>alert(1)</script>{{ 7*7 }}'
    quality = result.quality.assign(column=evil, reason=evil)
    summary = {**result.summary, "unserved": [{"reason_code": "x", "reason": evil, "youths": 3}]}
    file = {"name": evil, "sha256": "0" * 64, "rows": 1, "notes": [evil], "role": "youths"}
    text = html_report(summary, quality, {**result.manifest, "inputs": [file]}, lang="fr")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text


def test_figures_of_the_summary_are_shown(result):
    text = html_report(result.summary, result.quality, result.manifest, lang="en")
    youths = result.summary["youths"]
    assert f"Of {youths['seeking']} youths who seek, {youths['served']} get" in text
    assert "35 Ille-et-Vilaine" in text
    assert "Synthetic data" in text
    assert "Row rejected" in text


def test_only_synthetic_data_is_called_so():
    assert "synthétiques" not in fake_result(synthetic=False).to_html()


def test_a_run_without_any_line_or_offer_has_a_page_too():
    result = fake_result(n_youths=3, n_offers=30)
    empty = fake_result(n_youths=3, n_offers=30)
    summary = result.summary | {
        "lines": {
            **result.summary["lines"],
            "total": 0,
            "share_on_wished_trade": None,
            "share_in_region": None,
            "share_of_spontaneous": None,
            "median_km": None,
            "by_distance_km": [{"from": 0, "to": None, "lines": 0}],
            "by_rung": {"1": 0},
            "first_line_by_wish_rank": {"unranked": 0},
        },
        "youths": {**result.summary["youths"], "seeking": 0, "served": 0, "share_served": None},
        "exposure": {"largest": 0, "largest_per_seat": 0.0, "gini": None, "by_lists": []},
        "departements": [],
        "unserved": [],
        "proofs": {},
    }
    text = html_report(summary, empty.quality.head(0), result.manifest, lang="fr")
    Page(text)
    assert "Aucune distance connue" in text
    assert "Rien à signaler" in text


def test_the_page_uses_each_of_its_words():
    folder = files("matchmaker.report")
    source = "".join(
        (folder / name).read_text()
        for name in ("templates/report.html.j2", "html.py", "territories.py", "advice.py")
    )
    unused = [
        w
        for w in table("fr", "report")
        if not any(use in source for use in (f"w.{w}", f'"{w}"', f"report.{w}"))
    ]
    assert set(unused) == {
        "bands_best",
        "bands_fair",
        "proof_lists",
        "proof_assignment",
        "proof_first_lines",
    }  # looked up by name


def test_proofs_are_said_in_words(result):
    text = html_report(result.summary, result.quality, result.manifest, lang="en")
    lists, assignment = re.findall(r'<p class="proof">(.*?)</p>', text)
    assert "it is proved that no other sharing" in lists
    assert "at most 0.035% below" in lists
    assert "it is proved" not in assignment


def paragraphs(text, heading):
    section = re.search(rf"<h2>{re.escape(heading)}</h2>(.*?)</section>", text, re.DOTALL)
    return None if section is None else re.findall(r"<p>(.*?)</p>", section[1])


def test_variety_is_said_with_those_who_could_not_have_it(result):
    text = html_report(result.summary, result.quality, result.manifest, lang="en")
    assert paragraphs(text, table("en", "report")["variety"]) == [
        (
            "70 youths (38.0%) have at least 6 varied lines: at most 3 of one employer, not all "
            "of one sector."
        )
    ]
    assert re.search(r"Too few eligible lines for that</th>.*?>84</td>", text)
    no_cap = {**result.summary["variety"], "lines_per_employer": 0}
    text = html_report(
        {**result.summary, "variety": no_cap}, result.quality, result.manifest, lang="en"
    )
    assert "of one employer" not in text


def test_the_smallest_caps_are_said_proved_or_not(result):
    def said(**smallest):
        caps = {**result.summary["caps"], "smallest": smallest}
        summary = {**result.summary, "caps": caps}
        text = html_report(summary, result.quality, result.manifest, lang="en")
        return paragraphs(text, table("en", "report")["caps"])

    found, needed, proved, below = said(lists_per_seat=17, lists_per_firm=9, is_proved=True)
    assert found.startswith("With 10 lists a seat and 5 a firm, the caps allow 10.9 lines")
    assert needed == "For everybody to get 6, it takes 17 lists a seat and 9 a firm."
    assert "that is proved" in proved
    assert below.startswith("31 youths")
    assert "Smaller caps" in said(lists_per_seat=17, lists_per_firm=9, is_proved=False)[2]
    none = said(lists_per_seat=None, lists_per_firm=None, is_proved=True)
    assert none[1] == "For everybody to get 6, even 10,000 lists a seat would not do."


def test_what_was_not_counted_has_no_section(result):
    summary = {**result.summary, "variety": None, "caps": None}
    text = html_report(summary, result.quality, result.manifest, lang="en")
    assert paragraphs(text, table("en", "report")["variety"]) is None
    assert paragraphs(text, table("en", "report")["caps"]) is None


def test_unplaced_example_lines_are_left_blank(result):
    quality = pd.DataFrame(
        {
            "table": ["offers"],
            "kind": ["default"],
            "reason": ["no_column"],
            "column": ["level"],
            "count": [9],
            "example_line": [0],
        }
    )
    text = html_report(result.summary, quality, result.manifest, lang="fr")
    assert '<td>no column</td><td class="n">9</td><td class="n"></td>' in text


def test_more_departments_than_shown_are_folded(result):
    rows = [{**result.summary["departements"][0], "departement": f"{i:02}"} for i in range(1, 40)]
    summary = {**result.summary, "departements": rows}
    text = html_report(summary, result.quality, result.manifest, lang="fr")
    assert "Les 19 autres départements" in text
    Page(text)


def test_settings_of_the_run_are_listed():
    result = fake_result(settings=Settings(weights={"trade": 7}, lines_per_youth=4))
    text = result.to_html()
    assert "weights.trade" in text
    assert "lines_per_youth" in text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_line_breaks_before_a_french_colon(result, lang):
    """Blanks before : ; ! ? % and inside « » hold in the text that people read."""
    reason = {"reason_code": "x", "reason": "Pas situé : rien ! « a » à 3 % ?", "youths": 1}
    summary = {**result.summary, "unserved": [reason]}
    text = html_report(summary, result.quality, result.manifest, lang=lang)
    body = re.sub(r"<[^>]*>", "", text.partition("<body>")[2])
    held = "Pas situé\u00a0: rien\u202f! «\u00a0a\u00a0» à 3\u202f%\u202f?"
    assert (held if lang == "fr" else reason["reason"]) in body
    if lang == "fr":
        assert re.findall(r"\w+ [:;!?%»]", body) == []
