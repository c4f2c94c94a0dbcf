"""Codes of places, levels, contracts, trades and diplomas, and how texts become codes.

The tables lie in ``reference/data`` (see the README there); each module reads its own
once, when first asked.
"""
