"""What ``grading.plan`` and the check kinds refuse, put at its place in the file.

A rule of lint, and the reason why a new kind's ``problems`` needs none of its own.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from labgrader.api.exercise import ExerciseSpec
from labgrader.authoring.draft import Draft
from labgrader.grading.plan import problems
from labgrader.reporting.remarks import Remark

_RULES: Mapping[str, str] = MappingProxyType(
    {
        "BadPattern": "bad-pattern",
        "ExpectTooLarge": "expect-too-large",
        "HollowCheck": "hollow-check",
        "NeedsLaterPhase": "needs-later-phase",
        "NoPoints": "no-points",
    }
)
_OTHER = "unusable-check"
_NULL = "null expects nothing"
_GIVEN = re.compile(r"given(?:\[([0-9]+)\])?: ")
_CHECK = re.compile(r"check (?P<name>[a-z0-9-]+)(?:: (?:(?P<path>\S+): )?| )")


def refused(draft: Draft) -> Iterator[Remark]:
    """Everything that would keep the exercise from being graded."""
    if draft.exercise is None:
        return
    indexes = {check.name: index for index, check in draft.checks}
    for problem in problems(draft.exercise):
        rule = "null-in-expect" if _NULL in problem.text else _RULES.get(problem.reason, _OTHER)
        found = _CHECK.match(problem.text)
        if found is None or found["name"] not in indexes:
            yield draft.remark(rule, _elsewhere(draft.exercise.spec, problem.text), problem.text)
            continue
        index = indexes[found["name"]]
        path: list[str | int] = ["spec", "checks", index]
        if rule == "needs-later-phase":
            path.append("needs")
        if found["path"] is None:
            yield draft.remark(rule, path, problem.text)
            continue
        kind = draft.exercise.spec.checks[index].kind
        inside = [*path, kind, "expect"] if kind == "matches" else [*path, kind]
        yield draft.remark_expected(rule, inside, found["path"], problem.text)


def _elsewhere(spec: ExerciseSpec, text: str) -> list[str | int]:
    """The place of a problem that is no check's."""
    for index, group in enumerate(spec.groups):
        if text.startswith(f"group {group.name} "):
            return ["spec", "groups", index]
    given = _GIVEN.match(text)
    if given is None:
        return ["spec", "checks"]
    return ["spec", "given", *([] if given[1] is None else [int(given[1])])]
