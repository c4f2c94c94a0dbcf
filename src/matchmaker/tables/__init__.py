"""Files as they come to clean tables: reading, checks, sources, pooling, flags.

`load` is the way in, `load_sent` that of what earlier waves sent; `schemas` says what the neutral tables hold.
"""

from matchmaker.tables.load import Source, Tables, load, load_referents
from matchmaker.tables.raw import InputFile, RawTable
from matchmaker.tables.sent import Sent, load_sent

__all__ = [
    "InputFile",
    "RawTable",
    "Sent",
    "Source",
    "Tables",
    "load",
    "load_referents",
    "load_sent",
]
