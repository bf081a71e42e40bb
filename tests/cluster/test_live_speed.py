"""How soon a learner who watches their Submission sees what they mended, on a quiet machine."""

import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.cluster.test_live import COLOUR, live, setting
from tests.support.classroom import Course, Handed
from tests.support.live import LiveCluster

pytestmark = [pytest.mark.cluster, pytest.mark.experiment]
CHANGES = 12


@pytest.fixture
def course(installed: LiveCluster) -> Iterator[Course]:
    course = Course.begin(installed)
    yield course
    # What is followed costs looks, and the next test may count them.
    installed.kubectl("delete", "labexercises,submissions", "--all", "-n", course.name)


@dataclass
class Screen:
    """What a learner sees who watches the Submission, line by line, with the time of each."""

    lines: list[tuple[float, str]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def follow(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with self.news:
                self.lines.append((time.monotonic(), line.strip()))
                self.news.notify_all()

    def shows(self, text: str, since: int) -> float:
        """When a line after the first ``since`` said so."""

        def when() -> float | None:
            return next((at for at, line in self.lines[since:] if line == text), None)

        with self.news:
            assert self.news.wait_for(lambda: when() is not None, 10), self.lines
            at = when()
        assert at is not None
        return at


@contextmanager
def watching(handed: Handed) -> Iterator[Screen]:
    cluster = handed.cluster
    shown = 'jsonpath={.status.live.checks[*].outcome}{"\\n"}'
    named = ("submissions", handed.name, "-n", handed.namespace)
    command = [cluster.program, f"--kubeconfig={cluster.kubeconfig}", "get", *named, "-w"]
    screen = Screen()
    with subprocess.Popen([*command, "-o", shown], stdout=subprocess.PIPE, text=True) as process:
        reader = threading.Thread(target=screen.follow, args=(process,))
        reader.start()
        try:
            yield screen
        finally:
            process.terminate()
            reader.join()


def test_a_fix_is_shown_within_half_a_second(course: Course) -> None:
    kim = course.learner()
    course.exercise("lab", COLOUR, mode="Continuous")
    handed = course.submit("lab", kim, attempt=0)
    handed.when(lambda s: live(s) == {"colour": "Failed"}, what="followed")
    waits = []
    with watching(handed) as screen:
        screen.shows("Failed", 0)
        for number in range(CHANGES):
            colour, outcome = ("blue", "Passed") if number % 2 == 0 else ("red", "Failed")
            since = len(screen.lines)
            course.put(kim, setting(colour))
            returned = time.monotonic()
            waits.append(max(0.0, screen.shows(outcome, since) - returned))
            time.sleep(0.7)  # a learner's next command, not a burst
    assert len(waits) == CHANGES
    assert statistics.median(waits) <= 0.5, waits
