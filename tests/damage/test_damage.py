"""A hundred damaged files: where evidence remains, nothing is wrong in silence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.damage.judge import Damage, all_damages, hundred, silently_wrong
from tests.damage.kinds import KINDS

SEED = 13
HUNDRED = hundred(SEED)
PAGE = Path(__file__).resolve().parents[2] / "docs/explanation/ce-qu-aucun-lecteur-ne-voit.md"
UNSEEN = [kind for kind in KINDS if not kind.left]


def test_the_hundred_are_every_kind_and_every_column_and_the_same_each_time():
    every = [damage for damage in all_damages(SEED) if damage.kind.left]
    assert len(HUNDRED) == len(set(map(str, HUNDRED)))
    assert {d.kind.name for d in HUNDRED} == {d.kind.name for d in every}
    assert {(d.table, d.column) for d in HUNDRED} == {(d.table, d.column) for d in every}
    assert list(map(str, hundred(SEED))) == list(map(str, HUNDRED))
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("damage", HUNDRED, ids=str)
def test_where_evidence_remains_nothing_is_wrong_in_silence(damage: Damage, tmp_path):
    assert silently_wrong(damage, tmp_path) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [0])
def test_so_it_is_of_every_kind_in_every_column(seed, tmp_path):
    wrong = {}
    for i, damage in enumerate(all_damages(seed)):
        if damage.kind.left:
            folder = tmp_path / str(i)
            folder.mkdir()
            wrong[str(damage)] = silently_wrong(damage, folder)
    assert {name: faults for name, faults in wrong.items() if faults} == {}


@pytest.mark.parametrize("name", [kind.name for kind in UNSEEN])
def test_what_is_said_to_be_unseen_is(name, tmp_path):
    """A kind that somebody has learnt to see since belongs no longer on the page."""
    wrong = []
    for i, damage in enumerate(all_damages(SEED)):
        if damage.kind.name == name and not wrong:
            folder = tmp_path / str(i)
            folder.mkdir()
            wrong += silently_wrong(damage, folder)
    assert wrong


def test_the_page_names_what_no_reader_can_see():
    rows = re.findall(
        r"^\| ([^|]+) \| `([^|]+)` \| [^|]+ \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert rows == [(kind.words, columns(kind)) for kind in UNSEEN]


def columns(kind) -> str:
    return "`, `".join(
        f"{table}.{column}" if column else table
        for table, names in kind.where.items()
        for column in names
    )
