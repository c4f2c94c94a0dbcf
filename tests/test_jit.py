"""Kernels cached on disk, and what a new version of the package finds there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TUPLES = "from typing import NamedTuple\nclass {name}(NamedTuple):\n    of: int\n"
KERNEL = """
from matchmaker.jit import jit
import tuples

@jit
def twice(one):
    return 2 * one.of
print(twice(tuples.{name}(21)))
"""


def run(folder: Path, name: str) -> str:
    (folder / "tuples.py").write_text(TUPLES.format(name=name))
    (folder / "kernel.py").write_text(KERNEL.format(name=name))
    run = subprocess.run(
        [sys.executable, "-c", "import kernel"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_a_cached_kernel_survives_a_named_tuple_that_is_renamed(tmp_path):
    assert run(tmp_path, "Old") == "42"
    assert list((tmp_path / "__pycache__").glob("*.nbi"))  # it was cached
    assert run(tmp_path, "New") == "42"
