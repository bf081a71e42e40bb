"""Requests sent as a client inside the cluster: by the operator itself, or by probe pods.

Used by ``cluster.gather`` (one request) and ``cluster.experiments`` (rates and load). Targets
are ports of Services, resolved once; nobody can hand in a URL.
"""
