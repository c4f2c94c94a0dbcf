"""The id of a run: equal for runs that give equal bytes, and known before anything is computed.

``<day>-<16 hexadecimal signs>``: BLAKE2b of all that a result depends on, the content of files
and never where they lie.  Two runs with one id are one run: there is nothing to do again.

Nothing here loads a numeric package, so that asking whether there is something to do costs little.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchmaker.errors import UsageError
from matchmaker.runs.earlier import earlier_lines
from matchmaker.settings import Settings
from matchmaker.version import VERSION
from matchmaker.words import said

if TYPE_CHECKING:
    from matchmaker.runs.inputs import Inputs
    from matchmaker.runs.setup import Setup
    from matchmaker.tables import Given

__all__ = [
    "content_of",
    "file_hash",
    "file_of",
    "files_of",
    "id_of",
    "identity_of",
    "named",
    "sheet_of",
]

_HEX_BYTES = 8
_WHERE = ("_file", "_dir")  # settings that say where a table lies: what it holds is hashed
_PACKAGE = Path(__file__).resolve().parents[1]
Hashed = Iterable[tuple[str, str]]


def content_of(
    *,
    as_of: dt.date | None,
    inputs: Hashed,
    reference: Hashed,
    settings: Settings,
    asked: Mapping[str, Any],
    sent: Iterable[str] = (),
) -> dict[str, Any]:
    """Return all that decides a result, ready for JSON.

    Parameters
    ----------
    as_of : date or None
        Day of the run; None where no rule looks at a date.
    inputs : iterable of (role, SHA-256)
        Files that were handed in, in any order.
    reference : iterable of (kind, SHA-256)
        Reference tables of the user's own, in the order in which they are read.
    settings : Settings
        As they were given; their seed is one of them.
    asked : mapping
        What else decides the result and stands in no setting, ready for JSON.
    sent : iterable of str
        Ids of the runs whose lines are remembered.

    Returns
    -------
    dict
        It stands in the manifest, so that anybody can make the id again.
    """
    plain = settings.to_dict()
    return {
        "as_of": None if as_of is None else as_of.isoformat(),
        "inputs": [list(one) for one in sorted({tuple(one) for one in inputs})],
        "reference": [list(one) for one in reference],
        "settings": {name: plain[name] for name in plain if not name.endswith(_WHERE)},
        "own_code": _own_code(settings),
        "seed": settings.seed,
        "version": VERSION,
        "package": _package_hash() if _is_checkout() else "",
        "asked": dict(asked),
        "sent": sorted(sent),
    }


def named(content: Mapping[str, Any]) -> str:
    """Return the id of a run from all that decides its result.

    Parameters
    ----------
    content : mapping
        As `content_of` gives it.

    Returns
    -------
    str

    Examples
    --------
    >>> given = content_of(as_of=dt.date(2023, 9, 15), inputs=[("youths", "ab")], reference=[],
    ...                    settings=Settings(), asked={})
    >>> named(given)[:11], len(named(given))
    ('2023-09-15-', 27)
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    digest = hashlib.blake2b(text.encode(), digest_size=_HEX_BYTES).hexdigest()
    return f"{content['as_of'] or 'undated'}-{digest}"


def id_of(inputs: Inputs, setup: Setup, *, asked: Mapping[str, Any]) -> str:
    """Return the id that a run will have, before anything but the bytes of its files is read.

    Parameters
    ----------
    inputs : Inputs
        Of paths.
    setup : Setup
    asked : mapping
        As the manifest has it.

    Returns
    -------
    str

    Raises
    ------
    UsageError
        A file cannot be read.
    """
    return named(identity_of(inputs, setup, asked=asked))


