"""Lint finds checks that exclude each other, and not the several ways of a group."""

from pathlib import Path

import pytest

from tests.unit.authoring.lint_cases import GOOD, linted

ABSENT = "absent: {object: {kind: Deployment, name: web}}"
READY = "ready: {object: {kind: Deployment, name: web}}"


def wants(replicas: str) -> str:
    return f"matches: {{object: {{kind: Deployment, name: shop}}, expect: {{spec: {{replicas: {replicas}}}}}}}"


def told(folder: Path, *kinds: str, group: str = "") -> list[str]:
    """What is said of these checks, in a group if one is given, besides a sound exercise's."""
    groups = f"  groups:\n  - {{name: way, {group}}}\n  checks:" if group else "  checks:"
    text = GOOD.replace("  checks:", groups)
    for number, kind in enumerate(kinds):
        text += f"  - name: more-{number}\n    points: 1\n    needs: [there]\n    {kind}\n"
        text += "    group: way\n" if group else ""
    return [r.message for r in linted(folder, text) if r.rule.id == "unearnable"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2", "3"),
        ('">=3"', '"<=2"'),
        ('"<=2"', '">2"'),
        ('">2"', '"<2"'),
        ('">=3"', "2"),
        ("2", '"!=2"'),
        ('"=web"', '"~=^shop"'),
        ('"(absent)"', '"(present)"'),
        ('">500m"', '"<=0.5"'),
    ],
)
def test_no_value_fulfils_both(tmp_path: Path, one: str, other: str) -> None:
    (message,) = told(tmp_path, wants(one), wants(other))
    plain = f"{one} and {other}".replace('"', "")
    assert message.endswith(f"cannot both pass: spec.replicas cannot be both {plain}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('">=2"', '"<=2"'),
        ('">=2"', "3"),
        ('">=2"', '">=3"'),
        ('"!=2"', '"!=3"'),
        ('"!=2"', '">=3"'),
        ('"(present)"', '">=3"'),
        ('"(present)"', "3"),
        ('"(absent)"', '"(absent)"'),
        ('"~=^w"', '"~=b$"'),
        ('"=web"', "web"),
    ],
)
def test_a_value_may_fulfil_both(tmp_path: Path, one: str, other: str) -> None:
    assert told(tmp_path, wants(one), wants(other)) == []


@pytest.mark.parametrize(
    ("group", "clash"),
    [
        ("rule: any", False),
        ("rule: bestOf, count: 1", False),
        ("rule: bestOf, count: 2", True),
        ("rule: all", True),
    ],
)
def test_ways_of_a_group_may_exclude_each_other(tmp_path: Path, group: str, clash: bool) -> None:  # noqa: FBT001 (a row of the table)
    assert bool(told(tmp_path, wants("2"), wants("3"), group=group)) is clash


def test_one_way_may_be_that_there_is_none(tmp_path: Path) -> None:
    ways = ("ready: {object: {kind: StatefulSet, name: shop}}", ABSENT.replace("web", "shop"))
    third = READY.replace("web", "shop")
    assert told(tmp_path, *ways, third, group="rule: any") == []
    assert told(tmp_path, ABSENT) != []  # of what the sound exercise asks for


@pytest.mark.parametrize("broken", ['"~=("', '">=two"'])
def test_what_cannot_be_read_clashes_with_nothing(tmp_path: Path, broken: str) -> None:
    assert told(tmp_path, wants("2"), wants(broken)) == []
    assert told(tmp_path, wants(broken), wants("2")) == []


def test_only_one_of_several_ways_clashes_with_what_all_must_do(tmp_path: Path) -> None:
    assert told(tmp_path, ABSENT, READY, group="rule: any") == []
