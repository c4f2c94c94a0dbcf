"""Words of schools in labels of wishes: shortened words, common classes, classes without a contract.

One table, ``school_labels.csv``, of lines ``kind,written,meaning``; a table of the user's own
(setting ``labels_file``) adds lines of the same form, and wins where both say something:

========== ==================================== ============================================
kind       written                              meaning
========== ==================================== ============================================
word       a shortened word ("maint")           the word or the words that it stands for
family     a common class of 2nde pro           its specialities, ``|`` between
no_wish    a class without a contract           nothing
trades     a whole label                        ROME codes, ``|`` between
========== ==================================== ============================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from matchmaker.errors import InputError, Issue, UsageError, did_you_mean
from matchmaker.reference import store
from matchmaker.reference.lookup import fold, read_table
from matchmaker.reference.rome import rome
from matchmaker.settings import Settings
from matchmaker.words import Said, said

__all__ = ["SchoolLabels", "school_labels"]

_COLUMNS = ("kind", "written", "meaning")
_KINDS = ("word", "family", "no_wish", "trades")


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolLabels:
    """What the lines say; every key is folded (lower case, no accents, signs as spaces).

    Attributes
    ----------
    words : mapping of str to str
        Shortened word to the folded words that it stands for.
    families : mapping of str to tuple of str
        Common class to its specialities, as written.
    no_wish : frozenset of str
        Classes without a contract.
    trades : mapping of str to tuple of str
        Whole label to ROME codes.
    """

    words: Mapping[str, str]
    families: Mapping[str, tuple[str, ...]]
    no_wish: frozenset[str]
    trades: Mapping[str, tuple[str, ...]]


def school_labels(settings: Settings) -> SchoolLabels:
    """Return the lines of the package and those of the user's own.

    Parameters
    ----------
    settings : Settings
        ``labels_file`` is read; ``rome_dir`` says which codes are known.

    Raises
    ------
    UsageError
        The user's file is not there.
    InputError
        A line of it cannot be understood; all faults at once.

    Examples
    --------
    >>> known = school_labels(Settings())
    >>> known.words["maint"], known.families["metiers de l aeronautique"]
    ('maintenance', ('Aéronautique', 'Aviation générale'))
    """
    own = _own_lines(settings.labels_file, settings) if settings.labels_file else ()
    return _joined(own)


@lru_cache(maxsize=4)
def _joined(own: tuple[tuple[str, str, str], ...]) -> SchoolLabels:
    """Put the lines of the package and of the user together."""
    lines = [
        (kind, fold(written), meaning)
        for kind, written, meaning in (
            *read_table("school_labels.csv")[list(_COLUMNS)].itertuples(index=False),
            *own,
        )
    ]
    # A label has the meaning of its last line, whatever the kinds of those before were.
    last = {written: kind for kind, written, _ in lines if kind != "word"}
    by_kind: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS}
    for kind, written, meaning in lines:
        if kind == "word" or last[written] == kind:
            by_kind[kind][written] = meaning
    return SchoolLabels(
        words=MappingProxyType({w: fold(m) for w, m in by_kind["word"].items()}),
        families=MappingProxyType({w: _parts(m) for w, m in by_kind["family"].items()}),
        no_wish=frozenset(by_kind["no_wish"]),
        trades=MappingProxyType({w: _parts(m) for w, m in by_kind["trades"].items()}),
    )


def _parts(meaning: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in meaning.split("|") if part.strip())


def _own_lines(file: str, settings: Settings) -> tuple[tuple[str, str, str], ...]:
    """Read and check the lines of the user's own."""
    if not Path(file).is_file():
        raise UsageError(said("setting.no_such_file", name="labels_file", path=file))
    frame = store.read_csv(file, _COLUMNS)
    known = frozenset(rome(settings).codes["code"])
    columns = (frame[column].str.strip().tolist() for column in _COLUMNS)
    lines: list[tuple[str, str, str]] = list(zip(*columns, strict=True))
    faults = [
        Issue(
            reason="bad_label_line",
            file=Path(file).name,
            line=at + 2,
            column=column,
            value=value,
            message=message,
            hint=hint,
        )
        for at, line in enumerate(lines)
        for column, value, message, hint in _faults(*line, known)
    ]
    if faults:
        raise InputError(faults)
    return tuple(lines)


def _faults(
    kind: str, written: str, meaning: str, known: frozenset[str]
) -> Iterator[tuple[str, str, Said, Said | str]]:
    """Yield column, value, message and hint of each fault of a line."""
    if kind not in _KINDS:
        hint = did_you_mean(kind, _KINDS) or said("reference.label_kinds", names=_KINDS)
        yield "kind", kind, said("reference.label_kind"), hint
    if not fold(written):
        yield "written", written, said("reference.label_blank"), said("reference.label_blank_hint")
    if not _parts(meaning) and kind != "no_wish":
        yield "meaning", meaning, said("reference.label_blank"), said("reference.label_blank_hint")
    if kind == "trades":
        for code in _parts(meaning):
            if code not in known:
                yield "meaning", code, said("reference.bad_code"), said("reference.bad_code_hint")
