"""Every step of publishing a folder, made to fail or to be the last one of its process.

Nothing here needs numpy, so that a process can be forked and killed a thousand times: what is
published are small files, by `matchmaker.runs.publishing` as a run calls it.  A step is a call that
changes something on the disk: open, write, flush, fsync, rename, unlink, mkdir and their like.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import signal
import sys
import types
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from matchmaker.errors import InfeasibleError, UsageError
from matchmaker.runs import locks, place
from matchmaker.runs import publishing as folder
from matchmaker_cli.signals import Stopped

__all__ = ["ACTIONS", "DONE", "FAILED", "every_step", "two_at_once"]

DONE, FAILED = 0, 10  # how a night ends that nobody killed
NAMES = ("lists.csv", "tables/youths.parquet", "report.html")
# Flushing costs nothing in memory, and which step fails is what matters here.
QUICK = "/dev/shm" if Path("/dev/shm").is_dir() else None
ACTIONS = ("SIGKILL", "SIGTERM", "EIO", "ENOSPC", "EROFS")


def publish(out: Path, mark: int) -> None:
    """Publish the files of one night."""

    def write(sink: object) -> None:
        for _ in range(2):
            sink.write(f"{mark} {mark}".encode())

    folder.publish(
        out,
        dict.fromkeys(NAMES, write),
        lambda hashes: json.dumps({"mark": mark, "outputs": hashes}).encode(),
        check=lambda staged: (staged / "lists.csv").read_bytes() and None,
        timings=lambda: b"{}",
    )


def state(out: Path) -> int | str | None:
    """Return the mark of the night whose folder stands, None without one, or what is wrong."""
    if not out.exists():
        return None
    try:
        manifest = json.loads((out / "manifest.json").read_bytes())
        names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
        if names != {*NAMES, "manifest.json", "timings.json"}:
            return f"files {sorted(names)}"
        for name, sha256 in manifest["outputs"].items():
            if hashlib.sha256((out / name).read_bytes()).hexdigest() != sha256:
                return f"bytes of {name}"
    except (OSError, ValueError, KeyError) as error:
        return repr(error)
    mark: int = manifest["mark"]
    return mark


class Steps:
    """Counts the steps of a process, and does something else in the place of one of them."""

    def __init__(self, at: int, act: Callable[[], None]) -> None:
        self.at, self.act, self.made = at, act, 0

    def step(self) -> None:
        """Do what is to be done at this step."""
        self.made += 1
        if self.made == self.at:
            self.act()

    def watched(self, function: Callable[..., object]) -> Callable[..., object]:
        """Return a function whose every call is a step."""

        def call(*args: object, **kwargs: object) -> object:
            self.step()
            return function(*args, **kwargs)

        return call

    def install(self, *, has_exchange: bool) -> None:
        """Watch what publishing calls; there is no way back, so only in a process of its own."""
        own = types.SimpleNamespace(**vars(os))
        for name in ("open", "fsync", "fchmod"):
            setattr(own, name, self.watched(getattr(os, name)))
        own.fdopen = lambda *args: _Sink(os.fdopen(*args), self)
        folder.os = locks.os = own
        place.os = types.SimpleNamespace(**vars(os))
        place.os.setxattr = self.watched(os.setxattr)
        for name in ("rename", "unlink", "rmdir", "mkdir", "chmod", "iterdir"):
            setattr(Path, name, self.watched(getattr(Path, name)))
        folder.tempfile.mkdtemp = self.watched(folder.tempfile.mkdtemp)  # type: ignore[assignment]
        folder._exchange = self.watched(folder._exchange) if has_exchange else _no_exchange
        folder._AT_ONCE = 1  # so that steps come in one order


class _Sink:
    """A file whose writes and flushes are steps."""

    def __init__(self, file: object, steps: Steps) -> None:
        self.file, self.steps = file, steps

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> object:
        found = getattr(self.file, name)
        return self.steps.watched(found) if name in ("write", "flush") else found


def _no_exchange(_first: Path, _second: Path) -> None:
    raise OSError(errno.ENOSYS, "no exchange")


def _act(action: str) -> Callable[[], None]:
    if action.startswith("SIG"):
        return lambda: os.kill(os.getpid(), getattr(signal, action))
    number = getattr(errno, action)

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


def night(out: Path, mark: int, *, at: int = 0, action: str = "", has_exchange: bool = True) -> int:
    """Publish in a process of its own and return its exit code; a signal's is negative."""
    child = os.fork()
    if not child:
        signal.signal(signal.SIGTERM, _stop)
        steps = Steps(at, _act(action) if action else lambda: None)
        steps.install(has_exchange=has_exchange)
        code = FAILED
        try:
            publish(out, mark)
            code = DONE
        except (UsageError, InfeasibleError):
            pass
        except Stopped as stopped:
            code = 128 + stopped.number
        except BaseException:  # noqa: BLE001 - whatever it is, the parent has to see it
            sys.excepthook(*sys.exc_info())
            code = 99
        finally:
            # How many steps there are is told by the first that is never reached.
            os._exit(code if steps.made >= at else 20 + code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _stop(number: int, _frame: object) -> None:
    raise Stopped(number)


def every_step(action: str, *, has_exchange: bool, is_first: bool) -> dict[str, object]:
    """Do something at every step of a night in turn; the night after has to set all right.

    Parameters
    ----------
    action : str
        One of `ACTIONS`.
    has_exchange : bool
        Whether the file system exchanges two folders in one step.
    is_first : bool
        Nothing is there before.

    Returns
    -------
    dict
        ``steps``; ``found``: how often which folder stood after which exit code; ``problems``.
    """
    found: Counter[str] = Counter()
    problems: list[str] = []
    for at in itertools.count(1):
        with TemporaryDirectory(dir=QUICK) as above:
            out = Path(above) / "out"
            if not is_first:
                night(out, 1)
            code = night(out, 2, at=at, action=action, has_exchange=has_exchange)
            if code == 20 + DONE:
                return {"steps": at - 1, "found": dict(found), "problems": problems}
            stands = state(out)
            where = f"step {at}, ended {code}"
            hidden = [path for path in Path(above).iterdir() if path != out]
            earlier = [path for path in hidden if path.name.endswith(".earlier")]
            if stands is None and not has_exchange and earlier and state(earlier[0]) == 1:
                # Between two renames: the next night begins by putting it back.
                stands, where = 1, f"{where}, between two renames"
            if stands not in ((None, 2) if is_first else (1, 2)):
                problems.append(f"{where}: {stands}")
            if code == DONE and stands != 2:
                problems.append(f"{where}: done, and {stands} stands")
            if code not in (DONE, FAILED, 143, -signal.SIGKILL):
                problems.append(f"{where}: no end of a night")
            found[f"{ {None: 'none', 1: 'old', 2: 'new'}.get(stands, '?') } {code}"] += 1
            if night(out, 3, has_exchange=has_exchange) != DONE or state(out) != 3:
                problems.append(f"{where}: the next night gives {state(out)}")
            left = sorted(path.name for path in Path(above).iterdir() if path != out)
            if left:
                problems.append(f"{where}: {left} is left")
    raise AssertionError  # there is a last step


def two_at_once(nights: int) -> list[str]:
    """Publish twice at the same time, again and again, and return every problem."""
    problems = []
    with TemporaryDirectory(dir=QUICK) as above:
        out = Path(above) / "out"
        for mark in range(0, 2 * nights, 2):
            one = os.fork()
            if not one:
                os._exit(night(out, mark))
            two = night(out, mark + 1)
            codes = os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]), two
            if not set(codes) <= {DONE, FAILED} or state(out) not in (mark, mark + 1):
                problems.append(f"{codes}: {state(out)} after {mark}")
        if night(out, -1) != DONE or state(out) != -1 or len(list(Path(above).iterdir())) != 1:
            problems.append(f"left: {sorted(path.name for path in Path(above).iterdir())}")
    return problems


def main() -> None:
    """Print what all actions found, as JSON."""
    told = {}
    for action in ACTIONS:
        for has_exchange, is_first in ((True, False), (False, False), (True, True)):
            if action in ("ENOSPC", "EROFS") and not (has_exchange and not is_first):
                continue  # they take the same way as EIO
            key = f"{action}, {'exchange' if has_exchange else 'two renames'}"
            told[key + (", first night" if is_first else "")] = every_step(
                action, has_exchange=has_exchange, is_first=is_first
            )
    told["two at once"] = {"steps": 40, "found": {}, "problems": two_at_once(40)}
    print(json.dumps(told, indent=2))  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main()
