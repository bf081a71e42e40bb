"""What a machine must have for a local cluster, and the Debian packages that bring it.

`ensure` is called by `up` before anything is built or changed. It installs
missing packages when it may, and says what is missing when it cannot help.
"""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from localcluster.errors import LocalClusterError, UnsupportedError
from localcluster.machine import cgroups
from localcluster.progress import Report

# What is looked for, and the Debian package that has it.
PROGRAMS = {
    "containerd": "containerd",
    "ctr": "containerd",
    "runc": "runc",
    "/usr/lib/cni/bridge": "containernetworking-plugins",
    "iptables": "iptables",
    "conntrack": "conntrack",
    "socat": "socat",
    "ethtool": "ethtool",
    "ip": "iproute2",
    "sysctl": "procps",
    "mount": "mount",
    "unshare": "util-linux",
    "openssl": "openssl",
    "/bin/busybox": "busybox-static",
}
_SBIN = "/usr/sbin:/sbin"
# A bridge, a cable and address translation in a network of its own: the very things a
# cluster needs, tried where they disturb nobody.
_NETWORK_TRIAL = """
ip link add trial0 type bridge &&
ip link add trial1 type veth peer name trial2 &&
iptables -w -t nat -A POSTROUTING -m comment --comment trial -j MASQUERADE &&
iptables -w -A FORWARD -m conntrack --ctstate INVALID -j DROP &&
test -e /proc/sys/net/bridge/bridge-nf-call-iptables
"""


def ensure(report: Report) -> None:
    """Return when the machine can run a cluster, having installed packages if need be."""
    if platform.system() != "Linux":
        raise UnsupportedError(f"A local cluster needs Linux; this is {platform.system()}.")
    if os.geteuid() != 0:
        raise UnsupportedError(
            "A local cluster needs root, for namespaces and cgroups: try again with sudo."
        )
    _ensure_cgroups()
    _ensure_packages(report)
    _ensure_kernel()


def missing_packages() -> list[str]:
    """The Debian packages whose programs are not on this machine."""
    path = f"{os.environ.get('PATH', os.defpath)}:{_SBIN}"
    wanted = {package for name, package in PROGRAMS.items() if not shutil.which(name, path=path)}
    return sorted(wanted)


def _ensure_cgroups() -> None:
    found = {name for hierarchy in cgroups.hierarchies() for name in hierarchy.controllers}
    lacking = [name for name in cgroups.NEEDED if name not in found]
    if lacking:
        kernel = Path("/sys/fs/cgroup/cgroup.controllers").exists()
        kind = "only cgroup v2 is mounted here" if kernel else f"missing here: {', '.join(lacking)}"
        raise UnsupportedError(
            f"A local cluster needs the cgroup v1 controllers mounted below /sys/fs/cgroup; {kind}."
        )


def _ensure_packages(report: Report) -> None:
    packages = missing_packages()
    if not packages:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    by_hand = "apt-get update && " + " ".join(command)
    if not shutil.which("apt-get"):
        names = sorted(name for name, package in PROGRAMS.items() if package in packages)
        raise UnsupportedError(
            f"These programs are missing: {', '.join(names)}. On Debian one would run: {by_hand}"
        )
    report(f"installing Debian packages: {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], command):
        done = subprocess.run(step, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise LocalClusterError(
                f"{' '.join(step)} failed:\n{done.stderr.strip()}\nRun it yourself: {by_hand}"
            )
    if left := missing_packages():
        raise UnsupportedError(f"{' '.join(left)}: installed, but the programs are not there.")


def _ensure_kernel() -> None:
    kinds = ("cgroup", "ipc", "mnt", "net", "pid", "uts")
    lacking = [kind for kind in kinds if not Path(f"/proc/self/ns/{kind}").exists()]
    if lacking:
        raise UnsupportedError(f"This kernel has no {', '.join(lacking)} namespaces.")
    if modprobe := shutil.which("modprobe", path=_SBIN):
        # Built in, loaded already, or not to be had: the trials below tell which.
        load = [modprobe, "--all", "--quiet", "overlay", "br_netfilter"]
        subprocess.run(load, capture_output=True, check=False)
    if "\toverlay\n" not in Path("/proc/filesystems").read_text():
        raise UnsupportedError("This kernel has no overlay file system, which images need.")
    trial = ["unshare", "--net", "sh", "-ec", _NETWORK_TRIAL]
    environment = {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}:{_SBIN}"}
    done = subprocess.run(trial, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnsupportedError(
            "Network namespaces here lack bridges, cables (veth), address translation or "
            f"br_netfilter: {done.stderr.strip() or 'no /proc/sys/net/bridge'}"
        )
