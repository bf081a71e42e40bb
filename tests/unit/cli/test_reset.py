"""``labgrader reset`` and ``namespace --exercise`` as they are typed, against a small API server."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from labgrader.cli.namespace import namespace
from labgrader.cluster.client import Client
from labgrader.cluster.configuration import configure
from labgrader.cluster.given import Giving, NotPut
from labgrader.cluster.resources import Resources
from tests.unit.authoring.api_server import ApiServer, api_server

pytestmark = pytest.mark.slow  # each starts the command

MANAGER = "labgrader-given/lab"
CONFIG: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "settings-${word}"},
    "data": {"COLOR": "blue"},
}
DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {"replicas": 1},
}
WHERE = "/api/v1/namespaces/kim"
SETTINGS = f"{WHERE}/configmaps/settings-blue"
WEB = "/apis/apps/v1/namespaces/kim/deployments/web"


def file(folder: Path, *given: Any, **spec: Any) -> Path:
    text = {"ko": "없음", "en": "none"}
    check = {"exists": {"object": {"kind": "Pod", "name": "${word}"}}, "name": "a", "points": 1}
    parameter = {"name": "word", "oneOf": ["blue", "teal"]}
    body = {
        "apiVersion": "labgrader.dev/v1alpha1",
        "kind": "LabExercise",
        "metadata": {"name": "lab"},
        "spec": {
            "title": text,
            "task": text,
            "seed": "s",
            "parameters": [parameter],
            "given": list(given),
            "checks": [check],
            **spec,
        },
    }
    made = folder / "lab.yaml"
    made.write_text(json.dumps(body), "utf-8")  # any JSON is YAML
    return made


def standing(path: str, uid: str, **metadata: Any) -> dict[str, dict[str, Any]]:
    name = path.rpartition("/")[2]
    return {path: {"metadata": {"name": name, "uid": uid, **metadata}, "spec": {}}}


def learners(**metadata: Any) -> dict[str, dict[str, Any]]:
    whole = {"name": "kim", "labels": {"labgrader.dev/learner": LEARNER}, **metadata}
    account = {"metadata": {"name": "default", "uid": "a"}}
    return {WHERE: {"metadata": whole}, f"{WHERE}/serviceaccounts/default": account}


NOBODY: Any = None
LEARNER = "park"
"""Somebody whose word is blue; a namespace need not be called like its learner."""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str
    server: ApiServer

    @property
    def applied(self) -> list[str]:
        return [path for path, _ in self.server.applied]


async def reset(made: Path, *arguments: str, typed: str = "", **server: Any) -> Done:
    whole = (str(made), "-n", "kim", *arguments)
    return await command(made.parent, "reset", *whole, typed=typed, **server)


async def command(folder: Path, name: str, *arguments: str, typed: str = "", **server: Any) -> Done:
    server.setdefault("objects", learners())
    async with api_server(folder, **server) as (serves, kubeconfig):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "labgrader", name, *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "KUBECONFIG": str(kubeconfig)},
        )
        out, err = await process.communicate(typed.encode())
        return Done(process.returncode or 0, out.decode(), err.decode(), serves)


async def test_an_untouched_namespace_gets_what_is_given_in_its_order(tmp_path: Path) -> None:
    done = await reset(file(tmp_path, CONFIG, DEPLOYMENT))
    assert done.code == 0, done.err
    assert done.server.applied == [
        (SETTINGS, {"fieldManager": MANAGER, "force": "true"}),
        (WEB, {"fieldManager": MANAGER, "force": "true"}),
    ]
    assert done.server.objects[SETTINGS]["metadata"]["namespace"] == "kim"
    assert done.server.rehearsed == [SETTINGS, WEB]
    assert done.server.deleted == []
    assert "  put    ConfigMap settings-blue\n  put    Deployment web\n" in done.out
    assert "Deployment web put" in done.out


async def test_what_stands_there_is_deleted_and_made_anew(tmp_path: Path) -> None:
    there = learners() | standing(WEB, "old") | standing(f"{WHERE}/services/own", "o")
    done = await reset(file(tmp_path, CONFIG, DEPLOYMENT), "--yes", objects=there)
    assert done.code == 0, done.err
    assert done.server.deleted == [WEB]
    assert done.server.objects[WEB]["metadata"]["uid"] != "old"
    assert f"{WHERE}/services/own" in done.server.objects
    assert "  delete Deployment web\n" in done.out
    assert "own" not in done.out


async def test_what_an_earlier_version_gave_goes_and_nothing_else(tmp_path: Path) -> None:
    ours = {"manager": MANAGER, "operation": "Apply"}
    others = [
        {"manager": "labgrader-given/other", "operation": "Apply"},
        {"manager": MANAGER, "operation": "Update"},
        {"manager": "kubectl", "operation": "Apply"},
    ]
    there = learners() | standing(f"{WHERE}/services/left", "l", managedFields=[ours])
    there |= standing(f"{WHERE}/services/theirs", "t", managedFields=others)
    done = await reset(file(tmp_path, CONFIG), "--yes", objects=there)
    assert done.code == 0, done.err
    assert done.server.deleted == [f"{WHERE}/services/left"]
    assert "  delete Service left  (an earlier version of the exercise gave it)\n" in done.out


@pytest.mark.parametrize(("typed", "goes"), [("y\n", True), ("n\n", False), ("", False)])
async def test_it_asks_before_it_deletes(tmp_path: Path, typed: str, *, goes: bool) -> None:
    there = learners() | standing(WEB, "old")
    done = await reset(file(tmp_path, DEPLOYMENT), typed=typed, objects=there)
    assert done.code == (0 if goes else 1)
    assert bool(done.server.deleted) == bool(done.server.applied) == goes
    assert "Go on?" in done.err


async def test_a_dry_run_says_everything_and_does_nothing(tmp_path: Path) -> None:
    there = learners() | standing(WEB, "old")
    done = await reset(file(tmp_path, CONFIG, DEPLOYMENT), "--dry-run", objects=there)
    assert done.code == 0
    assert "  delete Deployment web\n  put    ConfigMap settings-blue\n" in done.out
    assert (done.server.deleted, done.server.applied) == ([], [])


async def test_what_admission_refuses_is_told_before_anything_is_touched(tmp_path: Path) -> None:
    there = learners() | standing(SETTINGS, "old")
    done = await reset(file(tmp_path, CONFIG, DEPLOYMENT), "--yes", objects=there, refuse="web")
    assert done.code == 1
    assert done.err == ("Error: the cluster refuses Deployment web: admission webhook says no\n")
    assert (done.server.deleted, done.server.applied) == ([], [])


async def test_what_is_refused_only_then_leaves_nothing_unsaid(tmp_path: Path) -> None:
    last = {**CONFIG, "metadata": {"name": "last"}}
    done = await reset(file(tmp_path, CONFIG, DEPLOYMENT, last), refuse_late="web")
    assert done.code == 1
    assert done.applied == [SETTINGS]
    assert "the cluster refuses Deployment web: admission webhook says no (put so far: " in done.err
    assert "ConfigMap settings-blue; not yet: Deployment web, ConfigMap last)" in done.err


async def test_a_kind_that_the_cluster_does_not_have_is_told(tmp_path: Path) -> None:
    done = await reset(file(tmp_path, DEPLOYMENT), unserved="deployments")
    assert done.code == 1
    assert "the cluster refuses Deployment web: no such page" in done.err
    none_given = await reset(file(tmp_path), unserved="horizontalpodautoscalers")
    assert none_given.code == 0, none_given.err
    assert "nothing: the exercise gives no objects" in none_given.out


@pytest.mark.parametrize(
    ("objects", "arguments", "told"),
    [
        ({}, (), "there is no namespace kim"),
        (
            learners(deletionTimestamp="2026-01-02T03:04:05Z"),
            (),
            "namespace kim is being deleted; nothing can be put there",
        ),
        (learners(), ("--learner", "lee"), "namespace kim is park's, not lee's"),
        (learners(), ("-n", "kube-system"), "kube-system belongs to the cluster"),
    ],
)
async def test_a_namespace_that_cannot_be_filled(
    tmp_path: Path, objects: Any, arguments: tuple[str, ...], told: str
) -> None:
    done = await reset(file(tmp_path, CONFIG), "--yes", *arguments, objects=objects)
    assert done.code == 2
    assert told in done.err
    assert done.server.rehearsed == []


async def test_a_wrong_exercise_is_told_in_full(tmp_path: Path) -> None:
    twice = await reset(file(tmp_path, CONFIG, CONFIG))
    assert twice.code == 2
    assert "is given twice" in twice.err


async def test_what_does_not_go_is_named_and_nothing_is_put_over_it(tmp_path: Path) -> None:
    there = learners() | standing(WEB, "old", finalizers=["park/keep"])
    async with (
        api_server(tmp_path, objects=there) as (serves, kubeconfig),
        Client(await configure(kubeconfig, None)) as client,
    ):
        giving = Giving(client, Resources(client), "lab", "kim", (DEPLOYMENT,), 0.1)
        with pytest.raises(NotPut, match="Deployment web is still being deleted, held by park"):
            await giving.take_away(await giving.standing())
    assert serves.deleted == [WEB]
    assert serves.applied == []


def test_the_longest_name_of_an_exercise_makes_a_field_manager() -> None:
    names = [Giving(NOBODY, NOBODY, "x" * 252 + end, "kim", ()).manager for end in "ab"]
    assert len(set(names)) == 2
    assert max(map(len, names)) <= 128


async def test_workloads_are_waited_for_within_the_stated_time(tmp_path: Path) -> None:
    done = await reset(file(tmp_path, DEPLOYMENT, givenReadyWithin="1s"))
    assert done.code == 1
    assert "Deployment web is put, but not Ready within 1 s" in done.err
    assert done.applied == [WEB]
    status = {"replicas": 1, "updatedReplicas": 1, "readyReplicas": 1}
    other = file(tmp_path, {**DEPLOYMENT, "spec": {"replicas": 1}}, givenReadyWithin="20s")
    ready = await reset(other, ready=status)
    assert ready.code == 0, ready.err


async def test_a_new_namespace_gets_what_is_missing_and_keeps_what_is_there(
    tmp_path: Path,
) -> None:
    made = file(tmp_path, CONFIG, DEPLOYMENT)
    there = learners() | standing(WEB, "worked-on")
    there[WHERE]["metadata"]["labels"]["labgrader.dev/course"] = "course"
    arguments = ("park", "--course", "course", "--name", "kim", "--exercise", str(made), "--apply")
    done = await command(tmp_path, "namespace", *arguments, objects=there)
    assert done.code == 0, done.err
    assert SETTINGS in done.applied
    assert WEB not in done.applied
    assert "ConfigMap settings-blue put (exercise lab)" in done.out
    assert "Deployment web is there already and was left as it is" in done.out
    assert done.server.objects[WEB]["metadata"]["uid"] == "worked-on"


def test_what_is_given_is_printed_with_its_namespace(tmp_path: Path) -> None:
    arguments = ("park", "--course", "c", "--name", "kim", "--exercise")
    done = CliRunner().invoke(namespace, [*arguments, str(file(tmp_path, CONFIG, DEPLOYMENT))])
    assert done.exit_code == 0, done.output
    *_, config, deployment = yaml.safe_load_all(done.stdout)
    assert config["metadata"] == {"name": "settings-blue", "namespace": "kim"}
    assert deployment == {**DEPLOYMENT, "metadata": {"name": "web", "namespace": "kim"}}
