"""Levels from all spellings; roman numbers run the other way; entry levels stay apart."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.reference.levels import (
    LEVEL_NAMES_EN,
    LEVEL_NAMES_FR,
    parse_entry_levels,
    parse_levels,
)
from matchmaker.reference.lookup import fold, read_table


def parsed(text):
    """Return (level, how) of one cell."""
    row = parse_levels(pd.Series([text])).iloc[0]
    return int(row["level"]), row["how"]


@pytest.mark.parametrize(
    ("text", "level", "how"),
    [
        ("3", 3, "number"),
        (" 5 ", 5, "number"),
        ("4.0", 4, "number"),
        ("Niveau 6", 6, "number"),
        ("niv. 3", 3, "number"),
        ("07", 7, "number"),
        ("9", 0, "out_of_bounds"),
        ("2", 0, "out_of_bounds"),
        ("0", 0, "out_of_bounds"),
        ("V", 3, "roman"),
        ("iv", 4, "roman"),
        ("III", 5, "roman"),
        ("Niveau II", 6, "roman"),
        ("I", 7, "roman"),
        ("V bis", 0, "out_of_bounds"),
        ("VI", 0, "out_of_bounds"),
        ("CAP", 3, "name"),
        ("C.A.P.", 3, "name"),
        ("CAP/BEP", 3, "name"),
        ("Bac Pro", 4, "name"),
        ("Baccalauréat professionnel", 4, "name"),
        ("bac+2", 5, "name"),
        ("Bac + 5", 7, "name"),
        ("BTS, DEUST, autres formations niveau (Bac+2)", 5, "name"),
        ("BUT, Licence, Bac+3", 6, "name"),
        ("BTS ou DUT", 5, "name"),
        ("BTS MCO", 5, "name"),
        ("CAP Boulanger", 3, "name"),
        ("Bac pro MELEC", 4, "name"),
        ("Bac+3, Bac+5", 0, "several"),
        ("bac 9", 0, "unknown"),
        ("3 (CAP...)", 3, "number"),
        ("4 (BAC...)", 4, "number"),
        ("5 (BTS, DEUST...)", 5, "number"),
        ("6 (Licence, BUT...)", 6, "number"),
        ("7 (Master, titre ingénieur...)", 7, "number"),
        ("Niveau 5 (Bac+2)", 5, "number"),
        ("5 (CAP)", 0, "several"),
        ("Infra-bac", 3, "name"),
        ("CAP, autres formations niveau (Infrabac)", 3, "name"),
        ("BP, Bac, autres formations niveau (Bac)", 4, "name"),
        ("Bac +2", 5, "name"),
        ("TP", 0, "unspecific"),
        ("MC", 0, "unspecific"),
        ("Titre professionnel", 0, "unspecific"),
        ("NV3", 0, "entry_level"),
        ("NV4", 0, "entry_level"),
        ("Doctorat", 8, "name"),
        ("aucun", 0, "unknown"),
        ("-", 0, "unknown"),
        ("", 0, ""),
    ],
)
def test_from_what_people_write(text, level, how):
    assert parsed(text) == (level, how)


def test_every_spelling_of_the_table_means_its_level_and_no_other():
    table = read_table("levels.csv")
    seen = {}
    for level, spellings in zip(table["level"], table["spellings"], strict=True):
        for spelling in spellings.split("|"):
            assert spelling == fold(spelling)
            assert seen.setdefault(spelling, level) == level
            assert parsed(spelling.upper())[0] == int(level)


def test_france_travail_codes_run_the_other_way_and_are_of_entry():
    codes = pd.Series(["NV5", "NV4", "NV3", "NV2", "NV1", "NV0", "3", ""])
    assert parse_entry_levels(codes)["level"].tolist() == [3, 4, 5, 6, 7, 0, 0, 0]
    assert parse_levels(codes)["level"].tolist() == [0, 0, 0, 0, 0, 0, 3, 0]


def test_index_types_and_missing_cells():
    found = parse_levels(pd.Series(["CAP", None], index=[4, 2]))
    assert found.index.tolist() == [4, 2]
    assert found["level"].dtype == "int8"
    assert found["how"].tolist() == ["name", ""]
    assert len(parse_levels(pd.Series([], dtype="str"))) == 0


def test_names_cover_levels_3_to_8():
    assert list(LEVEL_NAMES_FR) == list(LEVEL_NAMES_EN) == [3, 4, 5, 6, 7, 8]
    assert all(parsed(name) == (level, "name") for level, name in LEVEL_NAMES_FR.items())


EXAMPLES = {
    3: ("CAP", "BEP"), 4: ("BAC", "BP"), 5: ("BTS", "DEUST"), 6: ("Licence", "BUT"),
    7: ("Master", "titre ingénieur"), 8: ("Doctorat",),
}  # fmt: skip


@given(st.sampled_from(sorted(EXAMPLES)), st.data(), st.booleans())
def test_a_number_with_examples_behind_it_is_that_level(level, data, has_dots):
    """As La bonne alternance writes levels: "5 (BTS, DEUST...)"."""
    examples = data.draw(st.lists(st.sampled_from(EXAMPLES[level]), min_size=1, unique=True))
    text = f"{level} ({', '.join(examples)}{'...' if has_dots else ''})"
    assert parsed(text) == (level, "number")


@given(st.sampled_from(sorted(EXAMPLES)), st.sampled_from(sorted(EXAMPLES)))
def test_a_number_that_its_example_contradicts_is_no_level(level, other):
    found, how = parsed(f"{level} ({EXAMPLES[other][0]})")
    assert (found, how) == ((level, "number") if level == other else (0, "several"))


@given(st.text(max_size=20))
def test_any_text_has_an_answer(text):
    level, how = parsed(text)
    assert (level > 0) == (how in {"number", "name", "roman"})
    assert level == 0 or 3 <= level <= 8
