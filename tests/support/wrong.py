"""Exercises that are wrong in ways that types and limits do not show, and what is said then.

One table for both judges: the API server (contract tests) and the models (unit tests).
"""

from dataclasses import dataclass
from typing import Any

from tests.support.specimens import Json, Path, changed


@dataclass(frozen=True)
class Wrong:
    """One change that makes a right exercise wrong."""

    name: str
    path: Path
    value: Any
    complaint: str
    """Part of the API server's message."""

    def change(self, body: Json) -> Json:
        """``body`` with the change."""
        return changed(body, ("spec", *self.path), self.value)


_EXISTS = {"object": {"kind": "Pod", "name": "web"}}
_DURATION = "such as 30s, 1m30s or 500ms"
_HEALS = ("checks", 6, "heals")
_CURVE = (*_HEALS, "curve", "points")


def _curve(*times: str) -> list[Json]:
    return [{"at": at, "percent": 50} for at in times]


WRONG_EXERCISES = (
    Wrong("no-kind", ("checks", 0, "exists"), None, "check is-there: set exactly one check kind, not none"),
    Wrong(
        "two-kinds",
        ("checks", 1, "exists"),
        _EXISTS,
        "check is-not-there: set exactly one check kind, not: exists absent",
    ),
    Wrong("same-name", ("checks", 1, "name"), "is-there", 'spec.checks[1]: Duplicate value: {"name":"is-there"}'),
    Wrong("needs-nobody", ("checks", 1, "needs"), ["nobody"], "needs may only name checks that stand earlier in the list"),
    Wrong("needs-later", ("checks", 1, "needs"), ["routes"], "needs may only name checks that stand earlier in the list"),
    Wrong("needs-itself", ("checks", 1, "needs"), ["is-not-there"], "needs may only name checks that stand earlier in the list"),
    Wrong("needs-twice", ("checks", 1, "needs"), ["is-there", "is-there"], 'Duplicate value: "is-there"'),
    Wrong("negative-points", ("checks", 0, "points"), -1, "should be greater than or equal to 0"),
    Wrong("no-title", ("title",), {}, "spec.title: Invalid value: write the text in ko, in en, or in both"),
    Wrong("no-task", ("task",), {}, "spec.task: Invalid value: write the text in ko, in en, or in both"),
    Wrong("no-hint", ("checks", 0, "hint"), {}, "write the text in ko, in en, or in both"),
    Wrong("curve-descends", _CURVE, _curve("60s", "10s"), "in the order of their times"),
    Wrong("curve-twice", _CURVE, _curve("60s", "1m"), "in the order of their times"),
    Wrong("days", ("settle",), "1d", f'spec.settle: Invalid value: "1d": write a duration {_DURATION}'),
    Wrong("bare-number", ("settle",), "30", f"write a duration {_DURATION}"),
    Wrong("negative-duration", ("settle",), "-1s", f"write a duration {_DURATION}"),
    Wrong("longest-duration", ("settle",), "9999999h", f"write a duration {_DURATION}"),
    Wrong("no-time", ("timeLimit",), "0s", f"write a duration longer than 0s, {_DURATION}"),
    Wrong("no-time-to-heal", (*_HEALS, "within"), "0m0s", f"write a duration longer than 0s, {_DURATION}"),
    Wrong("no-time-to-scale", ("checks", 7, "scales", "up", "within"), "0ms", f"write a duration longer than 0s, {_DURATION}"),
    Wrong("curve-days", (*_CURVE, 0, "at"), "1d", f"write a duration {_DURATION}"),
    Wrong("share-over-100", ("passPercent",), "100.1", 'write a percentage as text, such as "99.9"'),
    Wrong("share-sign", ("passPercent",), "60%", 'write a percentage as text, such as "99.9"'),
    Wrong("share-digits", (*_HEALS, "availability", "min"), "99.9999", 'write a percentage as text, such as "99.9"'),
    Wrong("kind", ("checks", 0, "exists", "object", "kind"), "pods", "write the kind as Kubernetes does, such as Deployment"),
    Wrong("path", ("checks", 5, "answers", "path"), "healthz", "a path begins with / and has no spaces"),
    Wrong("path-with-space", ("checks", 5, "answers", "path"), "/a b", "a path begins with / and has no spaces"),
    Wrong("expect-nothing", ("checks", 2, "matches", "expect"), {}, "should have at least 1 properties"),
    Wrong("two-forms-of-answer", ("checks", 10, "asks", "pattern"), "x", "set exactly one of choice, choices, number, pattern"),
    Wrong("no-form-of-answer", ("checks", 10, "asks", "choice"), None, "set exactly one of choice, choices, number, pattern"),
    Wrong("number-in-words", ("checks", 12, "asks", "number", "value"), "many", "should match"),
    Wrong("no-verbs", ("checks", 8, "allows", "access", 0, "verbs"), [], "should have at least 1 items"),
    Wrong("resource-with-group", ("checks", 8, "allows", "access", 0, "resources"), ["Pods"], "should match"),
    Wrong("no-replicas", ("checks", 3, "ready", "replicas", "min"), 0, "should be greater than or equal to 1"),
)  # fmt: skip
