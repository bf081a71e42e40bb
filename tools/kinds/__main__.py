"""``python -m tools.kinds [--check]``: writes the pages of the check kinds, or compares them.

Run by ``make generate`` and ``make verify-generated``.
"""

import argparse
import sys
from pathlib import Path

from tools.kinds.files import Checkout

_CHECKOUT = Checkout(Path(__file__).parents[2])


def main(arguments: list[str], checkout: Checkout = _CHECKOUT) -> int:
    """Write the files, or with ``--check`` name those that differ; 0 when all is well."""
    parser = argparse.ArgumentParser(prog="python -m tools.kinds")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    check = parser.parse_args(arguments).check
    files = [*checkout.files()]
    differing = [path for path, text in files if _text(checkout.root / path) != text]
    if not check:
        for path, text in files:
            (checkout.root / path).parent.mkdir(parents=True, exist_ok=True)
            (checkout.root / path).write_text(text, "utf-8")
    missing = [*checkout.missing()]
    told = [f"{path} is not what the models say; run make generate" for path in differing if check]
    for line in (*told, *missing):
        sys.stderr.write(f"{line}\n")
    return 1 if told or missing else 0


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
