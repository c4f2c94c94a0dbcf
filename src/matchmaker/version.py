"""The version, kept apart so that the manifest can name it without loading the package."""

from __future__ import annotations

__all__ = ["VERSION"]

VERSION = "0.1.0"
