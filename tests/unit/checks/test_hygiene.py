"""The parts of ``configures`` that stand in the container: probes, image and security."""

from typing import Any

import pytest

from labgrader.checks.finding import Outcome
from labgrader.checks.hygiene.images import Image, parse_image
from tests.unit.checks.namespaces import Judged
from tests.unit.checks.objects import Body, container
from tests.unit.checks.test_configures import LOOK, judge, web

PORTS = [{"name": "http", "containerPort": 8080}]
DIGEST = "sha256:" + "0" * 64


def of(**fields: Any) -> Body:
    return web(container(**fields))


def fine(judged: Judged) -> bool:
    return judged.finding.outcome is Outcome.PASSED


def http(port: Any = 8080, path: str = "/healthz", **more: Any) -> Body:
    return {"httpGet": {"port": port, "path": path, "scheme": "HTTP"}, **more}


HEALTHZ = {"kind": "httpGet", "path": "/healthz", "port": 8080}


@pytest.mark.parametrize("port", [8080, "8080", "http"])
def test_a_probe_asks_a_port_by_number_or_by_name(port: Any) -> None:
    body = of(readinessProbe=http(port), ports=PORTS)
    assert fine(judge(body, probes={"readiness": HEALTHZ}))


@pytest.mark.parametrize(
    ("probe", "wanted", "field", "expected", "seen"),
    [
        (http(path="/health"), HEALTHZ, "httpGet.path", "/healthz", "/health"),
        ({"httpGet": {"port": 8080}}, HEALTHZ, "httpGet.path", "/healthz", "/"),
        (http(80), HEALTHZ, "httpGet.port", "8080", "80"),
        (http("http"), {"port": 80}, "httpGet.port", "80", "http (8080)"),
        ({"exec": {"command": ["true"]}}, HEALTHZ, "", "httpGet", "exec"),
        ({"tcpSocket": {"port": 8080}}, {"path": "/"}, "", "httpGet", "tcpSocket"),
        ({"grpc": {"port": 9}}, {"kind": "grpc", "port": 8}, "grpc.port", "8", "9"),
        (http(), {"periodSeconds": {"max": 5}}, "periodSeconds", "<=5", "10"),
        (http(), {"failureThreshold": {"min": 4}}, "failureThreshold", ">=4", "3"),
        (
            http(initialDelaySeconds=60),
            {"initialDelaySeconds": {"min": 1, "max": 30}},
            "initialDelaySeconds",
            ">=1, <=30",
            "60",
        ),
        (
            http(timeoutSeconds=True),
            {"timeoutSeconds": {"max": 5}},
            "timeoutSeconds",
            "<=5",
            "true",
        ),
    ],
)
def test_a_probe_that_asks_otherwise_is_told(
    probe: Body, wanted: Body, field: str, expected: str, seen: str
) -> None:
    judged = judge(of(livenessProbe=probe, ports=PORTS), probes={"liveness": wanted})
    assert judged.finding.reason == "SettingDiffers"
    told = {"field": f"livenessProbe.{field}".rstrip("."), "expected": expected, "seen": seen}
    assert judged.params.items() >= told.items()


@pytest.mark.parametrize(
    ("seen", "bounds", "within"),
    [
        (5, {"min": 5, "max": 5}, True),
        (5, {"min": 5}, True),
        (5, {"max": 5}, True),
        (4, {"min": 5}, False),
        (6, {"max": 5}, False),
        (None, {"min": 10, "max": 10}, True),
        ("5", {"max": 5}, False),
    ],
)
def test_times_lie_within_their_bounds(seen: Any, bounds: Body, *, within: bool) -> None:
    body = of(livenessProbe=http(periodSeconds=seen))
    judged = judge(body, probes={"liveness": {"periodSeconds": bounds}})
    assert fine(judged) is within


def test_a_probe_that_is_missing_is_told() -> None:
    judged = judge(of(readinessProbe=http()), probes={"liveness": {}, "readiness": {}})
    assert judged.says("en") == (
        "Deployment web, container web: there should be a livenessProbe, but there is none. " + LOOK
    )
    assert "컨테이너 web에 livenessProbe가 있어야 하지만 없습니다." in judged.says("ko")
    assert judge(of(startupProbe={}), probes={"startup": {}}).finding.reason == "ProbeAbsent"


