"""Whatever step of publishing fails, one whole folder stands and the next night needs no hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="nights are processes of their own")
def test_every_step_of_a_night():
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.nights"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert [one["problems"] for one in told.values() if one["problems"]] == []
    assert min(one["steps"] for one in told.values()) >= 40
    for name, one in told.items():
        if name.startswith("SIG"):  # every step was really the last
            code = {"SIGKILL": "-9", "SIGTERM": "143"}[name.split(",")[0]]
            assert (
                sum(n for end, n in one["found"].items() if end.endswith(f" {code}"))
                == one["steps"]
            )
