"""No file grows beyond what somebody reads at one sitting."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST = 300
CODE = {".py", ".go", ".sh", ".js", ".css", ".toml"}


def test_no_file_is_longer_than_it_may_be() -> None:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    files = [Path(name) for name in done.stdout.splitlines() if Path(name).suffix in CODE]
    there = [file for file in files if (ROOT / file).exists()]  # not those just removed
    assert len(there) > 700
    lengths = {str(f): len((ROOT / f).read_text("utf-8").splitlines()) for f in there}
    assert {name: length for name, length in lengths.items() if length > MOST} == {}
