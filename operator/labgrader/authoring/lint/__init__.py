"""Lint: what is wrong or unwise in an exercise, found without a cluster.

One module for each family of rules, each a function from a Draft to Remarks; ``run`` holds them
together. Called by ``cli.lint``. Must not do I/O but read the files it is given.
"""
