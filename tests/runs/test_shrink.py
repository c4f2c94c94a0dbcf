"""Inputs that fall: what stops a night, and what does not."""

from __future__ import annotations

import pytest

from matchmaker.runs.shrink import FEW_ROWS, falls


@pytest.mark.parametrize(
    ("before", "now", "is_fall"),
    [
        (100, 80, False),  # a fifth, and no more
        (100, 79, True),
        (100, 0, True),
        (100, 200, False),
        (FEW_ROWS, 0, False),  # a source of few rows comes and goes
        (FEW_ROWS + 1, 0, True),
    ],
)
def test_more_than_the_share_and_more_than_a_few_rows(before, now, is_fall):
    found = falls({"offers:lba": before}, {"offers:lba": now}, max_shrink=0.2)
    assert bool(found) == is_fall


def test_a_source_that_is_gone_has_fallen_and_a_new_one_has_not():
    before, now = {"offers": 100, "offers:lba": 30}, {"offers": 100, "offers:cegid": 30}
    (fall,) = falls(before, now, max_shrink=0.5)
    assert (fall.what, fall.before, fall.now) == ("offers:lba", 30, 0)
    assert "30" in fall.said("fr").text("fr")
    assert "100 % de moins" in fall.said("fr").text("fr")


def test_a_share_of_one_lets_anything_pass():
    assert falls({"youths": 100}, {"youths": 0}, max_shrink=1.0) == ()
