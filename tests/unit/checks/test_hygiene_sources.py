"""The parts of ``configures`` that follow references: environment and mounts."""

from typing import Any

import pytest

from labgrader.evidence.requests import GetObject
from labgrader.evidence.snapshot import CouldNotLook
from tests.unit.checks.namespaces import FORBIDDEN, Namespace
from tests.unit.checks.objects import Body, config_map, container, stateful_set
from tests.unit.checks.test_configures import LOOK, WEB, judge, web
from tests.unit.checks.test_hygiene import fine, of


def env(*entries: Body, sources: Any = ()) -> Body:
    return of(env=list(entries), envFrom=list(sources))


def ref(kind: str = "secretKeyRef", name: str = "web", key: str = "token", **more: Any) -> Body:
    return {"name": "TOKEN", "valueFrom": {kind: {"name": name, "key": key, **more}}}


SECRET = {"name": "TOKEN", "from": {"kind": "Secret", "name": "web", "key": "token"}}
CONFIG = {"name": "TOKEN", "from": {"kind": "ConfigMap", "name": "web"}}
PLAIN = {"name": "TOKEN", "value": "hunter2"}


def test_a_reference_counts_without_a_look_at_the_secret() -> None:
    judged = judge(env(ref()), env=[SECRET])
    assert fine(judged)
    assert [len(requests) for requests in judged.rounds] == [1]


def test_a_value_in_plain_text_fails_and_is_not_told() -> None:
    for body in (env(PLAIN), env(ref(), PLAIN)):
        judged = judge(body, env=[SECRET])
        assert judged.finding.reason == "EnvPlain"
        assert judged.says("en") == (
            "Deployment web, container web: the variable TOKEN should come from Secret web[token], "
            f"but its value stands in plain text in the manifest. {LOOK}"
        )
        assert "매니페스트에 그대로 적혀 있습니다" in judged.says("ko")
        assert "hunter2" not in judged.says("en") + judged.says("ko")
    assert fine(judge(env(PLAIN, ref()), env=[SECRET]))


@pytest.mark.parametrize(
    ("entry", "seen"),
    [
        (ref(name="other"), "Secret other[token]"),
        (ref(key="other"), "Secret web[other]"),
        (ref("configMapKeyRef"), "ConfigMap web[token]"),
        ({"name": "TOKEN", "valueFrom": {"fieldRef": {"fieldPath": "x"}}}, "fieldRef"),
    ],
)
def test_a_variable_from_elsewhere_fails(entry: Body, seen: str) -> None:
    judged = judge(env(entry), env=[SECRET])
    assert judged.finding.reason == "SettingDiffers"
    assert (judged.params["expected"], judged.params["seen"]) == ("Secret web[token]", seen)


def test_an_optional_reference_must_lead_to_a_key() -> None:
    optional = env(ref("configMapKeyRef", optional=True))
    there = config_map("web") | {"data": {"token": "x"}}
    assert fine(judge(optional, there, env=[CONFIG]))
    judged = judge(optional, config_map("web"), env=[CONFIG])
    assert judged.finding.reason == "EnvKeyAbsent"
    assert "ConfigMap web[token]" in judged.says("ko")


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ([{"configMapRef": {"name": "web"}}], ""),
        ([{"configMapRef": {"name": "prefixed"}, "prefix": "TO"}], "EnvAbsent"),
        ([{"configMapRef": {"name": "web"}}, {"configMapRef": {"name": "twin"}}], "SettingDiffers"),
        ([{"configMapRef": {"name": "twin"}}, {"configMapRef": {"name": "web"}}], ""),
        ([{"configMapRef": {"name": "web"}, "prefix": "X_"}], "EnvAbsent"),
        ([{"configMapRef": {"name": "nowhere"}}], "EnvAbsent"),
        ([{"secretRef": {"name": "secret"}}], "EnvAbsent"),
        ([{"configMapRef": {"name": "web"}}, {"secretRef": {"name": "secret"}}], "SettingDiffers"),
        ([], "EnvAbsent"),
    ],
)
def test_env_from_brings_the_keys_that_are_there(sources: list[Body], reason: str) -> None:
    objects = [
        config_map("web") | {"data": {"TOKEN": "x"}},
        config_map("twin") | {"data": {"TOKEN": "y"}},
        config_map("prefixed") | {"data": {"KEN": "z"}},
        config_map("secret") | {"kind": "Secret", "data": {"TOKEN": "hmac"}},
    ]
    judged = judge(env(sources=sources), *objects, env=[CONFIG])
    assert (judged.finding.reason if not fine(judged) else "") == reason


