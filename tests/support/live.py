"""A real cluster, as tests see it.

The `cluster` fixture hands one to every test that asks; where it comes from is
`providers.py`'s business. Tests speak to it through kubectl, as people do, or
through the product with its kubeconfig. It must not know what the product is.
"""

import json
import subprocess
import threading
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from localcluster import Cluster

SESSION_LABEL = "labgrader-tests/session"
_PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class LiveCluster:
    """A cluster that answers, and what tests do with it."""

    name: str
    kubeconfig: Path
    program: str
    """The kubectl to call."""
    load: Callable[[Path], object]
    """Makes the images of an archive available to every node."""
    local: Cluster | None = None
    """The handle of a cluster made by `localcluster`, to stop nodes or read logs."""
    session: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    """Marks what this test session made, on clusters that outlive it."""

    def kubectl(
        self,
        *args: str,
        input: str | None = None,  # noqa: A002 - the name that subprocess.run has for it
        as_user: str | None = None,
        as_groups: Sequence[str] = (),
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run kubectl to its end and return what it printed.

        Raises subprocess.CalledProcessError, with what kubectl said, when it
        fails and `check` is set.
        """
        identity = [f"--as={as_user}"] if as_user else []
        identity += [f"--as-group={group}" for group in as_groups]
        done = subprocess.run(
            [self.program, f"--kubeconfig={self.kubeconfig}", *identity, *args],
            input=input,
            stdin=None if input is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
        if check and done.returncode:
            raise _refused((*identity, *args), done.returncode, done.stdout, done.stderr)
        return done

    def watch(self, *args: str, seconds: float) -> Generator[str, None, None]:
        """What `kubectl get ARGS --watch` prints, line by line as it comes, for so long at most.

        To be closed by whoever stops before the end. Raises as `kubectl` does.
        """
        command = (self.program, f"--kubeconfig={self.kubeconfig}", "get", *args, "--watch")
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            over = threading.Event()

            def end() -> None:
                over.set()
                process.kill()

            alarm = threading.Timer(seconds, end)
            alarm.start()
            try:
                yield from process.stdout or ()
                said = process.stderr.read() if process.stderr else ""
                if process.wait() and not over.is_set():
                    raise _refused(("get", *args, "--watch"), process.returncode, "", said)
            finally:
                alarm.cancel()
                process.kill()

    def fresh_name(self) -> str:
        """A name that no other test has, for a namespace that is yet to be made."""
        return f"t-{uuid.uuid4().hex[:10]}"

    def fresh_namespace(
        self, labels: Mapping[str, str] | None = None, name: str | None = None
    ) -> str:
        """Make a namespace that no other test has, and return its name."""
        name = name or self.fresh_name()
        manifest = {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "labels": {SESSION_LABEL: self.session, **(labels or {})}},
        }
        self.kubectl("create", "-f", "-", input=json.dumps(manifest))
        return name

    def load_image(self, archive: Path) -> None:
        """Make the images of an archive (`docker save` or OCI) available to every node."""
        self.load(archive)

    def forget(self) -> None:
        """Remove this session's namespaces; for clusters that outlive the session."""
        self.kubectl(
            "delete", "namespace", f"--selector={SESSION_LABEL}={self.session}", "--wait=false"
        )


def _refused(args: Sequence[str], code: int, out: str, err: str) -> subprocess.CalledProcessError:
    error = subprocess.CalledProcessError(code, ["kubectl", *args], out, err)
    error.add_note(f"kubectl said: {err.strip() or out.strip()}")
    return error
