"""The explicit table of lint's rules.

Read by every module of ``authoring`` that remarks on something, by ``cli.lint`` for SARIF, and by
the contract test that holds ``docs/reference/lint.md`` to it. Must hold no code that looks.
"""

from collections.abc import Mapping
from types import MappingProxyType

from labgrader.reporting.remarks import Rule, Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

_ALL = (
    Rule("file-too-large", _ERROR, "a file that no API server would take", "Split the file."),
    Rule("not-utf8", _ERROR, "a file that is no UTF-8 text", "Save it as UTF-8."),
    Rule("yaml-syntax", _ERROR, "what is no YAML", "Mend the YAML at this place."),
    Rule("yaml-tab", _ERROR, "a tab where YAML allows spaces only", "Indent with spaces."),
    Rule("yaml-anchor", _ERROR, "aliases (*name)", "Write the value out where it is used."),
    Rule("duplicate-key", _ERROR, "a key that stands twice in one map", "Remove one of the two."),
    Rule("duplicate-name", _ERROR, "two exercises of one name", "Give each a name of its own."),
    Rule("unquoted-value", _ERROR, "values that YAML reads as something else", "Quote the value."),
    Rule("wrong-api-version", _ERROR, "an apiVersion that is not labgrader's", "Correct it."),
    Rule("unknown-field", _ERROR, "fields that labgrader does not know", "Correct or remove it."),
    Rule("invalid-field", _ERROR, "values that a field does not take", "Correct the value."),
    Rule("needs-unknown", _ERROR, "needs that name no check", "Name a check of this exercise."),
    Rule("needs-cycle", _ERROR, "checks that need each other", "Remove one of the needs."),
    Rule("needs-order", _ERROR, "needs that name a check below", "Move the needed check up."),
    Rule("needs-later-phase", _ERROR, "needs on a check of a later phase", "Remove the need."),
    Rule("no-points", _ERROR, "an exercise without points", "Give its checks points."),
    Rule(
        "points-sum",
        _WARNING,
        "points that do not add up to 100",
        "Let them add up to 100, so that points are percent.",
    ),
    Rule(
        "worthless-check",
        _WARNING,
        "checks without points that no other check needs",
        "Give it points, or let a check need it.",
    ),
    Rule(
        "unearnable",
        _ERROR,
        "points that nobody can earn",
        "Change one of the two, so that one piece of work can fulfil both.",
    ),
    Rule(
        "time-limit",
        _WARNING,
        "a timeLimit that ends before the checks may",
        "Raise timeLimit, or let the checks take less time.",
    ),
    Rule(
        "hollow-check",
        _ERROR,
        "checks and groups that earn points before any work",
        "Let it need a check that is not true of an empty namespace.",
    ),
    Rule(
        "missing-field",
        _WARNING,
        "fields that may be missing, in expressions that must not hold",
        "Ask for it with has() first, or silence this where it may be missing.",
    ),
    Rule("bad-pattern", _ERROR, "patterns that RE2 does not take", "Write it as RE2 takes it."),
    Rule("expect-too-large", _ERROR, "an expect tree over the limits", "Split the check."),
    Rule("null-in-expect", _ERROR, "null in an expect tree", 'Write "(absent)" instead.'),
    Rule("unusable-check", _ERROR, "what else keeps a check from being judged", "Correct it."),
    Rule(
        "removed-api",
        _ERROR,
        "API versions that Kubernetes has removed",
        "Use the version that is served.",
    ),
    Rule(
        "version-dependent",
        _WARNING,
        "expectations on what Kubernetes fills in or words by itself",
        "Expect what the learner writes instead.",
    ),
    Rule(
        "not-in-task",
        _WARNING,
        "names and numbers of a check that the task does not say",
        "Say it in the task, so that learners can know it.",
    ),
    Rule(
        "several-nodes",
        _WARNING,
        "checks that take a node away where the task does not say so",
        "Say in the task that the cluster needs several nodes.",
    ),
    Rule(
        "text-missing",
        _WARNING,
        "texts that exist in one language only",
        "Write it in ko and in en.",
    ),
    Rule(
        "expectation",
        _ERROR,
        "an expect.yaml that does not fit its exercise",
        "Name every check of the exercise, in its order, with an outcome.",
    ),
    Rule(
        "ignore-without-reason",
        _WARNING,
        "ignore comments that give no reason",
        "Write why behind the rule: # labgrader-lint: ignore=RULE because …",
    ),
    Rule(
        "useless-ignore",
        _WARNING,
        "ignore comments that silence nothing",
        "Remove the comment, or name the rule that it is for.",
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _ALL})