def test_env_from_a_secret_is_judged_by_its_keys() -> None:
    secret = config_map("web") | {"kind": "Secret", "data": {"TOKEN": "hmac"}}
    wanted = {"name": "TOKEN", "from": {"kind": "Secret"}}
    body = env(sources=[{"secretRef": {"name": "web"}}])
    assert fine(judge(body, secret, env=[wanted]))
    with pytest.raises(CouldNotLook):
        Namespace([body], trouble={"Secret": FORBIDDEN}).judge(
            configures={"object": WEB, "env": [wanted]}
        )


def test_what_cannot_be_wanted_is_not_read() -> None:
    sources = [{"secretRef": {"name": "web"}}, {"configMapRef": {"name": "web"}}]
    judged = judge(env(sources=sources), env=[SECRET])  # it asks for another key than TOKEN
    assert judged.finding.reason == "EnvAbsent"
    assert len(judged.rounds) == 1
    assert judged.says("en") == (
        "Deployment web, container web: the variable TOKEN should come from Secret web[token], "
        f"but nothing in env or envFrom takes it from there. {LOOK}"
    )
    assert "어디에서도 그렇게 가져오지 않습니다" in judged.says("ko")


def test_many_sources_are_asked_for_at_once_and_not_without_end() -> None:
    sources = [{"configMapRef": {"name": "web"}}, {"secretRef": {"name": "web"}}]
    sources += [{"configMapRef": {"name": f"c{n}"}} for n in range(500)]
    some = {"name": "TOKEN", "from": {"kind": "ConfigMap"}}
    judged = judge(env(sources=sources), env=[some])
    assert judged.finding.reason == "EnvAbsent"
    assert [len(requests) for requests in judged.rounds] == [1, 50]
    read = [request.name for request in judged.rounds[1] if isinstance(request, GetObject)]
    assert (min(read), max(read)) == ("c450", "c499")


def volume(**source: Any) -> Body:
    return {"name": "v", **source}


def mounted(volume: Body, path: str = "/etc/web", **mount: Any) -> Body:
    place = {"name": "v", "mountPath": path, **mount}
    return web(container(volumeMounts=[place]), volumes=[volume])


CONFIG_VOLUME = volume(configMap={"name": "web", "defaultMode": 420})
CLAIM_VOLUME = volume(persistentVolumeClaim={"claimName": "data"})
PROJECTED = volume(
    projected={"sources": [{"secret": {"name": "s"}}, {"configMap": {"name": "web"}}]}
)


@pytest.mark.parametrize(
    ("body", "wanted", "reason"),
    [
        (mounted(CONFIG_VOLUME), {"from": {"kind": "ConfigMap", "name": "web"}}, ""),
        (mounted(CONFIG_VOLUME, "/etc/web/"), {"from": {"kind": "ConfigMap"}, "readOnly": True}, ""),
        (mounted(CONFIG_VOLUME), {"from": {"kind": "ConfigMap", "name": "w"}}, "MountFromElsewhere"),
        (mounted(CONFIG_VOLUME), {"from": {"kind": "Secret"}}, "MountFromElsewhere"),
        (mounted(volume(secret={"secretName": "s"})), {"from": {"kind": "Secret", "name": "s"}}, ""),
        (mounted(PROJECTED), {"from": {"kind": "Secret", "name": "s"}}, ""),
        (mounted(PROJECTED), {"from": {"kind": "ConfigMap", "name": "web"}}, ""),
        (mounted(volume(emptyDir={})), {"from": {"kind": "EmptyDir"}, "readOnly": False}, ""),
        (mounted(volume()), {"from": {"kind": "EmptyDir"}}, ""),
        (mounted(volume(hostPath={"path": "/"})), {"from": {"kind": "EmptyDir"}}, "MountFromElsewhere"),
        (mounted(CLAIM_VOLUME), {"from": {"kind": "PersistentVolumeClaim", "name": "data"}}, ""),
        (mounted(CLAIM_VOLUME), {"readOnly": True}, "SettingDiffers"),
        (mounted(CLAIM_VOLUME, readOnly=True), {"readOnly": True}, ""),
        (mounted(CLAIM_VOLUME, readOnly=True), {"readOnly": False}, "SettingDiffers"),
        (mounted(PROJECTED), {"readOnly": True}, ""),
        (mounted(volume(projected={"sources": [{"serviceAccountToken": {"path": "t"}}]})), {"readOnly": True}, ""),
        (mounted(volume(projected={"sources": [{"clusterTrustBundle": {"path": "t"}}]})), {"readOnly": True}, ""),
        (mounted(volume(projected={"sources": [{"podCertificate": {}}]})), {"readOnly": True}, ""),
        (mounted(volume(downwardAPI={})), {"readOnly": False}, "SettingDiffers"),
        (mounted(volume(image={"reference": "web:1"})), {"readOnly": True}, ""),
        (mounted(volume(nfs={"server": "s", "path": "/", "readOnly": True})), {"readOnly": True}, ""),
        (mounted(volume(nfs={"server": "s", "path": "/"})), {"readOnly": True}, "SettingDiffers"),
        (mounted(CONFIG_VOLUME, "/etc/other"), {}, "MountAbsent"),
        (web(container(volumeMounts=None), volumes=[CONFIG_VOLUME]), {}, "MountAbsent"),
        (web(), {}, "MountAbsent"),
    ],
)  # fmt: skip
def test_what_is_mounted(body: Body, wanted: Body, reason: str) -> None:
    judged = judge(body, mounts=[{"path": "/etc/web", **wanted}])
    assert (judged.finding.reason if not fine(judged) else "") == reason


