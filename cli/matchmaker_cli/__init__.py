"""The command line; it mirrors the library and holds no logic of its own.

Nothing here imports numpy, pandas or the engines at module top: ``--help`` must be quick.
"""
