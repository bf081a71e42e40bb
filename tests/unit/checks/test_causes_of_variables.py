"""What is told of variables and probes, with everything that is told."""

from typing import Any

import pytest

from labgrader.api.kinds.configures import Env, Probes
from labgrader.checks.finding import Cause, cause
from labgrader.checks.hygiene.difference import Place
from labgrader.checks.hygiene.environment import env_difference, env_references
from labgrader.checks.hygiene.probes import probe_differences
from labgrader.checks.hygiene.references import Objects, Reference
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import Answer, Found, NotThere
from labgrader.evidence.requests import Request
from labgrader.evidence.snapshot import Snapshot
from tests.unit.checks.objects import Body, config_map, meta

HERE: dict[str, Any] = {"kind": "Deployment", "name": "web", "namespace": "kim", "container": "app"}
PLACE = Place(**HERE)
SCOPE = Scope("kim")


def missing(field: str, expected: str) -> Cause:
    return cause("SettingMissing", **HERE, field=field, expected=expected)


def differs(field: str, expected: str, seen: Any) -> Cause:
    return cause("SettingDiffers", **HERE, field=field, expected=expected, seen=seen)


def env(kind: str = "Secret", **source: str) -> Env:
    return Env.model_validate({"name": "DB_KEY", "from": {"kind": kind, **source}})


def keyed(field: str, name: str, key: str, **more: Any) -> Body:
    return {"name": "DB_KEY", "valueFrom": {field: {"name": name, "key": key, **more}}}


def objects(**keys: str) -> Objects:
    """A Secret and a ConfigMap of each name, with one key each."""
    answers: dict[Request, Answer] = {}
    for name in "ab":
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": meta(name)}
        for kind, body in (("Secret", secret), ("ConfigMap", config_map(name))):
            key = keys.get(f"{kind}_{name}")
            there = Found(body | {"data": {key: "x"}}) if key else NotThere()
            answers[SCOPE.named(kind, name)] = there
    return Objects(SCOPE, Snapshot(answers))


@pytest.mark.parametrize(
    ("wanted", "entries", "causes"),
    [
        (env(), [keyed("secretKeyRef", "a", "k")], []),
        (env(name="a", key="k"), [keyed("secretKeyRef", "a", "k")], []),
        (env(name="a"), [{"name": "DB_KEY", "value": "x"}, keyed("secretKeyRef", "a", "k")], []),
        (
            env(name="a", key="k"),
            [keyed("secretKeyRef", "b", "k")],
            [differs("env[DB_KEY]", "Secret a[k]", "Secret b[k]")],
        ),
        (
            env(key="k"),
            [keyed("configMapKeyRef", "a", "k")],
            [differs("env[DB_KEY]", "Secret[k]", "ConfigMap a[k]")],
        ),
        (
            env(),
            [{"name": "DB_KEY", "value": "x"}],
            [cause("EnvPlain", **HERE, variable="DB_KEY", expected="Secret")],
        ),
        (
            env("ConfigMap", name="a"),
            [{"name": "DB_KEY", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}],
            [differs("env[DB_KEY].valueFrom", "ConfigMap a", "fieldRef")],
        ),
        (env(), [keyed("secretKeyRef", "a", "k", optional=True)], []),
        (
            env(),
            [keyed("secretKeyRef", "a", "z", optional=True)],
            [cause("EnvKeyAbsent", **HERE, variable="DB_KEY", source="Secret a[z]")],
        ),
        (env(), [keyed("secretKeyRef", "b", "k")], []),
        (
            env("ConfigMap"),
            [keyed("secretKeyRef", "a", "z", optional=True)],
            [differs("env[DB_KEY]", "ConfigMap", "Secret a[z]")],
        ),
        (
            env(),
            [{"name": "OTHER", "value": "x"}],
            [cause("EnvAbsent", **HERE, variable="DB_KEY", expected="Secret")],
        ),
    ],
)
def test_variables(wanted: Env, entries: list[Body], causes: list[Cause]) -> None:
    there = objects(Secret_a="k", Secret_b="DB_KEY")
    assert list(env_difference(wanted, PLACE, {"env": entries}, there)) == causes


def source(field: str, name: str, prefix: str | None = None) -> Body:
    return {field: {"name": name}} | ({} if prefix is None else {"prefix": prefix})


FROM_A = source("secretRef", "a")


@pytest.mark.parametrize(
    ("wanted", "sources", "causes"),
    [
        (env(), [FROM_A], []),
        (env(key="KEY"), [source("secretRef", "b", "DB_")], []),
        (
            env(),
            [FROM_A, source("configMapRef", "a")],
            [differs("env[DB_KEY]", "Secret", "ConfigMap a[DB_KEY]")],
        ),
        (env(), [source("configMapRef", "a"), FROM_A], []),
        (env(), [FROM_A, source("secretRef", "b")], []),
        (
            env(),
            [source("secretRef", "b")],
            [cause("EnvAbsent", **HERE, variable="DB_KEY", expected="Secret")],
        ),
        (
            env(name="a", key="k"),
            [FROM_A],
            [cause("EnvAbsent", **HERE, variable="DB_KEY", expected="Secret a[k]")],
        ),
        (
            env(),
            [source("secretRef", "a", "X_")],
            [cause("EnvAbsent", **HERE, variable="DB_KEY", expected="Secret")],
        ),
        (
            env(),
            [source("secretRef", "")],
            [cause("EnvAbsent", **HERE, variable="DB_KEY", expected="Secret")],
        ),
    ],
)
def test_variables_that_come_all_at_once(
    wanted: Env, sources: list[Body], causes: list[Cause]
) -> None:
    there = objects(Secret_a="DB_KEY", Secret_b="KEY", ConfigMap_a="DB_KEY")
    assert list(env_difference(wanted, PLACE, {"envFrom": sources}, there)) == causes


