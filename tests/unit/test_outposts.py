"""Probe pods beside the learner: what is sent to the API server, and what is made of the answers."""

from typing import Any

import pytest
from aiohttp import web

from labgrader.cluster.clock import SystemClock
from labgrader.cluster.errors import ApiError, ApiUnreachable
from labgrader.cluster.experiments.bell import Bell
from labgrader.cluster.experiments.hopeless import Hopeless, hopeless
from labgrader.cluster.experiments.journal import Journal
from labgrader.cluster.outposts.control import policy, verdict
from labgrader.cluster.outposts.guard import guarded
from labgrader.cluster.outposts.listening import PatientProbe
from labgrader.cluster.outposts.manifest import GATE, OutpostJob
from labgrader.cluster.outposts.outposts import answered, arguments, read
from labgrader.cluster.outposts.post import Post
from labgrader.cluster.records import Record
from labgrader.evidence.answers import KeptOut, LookedUp, Tried, Trouble
from labgrader.evidence.requests import LookUp, Origin, TryFlow
from tests.unit.servers import serving
from tests.unit.test_client import talking_to

FRONT = Origin("kim", (("role", "front"), ("labgrader.dev/record", "mine")))


def job(**more: Any) -> Any:
    made = OutpostJob(
        name="labgrader-probe-1",
        namespace="kim",
        owners=(),
        image="labgrader:dev",
        args=("errands",),
        seconds=60,
        **more,
    )
    return made.manifest()


def test_the_pod_takes_no_part_in_the_learners_work() -> None:
    made = job(labels=FRONT.labels)
    template = made["spec"]["template"]
    pod = template["spec"]
    assert pod["readinessGates"] == [{"conditionType": GATE}]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    (container,) = pod["containers"]
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert set(container["resources"]["limits"]) == {"cpu", "memory"}
    assert made["spec"]["backoffLimit"] == 0
    assert made["spec"]["ttlSecondsAfterFinished"] == 60
    assert made["spec"]["activeDeadlineSeconds"] == 60


def test_the_pod_carries_the_labels_and_the_graders_own_win() -> None:
    made = job(labels=FRONT.labels)
    own = {"labgrader.dev/record": "labgrader-probe-1", "labgrader.dev/probe": "true"}
    assert made["metadata"]["labels"] == own
    assert made["spec"]["template"]["metadata"]["labels"] == {"role": "front", **own}


GROUP = (
    TryFlow(FRONT, "10.96.0.20", 80),
    LookUp(FRONT, "kim", "web"),
    TryFlow(FRONT, "fd00::5", 8080),
    LookUp(FRONT, "kim", "_http._tcp.web", "srv"),
)


def test_the_program_is_told_all_errands_of_the_place() -> None:
    assert arguments(GROUP) == (
        *("errands", "--connect", "10.96.0.20:80", "--resolve", "address/kim/web"),
        *("--connect", "[fd00::5]:8080", "--resolve", "srv/kim/_http._tcp.web"),
    )


def test_lines_become_answers_whatever_their_order() -> None:
    found = {"alias": "", "addresses": [], "services": []}
    told: list[Any] = [
        {"start": "n"},
        {"look": 1, "status": "found", "name": "x", **found, "services": [["a", 80]]},
        {"flow": 1, "words": ["timeout"] * 3},
        {"look": 0, "status": "found", "name": "y", **found, "addresses": ["10.96.0.20"]},
        {"flow": 0, "words": ["open"] * 3},
        {"end": "n"},
    ]
    assert read(GROUP, told) == {
        GROUP[0]: Tried(("open",) * 3),
        GROUP[1]: LookedUp("found", "y", ("10.96.0.20",)),
        GROUP[2]: Tried(("timeout",) * 3),
        GROUP[3]: LookedUp("found", "x", services=(("a", 80),)),
    }


@pytest.mark.parametrize(
    ("opened", "closed", "enforced"),
    [
        (["open"] * 3, ["timeout"] * 3, True),
        (["open"] * 3, ["refused"] * 3, True),
        (["open"] * 3, ["open"] * 3, False),
    ],
)
def test_the_control_tells_whether_a_policy_has_an_effect(
    opened: list[str], closed: list[str], *, enforced: bool
) -> None:
    told: list[Any] = [{"start": "n"}, {"flow": 0, "words": opened}, {"flow": 1, "words": closed}]
    assert verdict(told) is enforced


@pytest.mark.parametrize(
    "told",
    [
        [],
        [{"flow": 0, "words": ["timeout"] * 3}, {"flow": 1, "words": ["timeout"] * 3}],
        [{"flow": 0, "words": ["open"] * 3}, {"flow": 1, "words": ["open", "timeout", "open"]}],
        [{"flow": 0, "words": ["open"] * 3}],
    ],
)
def test_a_control_that_shows_nothing_says_so(told: list[Any]) -> None:
    with pytest.raises(Hopeless) as raised:
        verdict(told)
    assert raised.value.answer == Trouble("ControlFailed", raised.value.answer.detail, True)  # type: ignore[union-attr]  # noqa: FBT003


