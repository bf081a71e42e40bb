"""Making a copy, trying on it and removing it, against a server that keeps what it is given."""

import asyncio

import pytest

from labgrader.checks.copies import COPIED, NOT_COPIED, ORIGINAL_SERVES, ORIGINAL_WHOLE
from labgrader.cluster.experiments.copies import trial as copies
from labgrader.cluster.experiments.debts import pay
from labgrader.cluster.experiments.hopeless import Hopeless
from labgrader.evidence.answers import Hindered, NoHttpAnswer
from labgrader.evidence.experiments import DeletePod, HttpTarget
from tests.unit.copy_server import APPS, CORE, PLACE, Server, desk, everything
from tests.unit.kims_objects import made, service
from tests.unit.test_records import RECORD


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing changes on this server: nobody need wait for it."""
    monkeypatch.setattr(copies, "_READY_MS", 100)
    monkeypatch.setattr(copies, "_READY_IF_THE_ORIGINAL_IS_NOT_MS", 50)


async def test_the_experiment_runs_on_the_copy_and_the_copy_goes() -> None:
    server = Server()
    before = dict(server.objects)
    async with desk(server) as one:
        timeline = await one.run()
        moved = DeletePod(
            PLACE, "apps/v1", "Deployment", "web", "new-web", 60_000,
            HttpTarget(PLACE, "web", 80, "/"),
        )  # fmt: skip
        owed = {"what": "remove-copy", "namespace": PLACE, "record": RECORD.name}
        assert one.steps == ["check", (owed,), moved]
        told = [(action.what, action.subject) for action in timeline.actions]
        annotations = server.objects[f"{CORE}/{PLACE}"]["metadata"]["annotations"]
        assert annotations["labgrader.dev/copy-of"] == "kim"
        assert told == [(COPIED, PLACE), (ORIGINAL_WHOLE, ""), (ORIGINAL_SERVES, "")]
        await one.pay()
        await one.pay()  # a successor may do it again
    assert server.objects == before
    assert [step for step in server.doing if "/kim" in step] == []


async def test_the_namespace_is_on_record_before_it_is_made() -> None:
    server = Server()
    async with desk(server) as one:
        seen: list[int] = []

        async def note(path: str) -> None:
            if path == CORE:
                seen.append(len(one.kept.written))

        server.before_answer = note
        await one.run()
    assert seen == [1]


async def test_who_cancels_waits_for_the_namespace() -> None:
    server, asked, answer = Server(), asyncio.Event(), asyncio.Event()

    async def slowly(path: str) -> None:
        if path == CORE:
            asked.set()
            await answer.wait()

    server.before_answer = slowly
    async with desk(server) as one:
        run = asyncio.create_task(one.run())
        await asked.wait()
        run.cancel()
        await asyncio.sleep(0.05)
        assert not run.done()
        answer.set()
        with pytest.raises(asyncio.CancelledError):
            await run
        await one.pay()
    assert f"{CORE}/{PLACE}" not in server.objects


async def test_a_namespace_of_somebody_else_is_left_alone() -> None:
    server = Server()
    server.objects[f"{CORE}/{PLACE}"] = {"metadata": {"name": PLACE, "uid": "u"}}
    debt = {"what": "remove-copy", "namespace": PLACE, "record": RECORD.name}
    async with desk(server) as one:
        await pay(one.client, debt, None)
    assert server.doing == []


async def test_the_operator_binds_itself_where_it_may_not_yet() -> None:
    server = Server(bound=False)
    async with desk(server) as one:
        await one.run()
    bindings = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{PLACE}/rolebindings"
    assert [step for step in server.doing if "rolebindings" in step] == [
        f"POST {bindings}/labgrader-copy",
        f"POST {bindings}/labgrader-disturb",
    ]
    subject = server.objects[f"{bindings}/labgrader-copy"]["subjects"][0]
    assert (subject["kind"], subject["name"]) == ("User", "the-operator")


async def test_who_may_everything_is_not_bound() -> None:
    server = Server()
    async with desk(server) as one:
        await one.run()
    assert not [step for step in server.doing if "rolebindings" in step]


@pytest.mark.parametrize("right", ["create namespaces", "delete namespaces"])
async def test_a_missing_right_names_the_role_and_makes_nothing(right: str) -> None:
    server = Server(lacking=right)
    async with desk(server) as one:
        trouble = await one.trouble()
        assert one.kept.written == []
    assert (trouble.reason, trouble.transient) == ("Forbidden", False)
    assert "labgrader-clone" in trouble.detail
    assert server.doing == []


async def test_secrets_that_may_not_be_read_name_their_role() -> None:
    needs = everything(envFrom=[{"secretRef": {"name": "keys"}}])
    server = Server(needs, unreadable="/secrets/keys$")
    async with desk(server) as one:
        trouble = await one.trouble()
    assert (trouble.reason, trouble.transient) == ("Forbidden", False)
    assert "labgrader-clone-secrets" in trouble.detail
    assert server.doing == []


async def test_kinds_that_may_not_be_read_are_told() -> None:
    server = Server(unreadable="/kim/networkpolicies$")
    async with desk(server) as one:
        timeline = await one.run()
    told = [action.subject for action in timeline.actions if action.what == NOT_COPIED]
    assert told == ["unread NetworkPolicy"]


async def test_secrets_go_from_the_one_namespace_to_the_other_only() -> None:
    server = Server(everything(envFrom=[{"secretRef": {"name": "keys"}}]))
    path = f"{CORE}/kim/secrets/keys"
    server.objects[path] = made("Secret", "keys", type="Opaque", data={"k": "c2VjcmV0"})
    async with desk(server) as one:
        timeline = await one.run()
        assert server.objects[f"{CORE}/{PLACE}/secrets/keys"]["data"] == {"k": "c2VjcmV0"}
        assert "c2VjcmV0" not in repr(timeline) + repr(one.kept) + repr(one.trial)


async def test_a_copy_that_is_not_taken_is_nobodys_failure() -> None:
    async with desk(Server(refuses="/deployments$")) as one:
        trouble = await one.trouble()
    assert trouble.reason == "CopyRefused"
    assert "create Deployment web: a webhook says no" in trouble.detail


async def test_a_copy_that_does_not_become_ready_says_what_it_lacks() -> None:
    server = Server(everything(env=[{"name": "DB", "value": "http://db"}]), works=False)
    server.objects[f"{CORE}/kim/services/db"] = service("db", {"app": "db"})
    async with desk(server) as one:
        trouble = await one.trouble()
    assert (trouble.reason, trouble.transient) == ("CopyNotReady", False)
    assert "0 of 2 pods are Ready" in trouble.detail
    assert "neighbour db" in trouble.detail


async def test_a_copy_of_what_is_not_whole_itself_is_tried() -> None:
    server = Server(works=False)
    server.objects[f"{APPS}/kim/deployments/web"]["status"] = {"replicas": 2}
    async with desk(server) as one:
        timeline = await one.run()
    assert timeline.when(ORIGINAL_WHOLE) is None
    assert one.steps[0] == "check"


async def test_what_is_the_learners_to_mend_is_told_of_their_objects() -> None:
    async with desk(Server()) as one:
        one.hindered = Hindered("HistoryWouldBePruned", (("namespace", PLACE), ("limit", "0")))
        with pytest.raises(Hopeless) as error:
            await one.run()
    expected = Hindered("HistoryWouldBePruned", (("namespace", "kim"), ("limit", "0")))
    assert error.value.answer == expected


async def test_a_silent_original_is_not_said_to_serve() -> None:
    server = Server()
    async with desk(server) as one:
        one.dialer.answer = NoHttpAnswer("refused")
        timeline = await one.run()
    assert timeline.when(ORIGINAL_SERVES) is None
