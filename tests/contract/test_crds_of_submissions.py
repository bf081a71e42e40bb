"""What of a Submission may change, how it is found, and what kubectl shows of it."""

import json
from typing import Any

import pytest

from tests.support import specimens
from tests.support.admission import refusal
from tests.support.live import LiveCluster
from tests.support.specimens import EXERCISE, Json, changed, placed


@pytest.fixture(scope="module")
def submission(api: LiveCluster) -> Json:
    """A Submission that exists; no test changes it."""
    body = placed(specimens.SUBMISSION, api.fresh_namespace())
    api.kubectl("create", "-f", "-", input=json.dumps(body))
    return body


@pytest.mark.cluster
@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("exerciseRef", "name"), "other", "exerciseRef may not change"),
        (("exerciseRef", "namespace"), "other", "exerciseRef may not change"),
        (("exerciseRef", "namespace"), None, "exerciseRef may not change"),
        (("learner",), "lee", "learner may not change"),
        (("targetNamespace",), "lee", "targetNamespace may not change"),
        (("attempt",), 1, "attempt only grows"),
        (("attempt",), None, "attempt only grows"),
        (("attempt",), 0, "attempt only grows"),
        (("attempt",), 3, ""),
        (("answers",), [], ""),
        (("answers",), [{"name": "payback", "value": "2 h"}, {"name": "word", "value": "x"}], ""),
        (("answers", 0, "value"), 2, "must be of type string"),
        (("answers",), [{"name": "a", "value": "1"}] * 2, "Duplicate value"),
        (("lang",), "ko", ""),
        (("lang",), None, ""),
    ],
)
def test_only_attempt_answers_and_lang_may_change(
    api: LiveCluster, submission: Json, path: tuple[str | int, ...], value: Any, complaint: str
) -> None:
    said = refusal(api, changed(submission, ("spec", *path), value), verb="replace")
    assert bool(said) == bool(complaint)
    assert complaint in said


@pytest.mark.cluster
def test_what_kubectl_shows(api: LiveCluster, submission: Json) -> None:
    namespace = submission["metadata"]["namespace"]
    api.kubectl("create", "-f", "-", input=json.dumps(placed(EXERCISE, namespace)))
    head = api.kubectl("get", "sub", "-n", namespace).stdout.splitlines()[0].split()
    assert head == ["NAME", "EXERCISE", "LEARNER", "RESULT", "SCORE", "MAX", "AGE"]
    wide = api.kubectl("get", "sub", "-n", namespace, "-o", "wide").stdout.splitlines()[0].split()
    assert wide[-3:] == ["TARGET", "SUMMARY", "LIVE"]
    head = api.kubectl("get", "lab", "-n", namespace).stdout.splitlines()[0].split()
    assert head == ["NAME", "POINTS", "READY", "REASON", "AGE"]
    both = api.kubectl("get", "labs", "-n", namespace, "-o", "name").stdout.split()
    assert both == ["labexercise.labgrader.dev/specimen", "submission.labgrader.dev/specimen"]


@pytest.mark.cluster
@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("spec.learner=kim", True),
        ("spec.learner=lee", False),
        ("spec.exerciseRef.name=web", True),
        ("spec.exerciseRef.name=other", False),
        ("status.result=Passed", False),
    ],
)
def test_submissions_can_be_selected(
    api: LiveCluster, submission: Json, selector: str, *, found: bool
) -> None:
    namespace = submission["metadata"]["namespace"]
    done = api.kubectl("get", "sub", "-n", namespace, f"--field-selector={selector}", "-o", "name")
    assert bool(done.stdout) == found
