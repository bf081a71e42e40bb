"""One containerd root with every image of the catalog unpacked, copied into each node by links.

Made once by `up`; a node's disk starts from it within a tenth of a second and
without taking the space again. containerd changes nothing in an unpacked image;
only its databases change, and those are copied.
"""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from localcluster.build.cache import Cache, content_hash
from localcluster.errors import LocalClusterError, tail
from localcluster.progress import Report

_CONFIG = """\
version = 2
root = "{root}"
state = "{work}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "{work}/socket"
[plugins."io.containerd.internal.v1.opt"]
  path = "{work}/opt"
"""


def build(tars: list[Path], cache: Cache, report: Report) -> Path:
    """The seed for these images, from the cache where it is there."""

    def make(folder: Path) -> None:
        report(f"unpacking {len(tars)} images")
        with tempfile.TemporaryDirectory(prefix="localcluster-seed-") as work:
            _import_all(tars, folder / "root", Path(work))

    version = subprocess.run(
        ["containerd", "--version"], capture_output=True, text=True, check=True
    )
    key = content_hash(version.stdout, *(str(tar) for tar in tars))
    return cache.entry("seed", key, make, report) / "root"


def _import_all(tars: list[Path], root: Path, work: Path) -> None:
    config, log = work / "config.toml", work / "log"
    config.write_text(_CONFIG.format(root=root, work=work))
    # If we are ended in the middle, it ends too, and its mounts, private to it, go with it.
    alone = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private"]
    ctr = ["ctr", "--address", str(work / "socket"), "--namespace", "k8s.io"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*alone, "containerd", "--config", config], stdout=output, stderr=output
        ) as containerd,
    ):
        try:
            _wait_for(ctr, log)
            for tar in tars:
                command = [*ctr, "images", "import", str(tar)]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode:
                    raise LocalClusterError(f"importing {tar} failed: {done.stderr.strip()}")
        finally:
            containerd.terminate()


def _wait_for(ctr: list[str], log: Path, timeout: float = 20.0) -> None:
    deadline = time.monotonic() + timeout
    while subprocess.run([*ctr, "version"], capture_output=True, check=False).returncode:
        if time.monotonic() > deadline:
            raise LocalClusterError(f"containerd does not start.\n{tail(log)}")
        time.sleep(0.05)


def plant(seed: Path, target: Path) -> None:
    """Make a node's containerd root from the seed."""
    # Links need one file system; across two, copies do the same, only slower.
    linked = subprocess.run(["cp", "-al", seed, target], capture_output=True, check=False)
    if linked.returncode:
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["cp", "-a", seed, target], check=True)
        return
    for database in seed.rglob("*.db"):
        own = target / database.relative_to(seed)
        own.unlink()
        shutil.copy2(database, own)