def test_what_is_read_for_a_variable() -> None:
    both = {"envFrom": [FROM_A, source("configMapRef", "b"), source("secretRef", "c", "X_")]}
    assert env_references(env(), both) == {Reference("Secret", "a"), Reference("ConfigMap", "b")}
    assert env_references(env(name="z"), both) == set()
    plain = {"env": [keyed("secretKeyRef", "a", "k")], **both}
    assert env_references(env(), plain) == set()
    for name in ("a", ""):
        optional = {"env": [keyed("configMapKeyRef", name, "k", optional=True)], **both}
        assert env_references(env(), optional) == ({Reference("ConfigMap", "a")} if name else set())


def test_the_last_fifty_sources_are_looked_at() -> None:
    for others, read in ((49, {"a"}), (50, set())):
        many = [FROM_A, *(source("secretRef", f"s{n}") for n in range(others))]
        names = {one.name for one in env_references(env(), {"envFrom": many})}
        assert names & {"a"} == read
        assert len(names) == 50


PORTS = [
    {"name": "http", "containerPort": 8080},
    {"containerPort": 1},
    {"name": "x", "containerPort": 2},
]


def probed(wanted: Body, field: str = "readiness", **container: Any) -> list[Cause]:
    probes = Probes.model_validate({field: wanted})
    return list(probe_differences(probes, PLACE, {"ports": PORTS, **container}))


@pytest.mark.parametrize("field", ["readiness", "liveness", "startup"])
def test_each_probe_is_looked_for_by_its_field(field: str) -> None:
    absent = cause("ProbeAbsent", **HERE, probe=f"{field}Probe")
    assert (
        probed({}, field) == probed({}, field, **{f"{field}Probe": {"httpGet": None}}) == [absent]
    )
    assert probed({}, field, **{f"{field}Probe": {"exec": {}}}) == []


R = "readinessProbe"


@pytest.mark.parametrize(
    ("wanted", "probe", "causes"),
    [
        ({"kind": "exec"}, {"httpGet": {"port": 1}}, [differs(R, "exec", "httpGet")]),
        ({"path": "/x"}, {"exec": {}}, [differs(R, "httpGet", "exec")]),
        ({"path": "/x"}, {"httpGet": {"path": "x"}}, []),
        ({"path": "/x"}, {"httpGet": {}}, [differs(f"{R}.httpGet.path", "/x", "/")]),
        ({"path": "/"}, {"httpGet": {}}, []),
        ({"port": 8080}, {"httpGet": {"port": "http"}}, []),
        ({"port": 8080}, {"tcpSocket": {"port": "8080"}}, []),
        (
            {"port": 80},
            {"tcpSocket": {"port": "x"}},
            [differs(f"{R}.tcpSocket.port", "80", "x (2)")],
        ),
        ({"port": 80}, {"grpc": {"port": 81}}, [differs(f"{R}.grpc.port", "80", "81")]),
        ({"port": 80}, {"grpc": {}}, [missing(f"{R}.grpc.port", "80")]),
        (
            {"port": 80},
            {"httpGet": {"port": "web"}},
            [
                cause(
                    "ProbePortUnnamed",
                    **HERE,
                    field=f"{R}.httpGet.port",
                    port="web",
                    ports="8080 (http), 2 (x)",
                )
            ],
        ),
        (
            {},
            {"httpGet": {"host": "example.com"}},
            [cause("ProbeAsksElsewhere", **HERE, field=f"{R}.httpGet.host", host="example.com")],
        ),
        ({"periodSeconds": {"max": 10}}, {"exec": {}}, []),
        ({"periodSeconds": {"max": 9}}, {"exec": {}}, [differs(f"{R}.periodSeconds", "<=9", "10")]),
        ({"timeoutSeconds": {"min": 1}}, {"exec": {}}, []),
        ({"failureThreshold": {"min": 3, "max": 3}}, {"exec": {}}, []),
        ({"initialDelaySeconds": {"max": 0}}, {"exec": {}}, []),
        (
            {"kind": "grpc", "initialDelaySeconds": {"min": 1, "max": 2}},
            {"exec": {}, "initialDelaySeconds": 3},
            [differs(R, "grpc", "exec"), differs(f"{R}.initialDelaySeconds", ">=1, <=2", "3")],
        ),
    ],
)
def test_probes(wanted: Body, probe: Body, causes: list[Cause]) -> None:
    assert probed(wanted, readinessProbe=probe) == causes


def test_a_container_without_named_ports_shows_none() -> None:
    (told,) = probed(
        {"port": 80}, ports=[{"containerPort": 1}], readinessProbe={"grpc": {"port": "w"}}
    )
    assert dict(told.params)["ports"] == "-"


def test_every_probe_that_is_wanted_is_looked_at() -> None:
    wanted = {"startup": {}, "readiness": {"kind": "exec"}, "liveness": {}}
    container = {"readinessProbe": {"grpc": {"port": 1}}}
    found = list(probe_differences(Probes.model_validate(wanted), PLACE, container))
    absent = [
        cause("ProbeAbsent", **HERE, probe=f"{name}Probe") for name in ("startup", "liveness")
    ]
    assert found == [absent[0], differs(R, "exec", "grpc"), absent[1]]
