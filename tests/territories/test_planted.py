"""A territory that an engine, a list or a paper does not heed: refused, by its own rule."""

from __future__ import annotations

import json

import numpy as np
import pytest

from matchmaker import match
from matchmaker.candidates import market as markets
from matchmaker.errors import CheckError
from matchmaker.lists import exposure, terms
from matchmaker.routes import follow_up as routes
from matchmaker.scoring import total
from matchmaker.scoring.criteria import level, region
from matchmaker.settings import Settings
from matchmaker.tables.checks import tables as checks
from matchmaker.tables.territories import by_row, with_reach
from matchmaker.verify import check
from tests.territories.test_territories import AS_OF, HERE, OTHER, files, given_to, of

__all__ = ["files"]  # the fixture


def for_all(settings, name, frame):
    return by_row(Settings.from_dict({**settings.to_dict(), "territories": {}}), name, frame)


def reach_for_all(youths, settings):
    return with_reach(youths, Settings(reach_km=settings.reach_km))


def no_own_caps(market, settings):
    none = np.zeros(0, dtype=np.int64)
    return none, none


# By the key of the territory: the place that forgets it, what stands there then, and the rule
# that refuses the run.
PLANTED = {
    "reach_km": (checks, "with_reach", reach_for_all, "reach_assumed"),
    "mobile_reach_factor": (markets, "by_row", for_all, "reach"),
    "min_days_left": (markets, "by_row", for_all, "offer_expiry"),
    "lines_per_youth": (terms, "by_row", for_all, "list_length"),
    "min_lines": (routes, "by_row", for_all, "follow_up_all"),
    "strict_region": (region, "by_row", for_all, "strict_region"),
    "strict_level": (level, "by_row", for_all, "strict_level"),
    "contract_types": (total, "contracts_by_home", lambda market, settings: None, "contract_type"),
    "lists_per_seat": (exposure, "_own_caps", no_own_caps, "exposure"),
    "lists_per_firm": (exposure, "_own_caps", no_own_caps, "exposure"),
}
TIGHTER = OTHER | {"mobile_reach_factor": 1, "lists_per_seat": 1, "min_lines": 5}
CROWDED = {"lists_per_seat": 3, "lists_per_firm": 3}  # of all: so that many lists show a seat


@pytest.mark.parametrize("name", PLANTED)
def test_a_territory_that_is_not_heeded_is_refused(files, name, monkeypatch, tmp_path):
    settings = Settings.from_dict(CROWDED | {"territories": of(HERE, **{name: TIGHTER[name]})})
    match(*given_to(files), as_of=AS_OF, settings=settings).save(tmp_path / "right")
    place, forgets, instead, rule = PLANTED[name]
    monkeypatch.setattr(place, forgets, instead)
    with pytest.raises(CheckError) as caught:
        match(*given_to(files), as_of=AS_OF, settings=settings).save(tmp_path / "wrong")
    assert f"{rule} (" in caught.value.text("en"), caught.value.text("en")
    assert not (tmp_path / "wrong").exists()


@pytest.fixture(scope="module")
def saved(files, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "run"
    own = of(HERE, **OTHER) | of("93", reach_km=25)
    match(*given_to(files), as_of=AS_OF, settings={"territories": own}).save(folder)
    return folder


def test_a_run_with_every_key_is_verified_in_full(saved):
    assert check(saved, full=True) == ()


@pytest.mark.parametrize(
    ("file", "change", "column"),
    [
        ("manifest.json", lambda m: m["territories"][0].update(pilot="Personne"), "territories"),
        ("manifest.json", lambda m: m["territories"].pop(), "territories"),
        ("summary.json", lambda s: s["territories"]["territories"][0].update(pilot="Nul"), "territories"),
        (
            "summary.json",
            lambda s: s["territories"]["territories"][0]["settings"][0].update(here=99),
            "territories",
        ),
        (
            "summary.json",
            lambda s: s["territories"]["territories"][0]["with"].update(served=0),
            "territories.53",
        ),
        ("summary.json", lambda s: s["territories"]["others"]["with"].update(lines=1), "territories.others"),
        ("summary.json", lambda s: s.pop("territories"), "territories"),
    ],
)  # fmt: skip
def test_what_is_told_of_territories_is_counted_again(saved, tmp_path, file, change, column):
    import shutil

    folder = tmp_path / "run"
    shutil.copytree(saved, folder)
    told = json.loads((folder / file).read_text(encoding="utf-8"))
    change(told)
    (folder / file).write_text(json.dumps(told), encoding="utf-8")
    faults = {(one.rule, one.column) for one in check(folder)}
    assert ("figure", column) in faults


def test_a_pilot_that_the_report_does_not_name_is_missed(saved, tmp_path):
    import shutil

    folder = tmp_path / "run"
    shutil.copytree(saved, folder)
    page = folder / "report.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("Bureau des tests", "X"), encoding="utf-8"
    )
    assert ("report_figures", "pilots") in {(one.rule, one.column) for one in check(folder)}
