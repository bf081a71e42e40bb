"""A node: containerd, kubelet and kube-proxy on a machine of its own, with a disk that stays.

`disk.py` makes the disk and the configuration on it, `cni.py`
says how its pods get their addresses, `flags.py` what runs.
Called by the cluster when it makes a node and each time the node is switched on.
"""
