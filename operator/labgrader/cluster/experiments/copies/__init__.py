"""Experiments on a copy: what belongs to a workload is copied into a namespace of the grader's.

Used by ``trials``. The experiment itself is the same code as in place; it is told another place.
"""
