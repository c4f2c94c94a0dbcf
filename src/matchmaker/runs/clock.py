"""Seconds of each stage of a run, and word of its progress to whoever watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from matchmaker.allocators import give_back

__all__ = ["Clock", "Progress"]

Progress = Callable[[str, float], None]
P = ParamSpec("P")
T = TypeVar("T")


class Clock:
    """Measures stages; ``seconds`` holds those that have ended, by name.

    Parameters
    ----------
    progress : callable or None
        Called with the name of the stage and the fraction of it that is done.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._stage = ""

    def run(self, stage: Callable[P, T], *given: P.args, **options: P.kwargs) -> T:
        """Run a stage and time it under its own name.

        Parameters
        ----------
        stage : callable
            Its name is that of the stage.
        *given, **options
            Handed on to it.

        Returns
        -------
        object
            What the stage gives.

        Examples
        --------
        >>> clock = Clock()
        >>> clock.run(sorted, [2, 1])
        [1, 2]
        >>> list(clock.seconds)
        ['sorted']
        """
        with self.stage(stage.__name__):
            return stage(*given, **options)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done within; what it needed for itself is given back at its end.

        Parameters
        ----------
        name : str
        """
        self._stage = name
        self.within(0.0)
        start = time.perf_counter()
        yield
        give_back()
        self.seconds[name] = round(time.perf_counter() - start, 3)
        self.within(1.0)

    def within(self, fraction: float) -> None:
        """Say how much of the stage at hand is done.

        Parameters
        ----------
        fraction : float
            0 to 1.
        """
        if self._progress is not None:
            self._progress(self._stage, fraction)
