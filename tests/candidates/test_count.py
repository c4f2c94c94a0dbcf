"""Counting on a sample, and refusing what would not fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchmaker.candidates import memory
from matchmaker.candidates.count import count_pairs, sample_of
from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import build_market, with_rules
from matchmaker.candidates.pairs import RUNGS
from matchmaker.candidates.plain import plain_pairs
from matchmaker.errors import InfeasibleError
from matchmaker.scoring.total import score_tables
from matchmaker.settings import Settings
from tests.worlds import AS_OF, random_tables


def prepared(seed, n_youths, n_offers):
    tables = random_tables(np.random.default_rng(seed), n_youths, n_offers)
    market = build_market(tables, Settings(), as_of=AS_OF)
    scores = score_tables(market, Settings())
    return market, scores, fused_engine(market, scores)


def true_rungs(pairs):
    return np.bincount(pairs.rung, minlength=len(RUNGS) + 1)[1:]


@pytest.mark.parametrize("seed", range(3))
def test_counting_everybody_is_exact(seed):
    market, scores, engine = prepared(seed, 120, 300)
    every = plain_pairs(market, scores, k=None)
    counts = count_pairs(engine, k=7)
    assert counts.sampled == counts.youths == (market.takes_part).sum()
    assert counts.by_rung.tolist() == true_rungs(every).tolist()
    assert counts.total == len(every)
    assert counts.with_candidates == (np.diff(every.indptr) > 0).sum()
    assert counts.kept == len(plain_pairs(market, scores, k=7))
    assert counts.margin == 0
    assert not counts.margin_by_rung.any()


@pytest.mark.parametrize("seed", range(4))
def test_a_sample_is_within_a_fifth(seed):
    market, scores, engine = prepared(seed, 1500, 250)
    every = plain_pairs(market, scores, k=None)
    counts = count_pairs(engine, k=7, sample=600)
    assert counts.sampled == 600 < counts.youths
    assert counts.total == pytest.approx(len(every), rel=0.2)
    assert counts.kept == pytest.approx(len(plain_pairs(market, scores, k=7)), rel=0.2)
    assert abs(counts.total - len(every)) <= 1.5 * counts.margin
    off = np.abs(counts.by_rung - true_rungs(every))
    assert (off <= 2 * counts.margin_by_rung + 1).all()
    assert counts.total == pytest.approx(counts.by_rung.sum(), abs=len(RUNGS))


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Samples drawn with other hashes: 95 of 100 intervals hold the true total."""
    market, scores, _engine = prepared(5, 800, 200)
    true = len(plain_pairs(market, scores, k=None))
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(60):
        hashes = rng.permutation(market.youth_hash)
        counts = count_pairs(
            fused_engine(replace(market, youth_hash=hashes), scores), k=5, sample=200
        )
        held += abs(counts.total - true) <= counts.margin
    assert 52 <= held <= 60


def test_the_sample_is_the_same_for_any_number_of_threads_and_leaves_out_who_is_out():
    market, scores, _engine = prepared(2, 400, 200)
    who = sample_of(market, 100)
    assert len(set(who.tolist())) == 100
    assert (market.youth_state[who] == 0).all()
    assert (np.diff(who) > 0).all()
    one = count_pairs(fused_engine(market, scores, threads=1), k=5, sample=100)
    two = count_pairs(fused_engine(market, scores, threads=3), k=5, sample=100)
    assert (one.total, one.margin, one.by_rung.tolist()) == (
        two.total, two.margin, two.by_rung.tolist(),
    )  # fmt: skip


def test_nobody_and_nothing():
    market, scores, _engine = prepared(1, 30, 20)
    nobody = replace(market, youth_state=np.ones_like(market.youth_state))
    counts = count_pairs(fused_engine(nobody, scores), k=5)
    assert (counts.youths, counts.sampled, counts.total, counts.margin) == (0, 0, 0, 0)


def test_a_run_that_does_not_fit_is_refused_with_a_number_and_a_remedy():
    memory.check_memory(pairs=10**6, lines=10**5, youths=10**4, free=10**9)
    with pytest.raises(InfeasibleError, match=r"8,2 Go.*5,0 Go sont libres.*'.*' à 60,") as error:
        memory.check_memory(pairs=10**8, lines=10**6, youths=10**6, free=5 * 10**9)
    assert error.value.exit_code == 3
    with pytest.raises(InfeasibleError, match="Faites une région à la fois, ou prenez une machine"):
        memory.check_memory(pairs=10**7, lines=2 * 10**7, youths=10**6, free=5 * 10**9)


def test_what_it_advises_fits():
    pairs, lines, youths, free = 10**8, 10**6, 10**6, 5 * 10**9
    memory.check_memory(pairs=60 * youths, lines=lines, youths=youths, free=free)
    with pytest.raises(InfeasibleError):
        memory.check_memory(pairs=pairs, lines=lines, youths=youths, free=free)


class TestMarket:
    """A market is refused for the pairs that it has, which are counted only in doubt."""

    def test_what_fits_in_any_case_is_not_counted(self, monkeypatch):
        _market, _scores, engine = prepared(1, 30, 20)
        monkeypatch.setattr(memory, "count_pairs", None)
        most = memory.expected_memory(pairs=30 * Settings().candidates_per_youth, lines=1)
        monkeypatch.setattr(memory, "free_memory", lambda: most)
        memory.check_market(engine, Settings(), lines_allowed=1)

    def test_the_pairs_that_there_are_decide(self, monkeypatch):
        _market, _scores, engine = prepared(1, 300, 80)
        kept = count_pairs(engine, k=Settings().candidates_per_youth).kept
        needed = memory.expected_memory(pairs=kept, lines=1)
        monkeypatch.setattr(memory, "free_memory", lambda: needed)
        memory.check_market(engine, Settings(), lines_allowed=1)
        monkeypatch.setattr(memory, "free_memory", lambda: needed - 1)
        with pytest.raises(InfeasibleError, match="'candidates_per_youth'"):
            memory.check_market(engine, Settings(), lines_allowed=1)


class TestFreeMemory:
    @pytest.fixture
    def machine(self, monkeypatch, tmp_path):
        (tmp_path / "meminfo").write_text("MemTotal: 900 kB\nMemAvailable:     400 kB\n")
        monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
        monkeypatch.setattr(memory, "CONTROL_GROUP", tmp_path)
        return tmp_path

    def test_no_container(self, machine):
        assert memory.free_memory() == 400 * 1024

    @pytest.mark.parametrize(
        ("limit", "expected"), [("max", 400 * 1024), ("150000", 50_000), ("90000", 0)]
    )
    def test_container(self, machine, limit, expected):
        (machine / "memory.max").write_text(limit + "\n")
        (machine / "memory.current").write_text("100000\n")
        assert memory.free_memory() == expected

    def test_elsewhere_all_of_it(self, machine):
        (machine / "meminfo").unlink()
        assert memory.free_memory() > 10**8


def test_counting_needs_room_for_open_offers_alone():
    market, scores, _ = prepared(3, 60, 300)
    few = np.arange(300) % 20 == 0
    rules = np.where(few & market.is_open, np.uint8(0), np.uint8(1))
    shut = with_rules(market, rules)
    engine = fused_engine(shut, scores)
    assert len(engine.fixed.offers.row) == shut.is_open.sum() < 20
    every = np.diff(plain_pairs(shut, scores, k=None).indptr)
    assert every.max() > 1
    assert engine.count().tolist() == every.tolist()
    none = fused_engine(with_rules(market, np.ones(300, dtype=np.uint8)), scores)
    assert not none.count().any()
