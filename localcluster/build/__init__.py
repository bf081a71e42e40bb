"""Builds what cannot be had ready-made, once, into the user's cache.

`cache.py` keeps results by a hash of what they are made from, `toolchain.py`
finds or fetches Go, `programs.py` says what is built and how. Called by `up`
before a cluster is touched.
"""
