"""What the CRDs refuse beyond types and limits, as CEL rules with messages for people.

Read by ``structural``, which puts each rule where its model or field is. A rule must stay
cheap: the API server adds up its worst case over every list that it stands in, and refuses
the whole CRD when that is too much.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labgrader.api.base import (
    DURATION_PATTERN,
    KIND_PATTERN,
    MEASURE_PATTERN,
    PATH_PATTERN,
    POSITIVE_DURATION_PATTERN,
    ROLLOUT_NUMBER_PATTERN,
    SHARE_PATTERN,
)
from labgrader.api.check import CHECK_KINDS
from labgrader.api.kinds.asks import FORMS
from labgrader.api.over_time import KINDS_WITHOUT, WORDS
from labgrader.api.parameters import KINDS as PARAMETER_KINDS


@dataclass(frozen=True)
class Rule:
    """One CEL rule. ``expression``, where given, makes the message from the object."""

    rule: str
    message: str
    expression: str = ""
    field: str = ""

    def write(self) -> dict[str, str]:
        """The rule as an item of x-kubernetes-validations."""
        written = {"rule": self.rule, "message": self.message}
        if self.expression:
            written["messageExpression"] = self.expression
        if self.field:
            written["fieldPath"] = self.field
        return written


def _one_kind() -> Rule:
    """The sum is by far the cheapest form, and only literals and names fit the message's budget."""
    count = " + ".join(f"(has(self.{kind}) ? 1 : 0)" for kind in CHECK_KINDS)
    chosen = " + ".join(f"(has(self.{kind}) ? ' {kind}' : '')" for kind in CHECK_KINDS)
    return Rule(
        rule=f"{count} == 1",
        message="set exactly one check kind",
        expression=(
            "'check ' + self.name + ': set exactly one check kind, not' + "
            f"({count} == 0 ? ' none' : ':') + {chosen}"
        ),
    )


def _one_time() -> Rule:
    count = " + ".join(f"(has(self.{word}) ? 1 : 0)" for word in WORDS)
    return Rule(f"{count} <= 1", f"write at most one of {', '.join(WORDS)}")


def _no_time() -> Rule:
    timed = " || ".join(f"has(self.{word})" for word in WORDS)
    without = " || ".join(f"has(self.{kind})" for kind in KINDS_WITHOUT)
    return Rule(
        f"!({timed}) || !({without})",
        f"{', '.join(WORDS)} go with checks that look: a check that disturbs has its own times, and "
        "the answer to a question stays",
    )


def _enough_time() -> Rule:
    """What is no duration is told where it stands, so it counts as none here."""

    def time(*parts: str) -> str:
        fits = " && ".join(f"{part}.matches('{DURATION_PATTERN}')" for part in parts)
        total = " + ".join(f"duration({part})" for part in parts)
        return f"!({fits}) || {total} < duration(self.timeLimit)"

    longest = {
        "eventually": time("c.eventually.within"),
        "consistently": time("self.settle", "c.consistently.__for__"),
        "never": time("c.never.__for__"),
        "stableAfter": time("c.stableAfter.within", "c.stableAfter.__for__"),
    }
    each = " && ".join(f"(!has(c.{word}) || {rule})" for word, rule in longest.items())
    return Rule(
        f"!self.timeLimit.matches('{DURATION_PATTERN}') || self.checks.all(c, {each})",
        "timeLimit must be longer than each check may be looked at: eventually takes its within, "
        "consistently settle and its for, never its for, stableAfter its within and its for",
        field=".checks",
    )


def _one_form() -> Rule:
    count = " + ".join(f"(has(self.{form}) ? 1 : 0)" for form in FORMS)
    return Rule(f"{count} == 1", f"set exactly one of {', '.join(FORMS)}")


def _fixed(field: str) -> tuple[Rule, ...]:
    """Learners meet this one, so it speaks both of their languages."""
    message = (
        f"{field} may not change; make a new Submission instead "
        f"/ {field} 값은 바꿀 수 없습니다. 새 Submission을 만드세요"
    )
    return (Rule("self == oldSelf", message),)


_PARAMETER_KINDS = " + ".join(f"(has(self.{kind}) ? 1 : 0)" for kind in PARAMETER_KINDS)

