"""What the contract tests that need an API server begin with."""

import pytest

from tests.support.admission import install_admission
from tests.support.live import LiveCluster


@pytest.fixture(scope="module")
def api(cluster: LiveCluster) -> LiveCluster:
    install_admission(cluster)
    return cluster


@pytest.fixture(scope="module")
def namespace(api: LiveCluster) -> str:
    return api.fresh_namespace()
