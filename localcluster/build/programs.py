"""The programs that are built from Go modules: what each is made from, and with which flags.

`build` returns the folder of a program, from the cache where it is there
already. Versions of everything are in the go.mod beside each program's source.
"""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from localcluster.build import toolchain
from localcluster.build.cache import Cache, content_hash
from localcluster.errors import LocalClusterError
from localcluster.progress import Report

_HERE = Path(__file__).resolve().parent.parent
_WEB = _HERE.parent / "workloads" / "web"
KUBERNETES = "v1.37.2"
_EVERY = 10.0  # seconds between two lines about a running build


@dataclass(frozen=True)
class Carried:
    """YAML files out of a folder of a module that a program is built from."""

    module: str
    folder: str


@dataclass(frozen=True)
class Program:
    """A Go program: its module's folder, the package in it, and how it is linked.

    What it `carries` comes into the folder `carried` beside it.
    """

    name: str
    source: Path
    package: str = "."
    tags: str = ""
    variables: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    carries: Carried | None = None
    takes: str = ""

    @property
    def ldflags(self) -> str:
        """Without symbols, with the given variables set."""
        return " ".join(["-s", "-w", *(f"-X {variable}" for variable in self.variables)])

    def key(self) -> str:
        """A hash of all that the program is made from."""
        files = sorted(f for f in self.source.iterdir() if f.suffix in {".go", ".mod", ".sum"})
        sources = [f for f in files if not f.name.endswith("_test.go")]
        recipe = [self.package, self.tags, self.ldflags, *self.links, os.uname().machine]
        if self.carries:
            recipe += [self.carries.module, self.carries.folder]
        return content_hash(*sources, *recipe)


def _kubernetes_version() -> tuple[str, ...]:
    # The components refuse each other when they do not know their own version.
    major, minor, _ = KUBERNETES.removeprefix("v").split(".")
    values = {
        "gitVersion": KUBERNETES,
        "gitMajor": major,
        "gitMinor": minor,
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
    }
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return tuple(f"{p}.{name}={value}" for p in packages for name, value in values.items())


COMPONENTS = Program(
    "components",
    _HERE / "components",
    tags="no_btrfs",
    variables=_kubernetes_version(),
    links=(
        "coredns",
        "etcd",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-proxy",
        "kube-scheduler",
        "kubectl",
        "kubelet",
        "metrics-server",
    ),
    takes="about 6 minutes on 2 cores, this once",
)
PROVISIONER = Program(
    "local-path-provisioner",
    _HERE / "provisioner",
    package="github.com/rancher/local-path-provisioner",
    takes="about a minute, this once",
)
KUBECTL = Program(
    "kubectl",
    _HERE / "components",
    package="k8s.io/kubernetes/cmd/kubectl",
    variables=_kubernetes_version(),
)
ENFORCER = Program(
    "enforcer",
    _HERE / "enforcer",
    links=("calico", "calico-felix"),
    carries=Carried("github.com/projectcalico/calico", "libcalico-go/config/crd"),
    takes="about 4 minutes on 2 cores, this once",
)
RECOMMENDER = Program(
    "vpa-recommender",
    _HERE / "vpa",
    package="k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender",
    carries=Carried("k8s.io/autoscaler/vertical-pod-autoscaler", "deploy"),
    takes="about a minute, this once",
)
PAUSE = Program("pause", _HERE / "pause")
WEB_1 = Program("web", _WEB, variables=("main.version=1",))
WEB_2 = Program("web", _WEB, variables=("main.version=2",))


def build(program: Program, cache: Cache, report: Report) -> Path:
    """The folder with the built program, under its own name and its links' names."""

    def make(folder: Path) -> None:
        go = toolchain.find(cache, report).go
        report(f"building {program.name} {f'({program.takes})' if program.takes else ''}".rstrip())
        _compile(go, program, folder / program.name, report)
        for link in program.links:
            (folder / link).symlink_to(program.name)
        if program.carries:
            _carry(go, program.source, program.carries, folder / "carried")

    return cache.entry(program.name, program.key(), make, report)


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=readonly -buildvcs=false",
        "GOWORK": "off",
    }


def _carry(go: Path, source: Path, carried: Carried, target: Path) -> None:
    command = [str(go), "list", "-m", "-f", "{{.Dir}}", carried.module]
    listed = subprocess.run(
        command, cwd=source, env=_environment(), capture_output=True, text=True, check=False
    )
    files = sorted((Path(listed.stdout.strip()) / carried.folder).glob("*.yaml"))
    if listed.returncode or not files:
        raise LocalClusterError(
            f"{carried.module} has no YAML files in {carried.folder}: {listed.stderr.strip()}"
        )
    target.mkdir()
    for file in files:
        # Their content only: the module cache keeps its files read-only.
        shutil.copyfile(file, target / file.name)


def _compile(go: Path, program: Program, target: Path, report: Report) -> None:
    command = ["nice", str(go), "build", "-v", "-trimpath", "-tags", program.tags]
    command += ["-ldflags", program.ldflags, "-o", str(target), program.package]
    with subprocess.Popen(
        command,
        cwd=program.source,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as compiler:
        try:
            complaints = _follow(compiler, program.name, report)
        except BaseException:
            compiler.kill()
            raise
    if compiler.returncode:
        text = "\n".join(complaints[-30:])
        raise LocalClusterError(f"building {program.name} failed:\n{text}")


def _follow(compiler: subprocess.Popen[str], name: str, report: Report) -> list[str]:
    """Report how far the compiler is; returns what it said that is not progress."""
    fetched = compiled = 0
    said = time.monotonic()
    complaints = []
    for line in compiler.stderr or ():
        text = line.rstrip()
        if text.startswith("go: downloading "):
            fetched += 1
        elif " " in text or text.startswith("#"):
            complaints.append(text)
        else:
            compiled += 1
        if time.monotonic() - said > _EVERY:
            said = time.monotonic()
            report(f"building {name}: {fetched} modules fetched, {compiled} packages compiled")
    return complaints
