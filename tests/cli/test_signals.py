"""A command that is told to stop says so and ends as it should, whatever it is doing."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# The command is at work once it has printed a line.  A kernel is a step that Python cannot
# interrupt and that leaves its lock free, as this one does for a minute.
AT_WORK = """
import hashlib, threading
from matchmaker_cli import app
def work():
    print("at work", flush=True)
    {}
app.app = work
app.main()
"""
STOPPED = (
    "Arrêté. Le dossier de résultats est entier : celui d'avant, ou le nouveau s'il venait d'être"
    " publié.\n"
)
WORK = {
    "waiting for a thread": "threading.Event().wait()",
    "in a call that makes another error of it": (
        "exec('try:\\n threading.Event().wait()\\nexcept BaseException:\\n raise RuntimeError')"
    ),
    "in a kernel": "hashlib.pbkdf2_hmac('sha256', b'', b'', 200_000_000)",
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("doing", WORK)
def test_a_signal_ends_the_command_with_its_number(doing, number):
    command = [sys.executable, "-c", AT_WORK.format(WORK[doing])]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout.readline() == "at work\n"
        process.send_signal(number)
        said = process.communicate()[1]
    assert process.returncode == 128 + number
    assert said == STOPPED


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_that_comes_while_the_watch_is_set_up_is_no_traceback():
    text = """
import os, signal
from matchmaker_cli import app, signals
start = signals.threading.Thread.start
def late(self):
    os.kill(os.getpid(), signal.SIGTERM)
    start(self)
signals.threading.Thread.start = late
app.main()
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (143, STOPPED)