def test_a_port_name_that_no_port_has_is_told() -> None:
    judged = judge(of(readinessProbe=http("web"), ports=PORTS), probes={"readiness": HEALTHZ})
    assert judged.finding.reason == "ProbePortUnnamed"
    assert "is the name web, but the container has no port of that name" in judged.says("en")
    assert "Its named ports: 8080 (http)." in judged.says("en")
    assert "포트 이름 web을 쓰지만" in judged.says("ko")


@pytest.mark.parametrize("kind", ["httpGet", "tcpSocket"])
def test_a_probe_that_asks_another_host_proves_nothing(kind: str) -> None:
    probe = {kind: {"port": 8080, "host": "example.com"}}
    judged = judge(of(readinessProbe=probe), probes={"readiness": {}})
    assert judged.finding.reason == "ProbeAsksElsewhere"
    assert f"readinessProbe.{kind}.host is set to example.com" in judged.says("en")
    assert "example.com으로 설정되어 있습니다" in judged.says("ko")


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("web", Image("docker.io/library/web")),
        ("web:1", Image("docker.io/library/web", "1")),
        ("kim/web:1", Image("docker.io/kim/web", "1")),
        ("docker.io/web:1", Image("docker.io/library/web", "1")),
        ("index.docker.io/library/web", Image("docker.io/library/web")),
        ("localhost/web:1", Image("localhost/web", "1")),
        ("localhost:5000/web", Image("localhost:5000/web")),
        ("reg.example.edu:5000/a/b:c", Image("reg.example.edu:5000/a/b", "c")),
        (f"web:1@{DIGEST}", Image("docker.io/library/web", "1", DIGEST)),
        (f"quay.io/a/b@{DIGEST}", Image("quay.io/a/b", "", DIGEST)),
    ],
)
def test_an_image_is_read_as_container_runtimes_read_it(name: str, image: Image) -> None:
    assert parse_image(name) == image


@pytest.mark.parametrize(
    ("image", "policy", "reason"),
    [
        ("web:1", {}, ""),
        ("web", {}, "ImageUntagged"),
        ("reg.example.edu:5000/web", {}, "ImageUntagged"),
        ("web:latest", {}, "ImageLatest"),
        (f"web@{DIGEST}", {}, ""),
        (f"web:latest@{DIGEST}", {}, ""),
        ("web:1", {"digest": True}, "ImageWithoutDigest"),
        ("web", {"digest": True}, "ImageWithoutDigest"),
        (f"web@{DIGEST}", {"digest": True}, ""),
        ("web:1", {"registries": ["docker.io"]}, ""),
        ("web:1", {"registries": ["quay.io", "docker.io/library"]}, ""),
        ("kim/web:1", {"registries": ["docker.io/library"]}, "ImageFromElsewhere"),
        ("docker.io.evil.com/web:1", {"registries": ["docker.io"]}, "ImageFromElsewhere"),
        ("quay.io/labs-evil/web:1", {"registries": ["quay.io/labs"]}, "ImageFromElsewhere"),
        ("localhost:5000/web:1", {"registries": ["localhost:5000"]}, ""),
        ("", {}, "SettingMissing"),
        (None, {}, "SettingMissing"),
    ],
)
def test_the_image_policy(image: Any, policy: Body, reason: str) -> None:
    judged = judge(of(image=image), image=policy)
    assert (judged.finding.reason if not fine(judged) else "") == reason


def test_images_are_told_in_both_languages() -> None:
    judged = judge(of(image="kim/web"), image={"registries": ["quay.io"]})
    assert judged.says("en") == (
        "Deployment web, container web: the image kim/web should have a tag, but it has none, "
        "which means latest. Name the version. Deployment web, container web: the image should "
        f"come from quay.io, but kim/web comes from docker.io/kim/web. {LOOK}"
    )
    assert "이미지 kim/web에 태그가 있어야 하지만 없습니다." in judged.says("ko")


ALL_DROPPED = {"capabilities": {"drop": ["ALL"]}}


