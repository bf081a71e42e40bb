"""The strict reader: what another program would read otherwise is refused, with its place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labgrader.authoring.source import MAX_BYTES, MAX_DEPTH, Source, read


def reading(folder: Path, text: str | bytes) -> Source:
    file = folder / "exercise.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(file)


def told(source: Source) -> list[tuple[str, int, int]]:
    return [(r.rule.id, r.place.line, r.place.column) for r in source.remarks]


def test_it_reads_what_is_there(tmp_path: Path) -> None:
    source = reading(tmp_path, "a: [1, x]\n---\nwhen: 2024-01-01\nno: ''\n")
    assert [found.value for found in source.documents] == [
        {"a": [1, "x"]},
        {"when": "2024-01-01", False: ""},
    ]
    assert source.remarks == ()


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"),
    [
        ("a:\n\t- b\n", "yaml-tab", 2, 1),
        ("a: 1\n  \tb: 2\n", "yaml-tab", 2, 3),
        ("a: [\n", "yaml-syntax", 2, 1),
        ("a: 1\n b: 2\n", "yaml-syntax", 2, 3),
        ("a: !!python/name:os.system x\n", "yaml-syntax", 1, 4),
        ("a: !!int x\n", "yaml-syntax", 1, 4),
        ("a: !!set {x}\n", "yaml-syntax", 1, 4),
        ("? [x]\n: 1\n", "yaml-syntax", 1, 3),
        ("a: 1\nb: \x07\n", "yaml-syntax", 2, 4),
        ("a: &x 1\nb: *x\n", "yaml-anchor", 2, 4),
        ("a: &x {b: 1}\nc: {<<: *x}\n", "yaml-anchor", 2, 9),
        ("a: &x [*x]\n", "yaml-anchor", 1, 8),
        ("a: {<<: {b: 1}}\n", "yaml-syntax", 1, 5),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),
        ("a: [{b: 1, c: 2, b: 3}]\n", "duplicate-key", 1, 18),
        ("x: " + "[" * (MAX_DEPTH + 5), "yaml-syntax", 1, MAX_DEPTH + 3),
        ("- " * 100_000, "yaml-syntax", 1, 2 * MAX_DEPTH + 1),
    ],
)
def test_what_is_refused_is_named(
    tmp_path: Path, text: str, rule: str, line: int, column: int
) -> None:
    assert told(reading(tmp_path, text)) == [(rule, line, column)]


def test_an_alias_bomb_is_not_expanded(tmp_path: Path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    source = reading(tmp_path, "\n".join(["a0: &a0 x", *levels]))
    assert told(source) == [("yaml-anchor", 2, 10)]


def test_a_file_of_a_megabyte_is_not_parsed(tmp_path: Path) -> None:
    source = reading(tmp_path, "a: b\n" * 210_000)
    assert told(source) == [("file-too-large", 1, 1)]
    assert f"{MAX_BYTES // 1024} KiB" in source.remarks[0].message


def test_a_file_that_is_no_text_names_the_line(tmp_path: Path) -> None:
    assert told(reading(tmp_path, b"a: 1\nb: \xff\n")) == [("not-utf8", 2, 1)]


def test_what_came_before_a_slip_is_kept(tmp_path: Path) -> None:
    source = reading(tmp_path, "a: 1\n---\nb: [\n")
    assert [found.value for found in source.documents] == [{"a": 1}]
    assert told(source) == [("yaml-syntax", 4, 1)]


def test_a_star_in_a_text_is_no_alias(tmp_path: Path) -> None:
    source = reading(tmp_path, "a: |\n  * one\n  *two*\n  - **bold**\nb: '*x'\n")
    assert source.remarks == ()


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#?,% \n\t<0.~", max_size=60))
def test_no_text_makes_it_raise(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    reading(tmp_path_factory.mktemp("any"), text)
