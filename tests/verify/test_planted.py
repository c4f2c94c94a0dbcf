"""Bugs planted into the engine, one at a time: each run is refused before anything is published."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import matchmaker
from matchmaker import Settings, generate
from matchmaker.candidates import market as markets
from matchmaker.errors import CheckError
from matchmaker.explain import published
from matchmaker.lists import share
from matchmaker.report import tables as written
from matchmaker.routes import follow_up as routes
from matchmaker.runs import match_result, stages
from matchmaker.scoring.criteria import contract, distance, level, region, start, wish

AS_OF = dt.date(2023, 9, 15)
REFERENTS = pd.DataFrame(
    {
        "departement": ["35", "29", "22", "56"],
        "referent_name": ["ML 35", "ML 29", "ML 22", "ML 56"],
        "referent_contact": [
            "35@example.org",
            "29@example.org",
            "22@example.org",
            "56@example.org",
        ],
    }
)


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    made = generate(youths=120, offers=1500, out=folder, regions=["Bretagne"], seed=5)
    frames = [
        pd.read_csv(made[n], dtype=str, keep_default_na=False)
        for n in ("youths", "wishes", "offers")
    ]
    youths, wishes, offers = frames
    # Some of everybody: the very young, those who want to wait, who said no; what has expired,
    # starts far off, lies in the next region.
    youths.loc[::5, "birth_date"] = "2009-06-01"
    youths.loc[1::5, "available_from"] = "2024-06-01"
    youths.loc[2::9, "opt_out"] = "true"
    youths.loc[3::9, "status"] = "placed"
    offers.loc[::2, "start_date"] = "2023-10-02"
    offers.loc[1::4, "contract_type"] = "professionnalisation"
    offers.loc[::3, "level"] = "5"
    offers.loc[1::3, "level"] = "3"
    offers.loc[::7, "expiry_date"] = "2023-09-10"
    return youths, wishes, offers


def wrapped(monkeypatch, owner, name, change):
    """Put what `change` makes of its answer in the place of a function's answer."""
    right = getattr(owner, name)
    monkeypatch.setattr(
        owner, name, lambda *args, **options: change(right(*args, **options), *args)
    )


def other_settings(**changed):
    """Let a criterion see other settings than those of the run."""

    def plant(monkeypatch, criterion):
        right = criterion.table
        monkeypatch.setattr(
            criterion,
            "table",
            lambda self, context: right(
                self, replace(context, settings=replace(context.settings, **changed))
            ),
        )

    return plant


def points_of(monkeypatch, criterion, change):
    """Let a criterion see another scale than that of the settings."""
    right = criterion.table
    monkeypatch.setattr(
        criterion,
        "table",
        lambda self, context: right(self, replace(context, points=change(dict(context.points)))),
    )


def backwards(points):
    return dict(zip(points, reversed(points.values()), strict=True))


def all_days(answer, *_):
    first, last = answer
    return np.zeros_like(first), np.full_like(last, 30_000)


def always(days, *_):
    return replace(days, first=np.zeros_like(days.first), last=np.full_like(days.last, 30_000))


