"""Machines made of namespaces: the control plane's and each node's.

A machine is a set of namespaces (processes, mounts, network, host name, IPC,
cgroups) whose process 1 is `plug.py`. Ending that process is pulling the plug:
the kernel ends everything inside and unmounts what was mounted there.
`power.py` switches machines on and off, `units.py` tells the plug what to run,
`cgroups.py` keeps the processes findable and countable.
"""
