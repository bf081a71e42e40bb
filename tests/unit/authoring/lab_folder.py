"""An exercise's folder with works, and ``labgrader test`` typed over it."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.unit.authoring.api_server import ApiServer, api_server

EXERCISE = """\
apiVersion: labgrader.dev/v1alpha1
kind: LabExercise
metadata: {name: lab}
spec:
  title: {ko: 웹, en: Web}
  task: {ko: 만드세요., en: Make it.}
  lang: en
  settle: 0s
  checks:
  - name: there
    points: 40
    exists: {object: {kind: ConfigMap, name: web}}
  - name: right
    points: 60
    needs: [there]
    matches: {object: {kind: ConfigMap, name: web}, expect: {data: {color: blue}}}
"""
RIGHT = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {color: blue}}\n"
WRONG = RIGHT.replace("blue", "red")
ELSEWHERE = RIGHT.replace("name: web", "name: other")
EXPECTED = "outcomes: {there: Passed, right: Failed}\nreasons: {right: FieldDiffers}\n"
NOTHING = "outcomes: {there: Failed, right: Skipped}\n"


def folder(root: Path, exercise: str = EXERCISE, **works: str) -> Path:
    """An exercise's folder; a solution and two mistakes unless told otherwise."""
    files = {
        "solutions/right/web.yaml": RIGHT,
        "mistakes/red/web.yaml": WRONG,
        "mistakes/red/expect.yaml": EXPECTED,
        "mistakes/elsewhere/web.yaml": ELSEWHERE,
        "mistakes/elsewhere/expect.yaml": NOTHING,
    } | {name.replace("__", "/") + ".yaml": text for name, text in works.items()}
    place = root / "lab"
    for name, text in {"exercise.yaml": exercise, **files}.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return place


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str
    server: ApiServer

    def nothing_is_left(self) -> bool:
        made = [body["metadata"]["name"] for body in self.server.made]
        return bool(made) and sorted(made) == sorted(self.server.gone)


async def start(kubeconfig: Path, *arguments: str | Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "labgrader", "test", "--kubeconfig", str(kubeconfig)),
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "XDG_STATE_HOME": str(kubeconfig.parent), "COLUMNS": "120"},
    )


async def run(place: Path, *arguments: str | Path, **server: Any) -> Done:
    async with api_server(place.parent, **server) as (serves, kubeconfig):
        process = await start(kubeconfig, place, *arguments)
        out, err = await process.communicate()
        return Done(process.returncode or 0, out.decode(), err.decode(), serves)
