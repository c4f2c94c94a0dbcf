"""A territory beside the national frame: what it changes for its own, and nothing for others."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from matchmaker import generate, match
from matchmaker.candidates.fused import fused_engine
from matchmaker.candidates.market import build_market, with_settings
from matchmaker.candidates.plain import plain_engine
from matchmaker.lists.earlier import remembered_lines
from matchmaker.lists.exposure import exposure_caps
from matchmaker.lists.terms import whole_terms
from matchmaker.runs.identity import content_of, named
from matchmaker.scoring.total import scoring_of
from matchmaker.settings import Settings
from matchmaker.tables import load
from matchmaker.territories import OF_HOME, OF_PLACE, Territory
from matchmaker.words import table

AS_OF = dt.date(2023, 9, 15)
HERE, THERE = "53", "93"  # Bretagne, and 600 km away
OTHER = {
    "reach_km": 12, "mobile_reach_factor": 4, "lines_per_youth": 4, "min_lines": 3,
    "strict_region": True, "strict_level": True, "contract_types": ["professionnalisation"],
    "lists_per_seat": 2, "lists_per_firm": 1, "min_days_left": 40,
}  # fmt: skip


def of(code, **own):
    return {code: {"pilot": "Bureau des tests", **own}}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Youths near a border of two regions and far away; half of them give no reach."""
    made = generate(
        youths=90, offers=900, out=tmp_path_factory.mktemp("world"), seed=5,
        regions=["Bretagne", "Pays de la Loire", "Provence-Alpes-Côte d'Azur"],
    )  # fmt: skip
    frames = {name: pd.read_csv(made[name], dtype="str") for name in ("youths", "wishes", "offers")}
    youths, offers = frames["youths"], frames["offers"]
    youths.loc[::2, "max_distance_km"] = None
    youths["is_mobile"] = ["oui", "non", "oui"] * (len(youths) // 3)
    turn = np.arange(len(offers))
    offers["kind"] = np.where(turn % 2, "offer", "spontaneous")
    offers["contract_type"] = np.array(["apprentissage", "professionnalisation", ""])[turn % 3]
    offers["expiry_date"] = np.where(turn % 4 == 1, "2023-10-10", None)
    offers["level"] = np.array(["3", "4", "5", None], dtype=object)[turn % 4]
    return frames


def given_to(files):
    return [files[name] for name in ("youths", "wishes", "offers")]


def tables_of(files, settings):
    return load(*given_to(files), as_of=AS_OF, settings=settings)


def eligible(files, settings, engine_of):
    """Return by pair of ids its score, of all that are eligible."""
    market = build_market(tables_of(files, settings), settings, as_of=AS_OF)
    engine = engine_of(market, scoring_of(market, settings).tables)
    pairs = engine.best(k=len(market.offers)).pairs
    youth, offer = (
        market.youths["youth_id"].to_numpy()[pairs.youth],
        market.offers["offer_id"].to_numpy()[pairs.offer],
    )
    return dict(zip(zip(youth, offer, strict=True), pairs.score.tolist(), strict=True)), market


@pytest.mark.parametrize("engine_of", [fused_engine, plain_engine])
@pytest.mark.parametrize(
    "name",
    [
        n
        for n in (*OF_HOME, *OF_PLACE)
        if n not in ("lines_per_youth", "min_lines", "lists_per_seat", "lists_per_firm")
    ],
)
def test_the_pairs_of_a_territory_are_those_of_a_run_that_sets_it_for_all(files, name, engine_of):
    """The oracle is the same engine without territories, once with each value."""
    value = OTHER[name]
    found, market = eligible(files, Settings(territories=of(HERE, **{name: value})), engine_of)
    national, _ = eligible(files, Settings(), engine_of)
    for_all, _ = eligible(files, Settings.from_dict({name: value}), engine_of)
    frame, key = (market.youths, 0) if name in OF_HOME else (market.offers, 1)
    is_here = frame.set_index(frame.columns[0])["region_code"].eq(HERE).to_dict()
    due = {p: s for p, s in national.items() if not is_here[p[key]]}
    due |= {p: s for p, s in for_all.items() if is_here[p[key]]}
    assert found == due
    assert found not in (national, for_all)  # the world shows the difference


def test_caps_and_lengths_are_those_of_the_place_and_of_the_home(files):
    own = {name: OTHER[name] for name in ("lines_per_youth", "lists_per_seat", "lists_per_firm")}
    settings = Settings(territories=of(HERE, **own))
    market = build_market(tables_of(files, settings), settings, as_of=AS_OF)
    for_all = Settings(**own)
    here = market.offers["region_code"].eq(HERE).to_numpy()
    due = np.where(here, exposure_caps(market, for_all), exposure_caps(market, Settings()))
    assert exposure_caps(market, settings).tolist() == due.tolist()
    assert 0 < here.sum() < len(here)
    nothing = remembered_lines(None, market)
    found, national, all_there = (
        whole_terms(market, one, nothing) for one in (settings, Settings(), for_all)
    )
    home = market.youths["region_code"].eq(HERE).to_numpy()
    lengths = np.where(home, all_there.youth_capacity, national.youth_capacity)
    assert found.youth_capacity.tolist() == lengths.tolist()
    sector = np.where(home, all_there.laminar_caps.outer_caps, national.laminar_caps.outer_caps)
    assert found.laminar_caps.outer_caps.tolist() == sector.tolist()


def test_a_market_under_other_settings_is_the_one_that_would_be_built(files):
    settings = Settings(territories=of(HERE, **OTHER))
    market = build_market(tables_of(files, settings), settings, as_of=AS_OF)
    again = with_settings(market, Settings())
    built = build_market(tables_of(files, Settings()), Settings(), as_of=AS_OF)
    for name in ("reach_km", "reach_factor", "offer_rules", "is_open", "seats", "offer_state"):
        assert getattr(again, name).tolist() == getattr(built, name).tolist(), name
    assert again.youths.equals(built.youths)
    assert market.reach_km.tolist() != built.reach_km.tolist()


def written(result, folder):
    result.save(folder)
    skip = {"timings.json"}
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in skip
    }


