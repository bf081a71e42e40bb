"""Puts the control plane's machine and the nodes on the cluster's switch.

Called by the cluster each time a machine was switched on; a machine that goes
off takes its end of the cable, and with it the other end, away.
"""

import subprocess
from collections.abc import Iterable

from localcluster import layout
from localcluster.errors import LocalClusterError
from localcluster.machine.power import Machine

_SWITCH = "switch"


def _ip(machine: Machine, lines: Iterable[str]) -> None:
    command = [*machine.enter("net"), "ip", "-batch", "-"]
    text = "\n".join(lines) + "\n"
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    if done.returncode:
        raise LocalClusterError(f"{machine.hostname}: ip: {done.stderr.strip()}\nafter\n{text}")


def _sysctl(machine: Machine, *values: str) -> None:
    subprocess.run([*machine.enter("net"), "sysctl", "-qw", *values], check=True)


def make_switch(control: Machine, nodes: int) -> None:
    """Make the switch in the control plane's network and its ways to pods and services."""
    width = layout.SWITCH.prefixlen
    _ip(
        control,
        [
            "link set lo up",
            f"link add {_SWITCH} type bridge",
            f"addr add {layout.CONTROL_ADDRESS}/{width} dev {_SWITCH}",
            f"link set {_SWITCH} up",
            *(
                f"route add {layout.pod_range(i)} via {layout.node_address(i)}"
                for i in range(1, nodes + 1)
            ),
            # No kube-proxy runs here; the first node's answers for services.
            f"route add {layout.SERVICES} via {layout.node_address(1)}",
        ],
    )
    # The switch is a switch: packets between nodes are none of its own packet filter's business.
    _sysctl(control, "net.bridge.bridge-nf-call-iptables=0")


def connect(control: Machine, node: Machine, index: int, nodes: int) -> None:
    """Lay the cable from the switch to a node and tell the node the ways to the others."""
    cable, card = layout.node_name(index), layout.node_card(index)
    # The kernel takes the cable of a node that lost its power away a moment after the node.
    old = [*control.enter("net"), "ip", "link", "delete", cable]
    subprocess.run(old, capture_output=True, check=False)
    _ip(
        control,
        [
            # The same card each time: the others remember it, and would send to one that is gone
            # for half a minute.
            f"link add {cable} type veth peer name eth0 address {card} netns {node.require_plug()}",
            f"link set {cable} master {_SWITCH} up",
        ],
    )
    others = [i for i in range(1, nodes + 1) if i != index]
    _ip(
        node,
        [
            "link set lo up",
            f"addr add {layout.node_address(index)}/{layout.SWITCH.prefixlen} dev eth0",
            "link set eth0 up",
            # The kernel wants a route to a service before kube-proxy rewrites the address.
            f"route add {layout.SERVICES} dev eth0",
            *(f"route add {layout.pod_range(i)} via {layout.node_address(i)}" for i in others),
        ],
    )
    # Pods of one node talk over a bridge; their traffic to services must pass the packet filter.
    _sysctl(node, "net.ipv4.ip_forward=1", "net.bridge.bridge-nf-call-iptables=1")


def answer_for_gateway(node: Machine, gateway: str) -> None:
    """Have the node answer when its pods look for the gateway that they all share."""
    # The kernel answers on behalf of others only for addresses that it knows a way to.
    _ip(node, [f"route replace {gateway} dev eth0"])
