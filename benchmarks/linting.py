"""The author's part: `labgrader lint` of a hundred exercises, with all that lies beside them.

They are this repository's own, each several times under other names. Time is that of the whole
process. Called by `benchmarks.measure`.
"""

import shutil
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from tools.shipped import shipped

_LABGRADER = Path(sys.executable).with_name("labgrader")
_COUNT = 100


def write(folder: Path) -> None:
    """Write the exercises below a folder, anew."""
    shutil.rmtree(folder, ignore_errors=True)
    for number, original in enumerate(islice(cycle(shipped()), _COUNT)):
        copy = folder / f"{number:03}-{original.path.name}"
        shutil.copytree(original.path, copy)
        file, name = copy / original.file.name, f"name: {original.exercise.name}"
        text = file.read_text("utf-8")
        file.write_text(text.replace(name, f"{name}-{number}", 1), "utf-8")


def measure(folder: Path) -> dict[str, Any]:
    """Seconds of one call. Raises RuntimeError where it finds fault."""
    begun = time.perf_counter()
    command = [str(_LABGRADER), "lint", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode or f"{_COUNT} exercises" not in done.stdout:
        raise RuntimeError(f"lint ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return {"seconds": seconds}