def test_a_section_that_repeats_the_frame_changes_no_byte(files, tmp_path):
    plain = Settings().to_dict()
    same = {name: plain[name] for name in (*OF_HOME, *OF_PLACE)}
    same["contract_types"] = same["contract_types"][::-1]  # their order says nothing
    before = written(match(*given_to(files), as_of=AS_OF), tmp_path / "a")
    after = written(
        match(*given_to(files), as_of=AS_OF, settings={"territories": of(HERE, **same)}),
        tmp_path / "b",
    )
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []


@given(
    names=st.sets(st.sampled_from([*OF_HOME, *OF_PLACE])),
    different=st.sampled_from(["", *OF_HOME, *OF_PLACE]),
)
def test_only_what_differs_is_written_and_named(names, different):
    plain = Settings().to_dict()
    own = {name: plain[name] for name in names} | (
        {different: OTHER[different]} if different else {}
    )
    settings = Settings(territories=of(HERE, **own))
    due = of(HERE, **{different: OTHER[different]}) if different else {}
    assert settings.to_dict()["territories"] == due
    assert Settings.from_dict(settings.to_dict()).differing() == due
    given_ids = {
        named(content_of(as_of=AS_OF, inputs=[], reference=[], settings=one, asked={}))
        for one in (Settings(), settings)
    }
    assert len(given_ids) == 1 + bool(different)


@st.composite
def territories(draw):
    """Return values of all keys for one territory."""
    return {
        "reach_km": draw(st.integers(5, 60)),
        "mobile_reach_factor": draw(st.integers(1, 4)),
        "lines_per_youth": draw(st.integers(1, 8)),
        "min_lines": draw(st.integers(1, 8)),
        "strict_region": draw(st.booleans()),
        "strict_level": draw(st.booleans()),
        "contract_types": draw(
            st.sampled_from([["apprentissage"], ["apprentissage", "professionnalisation"]])
        ),
        "lists_per_seat": draw(st.integers(1, 6)),
        "lists_per_firm": draw(st.integers(1, 4)),
        "min_days_left": draw(st.integers(0, 60)),
    }


