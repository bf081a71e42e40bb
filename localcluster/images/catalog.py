"""The images that every cluster has from the start, and what each is made of.

Pods name them by these names with `imagePullPolicy: IfNotPresent`; no registry
is ever asked. Built by `up` through the cache.
"""

import subprocess
from pathlib import Path

from localcluster.build import programs
from localcluster.build.cache import Cache, content_hash
from localcluster.images import oci
from localcluster.images.oci import Image
from localcluster.progress import Report

PAUSE = "localhost/pause:1"
KUBE = "localhost/kube:1"
PROVISIONER = "docker.io/rancher/local-path-provisioner:v0.0.30"
BUSYBOX = "docker.io/library/busybox:1"
KUBECTL = "docker.io/library/kubectl:1"
_BUSYBOX_PROGRAM = Path("/bin/busybox")  # Debian's busybox-static
_USERS = {
    "etc/passwd": "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": "root:x:0:\nnobody:x:65534:\n",
}


def build(cache: Cache, report: Report) -> list[Path]:
    """The tars of all images, built where they are not in the cache."""
    return [_tar(image, cache, report) for image in _images(cache, report)]


def _images(cache: Cache, report: Report) -> list[Image]:
    components = programs.build(programs.COMPONENTS, cache, report)
    provisioner = programs.build(programs.PROVISIONER, cache, report)
    pause = programs.build(programs.PAUSE, cache, report)
    versions = {"1": programs.WEB_1, "2": programs.WEB_2}
    webs = {number: programs.build(program, cache, report) for number, program in versions.items()}
    kube = {"bin/components": components / "components"}
    links = {f"bin/{name}": "components" for name in programs.COMPONENTS.links}
    return [
        Image(PAUSE, {"bin/pause": pause / "pause"}, entrypoint=("/bin/pause",)),
        Image(KUBE, kube, links=links),
        Image(
            PROVISIONER,
            {"bin/local-path-provisioner": provisioner / "local-path-provisioner"},
            command=("local-path-provisioner",),
        ),
        busybox(),
        kubectl(programs.build(programs.KUBECTL, cache, report) / "kubectl"),
        *(
            Image(
                f"docker.io/library/web:{number}",
                {"bin/web": folder / "web"},
                entrypoint=("/bin/web",),
            )
            for number, folder in webs.items()
        ),
    ]


def busybox() -> Image:
    """The busybox image, with a link for every tool in the machine's static busybox."""
    return Image(
        BUSYBOX,
        {"bin/busybox": _BUSYBOX_PROGRAM},
        links=_tools(),
        texts=_USERS,
        command=("sh",),
        user="",  # like the busybox that people know, it runs as root unless told otherwise
    )


def kubectl(program: Path) -> Image:
    """The image of `workloads/kubectl`: kubectl with a shell, for Jobs that change a cluster."""
    return Image(
        KUBECTL,
        {"bin/busybox": _BUSYBOX_PROGRAM, "bin/kubectl": program},
        links=_tools(),
        texts=_USERS,
        entrypoint=("kubectl",),
    )


def _tools() -> dict[str, str]:
    listed = subprocess.run(
        [_BUSYBOX_PROGRAM, "--list"], capture_output=True, text=True, check=True
    )
    tools = sorted(set(listed.stdout.split()) - {"busybox"})
    return {f"bin/{tool}": "busybox" for tool in tools}


def _tar(image: Image, cache: Cache, report: Report) -> Path:
    def make(folder: Path) -> None:
        report(f"assembling image {image.name}")
        oci.write(image, folder / "image.tar")

    shape = {name: value for name, value in vars(image).items() if name != "files"}
    # Programs lie in folders named by their content; reading 168 MB each time would cost 0.3 s.
    places = [f"{name}={source}" for name, source in sorted(image.files.items())]
    key = content_hash(repr(shape), *places, Path(oci.__file__), *_uncached(image, cache))
    return cache.entry("image", key, make, report) / "image.tar"


def _uncached(image: Image, cache: Cache) -> list[Path]:
    return [file for file in image.files.values() if not file.is_relative_to(cache.home)]
