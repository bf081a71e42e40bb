"""What is told of images and security contexts, setting by setting."""

from typing import Any

import pytest

from labgrader.api.kinds.configures import ImagePolicy, Security
from labgrader.checks.finding import Cause, cause
from labgrader.checks.hygiene.difference import Place
from labgrader.checks.hygiene.images import Image, image_differences, parse_image
from labgrader.checks.hygiene.security import security_differences
from tests.unit.checks.objects import Body

HERE: dict[str, Any] = {"kind": "Deployment", "name": "web", "namespace": "kim", "container": "app"}
PLACE = Place(**HERE)
SHA = "@sha256:" + "0" * 64


def missing(field: str, expected: str) -> Cause:
    return cause("SettingMissing", **HERE, field=field, expected=expected)


def differs(field: str, expected: str, seen: Any) -> Cause:
    return cause("SettingDiffers", **HERE, field=field, expected=expected, seen=seen)


@pytest.mark.parametrize(
    ("image", "policy", "causes"),
    [
        ("web:1", {}, []),
        (None, {}, [missing("image", "NAME:TAG")]),
        ("web", {}, [cause("ImageUntagged", **HERE, image="web")]),
        ("web:latest", {}, [cause("ImageLatest", **HERE, image="web:latest")]),
        (f"web{SHA}", {"digest": True}, []),
        (f"web:latest{SHA}", {}, []),
        ("web:1", {"digest": True}, [cause("ImageWithoutDigest", **HERE, image="web:1")]),
        ("web", {"digest": True}, [cause("ImageWithoutDigest", **HERE, image="web")]),
        ("web:1", {"registries": ["quay.io", "docker.io/library"]}, []),
        (
            "me/web",
            {"registries": ["quay.io", "docker.io/library"]},
            [
                cause("ImageUntagged", **HERE, image="me/web"),
                cause(
                    "ImageFromElsewhere",
                    **HERE,
                    image="me/web",
                    repository="docker.io/me/web",
                    registries="quay.io, docker.io/library",
                ),
            ],
        ),
    ],
)
def test_images(image: str | None, policy: Body, causes: list[Cause]) -> None:
    container = {} if image is None else {"image": image}
    assert list(image_differences(ImagePolicy.model_validate(policy), PLACE, container)) == causes


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("web", Image("docker.io/library/web")),
        ("docker.io/web:1", Image("docker.io/library/web", "1")),
        ("index.docker.io/web:1", Image("docker.io/library/web", "1")),
        ("registry-1.docker.io/me/web", Image("docker.io/me/web")),
        ("localhost/web:1", Image("localhost/web", "1")),
        ("localhost:5000/a/web:1@sha256:0", Image("localhost:5000/a/web", "1", "sha256:0")),
        ("quay.io/web", Image("quay.io/web")),
        ("me/a/web:1", Image("docker.io/me/a/web", "1")),
    ],
)
def test_an_image_has_a_registry_a_folder_and_a_tag(name: str, image: Image) -> None:
    assert parse_image(name) == image


def test_a_folder_holds_what_is_in_it_alone() -> None:
    image = Image("docker.io/me/web")
    assert all(
        map(image.comes_from, ("docker.io", "docker.io/me", "me/", "me/web", "index.docker.io"))
    )
    assert not any(map(image.comes_from, ("docker.io/m", "quay.io", "web", "docker.io/me/web/x")))


def secured(wanted: Body, own: Any = None, of_pod: Any = None) -> list[Cause]:
    container = {} if own is None else {"securityContext": own}
    spec = {} if of_pod is None else {"securityContext": of_pod}
    return list(security_differences(Security.model_validate(wanted), PLACE, container, spec))


C = "securityContext"


