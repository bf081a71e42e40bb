import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from localcluster import Cluster, UnsupportedError, requirements
from localcluster.lock import alone
from localcluster.machine import cgroups
from localcluster.progress import silent
from tests.support.localclusters import ROOT, traces

V1 = """\
30 23 0:26 / /sys/fs/cgroup ro,nosuid shared:9 - tmpfs tmpfs ro,mode=755
31 30 0:27 / /sys/fs/cgroup/unified rw,nosuid shared:10 - cgroup2 cgroup2 rw
32 30 0:28 / /sys/fs/cgroup/systemd rw,nosuid shared:11 - cgroup cgroup rw,xattr,name=systemd
35 30 0:31 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:15 - cgroup cgroup rw,cpu,cpuacct
36 30 0:32 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
40 23 0:36 / /mnt/elsewhere rw - cgroup cgroup rw,pids
"""
V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"


def test_hierarchies_are_found_with_the_options_to_mount_them_again() -> None:
    found = {h.mount.name: (h.options, h.controllers) for h in cgroups.hierarchies(V1)}
    assert found == {
        "systemd": ("none,name=systemd", []),
        "cpu,cpuacct": ("cpu,cpuacct", ["cpu", "cpuacct"]),
        "memory": ("memory", ["memory"]),
    }
    assert cgroups.hierarchies(V2) == []


def test_another_system_is_told_to_use_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(UnsupportedError, match=r"needs Linux; this is Darwin\.\n.*kind\.sigs"):
        requirements.ensure(silent)


def test_without_root_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(UnsupportedError, match=r"needs root.*sudo") as refused:
        requirements.ensure(silent)
    assert refused.value.exit_code == 2


def test_programs_that_are_not_there_are_named_by_their_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert {"containerd", "openssl", "util-linux"} <= set(requirements.missing_packages())
    for name in ("containerd", "ctr"):
        (tmp_path / name).touch(0o755)
    assert "containerd" not in requirements.missing_packages()


INSTALLING = """
import sys
from pathlib import Path
from localcluster.requirements import ensure_packages

ensure_packages(lambda told: print(told, flush=True), {"a-program": "a-package"}, Path(sys.argv[1]))
"""


def test_what_another_process_installs_meanwhile_is_waited_for(tmp_path: Path) -> None:
    """apt-get fails where another one holds its lock."""
    program, lock = tmp_path / "a-program", tmp_path / "installing"
    command = [sys.executable, "-c", INSTALLING, str(lock)]
    environment = os.environ | {"PATH": str(tmp_path)}  # where there is no apt-get
    with alone(lock, "installs", silent):
        other = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert other.stdout
        assert other.stdout.readline() == (
            "waiting for another process that installs Debian packages\n"
        )
        program.touch(0o755)
    said, _ = other.communicate(timeout=20)
    assert (other.returncode, said) == (0, "")


@pytest.mark.cluster
def test_where_a_controller_is_missing_it_points_to_kind() -> None:
    script = 'umount --lazy /sys/fs/cgroup/memory && exec "$@"'
    words = [sys.executable, "-m", "localcluster", "up", "--name", "lct-refused"]
    alone = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", *words]
    done = subprocess.run(alone, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "missing here: memory" in done.stderr
    assert "kind.sigs.k8s.io" in done.stderr
    assert traces(Cluster("lct-refused")) == []
