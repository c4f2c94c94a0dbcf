"""What each mailing tool does to a file that it takes: the limits that ours keeps to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["TOOLS", "Tool"]

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A mailing tool.

    Attributes
    ----------
    name : str
    delimiter : str
        Of its CSV files.
    max_file_bytes : int
        A larger file is cut into parts; a little below what the tool says.
    max_cell_bytes : int
        A longer text is shortened at the end of a sentence or a word; 0: any.
    is_written_before : bool
        Attributes have to be there before the file is taken.
    """

    name: str
    delimiter: str
    max_file_bytes: int
    max_cell_bytes: int = 0
    is_written_before: bool = True


TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        tool.name: tool
        for tool in (
            Tool(name="brevo", delimiter=";", max_file_bytes=240 * _MEGABYTE),
            Tool(name="generic", delimiter=";", max_file_bytes=95 * _MEGABYTE),
        )
    }
)