def test_mounts_are_told_in_both_languages() -> None:
    wanted = {"path": "/etc/web", "from": {"kind": "ConfigMap", "name": "web"}}
    absent = judge(mounted(CONFIG_VOLUME, "/etc/wep"), mounts=[wanted])
    assert absent.says("en") == (
        "Deployment web, container web: a volume should be mounted at /etc/web, but volumes are "
        f"mounted at: /etc/wep. {LOOK}"
    )
    other = judge(mounted(CLAIM_VOLUME), mounts=[wanted])
    assert "made of: PersistentVolumeClaim data." in other.says("en")
    assert "기대한 볼륨: ConfigMap web, 실제 볼륨: PersistentVolumeClaim data." in other.says("ko")


def test_a_volume_that_is_not_optional_needs_no_look_at_its_source() -> None:
    body = mounted(volume(secret={"secretName": "web"}))
    judged = judge(body, mounts=[{"path": "/etc/web", "from": {"kind": "Secret"}}])
    assert fine(judged)
    assert len(judged.rounds) == 1


def test_an_optional_volume_must_have_something_to_hold() -> None:
    optional = volume(configMap={"name": "web", "optional": True})
    part = {"configMap": {"name": "web", "optional": True}}
    projected = volume(projected={"sources": [part]})
    wanted = {"path": "/etc/web", "from": {"kind": "ConfigMap"}}
    for body in (mounted(optional), mounted(projected)):
        judged = judge(body, mounts=[wanted])
        assert judged.finding.reason == "MountEmpty"
        assert "should hold ConfigMap web, but that does not exist." in judged.says("en")
        assert "ConfigMap web의 내용이 있어야 하지만 그런 오브젝트가 없습니다." in judged.says("ko")
        assert fine(judge(body, config_map("web"), mounts=[wanted]))


def test_a_workload_that_names_endless_objects_costs_a_message() -> None:
    sources = [{"configMapRef": {"name": f"c{n}"}} for n in range(40)]
    containers = [
        container(
            f"w{n}",
            envFrom=[{**s, "configMapRef": {"name": f"c{n}-{m}"}} for m, s in enumerate(sources)],
        )
        for n in range(3)
    ]
    judged = judge(web(*containers), env=[{"name": "TOKEN", "from": {"kind": "ConfigMap"}}])
    assert judged.finding.reason == "ObjectTooLarge"
    assert len(judged.rounds) == 1


def test_the_claim_templates_of_a_stateful_set_are_claims() -> None:
    db = stateful_set()
    place = {"name": "data", "mountPath": "/data"}
    db["spec"]["template"]["spec"] = {"containers": [container(volumeMounts=[place])]}
    db["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": {}}]
    source = {"kind": "PersistentVolumeClaim", "name": "data"}
    assert fine(judge(db, mounts=[{"path": "/data", "from": source}]))
