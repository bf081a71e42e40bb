"""A real Kubernetes on this machine, without Docker, for development, tests and the demo.

On the command line: `python -m localcluster up`, then `--help` for the rest.
From Python:

    cluster = Cluster("mine")
    cluster.up(nodes=1)  # returns when everything works; again: returns at once
    cluster.up(policy=True)  # instead: a cluster whose nodes enforce NetworkPolicies
    cluster.kubeconfig  # the path of a kubeconfig that works from outside
    cluster.load_image(Path("image.tar"))
    cluster.component("apiserver").stop()  # killed, and kept down
    cluster.component("apiserver").start()
    cluster.exec(["kubectl", "get", "nodes"])  # inside the cluster's network
    cluster.stop_node(1)  # its plug is pulled; its disk stays
    cluster.start_node(1)
    cluster.down()  # leaves nothing

Errors are `LocalClusterError`, with a message for people. The cluster needs root
and Linux; nothing in it can reach, or be reached from, anywhere but this machine.
Its objects live as long as its control plane's processes: after they were killed,
`up` makes the cluster anew.
"""

from localcluster.cluster import Cluster, Component
from localcluster.errors import LocalClusterError, UnsupportedError

__all__ = ["Cluster", "Component", "LocalClusterError", "UnsupportedError"]
