"""Doors: what a user hands in of their own, found by name and looked at before it is used.

Settings are text, so an object stands in them as ``module:NAME``.  Whoever reads the
settings in another process (a worker, a later run) finds the same object again; a pickled
one would tie the run to the machine that wrote it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import PurePath
from traceback import extract_tb
from typing import Any

from matchmaker.errors import UsageError, printable
from matchmaker.words import Said, Text, said

__all__ = ["load_named", "refuse_unfit", "where_it_failed"]


def load_named(names: Sequence[str], protocol: type, *, setting: str) -> tuple[Any, ...]:
    """Return the objects that a setting names, each looked at against its protocol.

    Parameters
    ----------
    names : sequence of str
        ``module:NAME`` each; the module is one that Python finds.
    protocol : type
        Protocol of the point of extension.
    setting : str
        Setting that holds the names, for messages.

    Returns
    -------
    tuple of object
        In the order of the names.

    Raises
    ------
    UsageError
        A module or a name in it is not there, or what stands there does not have what the
        protocol asks for; all such faults at once.

    Examples
    --------
    >>> from typing import Protocol
    >>> class Shift(Protocol):
    ...     def toordinal(self): ...
    >>> load_named(["datetime:UTC"], Shift, setting="shifts")
    Traceback (most recent call last):
    matchmaker.errors.UsageError: réglage 'shifts' : 'datetime:UTC' n'est pas un objet Shift : 'toordinal' manque.
    >>> load_named(["datetime:UCT"], Shift, setting="shifts")
    Traceback (most recent call last):
    matchmaker.errors.UsageError: réglage 'shifts' : le module 'datetime' n'a pas de 'UCT'. Vouliez-vous dire 'UTC' ?
    """
    found: list[Any] = []
    faults: list[Said] = []
    for name in names:
        try:
            thing = _found(name)
            refuse_unfit(thing, protocol, called=said("door.named", name=name))
        except UsageError as error:
            faults += [
                said("door.in_setting", setting=setting, fault=fault) for fault in error.args
            ]
        else:
            found.append(thing)
    if faults:
        raise UsageError(*faults)
    return tuple(found)


def refuse_unfit(thing: object, protocol: type, *, called: Text) -> None:
    """Refuse an object that lacks what a protocol asks for, and say what it lacks.

    Parameters
    ----------
    thing : object
    protocol : type
    called : str or Said
        How the message calls the object.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> from typing import Protocol
    >>> class Clock(Protocol):
    ...     def now(self, zone): ...
    >>> refuse_unfit("12:00", Clock, called="12:00")
    Traceback (most recent call last):
    matchmaker.errors.UsageError: 12:00 n'est pas un objet Clock : 'now' manque.
    """
    if isinstance(thing, type):
        raise UsageError(said("door.is_class", thing=called, name=thing.__name__))
    lacking = list(_lacking(thing, protocol))
    if lacking:
        raise UsageError(
            said("door.unfit", thing=called, protocol=protocol.__name__, faults=lacking)
        )


def where_it_failed(error: BaseException) -> str:
    """Return kind and place of an error in code that was handed in, for a message.

    The error's own text is left out: it often quotes a cell, and cells may be personal.
    The place is the line of the method that was called, not one deep inside a library.
    """
    steps = extract_tb(error.__traceback__)
    if len(steps) < 2:
        return type(error).__name__
    return f"{type(error).__name__}, {PurePath(steps[1].filename).name} line {steps[1].lineno}"


def _found(name: str) -> object:
    """Return what stands under ``module:NAME``."""
    where, colon, what = name.partition(":")
    if not (colon and what.isidentifier() and all(map(str.isidentifier, where.split(".")))):
        raise UsageError(said("door.form", name=printable(name)))
    try:
        module = import_module(where)
    except ModuleNotFoundError as error:
        missing = error.name or where
        if where == missing or where.startswith(missing + "."):
            raise UsageError(said("door.no_module", name=missing)) from None
        raise UsageError(said("door.needs", name=where, other=missing)) from error
    except Exception as error:
        why = f"{type(error).__name__}: {printable(str(error))}"
        raise UsageError(said("door.not_imported", name=where, why=why)) from error
    if not hasattr(module, what):
        close = get_close_matches(what, vars(module), n=1)  # case counts, as it does in Python
        hint = said("error.did_you_mean", name=close[0]) if close else ""
        raise UsageError(said("door.no_name", module=where, name=what, hint=hint))
    thing: object = getattr(module, what)
    return thing


def _lacking(thing: object, protocol: type) -> Iterator[Said]:
    """Say of each member of the protocol what is wrong with it, if anything is."""
    asked: dict[str, object] = dict.fromkeys(inspect.get_annotations(protocol))
    asked |= {
        name: member
        for name, member in vars(protocol).items()
        if name == "__call__" or not name.startswith("_")
    }
    for name, member in asked.items():
        if not hasattr(thing, name):
            yield said("door.missing", name=name)
        elif inspect.isfunction(member):
            # A function's own `__call__` does not tell its parameters: the function does.
            method: Any = thing if name == "__call__" else getattr(thing, name)
            parameters = _without_self(member)
            if not callable(method):
                yield said("door.no_method", name=name)
            elif not _takes(method, parameters):
                yield said("door.parameters", name=name, parameters=parameters)


def _without_self(member: Callable[..., object]) -> inspect.Signature:
    """Return the parameters of a method not yet bound, as they read in a message."""
    parameters = list(inspect.signature(member).parameters.values())[1:]
    plain = inspect.Parameter.empty
    return inspect.Signature([p.replace(annotation=plain) for p in parameters])


def _takes(method: Callable[..., object], called: inspect.Signature) -> bool:
    """Tell whether a method can be called with these parameters, in order or by name."""
    by_name = {p.name: None for p in called.parameters.values() if p.kind is p.KEYWORD_ONLY}
    in_order = [None] * (len(called.parameters) - len(by_name))
    try:
        inspect.signature(method).bind(*in_order, **by_name)
    except TypeError:
        return False
    except ValueError:  # a method written in C may have no signature to look at
        return True
    return True
