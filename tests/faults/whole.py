"""The whole command, killed at many moments of a run."""

from __future__ import annotations

import csv
import hashlib
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Told", "killed_at_moments", "state", "world"]

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
DAYS = ("2023-09-15", "2023-09-16")
BUG = 70  # the exit code of a bug of ours
EVERY = 10  # after so many kills the next run is let through, and must need no hand


@dataclass(slots=True, kw_only=True)
class Told:
    """What was found after the kills of one signal.

    Attributes
    ----------
    found : Counter
        Which folder stood, by (``old`` or ``new``, exit code).
    problems : list of str
    """

    found: Counter[tuple[str, int]] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def world(folder: Path) -> Path:
    """Write ten youths of the samples and a hundred offers."""
    youths, wishes, offers = (_rows(name) for name in ("youths", "wishes", "offers"))
    ids = {row[0] for row in youths[:11]}
    tables = {
        "youths": youths[:11],
        "wishes": [row for row in wishes if row[0] in ids],
        "offers": offers[:120],
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as sink:
            csv.writer(sink).writerows(rows)
    return folder


def _rows(name: str) -> list[list[str]]:
    with (SAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def command(folder: Path, day: str) -> list[str]:
    """Return the words of a run of a day into ``folder/out``."""
    tables = [f"--{name}={folder / name}.csv" for name in ("youths", "wishes", "offers")]
    out = f"--out={folder / 'out'}"
    return [sys.executable, "-m", "matchmaker", "match", *tables, f"--as-of={day}", out]


def state(out: Path) -> str:
    """Return the day of the folder that stands, or what is wrong with it."""
    try:
        manifest = json.loads((out / "manifest.json").read_bytes())
        names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
        due = {*manifest["outputs"], "manifest.json", "timings.json"}
        if names != due:
            return f"files {sorted(names ^ due)}"
        for name, sha256 in manifest["outputs"].items():
            if hashlib.sha256((out / name).read_bytes()).hexdigest() != sha256:
                return f"bytes of {name}"
    except (OSError, ValueError, KeyError) as error:
        return f"{type(error).__name__}: {error}"
    return str(manifest["as_of"])


def killed_at_moments(folder: Path, number: signal.Signals, moments: int) -> Told:
    """Kill a run at moments spread over its length, and look at what stands.

    Parameters
    ----------
    folder : Path
        Of `world`.
    number : Signals
        What it is sent.
    moments : int

    Returns
    -------
    Told
    """
    told, quiet = Told(), {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    out = folder / "out"
    subprocess.run(command(folder, DAYS[0]), check=True, **quiet)
    start = time.perf_counter()
    subprocess.run(command(folder, DAYS[0]), check=True, **quiet)
    length_s = time.perf_counter() - start
    write_s = json.loads((out / "timings.json").read_bytes())["write"]
    for moment in range(moments):
        before = state(out)
        day = DAYS[before == DAYS[0]]
        share = (moment + 0.5) / moments
        with subprocess.Popen(command(folder, day), **quiet) as process:
            if moment % 2:  # half of them while the folder is written, which is soon done
                while process.poll() is None and not any(folder.glob(".out.partial-*")):
                    time.sleep(0.001)
                time.sleep(1.2 * write_s * share)
            else:
                time.sleep(length_s * share)
            process.send_signal(number)
            error = process.communicate()[1].decode()
        after = state(out)
        if after not in (before, day):
            told.problems.append(f"moment {moment}: {after}")
        if "Traceback" in error:
            told.problems.append(f"moment {moment}: {error.splitlines()[-1]}")
        if process.returncode == BUG:
            told.problems.append(f"moment {moment}: {error}")
        told.found["new" if after == day else "old", process.returncode] += 1
        if moment % EVERY == EVERY - 1:
            subprocess.run(command(folder, day), check=True, **quiet)
            left = sorted(path.name for path in folder.iterdir() if path.suffix != ".csv")
            if left != ["out"] or state(out) != day:
                told.problems.append(f"after moment {moment}: {left}, {state(out)}")
    return told
