"""The control plane: etcd, API server, controller manager and scheduler on one machine.

`flags.py` says how each is started. The cluster adds them to the machine in two
steps, the second when the API server answers.
"""
