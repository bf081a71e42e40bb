import os
import subprocess
from pathlib import Path

import pytest

from localcluster import layout
from localcluster.build import programs, toolchain
from localcluster.build.cache import Cache
from localcluster.progress import Timed


@pytest.mark.cluster  # needs the Go that the cluster is built with
@pytest.mark.parametrize("words", ["vet .", "test ."])
def test_the_web_server_passes_its_own_tests(words: str) -> None:
    go = toolchain.find(Cache(layout.cache_home()), Timed()).go
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly"}
    source = programs.WEB_1.source
    command = [str(go), *words.split(" ")]
    done = subprocess.run(
        command, cwd=source, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_two_web_images_differ_by_their_version_only() -> None:
    one, two = programs.WEB_1, programs.WEB_2
    assert one.key() != two.key()
    assert (one.source, one.variables) == (two.source, ("main.version=1",))
    assert two.variables == ("main.version=2",)
    assert "var version" in Path(one.source, "main.go").read_text()
