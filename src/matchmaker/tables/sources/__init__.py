"""Sources: one file a format, each bringing its files to the neutral tables as text.

A source maps fields and nothing more; the checks of `matchmaker.tables` judge
the values, so that a fault reads the same whatever the source.

- `lba`, `france_travail`: items of JSON to the offers table.
- `hellowork`, `jobteaser`, `laposte` (XML), `decathlon`, `cegid` (JSON), `leboncoin` (CSV):
  feeds of partners to the offers table.
- `affelnet`, `parcoursup`: one table of wishes to youths, wishes and contacts.

A new one is a file here, a line in `sources_for` and a page in ``docs/reference/sources``;
of a user's own, the setting ``sources`` or the argument of that name
(``docs/tutorials/your-own-source.md``).
"""

from __future__ import annotations

from collections.abc import Sequence

from matchmaker.doors import load_named, refuse_unfit
from matchmaker.errors import UsageError
from matchmaker.settings import Settings
from matchmaker.tables.sources.affelnet import Affelnet
from matchmaker.tables.sources.cegid import Cegid
from matchmaker.tables.sources.decathlon import Decathlon
from matchmaker.tables.sources.france_travail import FranceTravail
from matchmaker.tables.sources.hellowork import Hellowork
from matchmaker.tables.sources.jobteaser import Jobteaser
from matchmaker.tables.sources.laposte import LaPoste
from matchmaker.tables.sources.lba import Lba
from matchmaker.tables.sources.leboncoin import Leboncoin
from matchmaker.tables.sources.parcoursup import Parcoursup
from matchmaker.tables.sources.source import KINDS, NEUTRAL, Head, Kind, Source
from matchmaker.words import said

__all__ = ["SOURCES", "Head", "Kind", "Source", "sources_for"]


def sources_for(
    settings: Settings, key: bytes | None = None, handed_in: Sequence[Source] = ()
) -> tuple[Source, ...]:
    """Return the sources of one run, each holding what it needs beyond its file.

    Parameters
    ----------
    settings : Settings
        ``parcoursup_columns`` and ``sources`` are read.
    key : bytes or None
        Secret of the pseudonyms, from `matchmaker.tables.contacts`.
    handed_in : sequence of Source
        Of the user's own.

    Raises
    ------
    UsageError
        A source that the settings name cannot be loaded, is no source, or has the name of
        another one.

    Examples
    --------
    >>> [source.name for source in sources_for(Settings())]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['lba', 'france_travail', 'hellowork', 'jobteaser', 'laposte', 'leboncoin', 'decathlon',
     'cegid', 'affelnet', 'parcoursup']
    """
    named = load_named(settings.sources, Source, setting="sources")
    for source in handed_in:
        refuse_unfit(source, Source, called=said("door.handed_in", protocol="Source"))
    sources: tuple[Source, ...] = (
        Lba(settings=settings),
        FranceTravail(),
        Hellowork(),
        Jobteaser(),
        LaPoste(),
        Leboncoin(),
        Decathlon(),
        Cegid(),
        Affelnet(key=key),
        Parcoursup(columns=settings.parcoursup_columns, key=key),
        *named,
        *handed_in,
    )
    names = [source.name for source in sources]
    faults = [
        said("source.kinds", name=source.name, kinds=KINDS)
        for source in sources
        if not (isinstance(source.kinds, frozenset) and set() < source.kinds <= set(KINDS))
    ]
    faults += [
        said("source.name_taken", name=name)
        for name in dict.fromkeys(names)
        if names.count(name) > 1 or name == NEUTRAL
    ]
    if faults:
        raise UsageError(*faults)
    return sources


SOURCES = sources_for(Settings())
"""The sources that come with the package, as they are without settings and key."""
