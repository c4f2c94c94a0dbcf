"""What a command does when it is told to stop: by Ctrl-C, or by a scheduler's SIGTERM."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from typing import NoReturn

from matchmaker.words import say
from matchmaker_cli.console import fail, language
from matchmaker_cli.streams import published_so_far

__all__ = ["Stopped", "end", "stopped_by", "watch"]

_PATIENCE_S = 0.7  # for the clearing away, before the process ends all the same

_arrived: list[int] = []  # numbers of signals, the first counts


class Stopped(BaseException):
    """The command was told to stop; no part of it takes this for an error of its own.

    Attributes
    ----------
    number : int
        Of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def watch() -> None:
    """Raise `Stopped` at SIGINT and SIGTERM, and end within a second even inside a kernel.

    Python handles a signal between two steps of its own, and one step may be a kernel that
    takes seconds.  A thread sees the signal at once and ends the process if that has not
    happened by itself; an unfinished folder is then cleared away by the next run.
    """
    sight, wake = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    threading.Thread(target=_end_in_time, args=(sight, wake), daemon=True).start()


def _stop(number: int, _frame: object) -> None:
    _arrived.append(number)
    raise Stopped(number)


def stopped_by() -> int | None:
    """Return the signal that has told the command to stop, if any.

    Where `Stopped` was raised inside an import or a call out of C, another error may come out
    of it: that one is no bug of ours.

    Returns
    -------
    int or None
    """
    return _arrived[0] if _arrived else None


def _end_in_time(sight: socket.socket, _wake: socket.socket) -> None:
    """Wait for a signal, then for the process to end by itself, then end it."""
    number = sight.recv(1)[0]
    time.sleep(_PATIENCE_S)
    end(number)


def end(number: int) -> NoReturn:
    """Say that the command was stopped, and end it with 128 and the number of the signal.

    Parameters
    ----------
    number : int
    """
    done = published_so_far()
    key = "command.stopped_published" if done else "command.stopped"
    fail(say(language(), key, names=done))
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads may be deep in a kernel: waiting for them would take as long as they do.
    os._exit(128 + number)
