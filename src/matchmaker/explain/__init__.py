"""Why this line, and why no line: sentences made of the numbers that decided."""
