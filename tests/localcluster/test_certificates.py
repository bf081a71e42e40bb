import subprocess
from pathlib import Path

import pytest

from localcluster.certificates import Authority, identities, kubeconfig


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("x") / "pki")
    made.create(identities(nodes=2))
    return made


def openssl(*words: str | Path) -> str:
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=True)
    return done.stdout


def test_each_certificate_is_signed_by_the_authority(authority: Authority) -> None:
    for identity in identities(nodes=2):
        openssl("verify", "-CAfile", authority.certificate, authority.certificate_of(identity.name))


def test_the_api_server_answers_inside_and_through_the_relay(authority: Authority) -> None:
    text = openssl("x509", "-noout", "-text", "-in", authority.certificate_of("apiserver"))
    for name in ("IP Address:127.0.0.1", "IP Address:10.96.0.1", "DNS:kubernetes.default.svc"):
        assert name in text


def test_a_node_is_who_the_node_authorizer_expects(authority: Authority) -> None:
    certificate = authority.certificate_of("node2")
    subject = openssl("x509", "-noout", "-subject", "-in", certificate)
    assert "O = system:nodes, CN = system:node:node2" in subject


def test_a_kubeconfig_is_for_its_owner_only(authority: Authority, tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    path.touch(0o666)
    kubeconfig.write(path, authority, "admin", "https://127.0.0.1:1", "localcluster-x")
    assert path.stat().st_mode & 0o777 == 0o600
    assert "current-context: localcluster-x\n" in path.read_text()
