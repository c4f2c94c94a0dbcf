"""What is known of a night before anything is read: the id of its run, and how old its files are.

Nothing here loads a numeric package, unless the settings name modules of the user's own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from matchmaker.errors import UsageError
from matchmaker.key_path import key_path
from matchmaker.reference.own_files import own_files
from matchmaker.runs.config import Config, InputPaths
from matchmaker.runs.earlier import earlier_lines
from matchmaker.runs.identity import content_of, file_hash, file_of, named, sheet_of
from matchmaker.words import Said, said

__all__ = ["OldInput", "night_id", "old_inputs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OldInput:
    """A file that was not written anew for the day of the run.

    Attributes
    ----------
    role : str
    path : Path
    written : date
        Day on which it was last written, by the clock of this machine.
    days : int
        Before the day of the run.
    """

    role: str
    path: Path
    written: dt.date
    days: int

    def said(self) -> Said:
        """Return it as a sentence."""
        return said("home.old", path=self.path, date=self.written.isoformat(), n=self.days)


def night_id(config: Config, *, as_of: dt.date) -> str:
    """Return the id that the run of a night will have, from its files as they lie there now.

    Parameters
    ----------
    config : Config
    as_of : date

    Returns
    -------
    str
        As `matchmaker.runs.identity.id_of` gives it for the run itself.

    Raises
    ------
    UsageError
        A file is not there or cannot be read.
    """
    paths, settings = config.inputs, config.settings
    for name in (*settings.criteria, *settings.sources, settings.solver):
        if ":" in name:  # the id has the hash of its file
            _load(name.partition(":")[0])
    earlier, oppose = earlier_lines(paths.sent), paths.do_not_contact
    given = [(role, path) for role, path in paths.by_role() if role != "sent"]
    content = content_of(
        as_of=as_of,
        inputs=[
            *((role, _hashed(path)) for role, path in given),
            *(("sent", _hashed(Path(str(one)))) for one in earlier.given),
        ],
        reference=[(kind, _hashed(file)) for kind, file in own_files(settings)],
        settings=settings,
        asked={
            "assignment": "assignment" in config.run.outputs,
            "ignore_sent": False,
            "formats": dict(paths.formats),
            "sheets": [
                sheet_of(one)
                for one in (
                    paths.youths,
                    paths.wishes,
                    *paths.offers,
                    paths.referents,
                    *oppose,
                    *paths.words,
                )
            ],
            "handed_in": {"criteria": [], "solver": [], "sources": []},
            "key": _key_hash(config),
        },
        sent=earlier.run_ids,
    )
    return named(content)


def old_inputs(paths: InputPaths, *, as_of: dt.date) -> Iterator[OldInput]:
    """Yield the files that were last written before the day of the run.

    An export that failed leaves yesterday's file where today's should lie.

    Parameters
    ----------
    paths : InputPaths
        Referents, oppositions, advisers' words and what was sent are no nightly exports and are
        not looked at.
    as_of : date

    Yields
    ------
    OldInput
    """
    for role, path in paths.by_role():
        file = file_of(path)
        if role in ("referents", "sent", "do_not_contact", "words") or not file.is_file():
            continue
        written = dt.datetime.fromtimestamp(file.stat().st_mtime).astimezone().date()
        if written < as_of:
            yield OldInput(role=role, path=path, written=written, days=(as_of - written).days)


def _key_hash(config: Config) -> str:
    """Return the hash of the key of pseudonyms; "" where there is none, or none that is right."""
    if config.run.contacts is None:
        return ""
    try:
        key = bytes.fromhex(key_path(config.run.contacts).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return ""
    return hashlib.sha256(key).hexdigest()


def _load(module: str) -> None:
    try:
        import_module(module)
    except Exception:  # noqa: BLE001 - a fault in it is told by whoever loads the object itself
        return


def _hashed(path: Path) -> str:
    try:
        return file_hash(path)
    except FileNotFoundError:
        raise UsageError(said("error.no_such_file", path=path)) from None
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=path, why=error.strerror)) from None
