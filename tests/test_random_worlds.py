"""Two hundred random worlds under random settings: no traceback, and nothing for verify to find.

From files to a folder as `match` does it, then `verify --full`.  What a seed stands for is told
by ``python -m tests.test_random_worlds SEED FOLDER``, which makes the world and its run there.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from matchmaker import Settings, generate, match
from matchmaker.errors import MatchmakerError
from matchmaker.verify import check

WORLDS, BLOCK = 200, 10
REGIONS = ("Bretagne", "Corse", "Île-de-France", "La Réunion", "Occitanie", "Guadeloupe")
CONTRACTS = ("apprentissage", "professionnalisation")


def often(draw: random.Random, usual: Any, *others: Any) -> Any:
    """Draw the usual value three times of five: many extremes at once leave nothing to share."""
    return usual if draw.random() < 0.6 else draw.choice(others)


def sizes(draw: random.Random) -> dict[str, Any]:
    """Draw what the generator is asked for: now and then a single youth, or a single offer."""
    return {
        "youths": draw.choice((1, 3, 12, 25, 40, 60)),
        "offers": draw.choice((1, 40, 200, 400, 600)),
        "firm_share": often(draw, 0.7, 0.0, 0.3, 0.96, 1.0),
        "regions": draw.sample(REGIONS, often(draw, 1, 2, 3)),
        "seed": draw.randrange(10_000),
    }


def settings(draw: random.Random) -> Settings:
    """Draw settings that decide who gets what, each far to both sides of its default."""
    lines = often(draw, 10, 1, 2, 5, 15)
    rising = sorted(draw.choices(range(0, 300_000, 10_000), k=often(draw, 0, 1, 2, 3)))
    points = ("trade", "distance", "wish", "level", "region", "start")
    weights = often(draw, {}, {draw.choice(points): draw.randrange(4) * 10})
    cheaper = 10 if weights or draw.random() < 0.2 else 1  # no line costs more than one is worth
    costs = often(draw, (0, 20_000, 60_000, 80_000, 50_000, 100_000), (0,) * 6)
    return Settings(
        seed=draw.randrange(100),
        lang=draw.choice(("fr", "en")),
        lines_per_youth=lines,
        min_lines=often(draw, 6, 0, 1, lines, 20),
        lists_per_seat=often(draw, 5, 1, 2, 10, 50),
        lists_per_firm=often(draw, 3, 0, 1, 5, 20),
        candidates_per_youth=often(draw, 50, 1, 3),
        max_gap=often(draw, 0.0005, 0.0, 0.2),
        objective=often(draw, "best", "fair"),
        assignment_objective=often(draw, "most", "best"),
        other_sector_lines=often(draw, 1, 0, 3),
        lines_per_employer=often(draw, 3, 0, 1),
        competition_costs=tuple(rising),
        line_order=often(draw, "score", "chance"),
        reach_km=often(draw, 60, 1, 10, 30, 500),
        mobile_reach_factor=often(draw, 2, 1, 4),
        strict_region=often(draw, False, True),
        strict_level=often(draw, False, True),
        contract_types=often(draw, CONTRACTS, CONTRACTS[:1], CONTRACTS[1:]),
        min_days_left=often(draw, 5, 0, 40),
        max_early_start_days=often(draw, 60, 0, 400),
        max_late_start_days=often(draw, 365, 0, 100, 3000),
        sector_trades=often(draw, True, False),
        source_levels=often(draw, {}, {"neutral": sorted(draw.choices(range(3, 9), k=2))}),
        rung_costs=tuple(cost // cheaper for cost in costs),
        later_code_cost=often(draw, 30_000, 0) // cheaper,
        level_doubt_cost=often(draw, 20_000, 0) // cheaper,
        show_every_offer=often(draw, True, False),
        weights=weights,
        leave_out_flags=often(draw, ("discriminatory",), (), ("school", "nameless")),
        min_trade_confidence=often(draw, 0.9, 0.0, 1.0),
    )


def wrong_with(seed: int, folder: Path) -> list[str]:
    """Make the world of a seed, match it once or twice, and return all that is wrong."""
    draw = random.Random(seed)
    made = generate(**sizes(draw), out=folder / "world")
    chosen = settings(draw)
    as_of = dt.date(2023, 9, 15) + dt.timedelta(days=often(draw, 0, 30, 200, -100))
    given = {
        "as_of": as_of,
        "settings": chosen,
        "referents": made["referents"] if draw.random() < 0.5 else None,
        "assignment": chosen.objective == "best" and draw.random() < 0.5,  # both choose line 1
    }
    tables = made["youths"], made["wishes"], made["offers"]
    is_second_wave, is_forgetful = often(draw, False, True), often(draw, False, True)
    first = folder / "first"
    wrong = []
    try:
        match(*tables, **given).save(first)
        wrong += [f"{fault}" for fault in check(first, full=True)]
        if is_second_wave:
            second = folder / "second"
            match(*tables, **given, sent=first, ignore_sent=is_forgetful).save(second)
            wrong += [f"second wave: {fault}" for fault in check(second, full=True)]
    except MatchmakerError as error:  # a world that is right is never refused
        wrong.append(f"{type(error).__name__}: {error}")
    except Exception as error:  # noqa: BLE001 - told with the seed
        wrong.append(f"{type(error).__name__} in {_place_of(error)}: {error}")
    return wrong


def _place_of(error: BaseException) -> str:
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return "" if at is None else f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}"


@pytest.mark.filterwarnings("ignore")  # sheets of one world cast doubt on it, as they may
@pytest.mark.parametrize(
    "first",
    [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(BLOCK, WORLDS, BLOCK))],
)
def test_a_random_world_has_no_fault(first, tmp_path):
    wrong = {}
    for seed in range(first, first + BLOCK):
        found = wrong_with(seed, tmp_path / str(seed))
        if found:
            wrong[f"python -m tests.test_random_worlds {seed} FOLDER"] = found
    assert wrong == {}


if __name__ == "__main__":
    for found in wrong_with(int(sys.argv[1]), Path(sys.argv[2])):
        print(found)  # noqa: T201 - it is a command
