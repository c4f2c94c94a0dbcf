"""Deferred acceptance beside `matching` and `algmatch`, same markets, same answers.

Run from the repository root::

    python -m benchmarks.peers.deferred_acceptance

The rivals are installed into an environment of their own (folder given by ``--env``, a
temporary one by default), because algmatch brings a proprietary solver along that it does
not need for this problem.  Versions are pinned below.  Each is used as its own
documentation says; `matching` recurses once a youth and copies its players deeply, so its
recursion limit and the thread's stack are raised, or it fails from 600 youths on.

Markets: n youths, n/5 offers of 5 seats, strict lists of 10 drawn evenly, offers rank all
youths who wish them in random order.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

RIVALS = ("matching==1.4.3", "algmatch==1.5.2")
SIZES = (1000, 5000)
LIMIT_S = 300


def market(n: int, seed: int = 0) -> tuple[dict, dict, dict]:
    source = random.Random(seed)
    offers = [f"o{i}" for i in range(n // 5)]
    youths = {f"y{i}": source.sample(offers, 10) for i in range(n)}
    rankings: dict[str, list[str]] = {o: [] for o in offers}
    for y, wishes in youths.items():
        for o in wishes:
            rankings[o].append(y)
    for fans in rankings.values():
        source.shuffle(fans)
    return youths, rankings, dict.fromkeys(offers, 5)


def by_ours(youths: dict, rankings: dict, seats: dict) -> dict[str, str]:
    from matchmaker.assignment import deferred_acceptance

    return deferred_acceptance(youths, rankings, seats).by_youth


def by_matching(youths: dict, rankings: dict, seats: dict) -> dict[str, str]:
    import threading

    from matching.games import HospitalResident

    answer = {}

    def run() -> None:
        game = HospitalResident.create_from_dictionaries(youths, rankings, seats)
        for o, fans in game.solve(optimal="resident").items():
            answer.update({y.name: o.name for y in fans})

    sys.setrecursionlimit(10**7)
    threading.stack_size(1 << 30)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answer


def by_algmatch(youths: dict, rankings: dict, seats: dict) -> dict[str, str]:
    from algmatch import HospitalResidentsProblem

    number = {one: i for ids in (youths, rankings) for i, one in enumerate(ids, start=1)}
    name_y = {number[y]: y for y in youths}
    name_o = {number[o]: o for o in rankings}
    solver = HospitalResidentsProblem(
        dictionary={
            "residents": {number[y]: [number[o] for o in ws] for y, ws in youths.items()},
            "hospitals": {
                number[o]: {"capacity": seats[o], "preferences": [number[y] for y in fans]}
                for o, fans in rankings.items()
            },
        },
        optimised_side="residents",
    )
    found = solver.get_stable_matching()["resident_sided"]
    return {
        name_y[int(str(y).lstrip("r"))]: name_o[int(str(o).lstrip("h"))]
        for y, o in found.items()
        if o
    }


def child(who: str, n: int) -> None:
    """Solve one market in this interpreter and print seconds and answer as JSON."""
    solve = {"matchmaker": by_ours, "matching": by_matching, "algmatch": by_algmatch}[who]
    tables = market(n)
    if who == "matchmaker":
        solve(*market(50))  # compiles, or reads the cache
    start = time.perf_counter()
    answer = solve(*tables)
    print(json.dumps({"seconds": time.perf_counter() - start, "answer": answer}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--env", help="folder of the rivals' environment; kept if given")
    parser.add_argument("--child", nargs=2, metavar=("WHO", "N"))
    given = parser.parse_args()
    if given.child:
        child(given.child[0], int(given.child[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        env = Path(given.env or folder)
        rival_python = env / "bin" / "python"
        if not rival_python.exists():
            venv.create(env, with_pip=True)
            subprocess.run([rival_python, "-m", "pip", "install", "-q", *RIVALS], check=True)
        for n in SIZES:
            expected = None
            for who in ("matchmaker", "matching", "algmatch"):
                python = sys.executable if who == "matchmaker" else str(rival_python)
                try:
                    done = subprocess.run(
                        [python, __file__, "--child", who, str(n)],
                        capture_output=True,
                        text=True,
                        timeout=LIMIT_S,
                        check=False,
                        env={**os.environ},
                    )
                except subprocess.TimeoutExpired:
                    print(f"n={n:>5}  {who:<10}  over {LIMIT_S} s")
                    continue
                if done.returncode:
                    reason = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
                    print(f"n={n:>5}  {who:<10}  failed: {reason[:120]}")
                    continue
                result = json.loads(done.stdout.splitlines()[-1])
                expected = expected or result["answer"]
                same = "same answer" if result["answer"] == expected else "OTHER ANSWER"
                print(f"n={n:>5}  {who:<10}  {result['seconds']:8.3f} s  {same}", flush=True)


if __name__ == "__main__":
    main()
