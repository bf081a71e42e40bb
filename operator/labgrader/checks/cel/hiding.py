"""Where a missing field hides what an expression would say of everything else.

Used by ``cost`` for the object at hand, and by lint. ``&&``, ``||``, ``exists`` and ``all`` decide
without a side that is not there where they can: where they cannot, what is missing is the whole
story. ``filter``, ``map`` and ``exists_one`` are gone with the first item that lacks it, and so are
sums and lists. Pure; knows nothing of values.
"""

from collections.abc import Iterator

from labgrader.checks.cel.syntax import Call, Collection, Constant, Tree, below

_SUMS = frozenset({"_+_", "_-_"})


def hiding(tree: Tree) -> tuple[bool, ...]:
    """Of each part directly in a tree, whether a field that is missing there hides the rest.

    Of ``filter`` that is the condition by which an item is taken, and of ``map`` the sum by which
    one is added: this is how CEL's library writes them out.
    """
    parts = below(tree)
    match tree:
        case Call(function="_?_:_"):
            return (True, *(False for _ in parts[1:]))
        case Call(function=function) if function in _SUMS and not _is_text(tree):
            several = not any(isinstance(part, Constant) for part in parts)
            return tuple(several for _ in parts)
        case Collection():
            return tuple(len(parts) > 1 for _ in parts)
    return tuple(False for _ in parts)


def optional(tree: Tree) -> tuple[bool, ...]:
    """Of each part directly in a tree, whether the tree may have a value without it."""
    parts = below(tree)
    match tree:
        case Call(function="_&&_" | "_||_"):
            return tuple(True for _ in parts)
        case Call(function="_?_:_"):
            return (False, *(True for _ in parts[1:]))
    return tuple(False for _ in parts)


def hidden(tree: Tree, *, inside: bool = False) -> Iterator[Tree]:
    """Every part of a tree that stands where a missing field hides the rest."""
    if inside:
        yield tree
    for part, hides in zip(below(tree), hiding(tree), strict=True):
        yield from hidden(part, inside=inside or hides)


def _is_text(tree: Tree) -> bool:
    """Whether a sum is a text, of which nothing is there without its parts."""
    match tree:
        case Call(function="_+_", arguments=arguments):
            return any(map(_is_text, arguments))
    return isinstance(tree, Constant) and tree.text is not None
