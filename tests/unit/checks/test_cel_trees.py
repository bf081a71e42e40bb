"""The trees of expressions, as CEL stores them: byte by byte, and as the library writes them."""

import pytest

from labgrader.checks.cel.engine import compiled
from labgrader.checks.cel.syntax import (
    Call,
    Collection,
    Constant,
    Field,
    Loop,
    Name,
    Tree,
    below,
    nodes,
    read,
)

OBJECT = Name("object")
ONE = Constant(None, 2)
A = Field(OBJECT, "a", asks=False)
RESULT = Name("@result")
SIZE = Call("size", (A,), is_method=True)


@pytest.mark.parametrize(
    ("expression", "tree"),
    [
        ("object.a == 1", Call("_==_", (A, ONE), is_method=False)),
        ("has(object.a)", Field(OBJECT, "a", asks=True)),
        ("object.a.size() == 1", Call("_==_", (SIZE, ONE), is_method=False)),
        (
            "object == [1, 'xx', {'k': true, 2: object}]",
            Call(
                "_==_",
                (
                    OBJECT,
                    Collection(
                        (
                            ONE,
                            Constant("xx", 4),
                            Collection((Constant("k", 3), ONE, ONE, OBJECT), is_list=False),
                        ),
                        is_list=True,
                    ),
                ),
                is_method=False,
            ),
        ),
        (
            "object.a.exists(x, x == '')",
            Loop(
                item="x",
                second="",
                over=A,
                result="@result",
                start=ONE,
                goes_on=Call(
                    "@not_strictly_false",
                    (Call("!_", (RESULT,), is_method=False),),
                    is_method=False,
                ),
                step=Call(
                    "_||_",
                    (RESULT, Call("_==_", (Name("x"), Constant("", 2)), is_method=False)),
                    is_method=False,
                ),
                end=RESULT,
            ),
        ),
    ],
)
def test_what_the_library_compiled_is_read(expression: str, tree: Tree) -> None:
    assert compiled(expression).tree == tree


def test_only_what_collects_makes_a_list() -> None:
    trees = [compiled(f"object.a.{loop}").tree for loop in ("map(x, x)", "filter(x, x)")]
    assert [isinstance(tree, Loop) and tree.makes_list for tree in trees] == [True, True]
    others = [compiled(f"object.a.{loop}").tree for loop in ("all(x, x)", "exists(x, x)")]
    assert [isinstance(tree, Loop) and tree.makes_list for tree in others] == [False, False]


def test_the_parts_of_a_tree_are_all_found_in_order() -> None:
    loop = Loop("x", "y", OBJECT, "r", ONE, RESULT, A, Name("end"))
    pair = Collection((loop, ONE), is_list=True)
    call = Call("f", (pair, RESULT), is_method=False)
    assert below(OBJECT) == below(ONE) == ()
    assert below(A) == (OBJECT,)
    assert below(call) == (pair, RESULT)
    assert below(pair) == (loop, ONE)
    assert below(loop) == (OBJECT, ONE, RESULT, A, Name("end"))
    inside = [pair, loop, OBJECT, ONE, RESULT, A, OBJECT, Name("end"), ONE, RESULT]
    assert list(nodes(call)) == [call, *inside]


def varint(number: int) -> bytes:
    made = b""
    while number > 0x7F:
        made += bytes([number & 0x7F | 0x80])
        number >>= 7
    return made + bytes([number])


def piece(number: int, value: bytes) -> bytes:
    """A field with a length, as protocol buffers write it."""
    return varint(number << 3 | 2) + varint(len(value)) + value


def stored(expression: bytes) -> bytes:
    return piece(2, piece(4, expression))


def name(text: str) -> bytes:
    return piece(4, piece(1, text.encode()))


@pytest.mark.parametrize("length", [1, 127, 128, 129, 200, 16_383, 16_384, 20_000])
def test_texts_of_any_length_are_read(length: int) -> None:
    assert read(stored(name("n" * length))) == Name("n" * length)


def test_numbers_of_every_width_are_stepped_over() -> None:
    numbers = b"".join(
        (
            varint(1 << 3) + varint(300),  # of as many bytes as it needs
            varint(1 << 3) + varint(0),
            varint(20 << 3 | 1) + bytes(8),
            varint(21 << 3 | 5) + bytes(4),
        )
    )
    assert read(stored(numbers + name("a") + numbers)) == Name("a")


def test_what_is_not_written_is_empty_or_false() -> None:
    assert read(stored(piece(4, b""))) == Name("")
    assert read(stored(piece(3, b""))) == Constant(None, 0)
    assert read(stored(piece(6, b""))) == Call("", (), is_method=False)
    assert read(stored(piece(7, b""))) == Collection((), is_list=True)
    assert read(stored(piece(8, b""))) == Collection((), is_list=False)


def test_a_loop_over_two_names_keeps_each_in_its_place() -> None:
    parts = b"".join(piece(number, name(f"n{number}")) for number in (2, 4, 5, 6, 7))
    texts = piece(1, b"item") + piece(3, b"result") + piece(8, b"second")
    assert read(stored(piece(9, texts + parts))) == Loop(
        "item", "second", Name("n2"), "result", Name("n4"), Name("n5"), Name("n6"), Name("n7")
    )


def test_whether_is_a_plain_truth() -> None:
    field = read(stored(piece(5, piece(1, name("a")) + piece(2, b"f"))))
    method = read(stored(piece(6, piece(1, name("a")) + piece(2, b"f") + piece(3, name("b")))))
    function = read(stored(piece(6, piece(2, b"f") + piece(3, name("b")))))
    empty = read(stored(piece(8, b"")))
    assert isinstance(field, Field)
    assert field.asks is False
    assert isinstance(method, Call)
    assert method == Call("f", (Name("a"), Name("b")), is_method=True)
    assert isinstance(function, Call)
    assert function.is_method is False
    assert isinstance(empty, Collection)
    assert empty.is_list is False


def test_a_key_without_a_value_is_an_item_alone() -> None:
    entries = piece(2, piece(3, name("k")) + piece(4, name("v"))) + piece(2, piece(3, name("l")))
    assert read(stored(piece(8, entries))) == Collection(
        (Name("k"), Name("v"), Name("l")), is_list=False
    )


@pytest.mark.parametrize(
    ("damaged", "complaint"),
    [
        (stored(piece(2, b"")), r"^an expression of an unknown sort: \[2\]$"),
        (
            stored(piece(40, b"") + piece(12, b"")),
            r"^an expression of an unknown sort: \[12, 40\]$",
        ),
        (stored(b"\x0b"), "^an expression stored in an unknown way: 3$"),
        (stored(b"\x27"), "^an expression stored in an unknown way: 7$"),
        (stored(b"\x22"), "^an expression that ends too early$"),
        (stored(b"\x22\x01"), "^an expression that ends too early$"),
        (stored(b"\x22\x80"), "^an expression that ends too early$"),
        (stored(b"\xa2"), "^an expression that ends too early$"),
        (stored(b"\x21" + bytes(7)), "^an expression that ends too early$"),
        (stored(b"\x25" + bytes(3)), "^an expression that ends too early$"),
        (b"\x12", "^an expression that ends too early$"),
    ],
)
def test_what_is_damaged_says_how(damaged: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read(damaged)


def test_a_piece_may_end_where_the_whole_does() -> None:
    assert read(stored(name("a") + b"\x29" + bytes(8))) == Name("a")
