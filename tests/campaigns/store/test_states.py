"""Reserving, releasing, answers and forgetting in any order, against a plain dictionary."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from matchmaker.campaigns.store.exposure import reserve, sent_lines, set_quotas
from matchmaker.campaigns.store.forgetting import forget_youth
from matchmaker.campaigns.store.log import log_faults
from matchmaker.campaigns.store.opening import reading
from matchmaker.campaigns.store.schema import EXPOSURE
from matchmaker.campaigns.store.states import mark_written, note_states, release
from matchmaker.errors import CheckError, UsageError
from tests.campaigns.store.stores import AT, BOTH, NAME, asked, opened, place_of

ORDER = ["opposed", "bounced", "released", "contract", "answered", "written", "planned"]
FREE = {"opposed", "bounced", "released"}
YOUTHS, OFFERS, PLACES = ["Y1", "Y2", "Y3"], ["O1", "O2", "O3"], ["53", "11"]


class Campaign(RuleBasedStateMachine):
    """What a careful clerk would write down."""

    kind = "sqlite"

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = opened(place_of(self.kind, Path(self.folder.name)))
        self.lines: dict[tuple[str, str, int], tuple[str, str]] = {}  # state, territory
        self.waves: dict[tuple[int, str], str] = {}
        self.gone: Counter[str] = Counter()

    def teardown(self):
        self.folder.cleanup()

    def taken(self, offer):
        held = [o for (_, o, _), (state, _) in self.lines.items() if state not in FREE]
        return held.count(offer) + self.gone[offer]

    @rule(
        wave=st.integers(1, 3),
        territory=st.sampled_from(PLACES),
        run=st.sampled_from(["run-1", "run-2"]),
        pairs=st.sets(st.tuples(st.sampled_from(YOUTHS), st.sampled_from(OFFERS)), min_size=1),
        cap=st.integers(1, 3),
    )
    def reserve(self, wave, territory, run, pairs, cap):
        wanted = asked(sorted(pairs), wave=wave, territory=territory, run_id=run, cap=cap)
        if self.waves.get((wave, territory), run) != run:
            with pytest.raises(CheckError):
                reserve(self.store, wanted, at=AT)
            return
        is_new = (wave, territory) not in self.waves
        done = reserve(self.store, wanted, at=AT)
        assert done.is_new == is_new
        assert len(done.lines) + len(done.refused) >= len(pairs)
        if not is_new:
            return
        self.waves[wave, territory] = run
        left = {offer: max(0, cap - self.taken(offer)) for offer in OFFERS}
        ended = {y for (y, _, _), (state, _) in self.lines.items()
                 if state in ("opposed", "contract")}  # fmt: skip
        before = {(y, o) for y, o, _ in self.lines}
        can = {(y, o) for y, o in pairs if y not in ended and (y, o) not in before}
        given = {*zip(done.lines["youth_id"], done.lines["offer_id"], strict=True)}
        assert given <= can
        of_can, of_given = Counter(o for _, o in can), Counter(o for _, o in given)
        assert of_given == {o: min(n, left[o]) for o, n in of_can.items() if min(n, left[o])}
        self.lines |= {(y, o, wave): ("planned", territory) for y, o in given}

    @rule(wave=st.integers(1, 3), territory=st.sampled_from(PLACES), is_back=st.booleans())
    def move_a_wave(self, wave, territory, is_back):
        act, after = (release, "released") if is_back else (mark_written, "written")
        if (wave, territory) not in self.waves:
            with pytest.raises(UsageError):
                act(self.store, NAME, wave=wave, territory=territory, at=AT)
            return
        act(self.store, NAME, wave=wave, territory=territory, at=AT)
        from_states = ("planned", "written") if is_back else ("planned",)
        for key, (state, where) in self.lines.items():
            if (key[2], where) == (wave, territory) and state in from_states:
                self.lines[key] = (after, where)

    @rule(
        told=st.lists(
            st.tuples(st.sampled_from(YOUTHS), st.sampled_from(OFFERS), st.integers(1, 3),
                      st.sampled_from(ORDER)), min_size=1, max_size=4)
    )  # fmt: skip
    def answers(self, told):
        frame = pd.DataFrame(told, columns=["youth_id", "offer_id", "wave", "state"])
        note_states(self.store, NAME, frame, at=AT)
        for *key, state in told:
            if tuple(key) in self.lines:
                now, where = self.lines[tuple(key)]
                self.lines[tuple(key)] = (min(now, state, key=ORDER.index), where)

    @rule(youth=st.sampled_from(YOUTHS))
    def forget(self, youth):
        forget_youth(self.store, NAME, youth, at=AT)
        for key in [key for key in self.lines if key[0] == youth]:
            state, _ = self.lines.pop(key)
            self.gone[key[1]] += state not in FREE

    @invariant()
    def the_store_says_the_same(self):
        rows = sent_lines(self.store, NAME)
        columns = (rows[name] for name in ("youth_id", "offer_id", "wave", "state"))
        found = {(y, o, int(w)): state for y, o, w, state in zip(*columns, strict=True)}
        assert found == {key: state for key, (state, _) in self.lines.items()}
        with reading(self.store, NAME) as connection:
            noted = {row.offer_id: row.n for row in connection.execute(select(EXPOSURE))}
            assert not log_faults(connection, NAME)
        assert {o: n for o, n in noted.items() if n} == {
            o: self.taken(o) for o in OFFERS if self.taken(o)
        }


FEW = settings(
    max_examples=12, stateful_step_count=12, deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip


class TestCampaign(Campaign.TestCase):
    settings = FEW


@pytest.mark.long
class TestLongCampaign(Campaign.TestCase):
    settings = settings(FEW, max_examples=300, stateful_step_count=30)


@pytest.mark.parametrize("kind", BOTH)
def test_a_wave_of_both_databases_reads_the_same(kind, tmp_path):
    store = opened(place_of(kind, tmp_path))
    pairs = [(y, o) for y in ("Y2", "Y1", "é", "Z", "a") for o in ("O1", "o1", "Ö")]
    done = reserve(store, asked(pairs, cap=3), at=AT)
    again = reserve(store, asked(pairs, cap=9), at=AT)
    assert len(done.lines) == 9
    assert set(done.refused["why"]) == {"full"}
    assert not again.is_new
    assert again.lines.equals(done.lines)
    mark_written(store, NAME, wave=1, territory="53", at=AT)
    rows = sent_lines(store, NAME)
    assert rows["youth_id"].tolist() == sorted(rows["youth_id"])
    assert set(rows["sent_at"]) == {"2026-12-01"}
    # Places of who bounced are free for another region, and only these.
    back = rows.head(3).assign(state="bounced")
    assert note_states(store, NAME, back, at=AT).moved == 3
    other = [(f"N{i}", offer) for offer in sorted(set(rows["offer_id"])) for i in range(9)]
    more = reserve(store, asked(other, territory="11", cap=3, run_id="run-2"), at=AT)
    assert Counter(more.lines["offer_id"]) == Counter(back["offer_id"])


def test_the_order_of_rows_changes_nothing(tmp_path):
    pairs = [(f"Y{i}", f"O{j}") for i in range(6) for j in range(2)]
    wanted = asked(pairs, cap=3)
    turned = asked(pairs, cap=3)
    turned = type(turned)(
        campaign=NAME, wave=1, territory="53", run_id="run-1", caps=turned.caps,
        lines=turned.lines.iloc[::-1].reset_index(drop=True),
    )  # fmt: skip
    one, two = (opened(place_of("sqlite", tmp_path)) for _ in range(2))
    assert reserve(one, wanted, at=AT).lines.equals(reserve(two, turned, at=AT).lines)


def test_a_quota_keeps_places_for_the_regions_that_come_later(tmp_path):
    store = opened(place_of("sqlite", tmp_path))
    set_quotas(store, NAME, {"53": 34}, at=AT)  # of 4 places: 2
    first = reserve(store, asked([(f"Y{i}", "O") for i in range(5)], cap=4), at=AT)
    assert first.refused["why"].tolist() == ["quota"] * 3
    forget_youth(store, NAME, first.lines["youth_id"].iloc[0], at=AT)
    again = reserve(store, asked([("Z", "O")], cap=4, wave=2), at=AT)
    assert again.refused["why"].tolist() == ["quota"]  # who is forgotten took a place
    late = reserve(store, asked([(f"L{i}", "O") for i in range(5)], cap=4, territory="11"), at=AT)
    assert (len(late.lines), set(late.refused["why"])) == (2, {"full"})


def test_a_wave_that_must_be_whole_is_refused_whole(tmp_path):
    store = opened(place_of("sqlite", tmp_path))
    with pytest.raises(CheckError, match="3 des 5"):
        reserve(store, asked([(f"Y{i}", "O") for i in range(5)], cap=2), at=AT, whole=True)
    assert not len(sent_lines(store, NAME))
