"""Cells of CSV files that may be opened in a spreadsheet, made unable to run.

A spreadsheet takes a cell that starts with ``=``, ``+``, ``-`` or ``@`` for a formula.
Texts in our outputs come from employers and from exports, so each text that could be
taken so gets an apostrophe before the sign.  The same is done after a separator or a
quote inside the text, because a file opened with the wrong separator is cut there.
Control characters become spaces: a row stays one line, and no cell starts with a tab.
Numbers, dates and booleans are ours and stay as they are.

Rule: OWASP, "CSV Injection", with the full-width and small forms of the four signs.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["guard_categories", "guard_column", "guard_table"]

_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
# What a spreadsheet may skip before the sign: spaces and signs without a width.
_SKIPPED = "[\\s\\x{00A0}\\x{200B}-\\x{200F}\\x{2028}-\\x{202F}\\x{2060}\\x{3000}\\x{FEFF}]*"
_CUTS = '[;,|"]'
# An apostrophe that stands there already gets another one: two texts never become one.
_DANGER = f"(^|{_CUTS})({_SKIPPED})('*[{_SIGNS}])"
_CONTROLS = "[\\x00-\\x1F\\x7F\\x{0085}]+"
_EITHER = f"{_CONTROLS}|{_DANGER}"


def guard_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Neutralise one column; columns that are not text come back unchanged.

    Parameters
    ----------
    column : pyarrow.ChunkedArray

    Returns
    -------
    pyarrow.ChunkedArray
        Of the same length and type.

    Examples
    --------
    >>> guard_column(pa.chunked_array([["=1+1", "a;@b", "Boulanger"]])).to_pylist()
    ["'=1+1", "a;'@b", 'Boulanger']
    >>> guard_column(pa.chunked_array([["=A", "'=A", "'A"]])).to_pylist()
    ["'=A", "''=A", "'A"]
    """
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    # Nearly every column is clean: looking once for all costs a sixth of rewriting.
    if not pc.any(pc.match_substring_regex(column, _EITHER)).as_py():
        return column
    for pattern, replacement in ((_CONTROLS, " "), (_DANGER, r"\1\2'\3")):
        column = pc.replace_substring_regex(column, pattern, replacement)
    return column


def guard_categories(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Neutralise the texts of a column of categories, each of them once.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Of dictionary arrays.

    Returns
    -------
    pyarrow.ChunkedArray
        Of the same length, its categories ``large_string``.

    Examples
    --------
    >>> signs = pa.chunked_array([pa.array(["=1", "a", "=1"]).dictionary_encode()])
    >>> guard_categories(signs).cast(pa.large_string()).to_pylist()
    ["'=1", 'a', "'=1"]
    """
    texts = pa.large_string()
    chunks = []
    for chunk in column.chunks:
        distinct = pa.chunked_array([chunk.dictionary.cast(texts)])
        guarded = guard_column(distinct).combine_chunks()
        chunks.append(pa.DictionaryArray.from_arrays(chunk.indices, guarded))
    return pa.chunked_array(chunks, pa.dictionary(column.type.index_type, texts))


def guard_table(table: pa.Table) -> pa.Table:
    """Neutralise every text column of a table, and its headers.

    Parameters
    ----------
    table : pyarrow.Table

    Returns
    -------
    pyarrow.Table
        Of the same shape and types.

    Examples
    --------
    >>> guard_table(pa.table({"-x": ["+33"], "n": [-3]})).to_pydict()
    {"'-x": ["'+33"], 'n': [-3]}
    """
    names = guard_column(pa.chunked_array([table.column_names], pa.string())).to_pylist()
    return pa.table([guard_column(c) for c in table.columns], names=names)
