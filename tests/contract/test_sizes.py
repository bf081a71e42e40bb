"""No file grows beyond what somebody reads at one sitting."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST = 400
PLACES = ("operator", "localcluster", "demo", "tools", "benchmarks", "tests", "workloads")


def test_no_file_is_longer_than_it_may_be() -> None:
    files = [file for place in PLACES for file in (ROOT / place).rglob("*.py")]
    assert len(files) > 500
    lengths = {str(f.relative_to(ROOT)): len(f.read_text("utf-8").splitlines()) for f in files}
    assert {name: length for name, length in lengths.items() if length > MOST} == {}
