"""The operator: kopf's watches, our queue and workers, and the wiring of everything.

The only package that imports kopf. Must not judge, and asks the cluster only through
``cluster``.
"""
