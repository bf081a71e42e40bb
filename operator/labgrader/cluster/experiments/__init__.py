"""Experiments: disturb what runs in a namespace, record what happens, put everything back.

Used by ``cluster.gather`` through ``Laboratory``. The evidence is a Timeline; whether it is
good is judged in ``checks``.
"""
