"""``satisfies``: the selected objects satisfy a CEL expression.

Called through ``checks.registry``. Pure; what the expression says is evidence like any other,
asked for by an Evaluate request and computed where a hang or a crash harms nobody
(docs/decisions/0014-expressions.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from labgrader.api.kinds import HowMany, Satisfies
from labgrader.checks.cel.problems import expression_problems
from labgrader.checks.expect.sealed import SEALED_KIND
from labgrader.checks.finding import Cause, Finding, cause, error, failed, passed
from labgrader.checks.problem import Problem
from labgrader.checks.scope import Scope
from labgrader.checks.selection import requests, selected
from labgrader.evidence.answers import Json, NotEvaluated, Obstacle, Value
from labgrader.evidence.requests import Evaluate
from labgrader.evidence.snapshot import Snapshot

MOST_BYTES = 2_000_000
"""Of all objects of one evaluation, as JSON. What a namespace of a lab holds is far below."""
_NO_PROOF = frozenset({Obstacle.TOO_MUCH, Obstacle.NO_VALUE, Obstacle.HIDDEN})
"""What is too large, or does not fit, is no proof that something does not hold. A field that is
not there is one, for it is what ``match: none`` asks for most often; but not where it hides what is
there beside it."""
_MOST_NAMES = 5
_LONGEST = 500


def problems(params: Satisfies) -> tuple[Problem, ...]:
    """What makes the params unusable."""
    variables = [beside.variable for beside in params.beside]
    selected_as = [("object", params.select), *zip(variables, params.beside, strict=True)]
    secrets = [name for name, selection in selected_as if selection.kind == SEALED_KIND]
    found = list(expression_problems(params.expression, variables, secrets))
    if len(set(variables)) < len(variables):
        found.append(Problem("Invalid", "beside: two selections have one variable"))
    if (params.match == "count") != (params.count is not None):
        found.append(Problem("Invalid", "count goes with match: count, and only with it"))
    most = None if params.count is None else params.count.max
    if params.count is not None and most is not None and params.count.min > most:
        found.append(Problem("Invalid", "count: min is above max, so nothing can pass"))
    said = params.message
    if said is not None and max(len(said.ko or ""), len(said.en or "")) > _LONGEST:
        found.append(Problem("Invalid", f"message: over {_LONGEST} letters; write one sentence"))
    return tuple(found)


def judge(params: Satisfies, scope: Scope, snapshot: Snapshot) -> Finding:
    """As many of the objects as asked for satisfy the expression."""
    selections = (params.select, *params.beside)
    snapshot.together(*(one for each in selections for one in requests(each, scope)))
    objects = selected(params.select, scope, snapshot, params.min_matches)
    if isinstance(objects, Finding):
        return objects
    beside: dict[str, tuple[Json, ...]] = {}
    for each in params.beside:
        more = selected(each, scope, snapshot)
        if isinstance(more, Finding):
            return more
        beside[each.variable] = more
    request = _request(params.expression, objects, beside)
    if request is None:
        return failed("ObjectsTooLarge", kind=params.select.kind, namespace=scope.namespace)
    answer = snapshot.values(request)
    if isinstance(answer, NotEvaluated):
        return error("ExpressionBroke", expression=params.expression, why=answer.why)
    return _Verdict(params, scope, tuple(zip(objects, answer.values, strict=True))).finding()


def _request(
    expression: str, objects: Sequence[Json], beside: Mapping[str, Sequence[Json]]
) -> Evaluate | None:
    """None where the objects are too large, or nested too deeply, to be evaluated."""
    try:
        texts = tuple(_text(_plain(body)) for body in objects)
        others = _text({name: [_plain(body) for body in some] for name, some in beside.items()})
    except TypeError:  # orjson's limits: 254 levels, whole numbers of 64 bits
        return None
    if sum(map(len, texts)) + len(others) > MOST_BYTES:
        return None
    return Evaluate(expression, texts, others)


def _plain(body: Json) -> dict[str, Any]:
    """Without the managedFields, which are the API server's own account."""
    told = {name: value for name, value in body["metadata"].items() if name != "managedFields"}
    return {**body, "metadata": told}


def _text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


