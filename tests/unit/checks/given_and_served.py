"""What an exercise gives, and the same as an API server returns it, changed or not."""

import copy
from typing import Any

from hypothesis import strategies as st

from tests.unit.checks.namespaces import Judged, Namespace
from tests.unit.checks.objects import Body, meta

CONFIG: Body = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"name": "shop", "labels": {"team": "blue"}},
    "data": {"GREETING": "hello", "app.conf": "a=1\n", "least": ">=2", "empty": ""},
}
SERVICE: Body = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "shop"},
    "spec": {"selector": {"app": "shop"}, "ports": [{"port": 80, "targetPort": 8080}]},
}
DEPLOYMENT: Body = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "shop", "labels": {}},
    "spec": {
        "paused": False,
        "replicas": 2,
        "selector": {"matchLabels": {"app": "shop"}},
        "template": {
            "metadata": {"labels": {"app": "shop"}},
            "spec": {
                "automountServiceAccountToken": False,
                "volumes": [{"name": "tmp", "emptyDir": {}}],
                "containers": [
                    {
                        "name": "web",
                        "image": "web:1",
                        "args": ["--port", "", "8080"],
                        "env": [],
                        "resources": {"limits": {"cpu": 1, "memory": "0.5Gi"}},
                    }
                ],
            },
        },
    },
}
POLICY: Body = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "shop"},
    "spec": {"podSelector": {}, "ingress": [{"ports": [{"port": 80}]}]},
}
ALL = (CONFIG, SERVICE, DEPLOYMENT, POLICY)


def served(body: Body) -> Body:
    """The object as an API server returns it, with what it fills in and leaves out."""
    made = copy.deepcopy(body)
    made["metadata"] = {**made["metadata"], **meta("shop"), "managedFields": [{"manager": "x"}]}
    made["metadata"] = {k: v for k, v in made["metadata"].items() if v != {}}
    spec: Any = made.get("spec", {})
    match made["kind"]:
        case "Service":
            spec |= {"clusterIP": "10.0.0.7", "clusterIPs": ["10.0.0.7"], "type": "ClusterIP"}
            spec["ports"][0]["protocol"] = "TCP"
        case "Deployment":
            del spec["paused"]
            spec |= {"progressDeadlineSeconds": 600, "strategy": {"type": "RollingUpdate"}}
            made["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "1"}
            pod = spec["template"]["spec"]
            pod |= {"restartPolicy": "Always", "securityContext": {}}
            container = pod["containers"][0]
            del container["env"]
            container |= {"imagePullPolicy": "IfNotPresent"}
            container["resources"]["limits"] = {"cpu": "1", "memory": "512Mi"}
        case "NetworkPolicy":
            spec["policyTypes"] = ["Ingress"]
            spec["ingress"][0]["ports"][0]["protocol"] = "TCP"
    return made | {"status": {"anything": 1}}


def judge(given: Body, there: Body | None, **params: Any) -> Judged:
    objects = [] if there is None else [there]
    ref = {"kind": given["kind"], "name": "shop"}
    return Namespace(objects, gave=ALL).judge(unchanged={"object": ref, **params})


def changed(given: Body, path: str, value: Any) -> Body:
    """The served object with another value at a path of keys and indexes."""
    made = served(given)
    *above, last = [int(part) if part.isdecimal() else part for part in path.split("/")]
    place: Any = made
    for part in above:
        place = place[part]
    if value is None:
        del place[last]
    elif last == "+":
        place.append(value)
    else:
        place[last] = value
    return made


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "spec", "selector", "name", "ports", "port", "x"]), inner
        )
    ),
    max_leaves=25,
)
