"""Sets the scene: the course, its exercises, the learners' namespaces, their work, their submissions.

What learners do is done as these learners, with no more rights than they have. Everything is
made anew in each run, so that what an earlier one left cannot help anybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import yaml

from demo.cast import COURSE, Part, exercises
from demo.errors import DemoError
from demo.installation import MARK, namespace_labels
from demo.kubectl import Kubectl
from demo.progress import Progress
from labgrader.api.names import API_VERSION, COURSE_LABEL
from labgrader.api.namespace import LearnerNamespace

_AT_ONCE = 4


def clear(kubectl: Kubectl, parts: Sequence[Part], progress: Progress) -> None:
    """Remove what an earlier run left.

    Raises DemoError where a namespace of that name is not the demo's.
    """
    names = [COURSE, *(part.namespace for part in parts)]
    left = []
    for name in names:
        labels = namespace_labels(kubectl, name)
        if labels is None:
            continue
        if MARK not in labels:
            raise DemoError(
                f"The cluster has a namespace {name} that is not the demo's, and the demo would "
                "overwrite it. Remove it or use another cluster; `make demo` makes one."
            )
        left.append(name)
    if left:
        progress("clearing away the run before")
        kubectl.run("delete", "namespace", *left, "--timeout=180s")


def prepare(kubectl: Kubectl, parts: Sequence[Part], progress: Progress) -> None:
    """The instructor's part: the course, its exercises, and a namespace for each work."""
    progress("the instructor publishes the exercises and opens the learners' namespaces")
    kubectl.apply([_course(), *_exercises(parts)])
    kubectl.apply([found for part in parts for found in _namespace(part)])


def work(kubectl: Kubectl, parts: Sequence[Part], progress: Progress) -> None:
    """The learners' part: each applies what they made."""
    progress("the learners apply their work")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        busy = (part for part in parts if part.work.manifests)
        list(pool.map(lambda part: _apply_work(kubectl, part), busy))


def submit(kubectl: Kubectl, parts: Sequence[Part], lang: str, progress: Progress) -> None:
    """The learners hand in: one Submission for each work, in the learner's namespace."""
    progress("the learners submit")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda part: _submit(kubectl, part, lang), parts))


def _apply_work(kubectl: Kubectl, part: Part) -> None:
    kubectl.apply(part.work.objects(), f"--namespace={part.namespace}", f"--as={part.learner}")


def _submit(kubectl: Kubectl, part: Part, lang: str) -> None:
    kubectl.apply([_submission(part, lang)], f"--as={part.learner}")


def _course() -> Mapping[str, Any]:
    labels = {COURSE_LABEL: COURSE, MARK: "made"}
    metadata = {"name": COURSE, "labels": labels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def _exercises(parts: Iterable[Part]) -> Iterable[Mapping[str, Any]]:
    for folder in exercises(parts):
        yield yaml.safe_load(folder.file.read_text("utf-8"))


def _namespace(part: Part) -> Iterable[Mapping[str, Any]]:
    wanted = LearnerNamespace(
        part.learner, COURSE, part.namespace, user=part.learner, disruption=True
    )
    for found in wanted.objects():
        if found["kind"] != "Namespace":
            yield found
            continue
        metadata = found["metadata"]
        yield {**found, "metadata": {**metadata, "labels": {**metadata["labels"], MARK: "made"}}}


def _submission(part: Part, lang: str) -> Mapping[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": "Submission",
        "metadata": {"name": part.exercise, "namespace": part.namespace},
        "spec": {
            "exerciseRef": {"name": part.exercise},
            "learner": part.learner,
            "targetNamespace": part.namespace,
            "lang": lang,
        },
    }
