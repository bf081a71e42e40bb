"""What a machine must have for a local cluster, and the Debian packages that bring it.

`ensure` is called by `up` before anything is built or changed. It installs
missing packages when it may, and says what is missing when it cannot help.
"""

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from localcluster.errors import LocalClusterError, UnsupportedError
from localcluster.lock import alone
from localcluster.machine import cgroups
from localcluster.progress import Report
from localcluster.watchers import lack_of_watchers

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
# And for a cluster that enforces NetworkPolicies.
POLICY_PROGRAMS = {"ipset": "ipset", "iptables-nft": "iptables"}
_SBIN = "/usr/sbin:/sbin"
_INSTALLING = Path("/run/labgrader-packages.lock")
"""apt-get does not wait for another one of us, and fails."""
# A bridge, a cable and address translation in a network of its own: the very things a
# cluster needs, tried where they disturb nobody.
_NETWORK_TRIAL = """
ip link add trial0 type bridge &&
ip link add trial1 type veth peer name trial2 &&
iptables -w -t nat -A POSTROUTING -m comment --comment trial -j MASQUERADE &&
iptables -w -A FORWARD -m conntrack --ctstate INVALID -j DROP &&
{ test -e /proc/sys/net/bridge/bridge-nf-call-iptables || {
    echo "no /proc/sys/net/bridge/bridge-nf-call-iptables" >&2; false; }; }
"""
# What Felix writes: sets of addresses, rules that look into them, and marks on packets.
_POLICY_TRIAL = """
ipset create trial hash:net family inet &&
iptables-nft -w -A FORWARD -m set --match-set trial src -j DROP &&
iptables-nft -w -A FORWARD -m mark --mark 0/0x10000 -j MARK --set-xmark 0x10000/0x10000
"""


def ensure(report: Report, *, policy: bool = False) -> None:
    """Return when the machine can run a cluster, having installed packages if need be.

    With `policy`, one that enforces NetworkPolicies.
    """
    if platform.system() != "Linux":
        raise UnsupportedError(f"A local cluster needs Linux; this is {platform.system()}.")
    if os.geteuid() != 0:
        raise UnsupportedError(
            "A local cluster needs root, for namespaces and cgroups: try again with sudo."
        )
    _ensure_cgroups()
    programs = PROGRAMS | POLICY_PROGRAMS if policy else PROGRAMS
    ensure_packages(report, programs)
    _ensure_kernel()
    if told := lack_of_watchers():
        report(told)
    if policy and (trouble := _tried(_POLICY_TRIAL)):
        raise UnsupportedError(f"Network namespaces here cannot enforce policies: {trouble}")


def missing_packages(programs: Mapping[str, str] = PROGRAMS) -> list[str]:
    """The Debian packages of those programs that are not on this machine."""
    path = f"{os.environ.get('PATH', os.defpath)}:{_SBIN}"
    wanted = {package for name, package in programs.items() if not shutil.which(name, path=path)}
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


def ensure_packages(
    report: Report, programs: Mapping[str, str] = PROGRAMS, lock: Path = _INSTALLING
) -> None:
    """Install the Debian packages of those programs that are missing; one process at a time."""
    if not missing_packages(programs):
        return
    with alone(lock, "installs Debian packages", report):
        if packages := missing_packages(programs):  # the other process may have brought them
            _install(packages, programs, report)


def _install(packages: list[str], programs: Mapping[str, str], report: Report) -> None:
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    by_hand = "apt-get update && " + " ".join(command)
    if not shutil.which("apt-get"):
        names = sorted(name for name, package in programs.items() if package in packages)
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
    if left := missing_packages(programs):
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
    if trouble := _tried(_NETWORK_TRIAL):
        raise UnsupportedError(
            "Network namespaces here lack bridges, cables (veth), address translation or "
            f"br_netfilter: {trouble}"
        )


def _tried(script: str) -> str:
    """What goes wrong with this script in a network of its own; nothing when all goes well."""
    trial = ["unshare", "--net", "sh", "-ec", script]
    environment = {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}:{_SBIN}"}
    done = subprocess.run(trial, env=environment, capture_output=True, text=True, check=False)
    return (done.stderr.strip() or f"exit code {done.returncode}") if done.returncode else ""