class _Verdict:
    """What the values of all objects come to."""

    def __init__(
        self, params: Satisfies, scope: Scope, values: tuple[tuple[Json, Value], ...]
    ) -> None:
        self.params = params
        self.values = values
        self.yes = [pair for pair in values if pair[1].satisfied]
        self.no = [pair for pair in values if not pair[1].satisfied]
        self.unsure = [pair for pair in self.no if pair[1].obstacle in _NO_PROOF]
        self.about: dict[str, Any] = {
            "kind": params.select.kind,
            "namespace": scope.namespace,
            "all": len(values),
            "many": len(self.yes),
            **_wish(params),
        }

    def finding(self) -> Finding:
        if any(value.obstacle is Obstacle.NO_ORDER for _, value in self.no):
            return error("ExpressionWithoutOrder", expression=self.params.expression)
        match self.params.match:
            case "all":
                return self._all()
            case "any":
                return self._any()
            case "none":
                return self._none()
        return self._count()

    def _all(self) -> Finding:
        if not self.no:
            return passed("AllSatisfy", **self.about)
        (body, value), *others = self.no
        more = [cause("OthersNeither", kind=self.about["kind"], names=_names(others))]
        return failed("NotSatisfied", **self.about, name=body["metadata"]["name"]).because(
            *_why(value), *(more if others else ())
        )

    def _any(self) -> Finding:
        if self.yes:
            return passed("SomeSatisfy", **self.about, names=_names(self.yes))
        body, value = self.no[0]
        first = cause("FirstOfThem", kind=self.about["kind"], name=body["metadata"]["name"])
        return failed("NoneSatisfies", **self.about).because(first, *_why(value))

    def _none(self) -> Finding:
        if self.yes:
            return failed("SomeSatisfyWrongly", **self.about, names=_names(self.yes)).because(
                *_why(self.yes[0][1])
            )
        if self.unsure:
            return self._undecided()
        return passed("NoneSatisfiesAsWanted", **self.about)

    def _count(self) -> Finding:
        bounds = self.params.count
        least = 0 if bounds is None else bounds.min
        most = len(self.values) if bounds is None or bounds.max is None else bounds.max
        many = len(self.yes)
        if many <= most < many + len(self.unsure):
            return self._undecided()
        told = self.about | {"wanted": _bounds(bounds)}
        if least <= many <= most:
            return passed("CountSatisfies", **told)
        differs = failed("CountDiffers", **told)
        if many < least and self.no:
            differs = differs.because(*_why(self.no[0][1]))
        if not self.yes:
            return differs
        these = cause("TheseSatisfy", kind=self.about["kind"], names=_names(self.yes))
        return differs.because(these, *differs.causes)

    def _undecided(self) -> Finding:
        """Where the object is to blame it fails; where the expression asks too much, nobody does."""
        odd = [pair for pair in self.unsure if pair[1].obstacle is not Obstacle.HIDDEN]
        body, value = (odd or self.unsure)[0]
        name, kind = body["metadata"]["name"], self.about["kind"]
        if odd:
            return failed("CannotBeTold", **self.about, name=name).because(*_why(value))
        asked = self.params.expression
        return error("FieldHides", expression=asked, path=value.detail, kind=kind, name=name)


def _bounds(count: HowMany | None) -> str:
    """The numbers that are right, as one writes them in any language."""
    if count is None or count.max is None:
        return f">={count.min if count else 0}"
    return str(count.min) if count.min == count.max else f"{count.min}-{count.max}"


def _wish(params: Satisfies) -> dict[str, str]:
    """What is required: the author's words in each language, else the expression."""
    if params.message is None:
        return dict.fromkeys(("wish.ko", "wish.en"), f"`{' '.join(params.expression.split())}`")
    said = params.message
    return {f"wish.{lang}": said.render(lang).strip().rstrip(".") for lang in ("ko", "en")}


def _why(value: Value) -> tuple[Cause, ...]:
    """Why an expression is not true of an object, or what it saw there."""
    match value.obstacle:
        case Obstacle.NOT_THERE | Obstacle.HIDDEN:
            return (cause("NotThere", path=value.detail),)
        case Obstacle.TOO_MUCH:
            return (cause("TooMuchToEvaluate"),)
        case Obstacle.NO_VALUE if value.detail:
            seen = _seen(value)
            return (*seen, cause("DoesNotFit", detail=value.detail))
    return _seen(value)


def _seen(value: Value) -> tuple[Cause, ...]:
    if not value.seen:
        return ()
    return (cause("Seen", seen=", ".join(f"{path} = {text}" for path, text in value.seen)),)


def _names(pairs: Sequence[tuple[Json, Value]]) -> str:
    names = [str(body["metadata"]["name"]) for body, _ in pairs]
    return ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
