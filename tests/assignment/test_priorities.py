"""Classes before scores, and the points of an académie as its circular says."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.assignment import PointScale, lexicographic_priority
from matchmaker.errors import UsageError
from tests.languages import raises

SCALE = Path(__file__).resolve().parents[2] / "data/samples/affelnet/points.toml"


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3), st.integers(-(2**62), 2**62))))
def test_priority_compares_as_tuples_do(rows):
    columns = [np.array([row[i] for row in rows], dtype=np.int64) for i in range(3)]
    place = {row: i for i, row in enumerate(sorted(set(rows)))}
    assert lexicographic_priority(columns).tolist() == [place[row] for row in rows]


def marks(scale, rows):
    subjects = [s for field in scale.fields.values() for s in field["subjects"]]
    return {s: np.array(rows, dtype=float) for s in subjects}


def test_bands():
    scale = PointScale.from_toml(SCALE)
    got = scale.band(np.array([0, 4.99, 5, 9.99, 10, 14.99, 15, 20, np.nan]))
    assert got[:-1].tolist() == [3, 3, 8, 8, 13, 13, 16, 16]
    assert np.isnan(got[-1])


def test_a_published_mean_and_deviation_give_the_known_figure():
    """A mark above 15 in mathematics gave 110.494 points in Paris in 2021."""
    scale = PointScale.from_toml(SCALE)
    only = PointScale(
        thresholds=scale.thresholds,
        band_points=scale.band_points,
        centre=scale.centre,
        spread=scale.spread,
        factor=1,
        skills_factor=0,
        bonuses={},
        fields={"maths": {**scale.fields["mathematiques"], "weight": 1}},
    )
    assert only.school_points({"mathematiques": np.array([[18.6, 19.1, 19.5]])}) == [110_494]


def test_own_mean_and_deviation_missed_terms_and_order_of_youths():
    scale = PointScale.from_toml(SCALE)
    rows = [[12, 16, np.nan], [4, 8, 11], [np.nan] * 3, [9, 9, 9]]
    points = scale.school_points(marks(scale, rows))
    # (13 + 16) / 2, (3 + 8 + 13) / 3 and 8 without the missing one; 7 fields of weight 30.
    known = np.array([14.5, 8.0, 8.0])
    z = (known - known.mean()) / known.std()
    maths = (known - 11.9849509) / 3.8260426
    expected = 25 * (100 + 10 * z) + 5 * (100 + 10 * maths)
    assert points[[0, 1, 3]].tolist() == np.rint(expected * 1000).tolist()
    assert points[2] == 3_000_000  # no mark at all: the mean everywhere
    turned = scale.school_points(marks(scale, rows[::-1]))
    assert turned[::-1].tolist() == points.tolist()


def test_bonuses():
    scale = PointScale.from_toml(SCALE)
    assert scale.bonus("sector", ["1", "3"]).tolist() == [32_640_000, 16_800_000]
    with raises(UsageError, "bonus 'sector': '4' not among '1', '2', '3'"):
        scale.bonus("sector", ["4"])
    with raises(UsageError, r"no bonus 'sectr' in the scale\. Did you mean 'sector'"):
        scale.bonus("sectr", ["1"])
    with raises(UsageError, "no marks for eps, musique"):
        scale.school_points(
            {s: m for s, m in marks(scale, [[1]]).items() if s not in {"eps", "musique"}}
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("centre = 100", "center = 100"), "unknown entry 'center'. Did you mean 'centre'"),
        (("centre = 100", ""), "the entry 'centre' is missing"),
        (("[3, 8, 13, 16]", "[3, 8]"), "'band_points' needs one entry more"),
        (("[5.0, 10.0", "[11.0, 10.0"), "'thresholds' must ascend"),
        (("deviation = 3.8260426", ""), "'mathematiques' needs both 'mean' and 'deviation'"),
        (("deviation = 3.8260426", "deviation = 0"), "'deviation' must be above 0"),
        (("weight = 5\nmean", "mean"), "'mathematiques' needs 'subjects' and a whole 'weight'"),
        (("centre = 100", "centre = "), "cannot be read as TOML"),
    ],
)
def test_scales_that_cannot_be_are_named(tmp_path, change, message):
    file = tmp_path / "points.toml"
    file.write_text(SCALE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with raises(UsageError, message):
        PointScale.from_toml(file)


def test_no_such_scale(tmp_path):
    with raises(UsageError, "no such scale of points"):
        PointScale.from_toml(tmp_path / "none.toml")
