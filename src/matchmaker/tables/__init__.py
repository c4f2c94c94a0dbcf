"""Files as they come to clean tables: reading, checks, sources, pooling, flags.

`load` is the way in, `load_sent` that of what earlier waves sent; `schemas` says what the neutral tables hold.
"""

from matchmaker.tables.load import Tables, load
from matchmaker.tables.mapping import header_option
from matchmaker.tables.preview import first_rows
from matchmaker.tables.raw import Given, InputFile, JsonAnswer, RawTable
from matchmaker.tables.referents import Referents, load_referents
from matchmaker.tables.sent import Sent, joined_sent, load_sent
from matchmaker.tables.sources import Head, Source

__all__ = [
    "Given",
    "Head",
    "InputFile",
    "JsonAnswer",
    "RawTable",
    "Referents",
    "Sent",
    "Source",
    "Tables",
    "first_rows",
    "header_option",
    "joined_sent",
    "load",
    "load_referents",
    "load_sent",
]
