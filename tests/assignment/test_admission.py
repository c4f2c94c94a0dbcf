"""The markets with known answers of the shared data, all of them (run with -s to see)."""
# ruff: noqa: T201 - the counts are for who runs this with -s

import json
from pathlib import Path

import pytest

from matchmaker.assignment import call_order, deferred_acceptance

DATA = Path(__file__).resolve().parents[2] / "../shared/data/admission"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the shared data do not lie beside this checkout"
)


def read(name):
    return [json.loads(line) for line in (DATA / name).read_text().splitlines()]


def solve(market, proposing):
    return deferred_acceptance(
        market["youths"],
        {o: offer["prefs"] for o, offer in market["offers"].items()},
        {o: offer["capacity"] for o, offer in market["offers"].items()},
        proposing=proposing,
    ).by_youth


@pytest.mark.parametrize("name", ["hr_oracle_java_peers.jsonl", "hr_oracle_java_peers_dense.jsonl"])
def test_best_for_youths_and_best_for_offers(name):
    rows = read(name)
    for row in rows:
        assert solve(row, "youths") == row["expected"]["youth_optimal"], row["id"]
        assert solve(row, "offers") == row["expected"]["offer_optimal"], row["id"]
    print(f"\n{name}: {len(rows)} markets, both sides")
    assert rows


def test_among_all_stable_matchings():
    known = {row["id"]: row["all_stable"] for row in read("all_stable_bruteforce.jsonl")}
    markets = read("hr_oracle_java_peers.jsonl") + read("hr_oracle_java_peers_dense.jsonl")
    checked = 0
    for market in markets:
        if market["id"] not in known:
            continue
        stable = known[market["id"]]
        best, worst = solve(market, "youths"), solve(market, "offers")
        assert best in stable
        assert worst in stable
        for y, tiers in market["youths"].items():
            places = [[o for t in tiers for o in t].index(one[y]) for one in stable if y in one]
            assert (y in best) == bool(places)
            if places:
                order = [o for t in tiers for o in t]
                assert order.index(best[y]) == min(places)
                assert order.index(worst[y]) == max(places)
        checked += 1
    print(f"\nall_stable_bruteforce.jsonl: {checked} of {len(known)} markets")
    assert checked == len(known)


def test_call_orders():
    rows = read("ordre_appel_oracle_java.jsonl")
    for row in rows:
        ranking = [(str(i), t in "TB", t in "TR") for i, t in enumerate(row["types"], start=1)]
        got = call_order(
            ranking, quota_boursiers=row["q_boursiers"], quota_residents=row["q_secteur"]
        )
        assert [int(one) for one in got] == row["expected"], row["id"]
    print(f"\nordre_appel_oracle_java.jsonl: {len(rows)} call orders")
    assert rows
