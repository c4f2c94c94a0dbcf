"""A wheel, and one built from the sdist, run in an empty environment, samples included."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that is built from the sdist, as a package index would get it."""
    out = tmp_path_factory.mktemp("dist")
    # The build's own isolation would fetch hatchling; it is installed for tests already.
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_data_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "matchmaker/_samples/youths.csv",
        "matchmaker/reference/data/communes.csv.gz",
        "matchmaker/report/templates/report.html.j2",
        "matchmaker/py.typed",
        "matchmaker_cli/app.py",
    ):
        assert wanted in names
    assert not [n for n in names if n.startswith(("tests", "benchmarks", "tools"))]


def test_the_wheel_runs_the_demo_outside_the_checkout(wheel, tmp_path):
    """Unpacked into a bare folder, with the dependencies of this environment and no checkout."""
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    packages = sysconfig.get_paths()["purelib"]
    # -S leaves out the editable install's path file; the dependencies come by hand.
    code = (
        f"import sys; sys.path[:0] = [{str(site)!r}]; sys.path.append({packages!r});"
        "import matchmaker; assert matchmaker.__file__.startswith(sys.path[0]);"
        f"sys.argv = ['matchmaker', 'demo', '--out', {str(tmp_path / 'out')!r}];"
        "from matchmaker_cli.app import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True,
        check=False,
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert "synthétiques" in done.stdout
