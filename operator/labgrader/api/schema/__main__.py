"""``python -m labgrader.api.schema [--check]``: writes the generated files, or compares them.

Run by ``make generate`` and ``make verify-generated`` in a checkout of the project.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from labgrader.api.names import GROUP
from labgrader.api.schema.crds import KINDS, crd
from labgrader.api.schema.editor import editor_schema

_HEADER = "# Generated from operator/labgrader/api by `make generate`. Do not edit.\n"
_CHECKOUT = Path(__file__).parents[4]


class _Plain(yaml.SafeDumper):
    """Writes equal parts out each time: anchors make a file hard to read."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # the base class's signature
        return True


def files() -> Iterator[tuple[str, str]]:
    """Path below the checkout, and text, of every generated file."""
    for kind in KINDS:
        text = yaml.dump(crd(kind), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
        yield f"crds/{GROUP}_{kind.plural}.yaml", _HEADER + text
    text = json.dumps(editor_schema(), indent=2, ensure_ascii=False)
    yield "docs/reference/labexercise.schema.json", text + "\n"


def stale(checkout: Path) -> list[str]:
    """The generated files below ``checkout`` that are missing or not up to date."""
    return [path for path, text in files() if _read(checkout / path) != text]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` name those that differ; 0 when all is well."""
    parser = argparse.ArgumentParser(prog="python -m labgrader.api.schema")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    if parser.parse_args(arguments).check:
        differing = stale(_CHECKOUT)
        for path in differing:
            sys.stderr.write(f"{path} is not what the models say; run make generate\n")
        return 1 if differing else 0
    for path, text in files():
        (_CHECKOUT / path).parent.mkdir(parents=True, exist_ok=True)
        (_CHECKOUT / path).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
