"""A certificate authority in a folder, and the identities of a cluster's components."""

import secrets
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from localcluster import layout
from localcluster.errors import LocalClusterError

_DAYS = "365"
_NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
ADMIN = "admin"


@dataclass(frozen=True)
class Identity:
    """Whom a certificate is for: file name, user, group, and where it serves."""

    name: str
    user: str
    group: str = ""
    serves: tuple[str, ...] = ()


def identities(nodes: int) -> list[Identity]:
    """All identities that a cluster of so many nodes needs."""
    masters = "system:masters"
    api_names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"]
    api_addresses = ["127.0.0.1", layout.API_SERVICE_ADDRESS, layout.CONTROL_ADDRESS]
    serves = (*(f"DNS:{n}" for n in api_names), *(f"IP:{a}" for a in api_addresses))
    return [
        Identity("apiserver", "kube-apiserver", serves=serves),
        Identity("kubelet-client", "kube-apiserver-kubelet-client", masters),
        Identity("front-proxy", "front-proxy-client"),
        Identity(ADMIN, "kubernetes-admin", masters),
        Identity("controller-manager", "system:kube-controller-manager"),
        Identity("scheduler", "system:kube-scheduler"),
        Identity("kube-proxy", "system:kube-proxy"),
        *(
            Identity(
                layout.node_name(i),
                f"system:node:{layout.node_name(i)}",
                "system:nodes",
                (f"DNS:{layout.node_name(i)}", f"IP:{layout.node_address(i)}"),
            )
            for i in range(1, nodes + 1)
        ),
    ]


@dataclass(frozen=True)
class Authority:
    """The authority whose keys and certificates lie in this folder."""

    folder: Path

    @property
    def certificate(self) -> Path:
        """What everybody trusts."""
        return self.folder / "ca.crt"

    @property
    def key(self) -> Path:
        """What signs."""
        return self.folder / "ca.key"

    @property
    def service_accounts_key(self) -> Path:
        """The key that signs the tokens of service accounts."""
        return self.folder / "service-accounts.key"

    def certificate_of(self, name: str) -> Path:
        """The certificate of an identity."""
        return self.folder / f"{name}.crt"

    def key_of(self, name: str) -> Path:
        """The key of an identity."""
        return self.folder / f"{name}.key"

    def create(self, wanted: list[Identity]) -> None:
        """Make the authority and a certificate for each identity."""
        self.folder.mkdir(mode=0o700)
        usage = "keyUsage=critical,keyCertSign,cRLSign"
        subject = ["-subj", "/CN=localcluster", "-addext", usage]
        files = ["-keyout", str(self.key), "-out", str(self.certificate)]
        _openssl("req", "-x509", "-days", _DAYS, *_NEW_KEY, *subject, *files)
        token_key = str(self.service_accounts_key)
        _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", token_key)
        with ThreadPoolExecutor() as pool:
            for _ in pool.map(self._sign, wanted):
                pass

    def _sign(self, identity: Identity) -> None:
        request = self.folder / f"{identity.name}.csr"
        extensions = self.folder / f"{identity.name}.ext"
        group = f"/O={identity.group}" if identity.group else ""
        lines = ["extendedKeyUsage=serverAuth,clientAuth"]
        if identity.serves:
            lines.append(f"subjectAltName={','.join(identity.serves)}")
        extensions.write_text("\n".join(lines) + "\n")
        subject = ["-subj", f"{group}/CN={identity.user}"]
        key = str(self.key_of(identity.name))
        _openssl("req", "-new", *_NEW_KEY, *subject, "-keyout", key, "-out", str(request))
        signer = ["-CA", str(self.certificate), "-CAkey", str(self.key)]
        # A serial number of its own without a shared counter file, for signing side by side.
        serial = f"0x{secrets.token_hex(8)}"
        files = ["-in", str(request), "-out", str(self.certificate_of(identity.name))]
        extra = ["-days", _DAYS, "-set_serial", serial, "-extfile", str(extensions)]
        _openssl("x509", "-req", *signer, *files, *extra)
        request.unlink()
        extensions.unlink()


def _openssl(*words: str) -> None:
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalClusterError(f"openssl {words[0]} failed: {done.stderr.strip()}")