# An example is three runs: the first that fails is told as it is.
@effort(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(here=territories(), there=territories())
def test_two_territories_equal_two_runs_on_disjoint_markets(files, here, there):
    tables = tables_of(files, Settings())
    homes, places = (
        frame.set_index(frame.columns[0])["region_code"] for frame in (tables.youths, tables.offers)
    )
    apart = {}
    for code in (HERE, THERE):
        mine = set(homes.index[homes.eq(code)])
        apart[code] = {
            "youths": files["youths"][files["youths"]["youth_id"].isin(mine)],
            "wishes": files["wishes"][files["wishes"]["youth_id"].isin(mine)],
            "offers": files["offers"][
                files["offers"]["offer_id"].isin(places.index[places.eq(code)])
            ],
        }
    base = Settings(max_gap=0.0, reach_km=40)
    both = {name: pd.concat([one[name] for one in apart.values()]) for name in files}
    whole = replace(base, territories=of(HERE, **here) | of(THERE, **there))
    found = match(*given_to(both), as_of=AS_OF, settings=whole)
    parts = [
        match(*given_to(apart[code]), as_of=AS_OF,
              settings=Settings.from_dict({**base.to_dict(), **own}))
        for code, own in ((HERE, here), (THERE, there))
    ]  # fmt: skip
    columns = ["youth_id", "rank", "offer_id", "score", "distance_km", "reason"]
    due = pd.concat([one.lists for one in parts]).sort_values(["youth_id", "rank"])
    got = found.lists.sort_values(["youth_id", "rank"])
    assert got[columns].to_numpy().tolist() == due[columns].to_numpy().tolist()
    mended = pd.concat([one.follow_up for one in parts]).sort_values("youth_id")
    follow_up = found.follow_up.sort_values("youth_id")
    columns = ["youth_id", "lines"]  # why may be an offer 600 km away, told as out of reach
    assert follow_up[columns].to_numpy().tolist() == mended[columns].to_numpy().tolist()
    figures = found.summary["territories"]
    served = [one.summary["youths"]["served"] for one in parts]
    by_code = {one["region_code"]: one for one in figures["territories"]}
    for code, n in zip((HERE, THERE), served, strict=True):
        if code in by_code:
            assert by_code[code]["with"]["served"] == n
    assert figures["all"]["with"]["served"] == sum(served)


def test_what_it_costs_is_the_same_run_without(files):
    own = of(HERE, reach_km=8, strict_region=True)
    found = match(*given_to(files), as_of=AS_OF, settings={"territories": own})
    without = match(*given_to(files), as_of=AS_OF)
    told = found.summary["territories"]
    assert told["all"]["with"]["served"] == found.summary["youths"]["served"]
    assert told["all"]["without"] == {
        "served": without.summary["youths"]["served"],
        "lines": len(without.lists),
        "score": int(without.lists["score"].sum()),
    }
    parts = [*told["territories"], told["others"]]
    for side in ("with", "without"):
        for figure, total in told["all"][side].items():
            assert sum(one[side][figure] for one in parts) == total
    assert told["territories"][0]["with"]["lines"] < told["territories"][0]["without"]["lines"]
    assert [one["pilot"] for one in found.manifest["territories"]] == ["Bureau des tests"]
    assert "territories" not in without.summary
    assert "territories" not in without.manifest
    assert "Bureau des tests" in str(found)


def test_a_contract_of_another_territory_is_the_cause_that_is_named(files):
    """Offers that are open elsewhere alone are told as kept out by their contract, not by age."""
    offers = files["offers"].assign(contract_type="professionnalisation")
    shut = Settings(territories=of(HERE, contract_types=["apprentissage"]))
    found = match(files["youths"], files["wishes"], offers, as_of=AS_OF, settings=shut)
    home = tables_of(files, Settings()).youths.set_index("youth_id")["region_code"]
    served = home[found.lists["youth_id"].unique()]
    assert HERE not in set(served)
    alone = found.unserved.set_index("youth_id")["reason_code"]
    here = alone[home.reindex(alone.index).eq(HERE)]
    assert "contract_type" in set(here)
    assert "contract_type" not in set(alone[~home.reindex(alone.index).eq(HERE)])


def test_territory_objects_are_taken_too():
    by_object = Settings(territories={"Bretagne": Territory(pilot="DREETS", reach_km=20)})
    assert by_object == Settings(
        territories=of("53", reach_km=20) | {"53": {"pilot": "DREETS", "reach_km": 20}}
    )
    assert by_object.most("reach_km") == 30


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_report_calls_each_key_by_a_name_for_people(lang):
    assert tuple(table(lang, "territory_key")) == (*OF_HOME, *OF_PLACE)