def identity_of(
    inputs: Inputs,
    setup: Setup,
    *,
    asked: Mapping[str, Any],
    files: Hashed | None = None,
    sent: Iterable[str] | None = None,
) -> dict[str, Any]:
    """Return all that decides the result of a run, before it has read anything or after.

    Parameters
    ----------
    inputs : Inputs
        Of paths, unless `files` are given.
    setup : Setup
    asked : mapping
        As the manifest has it.
    files : iterable of (role, SHA-256), optional
        What was read; by default the files are hashed now.
    sent : iterable of str, optional
        Ids of the runs that were remembered; by default they are looked up now.

    Returns
    -------
    dict
        As `content_of` gives it.

    Raises
    ------
    UsageError
        A file cannot be read.
    """
    from matchmaker.reference.store import own_files

    earlier = earlier_lines(inputs.sent)
    if files is None:
        files = files_of(inputs, earlier.given)
    elif inputs.youths is None:  # read out of the file of wishes
        files = [one for one in files if one[0] != "youths"]
    given = (inputs.youths, inputs.wishes, *inputs.offers, inputs.referents, *inputs.do_not_contact)
    given = (*given, *inputs.words)
    key = inputs.contacts_key
    return content_of(
        as_of=inputs.as_of,
        inputs=files,
        reference=[(kind, _hashed(file)) for kind, file in own_files(setup.settings)],
        settings=setup.given,
        asked={
            **asked,
            "formats": dict(inputs.formats),
            "sheets": [sheet_of(one) for one in given],
            "handed_in": {name: list(names) for name, names in setup.handed_in.items()},
            # Pseudonyms come from it; of 32 random bytes the id tells nothing.
            "key": "" if key is None else hashlib.sha256(key).hexdigest(),
        },
        sent=earlier.run_ids if sent is None else sent,
    )


def files_of(inputs: Inputs, sent: Iterable[Given] = ()) -> list[tuple[str, str]]:
    """Return role and SHA-256 of the files that a run is given, as they lie on the disk now.

    Parameters
    ----------
    inputs : Inputs
        Of paths.
    sent : iterable of path
        Tables of what was sent.

    Returns
    -------
    list of (str, str)

    Raises
    ------
    UsageError
        A file cannot be read, or is a data frame.
    """
    given = [
        ("youths", inputs.youths),
        ("wishes", inputs.wishes),
        *(("offers", one) for one in inputs.offers),
        ("referents", inputs.referents),
        *(("sent", one) for one in sent),
        *(("do_not_contact", one) for one in inputs.do_not_contact),
        *(("words", one) for one in inputs.words),
    ]
    return [(role, _hashed(one)) for role, one in given if one is not None]


def _hashed(given: Given) -> str:
    if not isinstance(given, str | Path):
        raise UsageError(said("folder.no_file"))
    try:
        return file_hash(Path(given))
    except OSError as error:
        raise UsageError(said("error.cannot_read", path=given, why=error.strerror)) from None


def sheet_of(given: Given | None) -> str:
    """Return the sheet that is named behind a workbook; "" for none."""
    is_path = isinstance(given, str | Path)
    return str(given).rpartition("#")[2] if is_path and "#" in str(given) else ""


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; a workbook may be followed by ``#`` and a sheet.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str

    Raises
    ------
    OSError
        It cannot be read.
    """
    with file_of(path).open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def file_of(path: Path) -> Path:
    """Return the file itself, without the sheet that may be named behind it."""
    file, mark, _ = str(path).rpartition("#")
    return Path(file) if mark and file and not path.exists() else path


def _own_code(settings: Settings) -> list[str]:
    """Return the hashes of the user's own modules that the settings name."""
    named = (*settings.criteria, *settings.sources, settings.solver)
    modules = sorted({name.partition(":")[0] for name in named if ":" in name})
    files = [getattr(sys.modules.get(name), "__file__", None) for name in modules]
    return [file_hash(Path(file)) for file in files if file]


def _is_checkout() -> bool:
    """Tell whether the package is worked on, so that its version says too little."""
    return (_PACKAGE.parents[1] / "pyproject.toml").is_file()


@cache
def _package_hash() -> str:
    digest = hashlib.sha256()
    for file in sorted(_PACKAGE.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(_PACKAGE).as_posix()}\0{file_hash(file)}\n".encode())
    return digest.hexdigest()