def test_the_controls_policy_is_about_the_graders_own_pod_and_goes_with_its_record() -> None:
    record = Record("labgrader-probe-9", "me", "", {}, "labgrader-system", own_namespace=False)
    owner = {"kind": "ConfigMap", "name": "labgrader-probe-9", "uid": "u", "apiVersion": "v1"}
    unused: Any = None
    made = policy(Post(unused, unused, record, (owner,), "n"))
    chosen = {"labgrader.dev/record": "labgrader-probe-9"}
    assert made["spec"]["podSelector"] == {"matchLabels": chosen}
    assert made["metadata"]["ownerReferences"] == [owner]
    assert [rule["ports"][0]["port"] for rule in made["spec"]["ingress"]] == [7001]


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (
            hopeless("ProbeNotStarted", 'pods "x" is forbidden: exceeded quota: q', transient=True),
            KeptOut("kim", 'pods "x" is forbidden: exceeded quota: q'),
        ),
        (
            hopeless("ProbeNotStarted", "0/1 nodes are available: 1 Insufficient cpu."),
            Trouble("ProbeNotStarted", "0/1 nodes are available: 1 Insufficient cpu.", False),  # noqa: FBT003
        ),
        (
            hopeless("ProbeNotStarted", 'create Job x in kim: namespaces "kim" not found'),
            Trouble("TargetMissing", "no namespace kim", False),  # noqa: FBT003
        ),
        (
            hopeless("ProbesUnguarded", "not found"),
            Trouble("ProbesUnguarded", "not found", False),  # noqa: FBT003
        ),
        (OSError("disk full"), Trouble("RecordNotKept", "disk full", False)),  # noqa: FBT003
        (
            ApiUnreachable("gone"),
            Trouble("ApiUnreachable", "put a pod: gone", True),  # noqa: FBT003
        ),
    ],
)
async def test_what_goes_wrong_is_an_answer(error: Exception, answer: Any) -> None:
    async def act() -> None:
        raise error

    assert await answered(act, "put a pod", "kim") == answer


async def test_a_missing_right_names_the_role() -> None:
    said = (
        'create Job x in kim: jobs.batch is forbidden: User "system:serviceaccount:a:b" cannot create '
        'resource "jobs" in API group "batch" in the namespace "kim"'
    )

    async def act() -> None:
        raise hopeless("ProbeNotStarted", said)

    answer = await answered(act, "put a pod", "kim")
    assert answer.reason == "Forbidden"
    assert answer.detail.endswith("needs a RoleBinding there to ClusterRole labgrader-probe")


class Admission:
    """A client to an API server with these two objects."""

    def __init__(self, policy: Any, binding: Any) -> None:
        self.bodies = {
            "validatingadmissionpolicies": policy,
            "validatingadmissionpolicybindings": binding,
        }

    async def get(self, path: str) -> Any:
        body = self.bodies[path.split("/")[-2]]
        if body is None:
            raise ApiError(404, "NotFound", f"{path} not found")
        return {"spec": body}


POLICY = {"failurePolicy": "Fail"}
BOUND = {"policyName": "labgrader-probes", "validationActions": ["Deny"]}


async def test_probe_pods_are_guarded_by_a_policy_that_denies() -> None:
    client: Any = Admission(POLICY, BOUND)
    await guarded(client)


@pytest.mark.parametrize(
    ("policy", "binding"),
    [
        (None, BOUND),
        (POLICY, None),
        ({"failurePolicy": "Ignore"}, BOUND),
        (POLICY, {**BOUND, "validationActions": ["Audit"]}),
        (POLICY, {**BOUND, "policyName": "other"}),
        (POLICY, {**BOUND, "matchResources": {"namespaceSelector": {"matchLabels": {"a": "b"}}}}),
    ],
)
async def test_a_policy_that_does_not_deny_everywhere_guards_nothing(
    policy: Any, binding: Any
) -> None:
    client: Any = Admission(policy, binding)
    with pytest.raises(Hopeless) as raised:
        await guarded(client)
    assert raised.value.answer.reason == "ProbesUnguarded"


@pytest.mark.parametrize(
    "followed",
    [
        b'{"start":"n"}\n{"flow":0}\n{"end":"n"}\n',
        b"failed to create fsnotify watcher: too many open files",
        b'{"start":"n"}\n{"fl',
    ],
)
async def test_lines_are_heard_also_where_a_log_cannot_be_followed(followed: bytes) -> None:
    """As from a kubelet without file watchers."""
    whole = b'{"start":"n"}\n{"flow":0}\n{"end":"n"}\n'
    asked: list[bool] = []

    async def answers(got: web.Request) -> web.StreamResponse:
        follows = "follow" in got.query
        asked.append(follows)
        early = len(asked) == 2
        return web.Response(body=followed if follows else whole[:14] if early else whole)

    async with serving(answers) as address, talking_to(address) as client:
        clock = SystemClock()
        made: Any = OutpostJob("labgrader-probe-1", "kim", (), "i", (), 1)
        probe = PatientProbe(client, made, Bell(), Journal(clock, clock.now_ms()))
        await probe._follow("pod")
    assert [line.body for line in probe.lines] == [{"start": "n"}, {"flow": 0}, {"end": "n"}]
    assert probe.ended
    assert len(asked) == (1 if followed == whole else 3)
