"""Solvers of b-matching: arrays in, arrays and a proof out.  They know no youths, no offers."""
