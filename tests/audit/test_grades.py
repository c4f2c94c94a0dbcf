"""nDCG by hand and by another hand; what is counted; what is refused."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.audit.grades import evaluate_lists, ndcg, read_judged
from matchmaker.errors import InputError, UsageError

GRADES = st.lists(st.integers(0, 3), min_size=1, max_size=7)


def by_definition(shown, judged, k):
    """Sum over places, and the best order of all orders: nothing of it is sorted."""

    def gain(grades):
        return sum((2**g - 1) / math.log2(i + 1) for i, g in enumerate(grades[:k], start=1))

    best = max(gain(order) for order in itertools.permutations(judged))
    return gain(shown) / best if best else None


def figures_of(told, name):
    (one,) = [row for row in told["orders"] if row["name"] == name]
    return one


def test_by_hand():
    # Places are worth 1, 1/log2(3) = .63093, 1/2; grades 3, 2, 1, 0 are worth 7, 3, 1, 0.
    assert ndcg([[3, 2, 1]], [1, 2, 3], k=10) == 1.0
    assert ndcg([[0, 3]], [3, 0], k=10) == pytest.approx(0.63093, abs=1e-5)
    assert ndcg([[1, 0, 3]], [3, 1, 0], k=3) == pytest.approx((1 + 7 / 2) / (7 + 0.63093), abs=1e-5)
    assert ndcg([[1, 0, 3]], [3, 1, 0], k=2) == pytest.approx(1 / (7 + 0.63093), abs=1e-5)
    assert ndcg([[]], [3, 0], k=10) == 0.0
    assert ndcg([[0]], [0, 0], k=10) is None


@given(GRADES, st.data(), st.integers(1, 8))
def test_as_by_definition(judged, data, k):
    shown = data.draw(st.permutations(judged))[: data.draw(st.integers(0, len(judged)))]
    expected = by_definition(shown, judged, k)
    assert ndcg([shown], judged, k=k) == (None if expected is None else pytest.approx(expected))


def test_several_lists_are_one_mean():
    one, other = ndcg([[3, 0]], [3, 2, 0], k=2), ndcg([[0]], [3, 2, 0], k=2)
    assert ndcg([[3, 0], [0]], [3, 2, 0], k=2) == pytest.approx((one + other) / 2)


@given(GRADES, st.data())
def test_a_better_line_moved_up_never_costs(judged, data):
    shown = list(data.draw(st.permutations(judged)))
    at = data.draw(st.integers(0, len(shown) - 1))
    turned = shown[:at] + sorted(shown[at:], reverse=True)
    before = ndcg([shown], judged, k=10)
    assert before is None or ndcg([turned], judged, k=10) >= before - 1e-12


JUDGED = {"Y1": {"A": 3, "B": 0, "C": 2}, "Y2": {"A": 1, "D": 3}, "Y3": {"A": 0}}


def test_lines_are_counted():
    told = evaluate_lists({"ours": {"Y1": ["B", "X", "A"], "Y2": ["D"]}}, JUDGED, k=10)
    assert told["judged"] == {
        "youths": 3,
        "to_win": 2,  # Y3 has nothing to win
        "pairs": 6,
        "by_grade": {"0": 2, "1": 1, "2": 1, "3": 2},
    }
    ours = figures_of(told, "ours")
    best_1, best_2 = 7 + 3 / math.log2(3), 7 + 1 / math.log2(3)
    y1, y1_condensed, y2 = (7 / 2) / best_1, (7 / math.log2(3)) / best_1, 7 / best_2
    assert ours["ndcg"]["value"] == pytest.approx((y1 + y2) / 2, abs=1e-4)
    assert ours["condensed"]["value"] == pytest.approx((y1_condensed + y2) / 2, abs=1e-4)
    assert (ours["lines"], ours["unjudged"]) == (4, 1)
    assert ours["good"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert ours["zero"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert ours["reached"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert told["best"] is None
    assert told["beside"] == []


def test_only_the_first_k_lines_count():
    ours = figures_of(evaluate_lists({"ours": {"Y1": ["B", "A", "C"]}}, JUDGED, k=1), "ours")
    assert (ours["lines"], ours["zero"]["value"], ours["reached"]["value"]) == (1, 1.0, 0.0)
    assert ours["ndcg"]["value"] == 0.0


def test_ours_is_set_beside_the_best_of_the_others():
    good, bad = {"Y1": ["A", "C"], "Y2": ["D", "A"]}, {"Y1": ["B", "C"]}
    told = evaluate_lists({"ours": good, "poor": {}, "search": bad}, JUDGED)
    assert told["best"] == "search"
    by_name = {one["name"]: one["difference"]["value"] for one in told["beside"]}
    assert by_name["poor"] == 1.0
    search = figures_of(told, "search")["ndcg"]["value"]
    assert by_name["search"] == pytest.approx(1 - search, abs=1e-4)


def test_the_interval_of_equal_youths_has_no_width_and_that_of_two_kinds_has():
    grades = {f"Y{i}": {"A": 3, "B": 0} for i in range(20)}
    same = evaluate_lists({"ours": {youth: ["A"] for youth in grades}}, grades)
    assert figures_of(same, "ours")["ndcg"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    half = evaluate_lists({"ours": {f"Y{i}": ["A"] for i in range(10)}}, grades)
    told = figures_of(half, "ours")["ndcg"]
    # Binomial of 20 and .5: its 2.5 and 97.5 % quantiles are 6 and 14.
    assert (told["value"], told["low"], told["high"]) == (0.5, 0.3, 0.7)


def test_chance_is_the_mean_of_all_orders():
    # The only good offer of two stands first in half of the orders.
    told = evaluate_lists({"ours": {}}, {"Y1": {"A": 3, "B": 0}}, pools={"Y1": ["A", "B"]})
    expected = (1 + 1 / math.log2(3)) / 2
    assert figures_of(told, "random")["ndcg"]["value"] == pytest.approx(expected, abs=0.03)


def test_the_order_in_which_things_are_handed_in_changes_nothing():
    ours = {"Y2": ["D", "A"], "Y1": ["C", "A", "B"]}
    pools = {"Y1": ["A", "B", "C", "X"], "Y2": ["A", "D"]}
    one = evaluate_lists({"ours": ours}, JUDGED, pools=pools, seed=3)
    turned = {youth: dict(reversed(given.items())) for youth, given in reversed(JUDGED.items())}
    other_pools = {youth: pool[::-1] for youth, pool in pools.items()}
    assert one == evaluate_lists({"ours": ours}, turned, pools=other_pools, seed=3)
    assert one != evaluate_lists({"ours": ours}, JUDGED, pools=pools, seed=4)


def test_intervals_do_not_hang_on_the_order_of_the_youths():
    chance = np.random.default_rng(1)
    grades = {f"Y{i}": dict(zip("ABCD", chance.integers(0, 4, 4), strict=True)) for i in range(15)}
    ours = {youth: list(chance.permutation(list("ABCD"))) for youth in grades}
    turned = dict(reversed(grades.items()))
    assert evaluate_lists({"ours": ours}, grades) == evaluate_lists({"ours": ours}, turned)


def judged_file(folder, text):
    path = folder / "judged.csv"
    path.write_text(text, "utf-8")
    return path


def test_judged_pairs_are_read(tmp_path):
    path = judged_file(tmp_path, "grade;offer_id;why;youth_id\n 3 ;A;;Y1\n0;B;far;Y1\n1;A;;Y2\n")
    assert read_judged(path) == {"Y1": {"A": 3, "B": 0}, "Y2": {"A": 1}}


def test_every_fault_of_judged_pairs_is_named(tmp_path):
    rows = "Y1,A,4\nY1,,2\nY1,B,2\nY1,B,3\nY2,A,\nY2,A,2.5\n"
    with pytest.raises(InputError) as error:
        read_judged(judged_file(tmp_path, "youth_id,offer_id,grade\n" + rows))
    found = [(i.reason, i.line, i.column, i.value) for i in error.value.issues]
    assert found == [
        ("bad_grade", 2, "grade", "4"),
        ("missing_value", 3, "offer_id", None),
        ("pair_twice", 5, "offer_id", "B"),
        ("missing_value", 6, "grade", None),
        ("bad_grade", 7, "grade", "2.5"),
    ]
    assert error.value.text("fr").splitlines()[0] == (
        "judged.csv, ligne 2, colonne 'grade' : '4' n'est pas une note."
        " Les notes sont 0, 1, 2 et 3."
    )


def test_a_missing_column_an_empty_file_and_no_file(tmp_path):
    with pytest.raises(InputError) as error:
        read_judged(judged_file(tmp_path, "youth_id,offer\nY1,A\n"))
    assert [i.column for i in error.value.issues] == ["offer_id", "grade"]
    with pytest.raises(InputError, match="n'a aucune paire"):
        read_judged(judged_file(tmp_path, "youth_id,offer_id,grade\n"))
    with pytest.raises(UsageError):
        read_judged(tmp_path / "none.csv")
