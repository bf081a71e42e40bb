"""Exercises that are wrong in ways that types and limits do not show, and what is said then.

One table for both judges: the API server (contract tests) and the models (unit tests).
"""

from dataclasses import dataclass
from typing import Any

from tests.support.specimens import EXERCISE, Json, Path, changed, of_check


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


def _asks(form: str, *below: str | int) -> Path:
    """The same for a question, by the form of its answer."""
    checks = EXERCISE["spec"]["checks"]
    places = [index for index, check in enumerate(checks) if form in check.get("asks", {})]
    return ("checks", places[0], "asks", form, *below)


_HEALS = of_check("heals")
_CURVE = (*_HEALS, "curve", "points")


def _curve(*times: str) -> list[Json]:
    return [{"at": at, "percent": 50} for at in times]


def _half(check: str) -> list[Json]:
    return [{"check": check, "percent": "50"}]


def _beside(kind: str, word: str) -> Path:
    """A word about time, beside a check's kind."""
    return (*of_check(kind)[:2], word)


_TOO_LONG = "timeLimit must be longer than each check may be looked at"
_ONLY_LOOKS = "eventually, consistently, never, stableAfter go with checks that look"

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
    Wrong("needs-a-share-of-nobody", ("checks", 1, "needsAtLeast"), _half("nobody"), "needsAtLeast may only name checks that stand earlier in the list"),
    Wrong("needs-a-share-of-itself", ("checks", 1, "needsAtLeast"), _half("is-not-there"), "needsAtLeast may only name checks that stand earlier in the list"),
    Wrong("needs-a-share-twice", ("checks", 1, "needsAtLeast"), _half("is-there") * 2, 'Duplicate value: {"check":"is-there"}'),
    Wrong("needs-a-number", of_check("needsAtLeast", 0, "percent"), "half", 'write a percentage as text, such as "99.9"'),
    Wrong("no-such-group", ("checks", 2, "group"), "neither", "group may only name one of the groups in spec.groups"),
    Wrong("no-groups", ("groups",), None, "group may only name one of the groups in spec.groups"),
    Wrong("same-group", ("groups",), [{"name": "either", "rule": "any"}] * 2, 'Duplicate value: {"name":"either"}'),
    Wrong("best-of-how-many", ("groups", 0, "count"), None, "count belongs to rule bestOf, which needs it"),
    Wrong("count-of-any", ("groups", 0, "rule"), "any", "count belongs to rule bestOf, which needs it"),
    Wrong("other-rule", ("groups", 0, "rule"), "most", "Unsupported value"),
    Wrong("cap-of-nothing", ("checks", 0, "required"), None, "cap belongs to a required check"),
    Wrong("cap-of-nothing-yet", ("checks", 0), {"name": "is-there", "cap": 5, "required": False, "exists": _EXISTS}, "cap belongs to a required check"),
    Wrong("two-words-about-time", _beside("routes", "never"), {"for": "30s"}, "write at most one of eventually, consistently, never, stableAfter"),
    Wrong("time-for-what-disturbs", _beside("heals", "consistently"), {"for": "30s"}, _ONLY_LOOKS),
    Wrong("time-for-the-last-kind-that-disturbs", _beside("persists", "never"), {"for": "30s"}, _ONLY_LOOKS),
    Wrong("time-for-an-answer", _beside("asks", "eventually"), {"within": "30s"}, _ONLY_LOOKS),
    Wrong("eventually-too-late", of_check("eventually", "within"), "10m", _TOO_LONG),
    Wrong("consistently-too-long", of_check("consistently", "for"), "10m", _TOO_LONG),
    Wrong("consistently-after-settle", ("settle",), "9m30s", _TOO_LONG),
    Wrong("never-too-long", of_check("never", "for"), "600s", _TOO_LONG),
    Wrong("stable-too-late", of_check("stableAfter", "within"), "9m40s", _TOO_LONG),
    Wrong("too-little-time-for-all", ("timeLimit",), "60s", _TOO_LONG),
    Wrong("eventually-at-once", of_check("eventually", "within"), "0s", f"write a duration longer than 0s, {_DURATION}"),
    Wrong("never-in-days", of_check("never", "for"), "1d", f"write a duration longer than 0s, {_DURATION}"),
    Wrong("stable-for-how-long", of_check("stableAfter", "for"), None, "Required value"),
    Wrong("no-parameter-kind", ("parameters", 0), {"name": "app"}, "set exactly one of oneOf, between, letters"),
    Wrong("two-parameter-kinds", ("parameters", 2, "oneOf"), ["a", "b"], "set exactly one of oneOf, between, letters"),
    Wrong("same-parameter", ("parameters", 1, "name"), "app", 'Duplicate value: {"name":"app"}'),
    Wrong("same-value-twice", ("parameters", 0, "oneOf"), ["a", "a"], 'Duplicate value: "a"'),
    Wrong("descending-range", ("parameters", 1, "between", "max"), 7999, "min is greater than max"),
    Wrong("parameter-name", ("parameters", 0, "name"), "my-app", "should match"),
    Wrong("parameter-in-a-duration", ("settle",), "${port}", f"write a duration {_DURATION}"),
    Wrong("parameter-in-a-check-name", ("checks", 7, "name"), "${app}", "should match"),
    Wrong("matches-nothing", ("checks", 2, "matches"), {"object": _EXISTS["object"]}, "say in expect, in clauses, or in both what the object must contain"),
    Wrong("unchanged-both-ways", of_check("unchanged", "leavingOut"), ["spec"], "write the paths under fields or under leavingOut, not under both"),
    Wrong("no-clauses", ("checks", 2, "matches", "clauses"), [], "should have at least 1 items"),
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
    Wrong("no-time-to-scale", of_check("scales", "up", "within"), "0ms", f"write a duration longer than 0s, {_DURATION}"),
    Wrong("curve-shares-descend", _CURVE, _curve("99", "90.5"), "in the order of their shares"),
    Wrong("curve-days", (*_CURVE, 0, "at"), "1d", f"write a duration {_DURATION}"),
    Wrong("share-over-100", ("passPercent",), "100.1", 'write a percentage as text, such as "99.9"'),
    Wrong("share-sign", ("passPercent",), "60%", 'write a percentage as text, such as "99.9"'),
    Wrong("share-digits", (*_HEALS, "availability", "min"), "99.9999", 'write a percentage as text, such as "99.9"'),
    Wrong("kind", ("checks", 0, "exists", "object", "kind"), "pods", "write the kind as Kubernetes does, such as Deployment"),
    Wrong("path", of_check("answers", "path"), "healthz", "a path begins with / and has no spaces"),
    Wrong("path-with-space", of_check("answers", "path"), "/a b", "a path begins with / and has no spaces"),
    Wrong("expect-nothing", of_check("matches", "expect"), {}, "should have at least 1 properties"),
    Wrong("no-replicas", of_check("ready", "replicas", "min"), 0, "should be greater than or equal to 1"),
    Wrong("stored-nowhere", of_check("persists", "store"), {"method": "PUT"}, "write either exec, or path and port"),
    Wrong("stored-both-ways", of_check("persists", "store", "exec"), {"write": ["a"], "read": ["b"]}, "write either exec, or path and port"),
    Wrong("stored-at-no-port", of_check("persists", "store", "port"), None, "path and port belong together"),
    Wrong("stored-by-no-command", of_check("persists", "store"), {"method": "PUT", "exec": {"write": [], "read": ["b"]}}, "should have at least 1 items"),
    Wrong("logs-ask-nothing", of_check("logs"), {"object": _EXISTS["object"]}, "say which lines the logs must include, or exclude, or both"),
    Wrong("no-number-of-pods", of_check("rolledOut", "strategy", "maxSurge"), "some", "write a number of pods or a share as text"),
    Wrong("no-condition", of_check("conditions", "expect"), [], "should have at least 1 items"),
    Wrong("condition-status", of_check("conditions", "expect", 0, "status"), "true", 'Unsupported value: "true"'),
    Wrong("one-revision", of_check("rolledOut", "revisions", "min"), 1, "should be greater than or equal to 2"),
    Wrong("two-forms-of-answer", of_check("asks", "pattern"), "x", "set exactly one of choice, choices, number, pattern"),
    Wrong("no-form-of-answer", of_check("asks", "choice"), None, "set exactly one of choice, choices, number, pattern"),
    Wrong("number-in-words", _asks("number", "value"), "many", "should match"),
    Wrong("no-verbs", of_check("allows", "access", 0, "verbs"), [], "should have at least 1 items"),
    Wrong("resource-with-group", of_check("allows", "access", 0, "resources"), ["Pods"], "should match"),
)  # fmt: skip
