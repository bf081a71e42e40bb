"""What is copied of a namespace, what stays behind, and what is said of it."""

import pytest

from labgrader.cluster.experiments.copies.original import Original
from labgrader.cluster.experiments.copies.plan import Plan, planned
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.evidence.answers import Trouble
from tests.unit.kims_objects import LABELS, NAMESPACE, Json, made, service, workload


def plan(*objects: Json, of: Json | None = None, unread: tuple[str, ...] = ()) -> Plan:
    return planned(Original(NAMESPACE, of or workload(), objects, unread))


def names(found: Plan) -> list[str]:
    return [f"{body['kind']} {body['metadata']['name']}" for body in found.objects]


def lacks(found: Plan) -> list[str]:
    return [f"{lack} {what}" for lack, what in found.lacks]


def copied(kind: str, *objects: Json, of: Json | None = None) -> Json:
    return next(dict(b) for b in plan(*objects, of=of).objects if b["kind"] == kind)


def refused(of: Json) -> Trouble:
    with pytest.raises(Hopeless) as error:
        plan(of=of)
    assert isinstance(error.value.answer, Trouble)
    return error.value.answer


def test_the_namespace_has_the_same_pod_security_and_is_in_no_course() -> None:
    assert plan().labels == {"pod-security.kubernetes.io/enforce": "baseline"}


def test_what_pods_need_is_made_before_them() -> None:
    scaled = {"scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    selector = {"selector": {"matchLabels": LABELS}}
    found = plan(
        made("HorizontalPodAutoscaler", spec=scaled),
        service(),
        made("PodDisruptionBudget", spec=selector),
        made("NetworkPolicy", spec={"podSelector": {}}),
        made("PersistentVolumeClaim", "data"),
        made("Secret", "keys", type="Opaque", data={"k": "cw=="}),
        made("ConfigMap", "settings", data={"a": "1"}),
        made("LimitRange", "limits"),
        made("ResourceQuota", "quota"),
        made("ServiceAccount", "robot"),
    )
    assert names(found) == [
        "ResourceQuota quota",
        "LimitRange limits",
        "ServiceAccount robot",
        "ConfigMap settings",
        "Secret keys",
        "PersistentVolumeClaim data",
        "NetworkPolicy web",
        "PodDisruptionBudget web",
        "Service web",
        "Deployment web",
        "HorizontalPodAutoscaler web",
    ]


def test_what_belongs_to_others_stays() -> None:
    other = {"selector": {"matchLabels": {"app": "db"}}}
    scaled = {"scaleTargetRef": {"kind": "Deployment", "name": "db"}}
    found = plan(
        service("db", {"app": "db"}),
        service("by-hand", {}),
        made("PodDisruptionBudget", "db", spec=other),
        made("NetworkPolicy", "db", spec={"podSelector": {"matchLabels": {"app": "db"}}}),
        made("HorizontalPodAutoscaler", "db", spec=scaled),
        made("ServiceAccount", "default"),
        made("RoleBinding", subjects=[{"kind": "User", "name": "kim"}]),
    )
    assert names(found) == ["Deployment web"]
    assert lacks(found) == []


def test_the_service_that_clients_ask_comes_along_whatever_it_selects() -> None:
    found = planned(Original(NAMESPACE, workload(), (service("shop", {"app": "sho"}),)), "shop")
    assert names(found) == ["Service shop", "Deployment web"]


def test_a_stateful_set_keeps_its_own_service_and_has_new_volumes() -> None:
    of = workload("StatefulSet")
    of["spec"] |= {"serviceName": "peers", "volumeClaimTemplates": [{"metadata": {"name": "data"}}]}
    found = plan(service("peers", {"app": "x"}, clusterIP="None"), of=of)
    assert names(found) == ["Service peers", "StatefulSet web"]
    assert found.objects[0]["spec"]["clusterIP"] == "None"
    assert lacks(found) == ["data data"]


def test_a_service_has_addresses_of_its_own() -> None:
    more: Json = {"type": "LoadBalancer", "externalIPs": ["192.0.2.1"], "healthCheckNodePort": 3}
    balanced = service(**more, loadBalancerIP="192.0.2.2", externalTrafficPolicy="Local")
    spec = copied("Service", balanced)["spec"]
    ports = [{"port": 80, "targetPort": 8080}]
    assert spec == {"type": "ClusterIP", "selector": LABELS, "ports": ports}
    assert lacks(plan(balanced)) == ["address web"]


def test_a_claim_is_made_anew_and_is_empty() -> None:
    claim = made(
        "PersistentVolumeClaim",
        "data",
        spec={"volumeName": "pv-1", "storageClassName": "fast", "dataSource": {"name": "x"}},
    )
    assert copied("PersistentVolumeClaim", claim)["spec"] == {"storageClassName": "fast"}
    assert lacks(plan(claim)) == ["data data"]


def test_tokens_of_accounts_are_not_copied() -> None:
    token = made("Secret", "robot-token", type="kubernetes.io/service-account-token")
    found = plan(token)
    assert names(found) == ["Deployment web"]
    assert lacks(found) == ["token robot-token"]


def test_rights_are_not_copied_and_that_is_said_where_there_are_any() -> None:
    of = workload(spec={"serviceAccountName": "robot"})
    account = made("ServiceAccount", "robot", secrets=[{"name": "old"}])
    bound = made("RoleBinding", "robot", subjects=[{"kind": "ServiceAccount", "name": "robot"}])
    assert lacks(plan(account, of=of)) == []
    assert lacks(plan(account, bound, of=of)) == ["rights robot"]
    assert "secrets" not in copied("ServiceAccount", account, of=of)


def test_pull_secrets_of_the_default_account_go_to_the_pods() -> None:
    account = made("ServiceAccount", "default", imagePullSecrets=[{"name": "registry"}])
    pod = copied("Deployment", account)["spec"]["template"]["spec"]
    assert pod["imagePullSecrets"] == [{"name": "registry"}]


def test_ports_of_the_node_are_left_to_the_original() -> None:
    of = workload(ports=[{"containerPort": 8080, "hostPort": 80}])
    pod = copied("Deployment", of=of)["spec"]["template"]["spec"]
    assert pod["containers"][0]["ports"] == [{"containerPort": 8080}]
    assert lacks(plan(of=of)) == ["host-port 80"]


@pytest.mark.parametrize(("goes_back", "limit"), [(False, None), (True, 0)])
def test_only_an_update_that_goes_back_needs_the_learners_history(
    limit: int | None, *, goes_back: bool
) -> None:
    of = workload()
    of["spec"]["revisionHistoryLimit"] = 0
    [made_anew] = planned(Original(NAMESPACE, of), goes_back=goes_back).objects
    assert made_anew["spec"].get("revisionHistoryLimit") == limit


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"hostNetwork": True}, "hostNetwork"),
        ({"volumes": [{"name": "logs", "hostPath": {"path": "/var"}}]}, "volume logs"),
    ],
)
def test_what_would_share_the_node_is_not_copied_at_all(spec: Json, said: str) -> None:
    trouble = refused(workload(spec=spec))
    assert (trouble.reason, trouble.transient) == ("NotCopyable", False)
    assert said in trouble.detail


