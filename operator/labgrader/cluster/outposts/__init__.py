"""Probe pods that stand where the source of a connection or a question matters.

Used by ``cluster.gather`` for the errands of ``connects`` and ``resolves``: one pod for each
place and set of labels does all that is asked from there (ADR 27).
"""
