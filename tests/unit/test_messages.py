from labgrader.checks.finding import Finding, cause, failed, passed, skipped, unknown
from labgrader.reporting.messages import message, text


def not_ready() -> Finding:
    return failed("NotReady", kind="Deployment", name="web", namespace="kim", ready=0, wanted=1)


def test_a_message_says_what_was_expected_what_was_seen_and_where_to_look() -> None:
    assert message(not_ready(), "en") == (
        "Deployment web should have 1 available pod, but it has 0. "
        "Look: kubectl -n kim describe deployment web"
    )
    assert message(not_ready(), "ko") == (
        "디플로이먼트 web에 사용 가능한 파드가 1개 있어야 하지만 0개 있습니다. "
        "확인: kubectl -n kim describe deployment web"
    )


def test_causes_follow_and_the_first_one_says_where_to_look() -> None:
    pending = cause("Unschedulable", pod="web-1", namespace="kim", detail="no nodes")
    paused = cause("RolloutPaused", name="web", namespace="kim")
    told = message(not_ready().because(paused, pending), "en")
    assert told.endswith(
        "The rollout of Deployment web is paused. The scheduler finds no node for pod web-1: "
        "no nodes. Look: kubectl -n kim describe deployment web"
    )


def test_a_sentence_is_told_once() -> None:
    again = cause("NoSelector", service="web")
    told = message(not_ready().because(again, again), "en")
    assert told.count("has no selector") == 1


def test_what_passed_needs_no_further_look() -> None:
    assert message(passed("ObjectThere", kind="Pod", name="web"), "ko") == "파드 web이 있습니다."


def test_kinds_are_named_as_korean_documentation_names_them() -> None:
    told = message(passed("ObjectAbsent", kind="PersistentVolumeClaim", name="logs"), "ko")
    assert told.startswith("퍼시스턴트볼륨클레임 logs가 없습니다.")
    told = message(passed("ObjectAbsent", kind="Widget", name="w"), "ko")
    assert told.startswith("Widget w가")


def test_braces_and_percents_in_params_stay_as_they_are() -> None:
    odd = failed("FieldDiffers", kind="Pod", name="x", path="{a}", expected="{0}%s", seen="{b!r}")
    assert "differs at {a}: expected {0}%s, found {b!r}." in message(odd, "en")


def test_an_unknown_reason_is_shown_with_its_params() -> None:
    assert text("FromTheFuture", {"a": "1", "b": "2"}, "ko") == "FromTheFuture (a=1, b=2)"
    assert text("FromTheFuture", {}, "en") == "FromTheFuture"


def test_a_param_that_an_old_status_lacks_is_a_question_mark() -> None:
    assert text("ObjectThere", {"kind": "Pod"}, "en") == "Pod ? is there."


def test_skipped_and_unknown_say_whose_turn_it_is() -> None:
    assert message(skipped("NeedsFailed", check="web"), "ko") == (
        "먼저 통과해야 하는 점검 web이 통과하지 못하여 진행하지 않았습니다."
    )
    told = message(unknown("ApiUnreachable", detail="get pods in kim: refused"), "en")
    assert "not the learner's fault" in told
    assert "get pods in kim: refused" in told
