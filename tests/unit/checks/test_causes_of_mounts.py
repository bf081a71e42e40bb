"""What a mount lacks, with everything that its sentence needs."""

from typing import Any

import pytest

from labgrader.api.kinds import Mount
from labgrader.checks.finding import Cause, cause
from labgrader.checks.hygiene.difference import Place
from labgrader.checks.hygiene.mounts import mount_difference, mount_references, volumes_of
from labgrader.checks.hygiene.references import Objects, Reference
from labgrader.checks.scope import Scope
from labgrader.evidence.answers import NotThere
from labgrader.evidence.snapshot import Snapshot
from tests.unit.checks.objects import Body

HERE = {"kind": "Deployment", "name": "web", "namespace": "kim", "container": "app"}
SCOPE = Scope("kim")
NOBODY = Objects(SCOPE, Snapshot({SCOPE.named("Secret", name): NotThere() for name in "ab"}))


def wanted(path: str = "/etc/web", **more: Any) -> Mount:
    return Mount.model_validate({"path": path, **more})


def lacking(mount: Mount, *volumes: Body, **there: Any) -> list[Cause]:
    """Of a container that mounts its volume v at /etc/web, unless told otherwise."""
    container = {"volumeMounts": [{"name": "v", "mountPath": "/etc/web", **there}]}
    found = volumes_of({"kind": "Deployment"}, {"volumes": [{"name": "v", **v} for v in volumes]})
    return list(mount_difference(mount, Place(**HERE), container, found, NOBODY))


def test_a_path_at_which_nothing_is_mounted() -> None:
    two = {"volumeMounts": [{"mountPath": "/a"}, {"mountPath": "/b"}]}
    for container, seen in ((two, "/a, /b"), ({}, "-")):
        told = list(mount_difference(wanted("/x"), Place(**HERE), container, {}, NOBODY))
        assert told == [cause("MountAbsent", **HERE, path="/x", seen=seen)]


def test_the_root_is_a_path() -> None:
    assert lacking(wanted("/"), {"emptyDir": {}}, mountPath="/") == []
    assert lacking(wanted("/"), {"emptyDir": {}})[0].reason == "MountAbsent"
    assert lacking(wanted("/etc/webX"), {"emptyDir": {}}, mountPath="/etc/web")


@pytest.mark.parametrize(
    ("volume", "seen"),
    [
        ([{"secret": {"secretName": "key"}}], "Secret key"),
        ([{"emptyDir": {}}], "EmptyDir"),
        ([{"hostPath": {"path": "/"}}], "hostPath"),
        ([{}], "EmptyDir"),
        ([], "-"),
        (
            [{"projected": {"sources": [{"secret": {"name": "a"}}, {"secret": {"name": "b"}}]}}],
            "Secret a, Secret b",
        ),
    ],
)
@pytest.mark.parametrize(
    ("source", "expected"),
    [({"kind": "ConfigMap"}, "ConfigMap"), ({"kind": "ConfigMap", "name": "w"}, "ConfigMap w")],
)
def test_a_volume_of_something_else(
    source: Body, expected: str, volume: list[Body], seen: str
) -> None:
    told = lacking(Mount.model_validate({"path": "/etc/web", "from": source}), *volume)
    params = {"path": "/etc/web", "expected": expected, "seen": seen}
    assert told == [cause("MountFromElsewhere", **HERE, **params)]


def test_sources_that_may_be_missing_and_are() -> None:
    parts = [{"secret": {"name": name, "optional": True}} for name in "ab"]
    told = lacking(wanted(), {"projected": {"sources": parts}})
    assert told == [cause("MountEmpty", **HERE, path="/etc/web", source="Secret a, Secret b")]
    assert lacking(wanted(), {"projected": {"sources": [{"secret": {"name": "a"}}]}}) == []


@pytest.mark.parametrize(
    ("volume", "mount", "only_read"),
    [
        ({"persistentVolumeClaim": {"claimName": "c"}}, {}, False),
        ({"persistentVolumeClaim": {"claimName": "c", "readOnly": True}}, {}, True),
        ({"persistentVolumeClaim": {"claimName": "c", "readOnly": False}}, {}, False),
        ({"persistentVolumeClaim": {"claimName": "c"}}, {"readOnly": True}, True),
        ({"configMap": {"name": "c"}}, {}, True),
    ],
)
def test_whether_it_can_be_written_to(volume: Body, mount: Body, *, only_read: bool) -> None:
    assert lacking(wanted(readOnly=only_read), volume, **mount) == []
    (told,) = lacking(wanted(readOnly=not only_read), volume, **mount)
    params = dict(told.params)
    assert params["field"] == "volumeMounts[/etc/web].readOnly"
    assert (params["expected"], params["seen"]) == (
        str(not only_read).lower(),
        str(only_read).lower(),
    )


def test_only_what_may_be_missing_is_read() -> None:
    parts = [{"secret": {"name": "a", "optional": True}}, {"configMap": {"name": "b"}}]
    volumes = volumes_of({}, {"volumes": [{"name": "v", "projected": {"sources": parts}}]})
    container = {"volumeMounts": [{"name": "v", "mountPath": "/etc/web"}]}
    assert mount_references(wanted(), container, volumes) == {Reference("Secret", "a")}
    assert mount_references(wanted("/x"), container, volumes) == set()
