"""kopf's credentials, from the same configuration as our own client.

Called by the login handler in ``handlers.watches``.
"""

from typing import Protocol

import kopf


class Configuration(Protocol):
    """What is read of the client's configuration."""

    host: str
    ssl_ca_cert: str | None
    cert_file: str | None
    key_file: str | None
    verify_ssl: bool
    username: str | None
    password: str | None

    async def get_api_key_with_prefix(self, identifier: str) -> str | None:
        """The Authorization header's value, refreshed where it expires."""


async def connection(configuration: Configuration) -> kopf.ConnectionInfo:
    """What kopf needs to connect."""
    header = await configuration.get_api_key_with_prefix("BearerToken") or ""
    scheme, _, token = header.partition(" ")
    return kopf.ConnectionInfo(
        server=configuration.host,
        ca_path=configuration.ssl_ca_cert,
        insecure=not configuration.verify_ssl,
        certificate_path=configuration.cert_file,
        private_key_path=configuration.key_file,
        username=configuration.username or None,
        password=configuration.password or None,
        scheme=scheme.capitalize() or None,
        token=token or None,
    )