@pytest.mark.parametrize(
    ("wanted", "own", "of_pod", "causes"),
    [
        ({}, {"privileged": True}, None, []),
        ({"runAsNonRoot": True}, None, None, [missing(f"{C}.runAsNonRoot", "true")]),
        ({"runAsNonRoot": True}, None, {"runAsNonRoot": True}, []),
        (
            {"runAsNonRoot": True},
            {"runAsNonRoot": False},
            {"runAsNonRoot": True},
            [differs(f"{C}.runAsNonRoot", "true", "false")],
        ),
        ({"runAsNonRoot": False}, None, None, []),
        (
            {"runAsNonRoot": True},
            {"runAsNonRoot": True, "runAsUser": 0},
            {"runAsUser": 5},
            [differs(f"{C}.runAsUser", ">0", "0")],
        ),
        (
            {"runAsNonRoot": True},
            {"runAsNonRoot": True},
            {"runAsUser": 0},
            [differs(f"{C}.runAsUser", ">0", "0")],
        ),
        ({"runAsNonRoot": True}, {"runAsNonRoot": True, "runAsUser": 1}, {"runAsUser": 0}, []),
        ({"runAsNonRoot": False}, {"runAsUser": 0}, None, []),
        (
            {"readOnlyRootFilesystem": True},
            None,
            {"readOnlyRootFilesystem": True},
            [missing(f"{C}.readOnlyRootFilesystem", "true")],
        ),
        ({"readOnlyRootFilesystem": False}, None, None, []),
        (
            {"allowPrivilegeEscalation": False},
            None,
            None,
            [missing(f"{C}.allowPrivilegeEscalation", "false")],
        ),
        ({"allowPrivilegeEscalation": True}, None, None, []),
        (
            {"privileged": False},
            {"privileged": True},
            None,
            [differs(f"{C}.privileged", "false", "true")],
        ),
        ({"privileged": False}, None, None, []),
        ({"drop": ["ALL"]}, None, None, [missing(f"{C}.capabilities.drop", "ALL")]),
        (
            {"drop": ["ALL"]},
            {"capabilities": {"drop": []}},
            None,
            [missing(f"{C}.capabilities.drop", "ALL")],
        ),
        ({"drop": ["ALL"]}, {"capabilities": {"drop": ["all"]}}, None, []),
        (
            {"drop": ["CAP_KILL", "CHOWN"]},
            {"capabilities": {"drop": ["KILL", "CAP_CHOWN"]}},
            None,
            [],
        ),
        ({"drop": ["KILL", "CHOWN"]}, {"capabilities": {"drop": ["ALL"]}}, None, []),
        (
            {"drop": ["CAP_KILL", "CHOWN"]},
            {"capabilities": {"drop": ["KILL"]}},
            None,
            [differs(f"{C}.capabilities.drop", "KILL, CHOWN", '["KILL"]')],
        ),
        (
            {"drop": ["ALL"]},
            {"capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE", "CAP_KILL"]}},
            None,
            [differs(f"{C}.capabilities.add", "[]", '["CAP_KILL"]')],
        ),
        (
            {"drop": ["KILL"]},
            {"capabilities": {"drop": ["KILL"], "add": ["cap_kill", "CHOWN"]}},
            None,
            [differs(f"{C}.capabilities.add", "[]", '["cap_kill"]')],
        ),
        (
            {"drop": ["KILL"]},
            {"privileged": True, "capabilities": {"drop": ["KILL"]}},
            None,
            [differs(f"{C}.privileged", "false", "true")],
        ),
        (
            {"drop": ["KILL"], "privileged": True},
            {"privileged": True, "capabilities": {"drop": ["KILL"]}},
            None,
            [],
        ),
        ({"seccomp": "Localhost"}, None, None, [missing(f"{C}.seccompProfile.type", "Localhost")]),
        ({"seccomp": "Localhost"}, None, {"seccompProfile": {"type": "Localhost"}}, []),
        (
            {"seccomp": "RuntimeDefault"},
            {"privileged": True, "seccompProfile": {"type": "Unconfined"}},
            {"seccompProfile": {"type": "RuntimeDefault"}},
            [
                differs(f"{C}.privileged", "false", "true"),
                differs(f"{C}.seccompProfile.type", "RuntimeDefault", "Unconfined"),
            ],
        ),
    ],
)
def test_security_contexts(wanted: Body, own: Any, of_pod: Any, causes: list[Cause]) -> None:
    assert secured(wanted, own, of_pod) == causes
