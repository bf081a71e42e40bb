"""The cluster's network: one switch, its cables, and the only way in from outside.

No route leads out: the switch is a bridge inside the control plane's network
namespace, and a node's only interface hangs on it. Clients outside go through
the relay (`relay.py`), which listens on this machine's loopback.
"""
