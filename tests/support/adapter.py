"""A metrics adapter, small and real: aggregated APIs whose one metric is how often it was asked.

Used by the cluster tests of autoscalers on metrics of adapters. It runs in a pod of the product's
image, of which it takes only Python. ``hits`` is served as an external metric, and as one of the
Service ``web``, which it stands behind itself; any other name it does not know.
"""

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.live import LiveCluster

SCRIPT = """
import collections, json, ssl, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HITS = collections.deque()

class Web(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_): pass
    def do_GET(self):
        HITS.append(time.monotonic())
        self.answer(200, "hit")
    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

class Api(Web):
    def do_GET(self):
        while HITS and HITS[0] < time.monotonic() - 10:
            HITS.popleft()
        group, version, *rest = [*self.path.partition("?")[0].split("/")[2:], "", ""][:9]
        rest = [part for part in rest if part]
        about = {"apiVersion": f"{group}/{version}", "metadata": {}}
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        if not rest:
            name = "hits" if group.startswith("external") else "services/hits"
            kind = "ExternalMetricValueList" if group.startswith("external") else "MetricValueList"
            served = {"name": name, "singularName": "", "namespaced": True, "kind": kind, "verbs": ["get"]}
            return self.answer(200, {"kind": "APIResourceList", "apiVersion": "v1",
                                     "groupVersion": f"{group}/{version}", "resources": [served]})
        if rest[-1] != "hits":
            return self.answer(404, {"kind": "Status", "apiVersion": "v1", "status": "Failure",
                                     "reason": "NotFound", "code": 404,
                                     "message": f"the adapter does not know {rest[-1]}"})
        if group.startswith("external"):
            item = {"metricName": "hits", "metricLabels": {}, "timestamp": now, "value": str(len(HITS))}
            return self.answer(200, {**about, "kind": "ExternalMetricValueList", "items": [item]})
        described = {"kind": "Service", "apiVersion": "v1", "namespace": rest[1], "name": "web"}
        item = {"describedObject": described, "metric": {"name": "hits"}, "timestamp": now, "value": str(len(HITS))}
        self.answer(200, {**about, "kind": "MetricValueList", "items": [item]})

api = ThreadingHTTPServer(("", 8443), Api)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/tls/tls.crt", "/tls/tls.key")
api.socket = context.wrap_socket(api.socket, server_side=True)
threading.Thread(target=api.serve_forever, daemon=True).start()
ThreadingHTTPServer(("", 8080), Web).serve_forever()
"""
APIS = {"external.metrics.k8s.io": "v1beta1", "custom.metrics.k8s.io": "v1beta2"}
Json = dict[str, Any]


@contextmanager
def adapter(cluster: LiveCluster, namespace: str, image: str, folder: Path) -> Iterator[None]:
    """Have the APIs served meanwhile, and the Service ``web`` of the namespace stand before it."""
    _put(cluster, namespace, _secret(folder), _pods(image), *_services())
    cluster.kubectl("-n", namespace, "rollout", "status", "deployment/adapter", "--timeout=120s")
    services = [f"apiservice/{version}.{group}" for group, version in APIS.items()]
    try:
        _put(cluster, None, *(_registered(namespace, group) for group in APIS))
        cluster.kubectl("wait", "--for=condition=Available", "--timeout=120s", *services)
        yield
    finally:
        cluster.kubectl("delete", "--ignore-not-found", *services)


def _put(cluster: LiveCluster, namespace: str | None, *objects: Json) -> None:
    listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
    where = ("-n", namespace) if namespace else ()
    cluster.kubectl(*where, "apply", "-f", "-", input=json.dumps(listed))


def _secret(folder: Path) -> Json:
    """A certificate that signs itself: whoever registers the API says that nobody need verify it."""
    key, certificate = folder / "tls.key", folder / "tls.crt"
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    files = ("-subj", "/CN=adapter", "-keyout", str(key), "-out", str(certificate))
    subprocess.run([*command, *files], check=True, capture_output=True)
    data = {file.name: base64.b64encode(file.read_bytes()).decode() for file in (key, certificate)}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "adapter"},
        "type": "kubernetes.io/tls",
        "data": data,
    }


def _pods(image: str) -> Json:
    container = {
        "name": "adapter",
        "image": image,
        "command": ["python", "-c", SCRIPT],
        "ports": [{"containerPort": 8080}, {"containerPort": 8443}],
        "readinessProbe": {"tcpSocket": {"port": 8443}, "periodSeconds": 1},
        "volumeMounts": [{"name": "tls", "mountPath": "/tls"}],
        "resources": {"requests": {"cpu": "20m"}},
    }
    labels = {"app": "adapter"}
    volumes = [{"name": "tls", "secret": {"secretName": "adapter"}}]
    spec = {
        "terminationGracePeriodSeconds": 0,
        "containers": [container],
        "volumes": volumes,
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "adapter"},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def _services() -> Iterator[Json]:
    for name, port, target in (("web", 80, 8080), ("adapter", 443, 8443)):
        spec = {"selector": {"app": "adapter"}, "ports": [{"port": port, "targetPort": target}]}
        yield {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def _registered(namespace: str, group: str) -> Json:
    version = APIS[group]
    return {
        "apiVersion": "apiregistration.k8s.io/v1",
        "kind": "APIService",
        "metadata": {"name": f"{version}.{group}"},
        "spec": {
            "group": group,
            "version": version,
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
            "insecureSkipTLSVerify": True,
            "service": {"namespace": namespace, "name": "adapter", "port": 443},
        },
    }
