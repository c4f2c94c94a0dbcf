"""Measured figures of pages stand in a kept result, in a test or in the code that sets them.

A comment before a paragraph, list or table names the files its figures come from:
``<!-- rows: FILE -->`` where the rows of a table stand word for word, ``<!-- figures: FILE ... -->``
where each figure does, perhaps with more digits.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "benchmarks" / "results"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "explanation").glob("*.md"))]
_MARK = re.compile(r"^<!-- (rows|figures): (.+) -->\n", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`|\]\([^)]*\)|\b[A-Za-z]+\d\S*")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?![\w])")
_KEPT_NUMBER = re.compile(r"\d+\.?\d*|\.\d+")
# Seconds, bytes, percentages, millions, and rates such as .956: what a run or a count gave.
_MEASURED = re.compile(r"\d (?:%|s|ms|µs|GB|M|MB)(?!\w)|(?<![\w.])\.\d{3}\b")


def blocks(path: Path) -> list[tuple[str, tuple[str, ...], str]]:
    """Return each block of a page: the kind of its mark, the files it names, its text."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = []
    for block in re.split(r"\n\s*\n", text):
        mark = _MARK.search(block)
        kind, files = (mark[1], tuple(mark[2].split())) if mark else ("", ())
        found.append((kind, files, _MARK.sub("", block)))
    return found


MARKED = [(page, *block) for page in PAGES for block in blocks(page) if block[0]]


def numbers(text: str) -> list[str]:
    return [n.replace(",", "") for n in _NUMBER.findall(_CODE.sub(" ", text))]


def is_figure(number: str) -> bool:
    """Tell figures from the small whole numbers that a sentence counts with."""
    return "." in number or int(number) >= 100


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_measured_figures_say_where_they_are_kept(page):
    bare = [
        text
        for kind, _, text in blocks(page)
        if not kind and _MEASURED.search(_CODE.sub(" ", text))
    ]
    assert bare == []


def test_rows_stand_word_for_word_where_they_are_kept():
    rows = [one for one in MARKED if one[1] == "rows"]
    assert len(rows) > 10
    for page, _, files, text in rows:
        kept = "\n".join((ROOT / file).read_text(encoding="utf-8") for file in files).splitlines()
        shown = [line for line in text.splitlines() if line.startswith("|")]
        shown = shown[2:]  # under the heading and its rule
        assert shown, text
        for row in shown:
            assert row in kept, f"{page.name}: {row}"


def test_figures_stand_where_they_are_kept():
    for page, kind, files, text in MARKED:
        if kind == "rows":
            continue
        kept = "\n".join((ROOT / file).read_text(encoding="utf-8") for file in files)
        there = {float(n) for n in _KEPT_NUMBER.findall(re.sub(r"(?<=\d)[,_](?=\d)", "", kept))}
        for number in filter(is_figure, numbers(text)):
            # Kept with more digits perhaps, the last of them rounded too; a share as a percentage.
            half = 0.51 * 10 ** -len(number.partition(".")[2])
            near = any(abs(n - float(number)) <= half or 100 * n == float(number) for n in there)
            assert near, f"{page.name}: {number} of {text}"


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.md")), ids=lambda path: path.name)
def test_a_kept_result_says_what_it_is(path):
    if path.name != "README.md":
        head = path.read_text(encoding="utf-8").split("\n\n")[1].splitlines()
        told = [line.partition(": ")[0] for line in head]
        assert told == ["- command", "- measured", "- machine", "- here"]


def test_each_kept_result_is_quoted():
    quoted = {file for _, _, files, _ in MARKED for file in files}
    for path in KEPT.glob("*.md"):
        name = str(path.relative_to(ROOT))
        assert name in quoted or path.name == "README.md" or path.name.endswith("_tried.md"), name
