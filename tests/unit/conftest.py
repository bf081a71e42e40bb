"""What holds for all unit tests."""

import ssl
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _no_certificates_of_the_machine() -> Iterator[None]:
    """Servers of unit tests speak plain HTTP, or bring their own authority.

    Each client would read all certificates that the machine trusts: 34 ms, hundreds of times.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl.SSLContext, "load_default_certs", lambda *_, **__: None)
        yield
