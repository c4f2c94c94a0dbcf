"""Files as they come to clean tables: reading, checks, sources, pooling, flags.

`load` is the way in; `schemas` says what the neutral tables hold.
"""

from matchmaker.tables.load import Source, Tables, load, load_referents
from matchmaker.tables.raw import InputFile, RawTable

__all__ = ["InputFile", "RawTable", "Source", "Tables", "load", "load_referents"]
