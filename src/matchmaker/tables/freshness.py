"""How old an export is, and which sources have fallen silent: said before anything is computed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from matchmaker.errors import Issue
from matchmaker.tables.raw import RawTable
from matchmaker.tables.synonyms import sheet_key
from matchmaker.words import Lang, code_text, said

__all__ = ["dated", "days_in", "old_exports", "silent_sources"]

# Headers of days on which a row was made, changed or seen, as `sheet_key` writes them.
_OF_ROWS = frozenset(
    map(
        sheet_key,
        [
            "\n        created ",
            " created at ",
            " created on ",
            " creation date ",
            " date creation ",
            " date de creation ",
            "\n        cree le ",
            " updated ",
            " updated at ",
            " updated on ",
            " update date ",
            " date maj ",
            "\n        date de mise a jour ",
            " mis a jour le ",
            " modified at ",
            " modifie le ",
            " date de modification ",
            "\n        date modification ",
            " derniere modification ",
            " last seen ",
            " last seen at ",
            " derniere activite ",
            "\n        published at ",
            " publication date ",
            " date de publication ",
            " publie le ",
            " export date ",
            "\n        date export ",
            " date d'export ",
            " date extraction ",
            " date d'extraction ",
            " date de l'extraction\n        ",
        ],
    )
)
_DAY = re.compile(r"\s*(?:(\d{4})-(\d\d)-(\d\d)|(\d\d)/(\d\d)/(\d{4}))(?!\d)")


def days_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the days that texts begin with, each once, sorted; others tell nothing.

    Examples
    --------
    >>> days_in(["2026-09-14T03:00:00Z", "13/09/2026", "2026-09-14", "hier", "2026-02-31"])
    ('2026-09-13', '2026-09-14')
    """
    found = set()
    for text in texts:
        if match := _DAY.match(text):
            year, month, day = match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)
            try:
                found.add(dt.date(int(year), int(month), int(day)).isoformat())
            except ValueError:
                continue
    return tuple(sorted(found))


def dated(raw: RawTable) -> tuple[str, ...]:
    """Return the days on which rows of a table were made, changed or seen, as its columns say."""
    frame = raw.frame
    columns = [
        frame.iloc[:, i].unique()
        for i, header in enumerate(frame.columns)
        if sheet_key(str(header)) in _OF_ROWS
    ]
    return days_in(text for column in columns for text in column)


def old_exports(tables: Sequence[RawTable], *, as_of: dt.date, most_days: int) -> list[Issue]:
    """Say which files hold nothing newer than so many days before the run.

    Parameters
    ----------
    tables : sequence of RawTable
        ``days`` are read; days after `as_of` are slips or of another run, and tell nothing.
    as_of : date
    most_days : int
        The setting ``max_export_days``.
    """
    issues = []
    for table in tables:
        days = [day for day in table.days if day <= as_of.isoformat()]
        if not days:
            continue
        newest = dt.date.fromisoformat(days[-1])
        age = (as_of - newest).days
        if age > most_days:
            issues.append(
                Issue(
                    reason="export_old",
                    file=table.file,
                    message=said("alert.export_old", day=newest, n=age),
                    hint=said("alert.export_old_hint", most=most_days),
                )
            )
    return issues


def silent_sources(
    before: Mapping[str, Mapping[str, int]], kinds: pd.DataFrame, lang: Lang
) -> list[Issue]:
    """Say which sources gave offers in an earlier run and give none in this one.

    Parameters
    ----------
    before : mapping of source to mapping of kind to count
        ``offers.by_source`` of the earlier run's summary.
    kinds : DataFrame
        `matchmaker.tables.Tables.kinds` of this run.
    lang : {"fr", "en"}
        Of the names of sources.

    Examples
    --------
    >>> now = pd.DataFrame({"source": ["lba"], "kind": ["spontaneous"], "count": [7]})
    >>> (issue,) = silent_sources({"lba": {"offer": 3, "spontaneous": 9}}, now, "en")
    >>> issue.file, issue.message.values["n"]
    ('La bonne alternance', 3)
    """
    today = set(zip(kinds["source"], kinds["kind"], strict=True))
    present = set(kinds["source"])
    issues = []
    for source, counts in sorted(before.items()):
        whole = sum(counts.values())
        if whole and source not in present:
            gone = [said("alert.source_silent", n=whole)]
        else:
            gone = [
                said("alert.kind_silent", kind=code_text(lang, "kind", kind), n=n)
                for kind, n in sorted(counts.items())
                if n and (source, kind) not in today
            ]
        issues += [
            Issue(
                reason="source_silent",
                file=code_text(lang, "format", source),
                message=message,
                hint=said("alert.silent_hint"),
            )
            for message in gone
        ]
    return issues
