"""Evaluating expressions in processes that may hang or crash without harm to anything else.

Used by ``cluster.gather``; needs no cluster, and imports no Kubernetes client.
"""
