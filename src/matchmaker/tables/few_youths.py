"""Pseudonyms that hide little: said when a run without a key reads a handful of pupils."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable, Remark
from matchmaker.words import said

__all__ = ["FEW", "few_behind_pseudonyms", "told_of_few"]

FEW = 30
"""A class: somebody there may know the numbers of all, and draw the key of the file again."""

_REASON = "few_pseudonyms"


def few_behind_pseudonyms(youths: int) -> tuple[Remark, ...]:
    """Return what is remarked of a file whose pseudonyms are drawn from its own numbers.

    Parameters
    ----------
    youths : int
        Of the file.

    Returns
    -------
    tuple of Remark
        One where there are so few of them that the key can be guessed; else none.

    Examples
    --------
    >>> len(few_behind_pseudonyms(12)), len(few_behind_pseudonyms(1200))
    (1, 0)
    """
    if not 0 < youths < FEW:
        return ()
    return (Remark(kind="warning", reason=_REASON, column="youth_id", count=youths),)


def told_of_few(raws: Iterable[RawTable]) -> Iterator[Issue]:
    """Yield what a run says of such files before it computes anything.

    Parameters
    ----------
    raws : iterable of RawTable

    Yields
    ------
    Issue
    """
    for raw in raws:
        for remark in raw.remarks:
            if remark.reason == _REASON:
                yield Issue(
                    reason=_REASON,
                    file=raw.file,
                    message=said("alert.few_pseudonyms", n=remark.count),
                    hint=said("alert.few_pseudonyms_hint"),
                )
