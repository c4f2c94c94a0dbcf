"""The public entry: bad input is named, all of it; lotteries can be worked out by hand."""

from hashlib import blake2b

import pytest

from matchmaker.assignment import deferred_acceptance
from matchmaker.errors import InputError
from tests.languages import raises


def test_all_faults_at_once_each_naming_its_entry():
    with pytest.raises(InputError) as caught:
        deferred_acceptance(
            {"a": ["o", "o"], "b": ["garaje"], "c": "o"},
            {"o": ["a", ["z", "a"]], "q": []},
            {"o": -1, "garage": True, "big": 2.5},
        )
    assert caught.value.text("en").splitlines() == [
        "capacities['o']: '-1' is not a capacity. Give a whole number from 0 up.",
        "capacities['garage']: 'True' is not a capacity. Give a whole number from 0 up.",
        "capacities['big']: '2.5' is not a capacity. Give a whole number from 0 up.",
        "offer_preferences['o']: 'z' is no youth of youth_preferences. Correct or add it.",
        "offer_preferences['o']: 'a' stands twice in the list. Keep one of its places.",
        "offer_preferences: 'q' is no offer of capacities. Correct or add it.",
        "youth_preferences['a']: 'o' stands twice in the list. Keep one of its places.",
        "youth_preferences['b']: 'garaje' is no offer of capacities. Did you mean 'garage'?",
        "youth_preferences['c']: 'o' is not a list of ids. Put it into brackets.",
    ]


@pytest.mark.parametrize("bad", [3, None, 2.5])
def test_ids_are_texts(bad):
    with raises(InputError, "is not a text"):
        deferred_acceptance({"a": [bad]}, {}, {"o": 1})


def test_lottery_by_hand():
    ids = [f"y{i}" for i in range(9)]
    result = deferred_acceptance({y: ["o"] for y in ids}, {}, {"o": 4}, seed=11)

    def number(y):
        return int.from_bytes(blake2b(f"11:{y}".encode(), digest_size=8).digest(), "big")

    assert result.lottery == {y: number(y) for y in ids}
    assert set(result.by_offer["o"]) == set(sorted(ids, key=number)[:4])
    assert set(result.unplaced) == set(sorted(ids, key=number)[4:])


def test_one_lottery_each_offer_differs_from_a_common_one():
    ids = [f"y{i}" for i in range(40)]
    market = (
        {y: ["o", "p"] for y in ids[:20]} | {y: ["p", "o"] for y in ids[20:]},
        {},
        {"o": 10, "p": 10},
    )
    common = deferred_acceptance(*market)
    own = deferred_acceptance(*market, lottery="per_offer")
    assert common.by_youth != own.by_youth
    lowest = sorted(ids, key=common.lottery.get)[:20]
    assert set(common.by_youth) == set(lowest)


def test_empty_markets():
    assert deferred_acceptance({}, {}, {}).by_youth == {}
    nothing = deferred_acceptance({"a": []}, {"o": []}, {"o": 0})
    assert nothing.by_youth == {}
    assert nothing.unplaced == ("a",)
    assert nothing.by_offer == {"o": ()}
    assert deferred_acceptance({"a": ["o"]}, {}, {"o": 0}, proposing="offers").by_youth == {}
