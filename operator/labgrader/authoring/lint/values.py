"""Values that YAML does not read as they are written: ``010``, ``yes``, ``5.0``.

A rule of lint. Works on the tree of the file, because in the values it is too late: the API
server, kubectl and this program would each see something else, or all the same wrong thing.
"""

import re
from collections.abc import Iterator

import yaml

from labgrader.authoring.draft import Draft
from labgrader.authoring.positions import plain, position, scalars
from labgrader.reporting.remarks import Remark

_TAG = "tag:yaml.org,2002:"
_ODD_INTEGER = re.compile(r"[-+]?0[0-9_xXbB].*|.*[_:].*")
_ELSEWHERE = re.compile(r"[-+]?(0o[0-7]+|[0-9]+[eE][-+]?[0-9]+)")
"""Texts for YAML 1.1, numbers for YAML 1.2, which kubectl's parser half follows."""


def values(draft: Draft) -> Iterator[Remark]:
    """Every scalar without quotes that is read as something else; keys too."""
    for node, key in scalars(draft.document.node):
        read_as = _read_as(node, key=key) if plain(node) else None
        if read_as is not None:
            at = position(node)
            told = f"{node.value} without quotes is read as {read_as}"
            mend = f'Write "{node.value}" if you mean the text, else the value as it is read.'
            yield draft.source.remark("unquoted-value", at.line, at.column, told, mend)


def _read_as(node: yaml.ScalarNode, *, key: bool) -> str | None:
    text = str(node.value)
    match str(node.tag).removeprefix(_TAG):
        case "bool" if key or text.lower() not in {"true", "false"}:
            return "true" if text.lower() in {"yes", "on", "true"} else "false"
        case "int" if _ODD_INTEGER.fullmatch(text):
            return f"{_integer(node)} (and as a text by some programs)"
        case "int" | "null" if key:
            return "a value that is no text, which no key of Kubernetes is"
        case "float" if key or not _comes_back(text):
            return "a number whose digits are not kept"
        case "str" if _ELSEWHERE.fullmatch(text):
            return "a number by some programs, and as a text by others"
    return None


def _integer(node: yaml.ScalarNode) -> str:
    try:
        return str(yaml.SafeLoader("").construct_yaml_int(node))
    except ValueError:
        return "a number"


def _comes_back(text: str) -> bool:
    """Whether a number is written as it will be written again: 0.5 is, 5.0 and 1.10 are not."""
    return text == repr(float(text)) and not text.endswith(".0") if _is_float(text) else False


def _is_float(text: str) -> bool:
    return re.fullmatch(r"[-+]?[0-9]+\.[0-9]+", text) is not None
