"""Which modules have mutants, what those are, and how Python is given them.

A module's mutants are made by `generate.py` in an environment of its own and kept in
``build/mutants`` by what they are made of, so that they are made once.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "mutants"
_SOURCES = ROOT / "operator" / "labgrader"
_PACKAGES = ("checks", "grading")
_MADE_BY = (
    Path(__file__).with_name("generate.py"),
    ROOT / "requirements" / "mutants.txt",
)


@dataclass(frozen=True)
class Mutant:
    """One change of one function, and the lines by which people know it."""

    function: str
    name: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Module:
    """A module as it is: ``checks/expect/tree``, imported as ``labgrader.checks.expect.tree``."""

    label: str
    name: str
    path: Path
    digest: str


@dataclass(frozen=True)
class Mutated:
    """A module with all its mutants in it."""

    module: Module
    code: str
    mutants: tuple[Mutant, ...]


def modules() -> tuple[Module, ...]:
    """All of them, by label."""
    made_by = b"".join(path.read_bytes() for path in _MADE_BY)
    return tuple(
        _module(path, made_by)
        for package in _PACKAGES
        for path in sorted((_SOURCES / package).rglob("*.py"))
        if path.name != "__init__.py"
    )


def _module(path: Path, made_by: bytes) -> Module:
    relative = path.relative_to(_SOURCES).with_suffix("")
    name = ".".join(("labgrader", *relative.parts))
    return Module(str(relative), name, path, digest((made_by, path.read_bytes())))


def digest(parts: Iterable[bytes]) -> str:
    """Of contents, in their order."""
    made = hashlib.sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()[:16]


def mutated(wanted: Sequence[Module], python: Path) -> tuple[Mutated, ...]:
    """Return the modules with their mutants, made by ``python`` where they are not kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    missing = [module for module in wanted if not _kept(module).exists()]
    if missing:
        pairs = [f"{module.path}={_kept(module)}" for module in missing]
        command = (str(python), "-m", "tools.mutants.generate", *pairs)
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            sys.exit("mutmut could not make the mutants: see above")
    return tuple(_read(module) for module in wanted)


def _kept(module: Module) -> Path:
    return KEPT / f"{module.label.replace('/', '.')}-{module.digest}.json"


def _read(module: Module) -> Mutated:
    body = json.loads(_kept(module).read_text("utf-8"))
    return Mutated(module, body["code"], tuple(Mutant(**mutant) for mutant in body["mutants"]))


class _Loader(SourceFileLoader):
    """Loads other code than the file holds, without leaving bytecode of it behind."""

    def __init__(self, name: str, path: str, code: str) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        """Compile what was given."""
        return compile(self._code, self.get_filename(fullname), "exec", dont_inherit=True)


class Finder(MetaPathFinder):
    """Gives Python the modules with their mutants in place of those on disk."""

    def __init__(self, given: Iterable[Mutated]) -> None:
        self._given: Mapping[str, Mutated] = {one.module.name: one for one in given}

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        """Answer for the given modules only."""
        del path, target
        one = self._given.get(fullname)
        if one is None:
            return None
        file = str(one.module.path)
        return spec_from_file_location(fullname, file, loader=_Loader(fullname, file, one.code))
