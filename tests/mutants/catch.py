"""Put mutants, one after another, into copies of the sources, and run the tests that must notice.

Copies are hard links to one base, so that numba finds the kernels that it has compiled: it
goes by the age of a source file, and only the mutated one is new.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.mutants import Mutant

__all__ = ["answers", "mutated", "source_of", "warm_base"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "matchmaker"
AT_ONCE = 2  # mutants
PASSED, FAILED = 0, 1  # of pytest; any other answer says that the tests did not run
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly")


def source_of(mutant: Mutant, sources: Path = ROOT / "src") -> Path:
    """Return the file that a mutant is of."""
    return sources / PACKAGE / mutant.file


def mutated(text: str, mutant: Mutant) -> str:
    """Return a source with the wrong line in the place of the right one.

    Raises
    ------
    ValueError
        The right line does not stand exactly once in the source.
    """
    lines = text.splitlines(keepends=True)
    places = [at for at, line in enumerate(lines) if line.strip() == mutant.line]
    if len(places) != 1:
        raise ValueError(f"{mutant.file}: {len(places)} lines, not one, are {mutant.line}")
    lines[places[0]] = lines[places[0]].replace(mutant.line, mutant.by)
    return "".join(lines)


def warm_base(folder: Path, mutants: Sequence[Mutant]) -> Path:
    """Return a copy of the sources in which the tests named pass and all kernels are compiled.

    Raises
    ------
    RuntimeError
        A test fails although nothing is wrong.
    """
    base = folder / "base"
    shutil.copytree(ROOT / "src" / PACKAGE, base / PACKAGE)  # times of files are kept
    with ThreadPoolExecutor(AT_ONCE) as workers:
        files = sorted({shlex.split(mutant.caught_by)[0] for mutant in mutants})
        for run in workers.map(partial(_pytest, base), files):
            if run.returncode != PASSED:
                raise RuntimeError(f"without any mutant:\n{run.stdout[-3000:]}")
    return base


def answers(base: Path, mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant, and whether the tests named for it fail as they must.

    Raises
    ------
    RuntimeError
        They could not be run.
    """
    with ThreadPoolExecutor(AT_ONCE) as workers:
        yield from zip(mutants, workers.map(partial(_is_caught, base), mutants), strict=True)


def _is_caught(base: Path, mutant: Mutant) -> bool:
    with TemporaryDirectory(dir=base.parent) as folder:
        copy = Path(folder)
        shutil.copytree(base / PACKAGE, copy / PACKAGE, copy_function=os.link)
        file = source_of(mutant, copy)
        text = mutated(file.read_text(encoding="utf-8"), mutant)
        file.unlink()  # this link, not the file of the base
        file.write_text(text, encoding="utf-8")
        run = _pytest(copy, mutant.caught_by)
    if run.returncode not in (PASSED, FAILED):
        raise RuntimeError(f"{mutant.file}, {mutant.by}:\n{run.stdout[-3000:]}")
    return run.returncode == FAILED


def _pytest(sources: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    """Run some tests on the sources of a folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, *shlex.split(arguments)],
        cwd=ROOT,
        env={**env, "PYTHONPATH": os.pathsep.join([str(sources), *filter(None, sys.path)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
