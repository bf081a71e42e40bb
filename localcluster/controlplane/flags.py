"""How the programs of the control plane are started; called by the cluster's `up`.

Flags that differ from Kubernetes' defaults have their reason beside them.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from localcluster import layout
from localcluster.certificates import Authority
from localcluster.layout import Layout
from localcluster.machine.units import Unit

ETCD, APISERVER, RELAY = "etcd", "apiserver", "relay"
CONTROLLER_MANAGER, SCHEDULER = "controller-manager", "scheduler"
COMPONENTS = (ETCD, APISERVER, CONTROLLER_MANAGER, SCHEDULER, RELAY)
SERVER = f"https://{layout.CONTROL_ADDRESS}:{layout.API_PORT}"

RELAY_PROGRAM = Path(__file__).parents[1] / "network" / "relay.py"
_ETCD_URL = "http://127.0.0.1:2379"
# Each is the only one, but who loses the lead ends and starts afresh. Without that, after
# an outage of the API server they would go by old news for half a minute and take healthy
# nodes for lost.
_LEADER = (
    "--leader-elect-lease-duration=6s",
    "--leader-elect-renew-deadline=4s",
    "--leader-elect-retry-period=2s",
)
_AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        # What kubelets say of their pods, whole: it tells to the microsecond what is Ready since
        # when, while the pods themselves tell it in whole seconds.
        {
            "level": "Request",
            "verbs": ["patch"],
            "resources": [{"group": "", "resources": ["pods/status"]}],
        },
        {"level": "Metadata"},
    ],
}


@dataclass(frozen=True)
class ControlPlane:
    """The units of one cluster's control plane, with programs from the folder `programs`."""

    layout: Layout
    programs: Path
    audit: bool

    def first(self) -> list[Unit]:
        """What runs from the start."""
        return [self._etcd(), self._apiserver(), self._relay()]

    def second(self) -> list[Unit]:
        """What needs the API server; started earlier it would only fail and wait longer."""
        return [self._controller_manager(), self._scheduler()]

    def _unit(self, name: str, program: str, *flags: str) -> Unit:
        return Unit(name, (str(self.programs / program), *flags))

    def _etcd(self) -> Unit:
        return self._unit(
            ETCD,
            "etcd",
            f"--data-dir={self.layout.control / 'etcd'}",
            f"--listen-client-urls={_ETCD_URL}",
            f"--advertise-client-urls={_ETCD_URL}",
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--unsafe-no-fsync",  # a cluster that does not outlive the machine
        )

    def _apiserver(self) -> Unit:
        authority = Authority(self.layout.pki)
        return self._unit(
            APISERVER,
            "kube-apiserver",
            f"--etcd-servers={_ETCD_URL}",
            f"--advertise-address={layout.CONTROL_ADDRESS}",
            f"--secure-port={layout.API_PORT}",
            f"--service-cluster-ip-range={layout.SERVICES}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            f"--client-ca-file={authority.certificate}",
            f"--tls-cert-file={authority.certificate_of('apiserver')}",
            f"--tls-private-key-file={authority.key_of('apiserver')}",
            f"--service-account-key-file={authority.service_accounts_key}",
            f"--service-account-signing-key-file={authority.service_accounts_key}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--kubelet-client-certificate={authority.certificate_of('kubelet-client')}",
            f"--kubelet-client-key={authority.key_of('kubelet-client')}",
            f"--kubelet-certificate-authority={authority.certificate}",
            "--kubelet-preferred-address-types=InternalIP",
            f"--requestheader-client-ca-file={authority.certificate}",
            "--requestheader-allowed-names=front-proxy-client",
            "--requestheader-username-headers=X-Remote-User",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            f"--proxy-client-cert-file={authority.certificate_of('front-proxy')}",
            f"--proxy-client-key-file={authority.key_of('front-proxy')}",
            "--enable-aggregator-routing=true",  # no kube-proxy where the API server runs
            *self._audit(),
        )

    def _audit(self) -> list[str]:
        if not self.audit:
            return []
        policy = self.layout.control / "audit-policy.json"
        policy.parent.mkdir(exist_ok=True)
        policy.write_text(json.dumps(_AUDIT_POLICY))
        return [f"--audit-policy-file={policy}", f"--audit-log-path={self.layout.audit_log}"]

    def _relay(self) -> Unit:
        target = (layout.CONTROL_ADDRESS, str(layout.API_PORT))
        return Unit(RELAY, (sys.executable, "-I", "-S", str(RELAY_PROGRAM), *target), listens=True)

    def _controller_manager(self) -> Unit:
        authority = Authority(self.layout.pki)
        return self._unit(
            CONTROLLER_MANAGER,
            "kube-controller-manager",
            f"--kubeconfig={self.layout.kubeconfigs / CONTROLLER_MANAGER}",
            f"--service-account-private-key-file={authority.service_accounts_key}",
            f"--root-ca-file={authority.certificate}",
            f"--cluster-signing-cert-file={authority.certificate}",
            f"--cluster-signing-key-file={authority.key}",
            f"--cluster-cidr={layout.PODS}",
            "--allocate-node-cidrs=false",  # each node knows its range from the start
            "--use-service-account-credentials=true",
            *_LEADER,
            # A usable node after 4.5 s instead of 10, a lost one noticed after 12 s.
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
            "--node-monitor-period=500ms",
            "--node-monitor-grace-period=12s",
            # Autoscaling is watched by people who wait: look every 5 s instead of 15, and
            # trust a new pod's CPU use after seconds, not after 5 minutes of initialization.
            # How it decides stays as everywhere.
            "--horizontal-pod-autoscaler-sync-period=5s",
            "--horizontal-pod-autoscaler-initial-readiness-delay=5s",
            "--horizontal-pod-autoscaler-cpu-initialization-period=15s",
        )

    def _scheduler(self) -> Unit:
        kubeconfig = self.layout.kubeconfigs / SCHEDULER
        return self._unit(SCHEDULER, "kube-scheduler", f"--kubeconfig={kubeconfig}", *_LEADER)