@pytest.mark.parametrize(
    ("own", "pods", "wanted", "fields"),
    [
        ({"runAsNonRoot": True}, {}, {"runAsNonRoot": True}, []),
        ({}, {"runAsNonRoot": True}, {"runAsNonRoot": True}, []),
        ({"runAsNonRoot": False}, {"runAsNonRoot": True}, {"runAsNonRoot": True}, ["runAsNonRoot"]),
        (None, None, {"runAsNonRoot": True}, ["runAsNonRoot"]),
        ({"runAsNonRoot": True}, {"runAsUser": 0}, {"runAsNonRoot": True}, ["runAsUser"]),
        ({"runAsUser": 7}, {"runAsUser": 0, "runAsNonRoot": True}, {"runAsNonRoot": True}, []),
        ({"readOnlyRootFilesystem": True}, {}, {"readOnlyRootFilesystem": True}, []),
        ({}, {"readOnlyRootFilesystem": True}, {"readOnlyRootFilesystem": True}, ["readOnlyRootFilesystem"]),
        ({}, {}, {"allowPrivilegeEscalation": False}, ["allowPrivilegeEscalation"]),
        ({"allowPrivilegeEscalation": False}, {}, {"allowPrivilegeEscalation": False}, []),
        ({"privileged": True}, {}, {"privileged": False}, ["privileged"]),
        ({}, {}, {"privileged": False}, []),
        (ALL_DROPPED, {}, {"drop": ["ALL"]}, []),
        (ALL_DROPPED, {}, {"drop": ["NET_RAW"]}, []),
        ({"capabilities": {"drop": ["NET_RAW"]}}, {}, {"drop": ["CAP_NET_RAW"]}, []),
        ({"capabilities": {"drop": ["ALL"], "add": ["NET_RAW"]}}, {}, {"drop": ["CAP_NET_RAW"]}, ["capabilities.add"]),
        ({**ALL_DROPPED, "privileged": True}, {}, {"drop": ["ALL"]}, ["privileged"]),
        ({"privileged": True}, {"seccompProfile": {"type": "RuntimeDefault"}}, {"seccomp": "RuntimeDefault"}, ["privileged"]),
        ({**ALL_DROPPED, "privileged": True}, {}, {"drop": ["ALL"], "privileged": False}, ["privileged"]),
        ({}, ALL_DROPPED, {"drop": ["ALL"]}, ["capabilities.drop"]),
        ({"capabilities": {"drop": ["NET_RAW"]}}, {}, {"drop": ["ALL"]}, ["capabilities.drop"]),
        ({"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}, {}, {"drop": ["ALL"]}, []),
        ({"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}, {}, {"drop": ["ALL"]}, ["capabilities.add"]),
        ({"capabilities": {"drop": ["ALL"], "add": ["NET_RAW"]}}, {}, {"drop": ["NET_RAW"]}, ["capabilities.add"]),
        ({}, {"seccompProfile": {"type": "RuntimeDefault"}}, {"seccomp": "RuntimeDefault"}, []),
        (
            {"seccompProfile": {"type": "Unconfined"}},
            {"seccompProfile": {"type": "RuntimeDefault"}},
            {"seccomp": "RuntimeDefault"},
            ["seccompProfile.type"],
        ),
        ({"seccompProfile": "odd"}, {}, {"seccomp": "Localhost"}, ["seccompProfile.type"]),
    ],
)  # fmt: skip
def test_the_security_context_that_takes_effect(
    own: Any, pods: Any, wanted: Body, fields: list[str]
) -> None:
    judged = judge(web(container(securityContext=own), securityContext=pods), security=wanted)
    assert fine(judged) is not bool(fields)
    assert [judged.params["field"]] if fields else [f"securityContext.{f}" for f in fields] == []


def test_capabilities_that_are_dropped_are_told() -> None:
    some = of(securityContext={"capabilities": {"drop": ["NET_RAW"]}})
    judged = judge(some, security={"drop": ["ALL"]})
    assert (judged.finding.reason, judged.params["seen"]) == ("SettingDiffers", '["NET_RAW"]')
    none = of(securityContext={"capabilities": {"drop": []}})
    assert judge(none, security={"drop": ["ALL"]}).finding.reason == "SettingMissing"


def test_a_path_without_its_slash_is_asked_with_it() -> None:
    probe = {"httpGet": {"path": "healthz", "port": 80}}
    assert fine(judge(of(readinessProbe=probe), probes={"readiness": {"path": "/healthz"}}))
    assert not fine(judge(of(readinessProbe=probe), probes={"readiness": {"path": "/ready"}}))
