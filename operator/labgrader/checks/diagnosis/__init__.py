"""Why something is not as expected, as a person would find it. Shared by the check kinds.

Judges call this only when they are about to fail. Everything here is pure and reads the
snapshot; what cannot be read explains nothing, but it never changes the verdict.
"""
