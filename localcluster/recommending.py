"""The recommender of VerticalPodAutoscalers, run beside a cluster that has none.

Used by the tests and by `make exercises`. The CRDs come out of the module that the program is
built from. It runs on this machine, with the cluster's own kubeconfig, so no node needs room for
it; what it recommends begins low enough for small workloads, and within seconds.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from localcluster import layout
from localcluster.build import programs
from localcluster.build.cache import Cache
from localcluster.errors import LocalClusterError
from localcluster.progress import Report

_CRDS = "vpa-v1-crd-gen.yaml"
_KINDS = ("verticalpodautoscalers", "verticalpodautoscalercheckpoints")
_FLAGS = (
    "--address=127.0.0.1:0",
    "--leader-elect=false",
    "--memory-saver=true",
    "--recommender-interval=10s",
    "--pod-recommendation-min-cpu-millicores=10",
    "--pod-recommendation-min-memory-mb=16",
)
_STARTS_SECONDS = 2
_ENDS_SECONDS = 10


@contextmanager
def recommending(kubectl: str, kubeconfig: Path, report: Report) -> Iterator[None]:
    """Have the CRDs served, and the recommender look every ten seconds meanwhile.

    The CRDs stay; without a recommender, nothing is recommended any more.
    """
    built = programs.build(programs.RECOMMENDER, Cache(layout.cache_home()), report)
    definitions = [f"customresourcedefinition/{kind}.autoscaling.k8s.io" for kind in _KINDS]
    _run(kubectl, kubeconfig, "apply", "--server-side", f"--filename={built / 'carried' / _CRDS}")
    _run(kubectl, kubeconfig, "wait", "--for=condition=Established", "--timeout=30s", *definitions)
    with TemporaryFile("w+", encoding="utf-8") as said:
        command = [str(built / programs.RECOMMENDER.name), f"--kubeconfig={kubeconfig}", *_FLAGS]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, text=True
        ) as recommender:
            try:
                time.sleep(_STARTS_SECONDS)
                if recommender.poll() is not None:
                    said.seek(0)
                    raise LocalClusterError(f"the recommender ended:\n{said.read()[-2000:]}")
                yield
            finally:
                _end(recommender)


def _end(recommender: subprocess.Popen[str]) -> None:
    recommender.terminate()
    try:
        recommender.wait(_ENDS_SECONDS)
    except subprocess.TimeoutExpired:
        recommender.kill()


def _run(kubectl: str, kubeconfig: Path, *words: str) -> None:
    command = [kubectl, f"--kubeconfig={kubeconfig}", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalClusterError(f"kubectl {words[0]} failed:\n{done.stderr.strip()}")
