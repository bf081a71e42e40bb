"""The exercise that lives by ``satisfies``: every work beside it, judged without a cluster.

Its checks read specs only, so a manifest with what the API server adds is evidence enough.
"""

from typing import Any

import pytest

from labgrader.authoring.exercise_folder import ExerciseFolder, Work
from tests.unit.checks.namespaces import Namespace
from tests.unit.checks.objects import meta
from tools.shipped import ROOT

FOLDER = ExerciseFolder.read(ROOT / "orchestration/kubernetes/basic/conventions")
WORKS = (FOLDER.start, *FOLDER.solutions, *FOLDER.mistakes)


def applied(manifest: Any) -> Any:
    """As the API server keeps it."""
    spec = manifest["spec"]
    if manifest["kind"] == "Deployment":
        spec = {"replicas": 1, **spec}
    return {**manifest, "metadata": {**meta("x"), **manifest["metadata"]}, "spec": spec}


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.name)
def test_each_work_earns_what_is_written_beside_it(work: Work) -> None:
    namespace = Namespace([applied(manifest) for manifest in work.objects()])
    expected = work.outcomes or {check.name: "Failed" for check in FOLDER.checks}
    for check in FOLDER.checks:
        body = check.model_dump(mode="json", by_alias=True, exclude_none=True)
        judged = namespace.judge(**{key: body[key] for key in ("points", check.kind)})
        told = judged.says("ko"), judged.says("en")
        assert judged.finding.outcome == expected[check.name], told
        if check.name in work.reasons:
            assert judged.finding.reason == work.reasons[check.name], told
