"""Writes kubeconfigs: by hand, because kubectl would need five starts for each."""

import base64
import os
from pathlib import Path

from localcluster.certificates.authority import Authority


def write(path: Path, authority: Authority, identity: str, server: str, context: str) -> None:
    """Write the kubeconfig by which this identity reaches that server; mode 0600."""
    text = f"""\
apiVersion: v1
kind: Config
current-context: {context}
clusters:
- name: {context}
  cluster:
    server: {server}
    certificate-authority-data: {_base64(authority.certificate)}
users:
- name: {context}-{identity}
  user:
    client-certificate-data: {_base64(authority.certificate_of(identity))}
    client-key-data: {_base64(authority.key_of(identity))}
contexts:
- name: {context}
  context:
    cluster: {context}
    user: {context}-{identity}
"""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    new.rename(path)


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