MODELS: Mapping[str, tuple[Rule, ...]] = {
    "Text": (Rule("has(self.ko) || has(self.en)", "write the text in ko, in en, or in both"),),
    "Logs": (
        Rule(
            "has(self.include) || has(self.exclude)",
            "say which lines the logs must include, or exclude, or both",
        ),
    ),
    "FaultMeans": (
        Rule("has(self.command) != has(self.path)", "write either command, or path and port"),
        Rule("has(self.path) == has(self.port)", "path and port belong together"),
    ),
    "Stored": (
        Rule("has(self.exec) != has(self.path)", "write either exec, or path and port"),
        Rule("has(self.path) == has(self.port)", "path and port belong together"),
    ),
    "UpdateTo": (
        Rule("has(self.image) != has(self.annotation)", "write either image, or annotation"),
        Rule("has(self.image) == has(self.container)", "container and image belong together"),
    ),
    "Check": (
        _one_kind(),
        Rule(
            "!has(self.cap) || (has(self.required) && self.required)",
            "cap belongs to a required check",
        ),
        _one_time(),
        _no_time(),
    ),
    "Matches": (
        Rule(
            "has(self.expect) || has(self.clauses)",
            "say in expect, in clauses, or in both what the object must contain",
        ),
    ),
    "Group": (
        Rule(
            "(self.rule == 'bestOf') == has(self.count)",
            "count belongs to rule bestOf, which needs it",
        ),
    ),
    "Parameter": (
        Rule(
            f"{_PARAMETER_KINDS} == 1",
            f"set exactly one of {', '.join(PARAMETER_KINDS)}",
        ),
    ),
    "Unchanged": (
        Rule(
            "!(has(self.fields) && has(self.leavingOut))",
            "write the paths under fields or under leavingOut, not under both",
        ),
    ),
    "Between": (Rule("self.min <= self.max", "min is greater than max"),),
    "Asks": (_one_form(),),
    "ExerciseSpec": (
        # Looking each name up in all checks is a hundred times dearer; the list of one item
        # stands in for a variable.
        Rule(
            "[self.checks.map(c, c.name)].all(names, self.checks.all(i, c, "
            "!has(c.needs) || sets.contains(names.slice(0, i), c.needs)))",
            "needs may only name checks that stand earlier in the list",
            field=".checks",
        ),
        Rule(
            "[self.checks.map(c, c.name)].all(names, self.checks.all(i, c, "
            "!has(c.needsAtLeast) || c.needsAtLeast.all(n, n.check in names.slice(0, i))))",
            "needsAtLeast may only name checks that stand earlier in the list",
            field=".checks",
        ),
        Rule(
            "!has(self.groups) ? self.checks.all(c, !has(c.group)) : "
            "[self.groups.map(g, g.name)].all(names, "
            "self.checks.all(c, !has(c.group) || c.group in names))",
            "group may only name one of the groups in spec.groups",
            field=".checks",
        ),
        _enough_time(),
    ),
}
"""Rules for a model as a whole, by the model's name."""

FIELDS: Mapping[tuple[str, str], tuple[Rule, ...]] = {
    ("Curve", "points"): (
        Rule(
            f"!self.all(p, p.at.matches('{DURATION_PATTERN}')) || "
            "self.all(i, p, i == 0 || duration(self[i - 1].at) < duration(p.at))",
            "the points of a curve stand in the order of their times, each time once",
        ),
        Rule(
            f"!self.all(p, p.at.matches('{SHARE_PATTERN}')) || "
            "self.all(i, p, i == 0 || double(self[i - 1].at) < double(p.at))",
            "the points of a curve stand in the order of their shares, each share once",
        ),
    ),
    ("SubmissionSpec", "exerciseRef"): _fixed("exerciseRef"),
    ("SubmissionSpec", "learner"): _fixed("learner"),
    ("SubmissionSpec", "targetNamespace"): _fixed("targetNamespace"),
    ("SubmissionSpec", "attempt"): (
        Rule(
            "self >= oldSelf",
            "attempt only grows; raise it to be graded again "
            "/ attempt 값은 커지기만 합니다. 다시 채점받으려면 올리세요",
        ),
    ),
}
"""Rules for one field, by the model's name and the field's."""

LISTS: Mapping[tuple[str, str], Mapping[str, str | list[str]]] = {
    ("ExerciseSpec", "checks"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
    },
    ("ExerciseSpec", "groups"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
    },
    ("ExerciseSpec", "parameters"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
    },
    ("Parameter", "oneOf"): {"x-kubernetes-list-type": "set"},
    ("SubmissionSpec", "answers"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
    },
    ("Choice", "options"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
    },
    ("Choices", "options"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
    },
    ("Choices", "right"): {"x-kubernetes-list-type": "set"},
    ("Check", "needs"): {"x-kubernetes-list-type": "set"},
    ("Check", "needsAtLeast"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["check"],
    },
    ("SubmissionStatus", "conditions"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
    },
    ("LabExerciseStatus", "conditions"): {
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
    },
}
"""How lists merge; any other list is replaced as a whole."""

PATTERNS: Mapping[str, str] = {
    DURATION_PATTERN: "write a duration such as 30s, 1m30s or 500ms",
    MEASURE_PATTERN: (
        'write a duration such as 30s, 1m30s or 500ms, or a percentage as text, such as "99.9"'
    ),
    POSITIVE_DURATION_PATTERN: "write a duration longer than 0s, such as 30s, 1m30s or 500ms",
    KIND_PATTERN: "write the kind as Kubernetes does, such as Deployment",
    PATH_PATTERN: "a path begins with / and has no spaces, such as /healthz",
    ROLLOUT_NUMBER_PATTERN: 'write a number of pods or a share as text, such as "1", "25%", "<=1"',
    SHARE_PATTERN: 'write a percentage as text, such as "99.9"',
}
"""What to say in place of a pattern that explains nothing by itself."""
