"""The stages of a HOME that need not run again: what they gave is kept under ``stages/``.

Reading, sharing out and explaining are kept, one file each, by a key: the hash of what the stage
reads, of all settings and of the versions.  Whoever comes next with the same key takes it up: a
night that was killed, or one of which only a part has changed.  Preparing is soon done and holds
what no file can; checking and writing are always done, so that what was taken up passes the
same checks as what was made.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from matchmaker.errors import UsageError
from matchmaker.replacing import replaced
from matchmaker.runs.artifact_file import frame_bytes, read_artifact, write_artifact
from matchmaker.runs.artifacts import Read
from matchmaker.runs.clock import Clock
from matchmaker.runs.identity import identity_of, named
from matchmaker.runs.inputs import Inputs
from matchmaker.runs.manifest import package_versions
from matchmaker.runs.setup import Setup
from matchmaker.tables.advice_heeded import no_advice
from matchmaker.tables.masking import mask
from matchmaker.tables.referents import no_referents
from matchmaker.tables.sent import no_sent

__all__ = ["Shelf", "shelf_of"]

P = ParamSpec("P")
T = TypeVar("T")
_UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, RuntimeError, NotImplementedError, EOFError,
    zipfile.BadZipFile,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where finished stages are kept, and by which keys.

    Attributes
    ----------
    folder : Path
        Made when the first is kept.
    clock : Clock
    keys : mapping of str to str
        By stage, the hash of what it is made of; others are never kept.
    may_keep : callable
        Tells of what a stage gave whether it may lie in a HOME.
    taken, held : list of str
        Stages that were taken up, in order; those of which the shelf holds what they gave.
    """

    folder: Path
    clock: Clock
    keys: Mapping[str, str]
    may_keep: Callable[[object], bool]
    taken: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)

    def run(self, stage: Callable[P, T], *given: P.args, **options: P.kwargs) -> T:
        """Take up what a stage gave, or run it and keep that; as `Clock.run` otherwise.

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
        """
        name = stage.__name__
        if name not in self.keys:
            return self.clock.run(stage, *given, **options)
        with self.clock.stage(name):
            found: T | None = self._kept(name)
            if found is not None:
                self.taken.append(name)
                self.held.append(name)
                return found
            made = stage(*given, **options)
        if self.may_keep(made):
            self._keep(name, made)
        return made

    def knowing(self, found: Read, inputs: Inputs, setup: Setup) -> Shelf:
        """Return the shelf with the keys of the stages that follow reading.

        Parameters
        ----------
        found : Read
        inputs : Inputs
        setup : Setup

        Returns
        -------
        Shelf
        """
        tables = found.tables
        sent = no_sent() if found.sent is None else found.sent.frame
        who = no_referents() if found.referents is None else found.referents
        base = identity_of(inputs, setup, asked=setup.asked, files=(), sent=())
        advice = no_advice() if found.advice is None else found.advice
        frames = (tables.youths, tables.wishes, tables.offers, sent, advice)
        share_out = _key(base, [hashlib.sha256(frame_bytes(one)).hexdigest() for one in frames])
        explain = _key(share_out, hashlib.sha256(frame_bytes(who)).hexdigest())
        return replace(self, keys={**self.keys, "share_out": share_out, "explain": explain})

    def _kept(self, name: str) -> Any:
        try:
            with (self.folder / f"{name}.zip").open("rb") as source:
                return read_artifact(source, key=self.keys[name])
        except _UNREADABLE:
            return None  # made anew, and kept in its place

    def _keep(self, name: str, made: object) -> None:
        """Keep what a stage gave; where that cannot be, no night fails for it."""
        with suppress(UsageError, OSError, TypeError):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with replaced(self.folder / f"{name}.zip") as sink:
                write_artifact(sink, made, key=self.keys[name])
            self.held.append(name)


def shelf_of(folder: Path, run_id: str, inputs: Inputs, setup: Setup) -> Shelf:
    """Return the shelf of a HOME, with the key of what is about to be read.

    Parameters
    ----------
    folder : Path
    run_id : str
        As it was foreseen.
    inputs : Inputs
        Of paths.
    setup : Setup

    Returns
    -------
    Shelf
    """
    given = (inputs.youths, inputs.wishes, *inputs.offers, inputs.referents, *inputs.sent)
    given = (*given, *inputs.words)

    def may_keep(artifact: object) -> bool:
        if not isinstance(artifact, Read):
            return True
        files = [(file.role, file.sha256) for file in artifact.tables.files]
        made = identity_of(inputs, setup, asked=setup.asked, files=files, sent=artifact.runs)
        return named(made) == run_id and not _is_personal(artifact)

    names = [str(one) for one in given]  # notes and rejects quote them
    keys = {"read": _key(run_id, names)}
    return Shelf(folder=folder, clock=setup.clock, keys=keys, may_keep=may_keep)


def _is_personal(found: Read) -> bool:
    """Tell whether what was read holds more of a person than a run's folder may."""
    label = found.tables.wishes["trade_label"]
    return len(found.tables.contacts) > 0 or not mask(label, is_personal=False).equals(label)


def _key(*made_of: object) -> str:
    text = json.dumps([*made_of, package_versions()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
