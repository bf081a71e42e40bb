"""A few requests to a cluster's API server, for waiting until things are ready.

Used by the cluster itself through the relay with the administrator's
certificate; not a Kubernetes client for anybody else.
"""

import http.client
import json
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcluster.certificates import Authority
from localcluster.certificates.authority import ADMIN


@dataclass(frozen=True)
class Api:
    """The API server behind a loopback port."""

    port: int
    pki: Path

    def get(self, path: str, timeout: float = 5.0) -> Any:
        """The JSON at this path; nothing when it cannot be had (now)."""
        answer = self._request(path, timeout)
        if answer is None or answer[0] != http.client.OK:
            return None
        return json.loads(answer[1])

    def ok(self, path: str) -> bool:
        """Whether a GET of this path is answered with 200."""
        answer = self._request(path, 2.0)
        return answer is not None and answer[0] == http.client.OK

    def ready(self) -> bool:
        """Whether the API server says that it is ready."""
        return self.ok("/readyz")

    def _request(self, path: str, timeout: float) -> tuple[int, bytes] | None:
        authority = Authority(self.pki)
        try:
            context = ssl.create_default_context(cafile=authority.certificate)
            context.load_cert_chain(authority.certificate_of(ADMIN), authority.key_of(ADMIN))
            connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=timeout, context=context
            )
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read()
            finally:
                connection.close()
        except (OSError, http.client.HTTPException):
            return None  # not there, not yet or not any more: the caller asks again
