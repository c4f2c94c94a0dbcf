"""What the package's own answers are compared with: slower, shorter, or another library's.

Only tests use these, so no installed package carries them; they keep the contracts of what
they stand beside (`matchmaker.solvers.problem.Solver`).
"""
