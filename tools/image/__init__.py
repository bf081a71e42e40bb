"""Builds the operator's image from the Dockerfile: `python -m tools.image`, or `make image`.

Docker does it where an engine answers, else buildah on a Debian base made here,
which needs no container registry. Either writes build/labgrader.tar, which every
cluster of the tests and the demo can load.
"""
