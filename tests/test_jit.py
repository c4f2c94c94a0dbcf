"""Kernels cached on disk, and what a new version of the package finds there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    return python(folder)


def python(folder: Path) -> str:
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


MIXED = """
import numpy as np
from matchmaker.jit import jit

@jit
def last(values):
    return values[len(values) - 1]
print(last(np.arange(4, dtype="i8")), last(np.arange(4, dtype="i4")), last(np.arange(4.0)))
"""


def test_code_that_another_process_filed_under_a_kernels_name_is_not_run(tmp_path):
    """Two first runs at once: the index of one points to the code of the other."""
    kernel = tmp_path / "kernel.py"
    kernel.write_text(MIXED)
    right = python(tmp_path)
    assert right == "3 3 3.0"
    first, second, third = sorted((tmp_path / "__pycache__").glob("kernel.last-*.nbc"))
    of_first = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(third.read_bytes())
    third.write_bytes(of_first)
    assert python(tmp_path) == right
    assert python(tmp_path) == right  # and what was compiled anew is filed right


CALLEE = """
from matchmaker.jit import jit
BY = {by}
@jit
def more(value):
    return value + {plus}
"""
CALLER = """
from matchmaker.jit import jit
from callee import BY, more

@jit
def of(value):
    return more(value) * BY
print(of(10))
"""


@pytest.mark.parametrize(
    ("changed", "result"), [({"by": 3, "plus": 1}, 33), ({"by": 2, "plus": 5}, 30)]
)
def test_a_cached_kernel_is_made_anew_where_what_it_names_has_changed_in_its_file(
    tmp_path, changed, result
):
    (tmp_path / "kernel.py").write_text(CALLER)
    (tmp_path / "callee.py").write_text(CALLEE.format(by=2, plus=1))
    assert python(tmp_path) == "22"
    (tmp_path / "callee.py").write_text(CALLEE.format(**changed) + "# another size\n")
    assert python(tmp_path) == str(result)
