"""The self-test of exercises: the untouched start, every solution, every mistake, really graded.

Called by ``cli.selftest``.
"""
