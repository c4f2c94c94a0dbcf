"""Nights that go wrong: whatever fails, and whenever, one whole folder of results stands.

`nights` makes every single step of publishing fail, and is tested; ``python -m tests.faults``
kills the whole command at a hundred moments; benchmarks/results/faults.md keeps what it found.
"""
