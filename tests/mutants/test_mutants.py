"""Every mutant is caught, and can be: its line stands once in its file, its tests are there."""

from __future__ import annotations

import shlex

import pytest

from tests.mutants.catch import ROOT, answers, mutated, source_of, warm_base
from tests.mutants.mutants import MUTANTS
from tests.mutants.page import PAGE, page


def test_there_are_forty_and_each_is_another():
    assert len({(mutant.file, mutant.line, mutant.by) for mutant in MUTANTS}) == 40


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.breaks)
def test_a_mutant_changes_one_line_that_is_there(mutant):
    text = source_of(mutant).read_text(encoding="utf-8")
    compile(mutated(text, mutant), mutant.file, "exec")
    assert mutant.by != mutant.line
    assert (ROOT / shlex.split(mutant.caught_by)[0]).exists()


def test_a_line_that_is_gone_or_stands_twice_is_refused():
    mutant = MUTANTS[0]
    for text in ("", f"{mutant.line}\n    {mutant.line}\n", f"{mutant.line} # more\n"):
        with pytest.raises(ValueError, match="not one"):
            mutated(text, mutant)
    assert mutated(f"x\n    {mutant.line}\n", mutant) == f"x\n    {mutant.by}\n"


def test_the_page_shows_them():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.mutants --page`"


@pytest.mark.long
def test_every_mutant_is_caught(tmp_path):
    base = warm_base(tmp_path, MUTANTS)
    missed = [mutant.breaks for mutant, is_caught in answers(base, MUTANTS) if not is_caught]
    assert missed == []