def test_only_workloads_with_a_controller_of_the_clusters_are_copied() -> None:
    assert refused(workload("Rollout")).reason == "NotCopyable"


@pytest.mark.parametrize(
    ("said", "lack"),
    [
        ("http://db:5432/x", ["neighbour db"]),
        ("db", ["neighbour db"]),
        ("host=db port=5432", ["neighbour db"]),
        ("postgres://user@db/shop", ["neighbour db"]),
        ("db.kim.svc.cluster.local", ["elsewhere db.kim.svc"]),
        ("http://db.kim/x", ["elsewhere db.kim"]),
        ("web-0.peers.kim.svc", ["elsewhere peers.kim.svc"]),
        ("queue.other.svc:80", ["elsewhere queue.other.svc"]),
        ("http://web:80", []),
        ("/var/lib/db", []),
        ("db-1", []),
        ("mydb", []),
        ("kim", []),
    ],
)
def test_names_that_lead_out_of_the_copy_are_told(said: str, lack: list[str]) -> None:
    others = (service(), service("db", {"app": "db"}))
    assert lacks(plan(*others, of=workload(env=[{"name": "DB", "value": said}]))) == lack
    assert lacks(plan(*others, of=workload(args=[said]))) == lack
    assert lacks(plan(*others, made("ConfigMap", "settings", data={"db": said}))) == lack


def test_no_record_grows_with_what_a_config_map_says() -> None:
    many = " ".join(f"{n}{'n' * 300}.kim.svc" for n in range(1_000))
    found = plan(made("ConfigMap", "settings", data={"hosts": many}))
    assert len(found.lacks) == 30
    assert max(len(what) for _, what in found.lacks) == 253


def test_a_policy_that_names_this_namespace_is_told() -> None:
    peer = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kim"}}}
    spec = {"podSelector": {}, "ingress": [{"from": [peer]}]}
    assert lacks(plan(made("NetworkPolicy", spec=spec))) == ["elsewhere NetworkPolicy web"]


def test_what_may_not_be_read_is_told() -> None:
    assert lacks(plan(unread=("RoleBinding",))) == ["unread RoleBinding"]


def test_nothing_shows_what_is_in_secrets() -> None:
    secret = made("Secret", "keys", type="Opaque", data={"k": "c2VjcmV0"})
    original = Original(NAMESPACE, workload(), (secret,))
    assert "c2VjcmV0" not in repr(original) + repr(planned(original))
    assert planned(original).objects[0]["data"] == {"k": "c2VjcmV0"}
