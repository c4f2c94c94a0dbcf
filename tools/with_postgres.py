"""Run a command with a PostgreSQL of its own: `python tools/with_postgres.py COMMAND ...`.

It is started in a temporary folder, on a free port of this machine, and gone afterwards; tests find
it by the variable MATCHMAKER_TEST_POSTGRES. Where PostgreSQL is not installed it is installed, if
that is possible (root, apt-get); else the command runs without it, and its tests say so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

VARIABLE = "MATCHMAKER_TEST_POSTGRES"
_USER = "postgres"


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest version; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


def _version(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0


def install() -> None:
    """Install PostgreSQL where that is possible, without starting the system's own."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(
            ["apt-get", "install", "-y", "postgresql"], check=False, timeout=300, **quiet
        )


def run_as_owner(words: list[str]) -> None:
    """Run one of its programs; it refuses to be root."""
    user = _USER if os.geteuid() == 0 else None
    subprocess.run(words, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, timeout=60)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(bin_folder: Path, folder: Path) -> str:
    """Make and start a cluster in a folder; return the URL of its database."""
    if os.geteuid() == 0:
        shutil.chown(folder, _USER)
    port, data = free_port(), str(folder / "data")
    run_as_owner(
        [str(bin_folder / "initdb"), "-D", data, "-A", "trust", "-U", _USER,
         "--locale=C.UTF-8", "-E", "UTF8", "--no-sync"]
    )  # fmt: skip
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    log = str(folder / "log")
    run_as_owner([str(bin_folder / "pg_ctl"), "-D", data, "-l", log, "-o", options, "-w", "start"])
    return f"postgresql://{_USER}@127.0.0.1:{port}/postgres"


def main(command: list[str]) -> int:
    """Run the command, with the database if there can be one."""
    if programs() is None:
        install()
    bin_folder = programs()
    if bin_folder is None:
        print("no PostgreSQL here: its tests are skipped", file=sys.stderr)
        return subprocess.run(command, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="matchmaker-pg-") as name:
        folder = Path(name)
        stop = [str(bin_folder / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop"]
        try:
            given = os.environ | {VARIABLE: start(bin_folder, folder)}
        except (OSError, subprocess.SubprocessError) as error:
            print(f"PostgreSQL does not start, its tests are skipped: {error}", file=sys.stderr)
            given = dict(os.environ)
        try:
            return subprocess.run(command, check=False, env=given).returncode
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                run_as_owner(stop)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
