"""How many steps an expression can take at most, counted before it is evaluated.

Called by ``problems`` for an ordinary object, before anybody is graded, and by ``evaluate``
for the object at hand. The count follows from the expression and the object alone, so what is
evaluated does not depend on how fast a machine is (docs/decisions/0014-expressions.md). On the
way it notes what the expression reads. Pure; it computes no value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from labgrader.checks.cel.hiding import hiding, optional
from labgrader.checks.cel.shape import Shape, computed, either, item_of, unseen
from labgrader.checks.cel.syntax import (
    Call,
    Collection,
    Constant,
    Field,
    Loop,
    Name,
    Tree,
    below,
)

MOST_STEPS = 1_000_000
"""For one object: about a tenth of a second, a hundredth of what a worker may take."""
MOST_ITERATIONS = 9_000
"""The library ends an evaluation at 10,000, which no map's order of keys must decide."""

COMPUTED = ""

_PATTERN_STEPS = 200
_MOST_REPEATS = 1000
"""RE2 itself refuses more."""
_REPEATS = re.compile(r"\{(?:\d*,)?(\d+)")
_SCALAR = Shape(1, 0, is_list=True)
_FREE = frozenset(
    {"_&&_", "_||_", "!_", "size", "hasValue", "@not_strictly_false", "type", "optional.none"}
)
_COMPARING = frozenset(
    {
        *("_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "startsWith", "endsWith"),
        *("bool", "double", "duration", "int", "milli", "quantity", "timestamp", "uint"),
    }
)
_CHOOSING = frozenset({"_?_:_", "or", "orValue"})
_SAME = frozenset({"dyn", "value", "optional.of", "optional.ofNonZeroValue"})
_ORDER_FREE = _FREE | _CHOOSING | _SAME | {"_+_"}


class TooManySteps(Exception):
    """Evaluating could take more steps than it may."""


class OrderMatters(Exception):
    """The expression depends on the order of a map's keys, which differs from run to run."""


@dataclass(slots=True)
class Estimate:
    """What is known before evaluating: steps, iterations, and what is read.

    ``loose``: which error ends an evaluation depends on the order of a map's keys.
    """

    steps: int = 0
    iterations: int = 0
    loose: bool = False
    read: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Paths of fields that may be missing, by their last key; the first one of each."""
    hiding: set[str] = field(default_factory=set)
    """Those of them that hide the rest where they are missing; a key where no path is known.
    ``COMPUTED`` where a key is computed, so that nobody knows which one it is."""
    unguarded: set[str] = field(default_factory=set)
    """Those of these that are read in any case: on no side of ``&&``, ``||`` or ``?:`` there."""
    asked: set[str] = field(default_factory=set)
    """What ``has`` asks for; a key where no path is known."""

    def hides(self, key: str) -> bool:
        """Whether the rest may be hidden, where evaluating ended because ``key`` is missing."""
        if key not in self.missing:
            return COMPUTED in self.hiding
        if self.unguarded - self.asked:  # the library tells of one missing key only
            return True
        return any(
            path == key or path == self.missing[key] or path.endswith(f".{key}")
            for path in self.hiding - self.asked - {COMPUTED}
        )


def ordinary(tree: Tree) -> Estimate:
    """For an object that nobody has seen yet. Raises TooManySteps, OrderMatters."""
    walk = _Walk(Estimate())
    walk.visit(tree, {"object": unseen(), "objects": unseen()})
    return walk.estimate


def actual(tree: Tree, names: Mapping[str, Shape]) -> Estimate:
    """For these variables, made by ``shape.real``. Raises TooManySteps, OrderMatters."""
    walk = _Walk(Estimate())
    walk.spend(sum(shape.weight for shape in names.values()))
    walk.visit(tree, names)
    return walk.estimate


@dataclass(slots=True)
class _Walk:
    estimate: Estimate
    times: int = 1
    """How often the part is evaluated that is being looked at."""
    hides: bool = False
    """Whether what is missing in this part hides the rest."""
    guarded: bool = False
    """Whether another side may decide without this part, where that hides the rest."""
    single: tuple[Tree, ...] = ()
    """What goes through one item at most, beside which nothing can be hidden."""

    def spend(self, steps: int) -> None:
        self.estimate.steps += self.times * steps
        if self.estimate.steps > MOST_STEPS or self.estimate.iterations > MOST_ITERATIONS:
            raise TooManySteps

    def visit(self, tree: Tree, names: Mapping[str, Shape]) -> Shape:
        self.spend(1)
        match tree:
            case Constant():
                return Shape(1 + tree.size // 16, 0, is_list=True)
            case Name():
                return self._noted(names.get(tree.name) or _SCALAR)
            case Field():
                return self._field(tree, names)
            case Call():
                return self._call(tree, names)
            case Collection():
                return self._collection(tree, names)
            case Loop():
                return self._loop(tree, names)

    def _noted(self, shape: Shape) -> Shape:
        """Note what is read; of a path only its end is told."""
        if shape.known is not None and shape.path:
            self.estimate.read.setdefault(shape.path, shape.known)
        return shape

    def _field(self, tree: Field, names: Mapping[str, Shape]) -> Shape:
        operand = self.visit(tree.operand, names)
        found = operand.at(tree.field)
        if tree.asks:
            self.estimate.asked.add(found.path or tree.field)
            self._noted(found)
            return _SCALAR
        return self._into(operand, tree.field, found)

    def _into(self, operand: Shape, key: str, found: Shape) -> Shape:
        if operand.lacks(key):
            self.estimate.missing.setdefault(key, found.path)
            if self.hides:
                self.estimate.hiding.add(found.path or key)
            if self.hides and not self.guarded:
                self.estimate.unguarded.add(found.path or key)
        return self._noted(found)

    def _call(self, tree: Call, names: Mapping[str, Shape]) -> Shape:
        given = self._parts(tree, tree.arguments, names)
        fixed = given[:1] if tree.function == "@in" else given
        if tree.function not in _ORDER_FREE and any(shape.no_order for shape in fixed):
            raise OrderMatters
        match tree.function, tree.arguments:
            case ("_[_]", (_, Constant(text=str(key)))):
                return self._into(given[0], key, given[0].at(key))
            case ("_?._" | "_[?_]", (_, Constant(text=str(key)))):
                return self._noted(given[0].at(key))
            case ("_[_]" | "_[?_]" | "_?._", _):
                if self.hides and tree.function == "_[_]":
                    self.estimate.hiding.add(COMPUTED)
                return self._noted(given[0].inside())
            case ("contains", (_, _)):
                self.spend(given[0].weight * given[1].weight)
                return _SCALAR
            case ("matches", (_, pattern)):
                self.spend(_PATTERN_STEPS + given[0].weight * _pattern_weight(pattern, given[1]))
                return _SCALAR
        return self._function(tree.function, given)

    def _parts(
        self, tree: Tree, parts: tuple[Tree, ...], names: Mapping[str, Shape]
    ) -> list[Shape]:
        before, guarded, shapes = self.hides, self.guarded, []
        single = any(tree is one for one in self.single)
        for part, hides, decided in zip(parts, hiding(tree), optional(tree), strict=True):
            self.hides = before or (hides and not single)
            self.guarded = guarded or (before and decided)
            shapes.append(self.visit(part, names))
        self.hides, self.guarded = before, guarded
        return shapes

    def _function(self, name: str, given: list[Shape]) -> Shape:
        if name in _FREE:
            return _SCALAR
        if name in _CHOOSING:
            return either(given[-2], given[-1])
        if name in _SAME and given:
            return given[0]
        weight = sum(shape.weight for shape in given)
        self.spend(weight)
        if name in _COMPARING:
            return _SCALAR
        if name != "_+_":
            return computed(1 + weight)
        one, other = given
        return Shape(
            weight,
            one.count + other.count,
            item=item_of(one, other),
            no_order=one.no_order or other.no_order,
            is_list=True,
        )

    def _collection(self, tree: Collection, names: Mapping[str, Shape]) -> Shape:
        shapes = self._parts(tree, tree.items, names)
        item: Shape | None = None
        for shape in shapes if tree.is_list else ():
            item = shape if item is None else either(item, shape)
        return Shape(
            1 + sum(shape.weight for shape in shapes),
            len(shapes),
            item=item,
            no_order=any(shape.no_order for shape in shapes),
            is_list=tree.is_list,
        )

    def _loop(self, tree: Loop, names: Mapping[str, Shape]) -> Shape:
        over = self.visit(tree.over, names)
        start = self.visit(tree.start, names)
        no_order = over.no_order or (over.keyed and over.count > 0)
        self.estimate.loose |= no_order
        item = over.items()
        inner = {**names, tree.item: item, tree.second: item, tree.result: start}
        self.estimate.iterations += self.times * over.count
        # A list that grows is copied with every item that is added.
        self.spend(over.count * (over.count if tree.makes_list else 1))
        before, self.times = self.times, self.times * over.count
        step = self._step(tree, over.count, inner) if over.count else start
        self.times = before
        if tree.makes_list:
            start = replace(
                step,
                weight=1 + over.count * step.weight,
                count=over.count,
                known=None,
                path="",
                no_order=no_order or step.no_order,
                is_list=True,
            )
            self.spend(start.weight)
        return self.visit(tree.end, {**names, tree.result: start})

    def _step(self, tree: Loop, count: int, names: Mapping[str, Shape]) -> Shape:
        before = self.single
        if count == 1:
            self.single = (tree.step, *below(tree.step))
        self.visit(tree.goes_on, names)
        step = self.visit(tree.step, names)
        self.single = before
        return step


def _pattern_weight(pattern: Tree, shape: Shape) -> int:
    """How much RE2 may do for each part of the text: the pattern's size with its repeats."""
    if not isinstance(pattern, Constant) or pattern.text is None:
        return shape.weight * 16 * _MOST_REPEATS
    repeats = 1
    for most in _REPEATS.findall(pattern.text):
        repeats = min(_MOST_REPEATS, repeats * max(1, int(most)))
    return len(pattern.text) * repeats
