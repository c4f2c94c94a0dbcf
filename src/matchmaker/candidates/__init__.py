"""Which pairs are eligible at all, on which rung of the ladder, and how they score.

`engine` is the door: what may be asked of a `Market`.  `fused` (with its `kernel`) is the
fast engine, `plain` the obvious one; both look up the same `ScoreTables` and give equal answers.
"""
