"""The configuration of `matchmaker run` and `compare`: one TOML file with sections.

``[inputs]`` says what is read, ``[settings]`` how it is matched, ``[territory."53"]`` what one
region sets for itself, ``[run]`` where runs are kept; ``[mail]``, which `matchmaker mail` reads
(`matchmaker.runs.mail_section`), is checked here too.
A key belongs to one section, and paths start from the folder of the file.  The module loads
neither numba nor pandas: a night on which nothing has changed is over before they would be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from matchmaker.errors import UsageError, did_you_mean
from matchmaker.runs.mail_section import MailOptions, faults_of_mail
from matchmaker.settings import OF_THE_NIGHT, Settings
from matchmaker.territories import region_code
from matchmaker.toml_file import read_toml, sections
from matchmaker.words import Said, said

__all__ = ["Config", "InputPaths", "RunOptions", "read_config"]

OUTPUTS = ("assignment",)
_TABLES = ("youths", "wishes", "offers")


@dataclass(frozen=True, slots=True, kw_only=True)
class InputPaths:
    """The section ``[inputs]``: files by their role, none of them opened yet.

    Attributes
    ----------
    youths : Path or None
        Youths; left out where the wishes file holds both (Affelnet, Parcoursup).
    wishes : Path
        Wishes of the youths.
    offers : tuple of Path
        Offers and firms: one file, or a list of files that are pooled.
    referents : Path or None
        Whom to name to youths with few lines or none.
    sent : tuple of Path
        What earlier waves sent, runs, or HOMEs of runs, one or a list: none of it is sent again.
    do_not_contact : tuple of Path
        Who must not be written to, as mailing tools export it, one or a list: they get no list.
    words : tuple of Path
        What advisers said, as `cells import` writes it, one or a list: the lists obey it.
    formats : mapping of str to str
        Source formats by table (youths, wishes, offers); found by content where left out.
    """

    youths: Path | None = None
    wishes: Path
    offers: tuple[Path, ...]
    referents: Path | None = None
    sent: tuple[Path, ...] = ()
    do_not_contact: tuple[Path, ...] = ()
    words: tuple[Path, ...] = ()
    formats: Mapping[str, str] = field(default_factory=dict)

    def by_role(self) -> tuple[tuple[str, Path], ...]:
        """Return the files that are read, each with its role, in a fixed order."""
        single = [("youths", self.youths), ("wishes", self.wishes)]
        several = [("offers", path) for path in self.offers]
        rest = [("referents", self.referents), *(("sent", path) for path in self.sent)]
        rest += [("do_not_contact", path) for path in self.do_not_contact]
        rest += [("words", path) for path in self.words]
        return tuple((role, path) for role, path in [*single, *several, *rest] if path is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The section ``[run]``: where runs are kept, and what stops one.

    Attributes
    ----------
    home : Path or None
        Folder of the runs, made by the first one; `run` needs it.
    keep : int
        How many runs are kept, the newest; older ones are deleted after a new one.
    max_shrink : float
        Share of its rows by which a table, or the offers of one source, may fall from one run to
        the next; 1: any. A fall of ten rows or fewer never stops a run.
    outputs : tuple of str
        What is made besides the lists: `assignment`.
    contacts : Path or None
        Where names and addresses of youths go, outside `home`. Of Affelnet and Parcoursup the key
        beside it keeps ids the same from night to night: without it the next export gives others.
    """

    home: Path | None = None
    keep: int = 30
    max_shrink: float = 0.2
    outputs: tuple[str, ...] = ()
    contacts: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration, whole.

    Attributes
    ----------
    path : Path
        The file.
    inputs : InputPaths
    settings : Settings
        With the territories that differ.
    run : RunOptions
    shrink : mapping of str to float
        By region, the share of the rows there by which youths or offers may fall; of others
        nothing is asked beside the limit of ``[run]``.
    """

    path: Path
    inputs: InputPaths
    settings: Settings
    run: RunOptions
    shrink: Mapping[str, float] = field(default_factory=dict)


def read_config(path: str | Path) -> Config:
    r"""Read a configuration; what it leaves out keeps its default.

    Parameters
    ----------
    path : path
        TOML with the sections ``[inputs]``, ``[settings]``, ``[run]`` and ``[territory."53"]``.

    Returns
    -------
    Config

    Raises
    ------
    UsageError
        The file is not there or is no TOML; a section, a key or a value cannot be. All faults of
        a section at once, each with file, section, key and value.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "night.toml"
    ...     _ = file.write_text('[inputs]\nwishes = "w.csv"\noffers = ["o.csv"]\n[run]\nkeep = 7')
    ...     config = read_config(file)
    ...     config.inputs.wishes == Path(folder) / "w.csv", config.run.keep
    (True, 7)
    """
    file = Path(path)
    parts = sections(read_toml(file), file) or {}
    faults = [
        *_strangers(parts, file),
        *_faults_of_inputs(parts.get("inputs", {}), file),
        *_faults_of_run(parts.get("run", {}), file),
        *(faults_of_mail(parts["mail"], file) if "mail" in parts else ()),
        *_faults_of_shrink(parts.get("territory", {}), file),
    ]
    territories = parts.get("territory", {})
    try:
        settings = Settings.from_section(parts.get("settings", {}), file, territories=territories)
    except UsageError as error:
        # A key of another section was told above, with the section where it belongs.
        told = {name for name in parts.get("settings", {}) if _home_of(name) is not None}
        rest = [
            fault
            for fault in error.args
            if not (isinstance(fault, Said) and fault.values.get("name") in told)
        ]
        raise UsageError(*faults, *rest) from None
    if faults:
        raise UsageError(*faults)
    return Config(
        path=file,
        inputs=_named(parts["inputs"], file.parent),
        settings=settings,
        run=_kept(parts.get("run", {}), file.parent),
        shrink=_shrink(territories),
    )


_KEYS: Mapping[str, tuple[str, ...]] = {
    "inputs": tuple(f.name for f in fields(InputPaths)),
    "run": tuple(f.name for f in fields(RunOptions)),
    "mail": tuple(f.name for f in fields(MailOptions)),
}
_SETTINGS = frozenset(f.name for f in fields(Settings))


def _home_of(name: str) -> str | None:
    """Return the section of a key of any section but ``[settings]``."""
    return next((section for section, keys in _KEYS.items() if name in keys), None)


def _strangers(parts: Mapping[str, Mapping[str, Any]], path: Path) -> Iterator[Said]:
    """Yield a sentence for each key that stands in the wrong section, or belongs to none."""
    for section in ("inputs", "settings", "run", "mail"):
        for name in parts.get(section, {}):
            right = "settings" if name in _SETTINGS else _home_of(name)
            if right not in (None, section):
                yield said(
                    "config.other_section", path=path, section=section, name=name, right=right
                )
            elif right is None and section not in ("settings", "mail"):  # these tell their own
                hint = did_you_mean(name, _KEYS[section])
                yield said("config.unknown_key", path=path, section=section, name=name, hint=hint)


def _faults_of_inputs(given: Mapping[str, Any], path: Path) -> Iterator[Said]:
    for name in ("wishes", "offers"):
        if name not in given:
            yield said("config.missing", path=path, section="inputs", name=name)
    for name, value in given.items():
        is_path = isinstance(value, str) and value
        if name in ("offers", "sent", "do_not_contact", "words"):
            is_right = is_path or (_are_texts(value) and all(value) and len(value) > 0)
            kind = said("config.paths_text")
        elif name == "formats":
            is_right = isinstance(value, Mapping) and _are_texts([*value.values()])
            kind = said("config.formats_table")
            if is_right:
                yield from _unknown_values(path, "inputs", name, value, _TABLES)
        else:
            is_right, kind = is_path, said("config.path_text")
        if name in _KEYS["inputs"] and not is_right:
            yield _wrong(path, "inputs", name, value, kind)


def _faults_of_run(given: Mapping[str, Any], path: Path) -> Iterator[Said]:
    for name in ("home", "contacts"):
        if name in given and not (isinstance(given[name], str) and given[name]):
            yield _wrong(path, "run", name, given[name], said("config.path_text"))
    yield from _faults_of_number(given, path, "keep", int, (1, 100_000))
    yield from _faults_of_number(given, path, "max_shrink", float, (0, 1))
    outputs = given.get("outputs", [])
    if not _are_texts(outputs):
        yield _wrong(path, "run", "outputs", outputs, said("config.names_text"))
    else:
        yield from _unknown_values(path, "run", "outputs", outputs, OUTPUTS)


def _faults_of_shrink(given: Mapping[str, Any], path: Path) -> Iterator[Said]:
    for code, own in given.items():
        if isinstance(own, Mapping):
            section = f'territory."{code}"'
            yield from _faults_of_number(own, path, OF_THE_NIGHT, float, (0, 1), section=section)


def _shrink(given: Mapping[str, Any]) -> dict[str, float]:
    """Return the limits of the territories by the code of their region."""
    return {
        region_code(name): float(own[OF_THE_NIGHT])
        for name, own in given.items()
        if OF_THE_NIGHT in own
    }


def _faults_of_number(
    given: Mapping[str, Any],
    path: Path,
    name: str,
    kind: type[int | float],
    bounds: tuple[int, int],
    *,
    section: str = "run",
) -> Iterator[Said]:
    value: Any = given.get(name, bounds[0])
    if isinstance(value, bool) or not isinstance(value, (int, kind)):
        named = said("setting.number" if kind is float else "setting.whole_number")
        yield _wrong(path, section, name, value, named)
    elif not bounds[0] <= value <= bounds[1]:  # NaN too
        yield said(
            "config.out_of_bounds",
            path=path,
            section=section,
            name=name,
            value=value,
            low=bounds[0],
            high=bounds[1],
        )


def _wrong(path: Path, section: str, name: str, value: object, kind: Said) -> Said:
    return said(
        "config.wrong_type", path=path, section=section, name=name, value=repr(value), kind=kind
    )


def _unknown_values(
    path: Path,
    section: str,
    name: str,
    values: Iterator[str] | Mapping[str, str] | list[str],
    known: tuple[str, ...],
) -> Iterator[Said]:
    for value in values:
        if value not in known:
            yield said(
                "config.unknown_value",
                path=path,
                section=section,
                name=name,
                value=value,
                hint=did_you_mean(value, known),
            )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _named(given: Mapping[str, Any], folder: Path) -> InputPaths:
    """Return the inputs of a section that has no fault."""

    def path(role: str) -> Path | None:
        return folder / given[role] if role in given else None

    def paths(role: str) -> tuple[Path, ...]:
        value = given.get(role, [])
        return tuple(folder / one for one in ([value] if isinstance(value, str) else value))

    return InputPaths(
        youths=path("youths"),
        wishes=folder / given["wishes"],
        offers=paths("offers"),
        referents=path("referents"),
        sent=paths("sent"),
        do_not_contact=paths("do_not_contact"),
        words=paths("words"),
        formats=dict(given.get("formats", {})),
    )


def _kept(given: Mapping[str, Any], folder: Path) -> RunOptions:
    """Return the options of a section that has no fault."""
    ready = dict(given)
    for name in ("home", "contacts"):
        if name in ready:
            ready[name] = folder / ready[name]
    if "outputs" in ready:
        ready["outputs"] = tuple(ready["outputs"])
    return RunOptions(**ready)
