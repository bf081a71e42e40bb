"""Checks, a workload that is slow to start, and the question whether others are graded meanwhile.

For the tests of bad input and of failures.
"""

from typing import Any

from tests.support.classroom import Course, deployment

WEB = {"kind": "Deployment", "name": "web"}
EXISTS = {"name": "exists", "points": 10, "exists": {"object": WEB}}
READY = {"name": "ready", "points": 10, "ready": {"object": WEB, "replicas": {"min": 2}}}
ANSWERS = {"name": "answers", "points": 10, "answers": {"service": "web", "port": 80}}
HEALS = {
    "name": "heals",
    "points": 10,
    "needs": ["ready"],
    "heals": {
        "object": WEB,
        "fault": "DeletePod",
        "within": "60s",
        "availability": {"service": "web", "port": 80, "min": "50"},
    },
}


def slow_start() -> dict[str, Any]:
    """A Deployment whose pods need seconds to become Ready, so that healing takes time."""
    probe = {
        "httpGet": {"path": "/healthz", "port": 8080},
        "periodSeconds": 1,
        "initialDelaySeconds": 3,
    }
    return deployment(readinessProbe=probe)


def others_are_graded(course: Course) -> None:
    """Somebody else's submission gets its verdict meanwhile."""
    course.exercise("other", EXISTS)
    learner = course.learner()
    status = course.submit("other", learner).graded(seconds=90)
    assert status["result"] == "Failed"
