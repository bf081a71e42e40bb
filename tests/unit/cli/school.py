"""A course with graded learners, whose evidence is in a store, as regrading finds it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from labgrader.api.exercise import LabExercise
from labgrader.api.submission import Submission
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer
from labgrader.evidence.bundle import Handed, written
from labgrader.evidence.requests import Request
from labgrader.evidence.store import ref_of
from labgrader.grading.plan import for_learner, plan
from labgrader.grading.recording import bundle
from labgrader.grading.report import report
from labgrader.grading.run import grade_on_record
from labgrader.reporting import status as render
from labgrader.store.files import open_store
from tests.unit.cli.desk import Desk, Done
from tests.unit.grading.worlds import JumpingClock, World, config_map, exists, found
from tests.unit.servers import serving

GROUP = "/apis/labgrader.dev/v1alpha1/namespaces/course"
BEFORE = "2026-11-26T17:00:00Z"


@dataclass
class School:
    """A store with evidence of submissions, and an API server that has them."""

    desk: Desk
    objects: dict[str, Any] = field(default_factory=dict)
    spec: dict[str, Any] = field(default_factory=dict)
    """What the exercise has besides its checks."""
    answers: dict[str, str] = field(default_factory=dict)
    """What learners answer when they are graded."""

    @property
    def store(self) -> str:
        return f"file://{self.desk.folder}/store"

    def exercise(self, *checks: dict[str, Any]) -> Path:
        """The exercise in a file, and in the course."""
        file = self.desk.exercise("lab", *checks, **self.spec)
        body = json.loads(file.read_text("utf-8"))
        body["metadata"] |= {"namespace": "course", "uid": "e", "generation": len(checks)}
        self.objects[f"{GROUP}/labexercises/lab"] = body
        return file

    async def graded(self, learner: str, attempt: int, *checks: dict[str, Any]) -> str:
        """Grade a learner who made the ConfigMap a, as the operator does; where evidence is."""
        self.exercise(*checks)
        exercise = LabExercise.parse(self.objects[f"{GROUP}/labexercises/lab"])
        planned = for_learner(plan(exercise), learner)
        script: dict[Request, list[Answer]] = {config_map("a"): [found("a")]}
        clock = JumpingClock()
        graded = await grade_on_record(
            planned, Scope("kim"), World(clock, script), clock, answers=self.answers
        )
        result = report(planned, graded.findings)
        handed = Handed("course", learner, f"uid-{learner}", attempt)
        about = {"namespace": "kim", "started": BEFORE, "ended": BEFORE, "learner": learner}
        kept, packed = written(bundle(result, graded.record, submission=handed, **about))  # type: ignore[arg-type]  # texts
        ref = str(ref_of(kept, packed.digest))
        await open_store(self.store).put(ref, packed.file)
        spec = {"exerciseRef": {"name": "lab"}, "learner": learner, "targetNamespace": "kim"}
        metadata = {"name": learner, "namespace": "course", "uid": f"uid-{learner}"}
        body: dict[str, Any] = {
            "apiVersion": "labgrader.dev/v1alpha1",
            "kind": "Submission",
            "metadata": metadata | {"generation": 1, "resourceVersion": "1"},
            "spec": spec | {"attempt": attempt} | self.given(**self.answers),
        }
        evidence = {"state": "Kept", "digest": packed.digest, "ref": ref}
        status = render.graded(
            result,
            Submission.parse(body),
            started=BEFORE,
            now=BEFORE,
            outdated=False,
            evidence=evidence,
        )
        self.objects[f"{GROUP}/submissions/{learner}"] = body | {"status": status}
        return ref

    @staticmethod
    def given(**answers: str) -> dict[str, Any]:
        return {"answers": [{"name": name, "value": said} for name, said in answers.items()]}

    def change_answers(self, learner: str, **answers: str) -> None:
        body = self.objects[f"{GROUP}/submissions/{learner}"]
        body["spec"] |= self.given(**answers)
        body["metadata"]["generation"] += 1

    def status(self, learner: str) -> dict[str, Any]:
        found: dict[str, Any] = self.objects[f"{GROUP}/submissions/{learner}"]["status"]
        return found

    async def answer(self, request: web.Request) -> web.StreamResponse:
        place = request.path.removesuffix("/status")
        if place not in self.objects:
            return web.json_response({"message": "not found"}, status=404)
        if request.method == "PUT":
            self.objects[place] |= {"status": (await request.json())["status"]}
        return web.json_response(self.objects[place])

    async def regrade(self, *arguments: str | Path) -> Done:
        async with serving(self.answer) as address:
            config = self.desk.kubeconfig(address)
            call = ("regrade", *arguments, "--store", self.store, "--kubeconfig", config)
            return await self.desk.run(*call)


A, B = exists("a", 10), exists("b", 30)
EASIER = exists("b", 30) | {"exists": {"object": {"kind": "ConfigMap", "name": "a"}}}