def halved(near, *_):
    return replace(
        near, value=np.where(near.step > 0, near.value // 2, near.value).astype(np.int32)
    )


def nobody_is_out(state, *_):
    return np.zeros_like(state)


def column(name, change):
    """Plant a bug into one column of the lists as they are told."""

    def plant(monkeypatch):
        wrapped(
            monkeypatch, published, "lists_frame", lambda f, *_: f.assign(**{name: change(f[name])})
        )

    return plant


def shifted(cells):
    return np.roll(cells.to_numpy(), 1)


def strict(name, criterion):
    plant = other_settings(**{name: False})
    return {"settings": {name: True}, "plant": lambda m: plant(m, criterion)}


def to_the_next(mailing, *_):
    ids = mailing.column(0).to_pylist()
    return mailing.set_column(0, "youth_id", [[*ids[1:], *ids[:1]]])


def other_links(source, *_):
    at = source.column_names.index("url")
    return source.set_column(at, "url", [["https://example.com"] * len(source)])


def unshown(monkeypatch):
    """Let no first list earn a bonus, and the search for a way find none."""
    right = share._first_state

    def planted(*args):
        asked, state = right(*args)
        return asked, replace(state, show_bonus=0)

    monkeypatch.setattr(share, "_first_state", planted)
    monkeypatch.setattr(share, "are_most_shown", lambda allowed, chosen, asked: (True, asked))


BUGS = {
    "ages are not obeyed": {"plant": lambda m: wrapped(m, contract, "_days", all_days)},
    "the start is not obeyed": {"plant": lambda m: wrapped(m, start, "_window", always)},
    "the strict level is not obeyed": strict("strict_level", level.Level),
    "the strict region is not obeyed": strict("strict_region", region.Region) | {"shift": True},
    "the nearness of other trades is halved": {"plant": lambda m: wrapped(m, markets, "nearness", halved)},
    "points of wishes are reversed": {"plant": lambda m: points_of(m, wish.Wish, backwards)},
    "points of levels are reversed": {"plant": lambda m: points_of(m, level.Level, backwards)},
    "points of regions are reversed": {"plant": lambda m: points_of(m, region.Region, backwards)},
    "points of starts are reversed": {"plant": lambda m: points_of(m, start.Start, backwards)},
    "points of distances are reversed": {"plant": lambda m: points_of(m, distance.Distance, lambda p: {**p, "at_home": p["at_edge"], "at_edge": p["at_home"]})},
    "who opted out or found one gets a list": {"plant": lambda m: wrapped(m, markets, "_youth_states", nobody_is_out)},
    "expired offers are shown": {"plant": lambda m: wrapped(m, markets, "_offer_rules", lambda r, *_: r & ~np.uint8(8))},
    "reasons are those of the line before": {"plant": column("reason", shifted)},
    "distances are halved": {"plant": column("distance_km", lambda km: km / 2)},
    "rungs are those of the line before": {"plant": column("rung", shifted)},
    "ranks of wishes are those of the line before": {"plant": column("wish_rank", shifted)},
    "trades are those of the line before": {"plant": column("trade_code", lambda c: shifted(c.astype("str")))},
    "each youth is mailed the next one's offers": {"plant": lambda m: wrapped(m, written, "_laid_out", to_the_next)},
    "the links of the mailing lead elsewhere": {"plant": lambda m: wrapped(m, written, "_mailing_source", other_links)},
    "referents are those of other territories": {"plant": lambda m: wrapped(m, routes, "assign_referents", lambda f, *_: f.assign(referent_name=shifted(f["referent_name"])))},
    "who has no line is not followed up": {"plant": lambda m: wrapped(m, stages, "follow_up", lambda f, *_: f[f["lines"] > 0].reset_index(drop=True))},
    "one youth is forgotten": {"plant": lambda m: wrapped(m, stages, "with_referents", lambda f, *_: f.iloc[1:].reset_index(drop=True))},
    "published offers are forgotten": {"plant": unshown, "settings": {"lines_per_youth": 2}},
    "an offer in no list is not told": {"plant": lambda m: wrapped(m, stages, "orphans_frame", lambda f, *_: f.iloc[1:].reset_index(drop=True))},
    "the report is empty": {"plant": lambda m: m.setattr(match_result, "html_report", lambda *_, **__: "")},
    "the report runs a script": {"plant": lambda m: wrapped(m, match_result, "html_report", lambda t, *_: t.replace("</main>", "<script>x()</script></main>"))},
    "the report is of another run": {"plant": lambda m: wrapped(m, match_result, "html_report", lambda t, *_: t.replace("2023", "2022"))},
    "the summary counts one youth more": {"plant": lambda m: wrapped(m, stages, "table_figures", lambda f, *_: {**f, "youths": {**f["youths"], "served": f["youths"]["served"] + 1}})},
}  # fmt: skip


def run(given, out, bug):
    youths, wishes, offers = given
    if bug.get("shift"):  # some of the offers lie beyond the border
        offers = offers.assign(
            commune_code=offers["commune_code"].where(offers.index % 2 == 0, "44109")
        )
        offers = offers.assign(postal_code=offers["postal_code"].where(offers.index % 2 == 0, ""))
        youths = youths.assign(max_distance_km="200")
    settings = Settings(min_lines=8, **bug.get("settings", {}))
    result = matchmaker.match(
        youths, wishes, offers, as_of=AS_OF, settings=settings, referents=REFERENTS, assignment=True
    )
    result.save(out)


@pytest.mark.long
@pytest.mark.parametrize("name", BUGS)
def test_a_bug_of_the_engine_is_refused_before_anything_is_published(
    given, tmp_path, monkeypatch, name
):
    bug = BUGS[name]
    with monkeypatch.context() as planted:
        bug["plant"](planted)
        with pytest.raises(CheckError):
            run(given, tmp_path / "run", bug)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "kind", [{}, BUGS["the strict region is not obeyed"]], ids=["plain", "strict"]
)
def test_without_any_bug_the_run_is_published(given, tmp_path, kind):
    run(given, tmp_path / "run", kind)
    assert (tmp_path / "run" / "report.html").exists()


def test_there_are_more_than_twenty():
    assert len(BUGS) >= 20
