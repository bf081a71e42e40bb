"""Everything that talks to a Kubernetes cluster: the only package that imports a client.

Implements the ports of ``evidence`` and ``grading`` for ``handlers`` and ``cli``. Must not
judge.
"""
