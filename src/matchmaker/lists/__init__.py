"""Lists for all youths at once, under exposure caps, with a proof."""
