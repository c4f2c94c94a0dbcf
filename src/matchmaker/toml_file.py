"""TOML files of a user: read with one sentence for a fault, and taken apart into sections.

A settings file has its settings at the top.  The configuration of `matchmaker run` and `compare`
has sections, and each key belongs to one of them; where settings alone are asked for, its section
``[settings]`` is read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matchmaker.errors import UsageError, did_you_mean
from matchmaker.words import said

__all__ = ["SECTIONS", "read_toml", "sections"]

SECTIONS = ("inputs", "settings", "run", "mail", "territory")


def read_toml(path: str | Path) -> dict[str, Any]:
    """Return what a TOML file holds.

    Parameters
    ----------
    path : path
        UTF-8, with or without a byte order mark.

    Returns
    -------
    dict of str to object

    Raises
    ------
    UsageError
        The file is not there, cannot be read, or is no TOML.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "settings.toml"
    ...     _ = file.write_text("seed = 7", encoding="utf-8")
    ...     read_toml(file)
    {'seed': 7}
    """
    file = Path(path)
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(said("setting.no_file", path=file)) from None
    except tomllib.TOMLDecodeError as error:  # before ValueError, which it is one of
        raise UsageError(said("setting.not_toml", path=file, why=error)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(said("error.not_utf8", path=file, why=error)) from None
    except RecursionError:  # tables within tables, thousands deep
        raise UsageError(said("setting.too_deep", path=file)) from None


def sections(values: Mapping[str, Any], path: str | Path) -> dict[str, Mapping[str, Any]] | None:
    """Return the sections of a configuration, or None where a file has none of them.

    Parameters
    ----------
    values : mapping
        Of `read_toml`.
    path : path
        For messages.

    Returns
    -------
    dict of str to mapping, or None
        By name of `SECTIONS`; one that the file leaves out is not in it.

    Raises
    ------
    UsageError
        Beside the sections something else stands at the top.

    Examples
    --------
    >>> sections({"settings": {"seed": 7}}, "c.toml"), sections({"seed": 7}, "s.toml")
    ({'settings': {'seed': 7}}, None)
    >>> sections({"settings": {}, "rum": {}}, "c.toml")
    Traceback (most recent call last):
    matchmaker.errors.UsageError: c.toml : il n'y a pas de section [rum]. Vouliez-vous dire 'run' ?
    """
    if not any(isinstance(values.get(name), Mapping) for name in SECTIONS):
        return None
    faults = []
    for name, value in values.items():
        if name in SECTIONS and not isinstance(value, Mapping):
            faults.append(said("config.no_section", path=path, name=name))
        elif name not in SECTIONS and isinstance(value, Mapping):
            hint = did_you_mean(name, SECTIONS)
            faults.append(said("config.unknown_section", path=path, name=name, hint=hint))
        elif name not in SECTIONS:
            faults.append(said("config.outside", path=path, name=name))
    if faults:
        raise UsageError(*faults)
    return dict(values)
