"""How much CPU pods use that may be gone before anybody asks: looked at again and again.

Used by ``tools.durations``. A pod's last quarter of a second may be missing.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from demo.kubectl import Kubectl
from localcluster import Cluster
from localcluster.machine import cgroups

_EVERY_SECONDS = 0.25
_OURS = "labgrader-"


@dataclass
class Meter:
    """The grader's pods, by name: seconds of CPU at first sight and at last.

    They are in namespaces of its own, all called alike: the operator and its probes in one, the
    command line's probes each in one.
    """

    cluster: Cluster
    kubectl: Kubectl
    first: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _strangers: set[str] = field(default_factory=set)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Look meanwhile."""
        self._look(new=False)
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self._look(new=True)

    def used(self, *, operator: bool) -> float:
        """By the operator's pod, or by all others."""
        return sum(
            self.last[uid] - self.first[uid]
            for uid, name in self._names.items()
            if name.startswith(_OURS) is operator
        )

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(_EVERY_SECONDS):
            self._look(new=True)

    def _look(self, *, new: bool) -> None:
        used = cgroups.cpu_of_pods(self.cluster.layout.cgroup)
        if used.keys() - self._names.keys() - self._strangers:
            self._learn(set(used))
        for uid in used.keys() & self._names.keys():
            self.first.setdefault(uid, 0.0 if new else used[uid])
            self.last[uid] = used[uid]

    def _learn(self, seen: set[str]) -> None:
        for pod in self.kubectl.json("get", "pods", "--all-namespaces")["items"]:
            if pod["metadata"]["namespace"].startswith(_OURS):
                self._names[pod["metadata"]["uid"]] = pod["metadata"]["name"]
        self._strangers |= seen - self._names.keys()
