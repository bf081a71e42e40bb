from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as fuzzed
from hypothesis import strategies as st

from labgrader.api.kinds import Asks
from labgrader.checks.asks import problems
from labgrader.checks.finding import Outcome
from labgrader.checks.units import NotANumber, OtherUnit, read_number
from tests.unit.checks.namespaces import Judged, Namespace

TEXT = {"en": "Why?", "ko": "왜?"}
OPTIONS = [{"name": name, "text": TEXT} for name in ("faster", "cheaper", "safer", "none")]
CHOICE = {"choice": {"options": OPTIONS, "right": "cheaper"}}
CHOICES = {"choices": {"options": OPTIONS, "right": ["faster", "safer"]}}
HOURS = {"number": {"value": "1.5", "unit": "h", "tolerance": "0"}}
WORD = {"pattern": "(?i)(blue[- ]?green|카나리)"}


def judged(form: dict[str, Any], given: str | None) -> Judged:
    answers = {} if given is None else {"why": given}
    asked = {"name": "why", "question": TEXT, **form}
    return Namespace(given=answers).judge(asks=asked)


@pytest.mark.parametrize(
    ("form", "given"),
    [
        (CHOICE, "cheaper"),
        (CHOICE, " Cheaper\n"),
        (CHOICES, "faster, safer"),
        (CHOICES, "safer faster"),
        (CHOICES, "safer,faster,safer"),
        (HOURS, "1.5 h"),
        (HOURS, "90 min"),
        (HOURS, "1.5"),
        (HOURS, "1시간 30분"),
        (WORD, "Blue-Green"),
        (WORD, "  카나리 "),
    ],
)
def test_a_right_answer_passes_without_asking_a_cluster(form: dict[str, Any], given: str) -> None:
    found = judged(form, given)
    assert (found.finding.outcome, found.finding.reason) == (Outcome.PASSED, "AnswerRight")
    assert len(found.rounds) == 1


@pytest.mark.parametrize(
    ("form", "given", "reason"),
    [
        (CHOICE, None, "AnswerMissing"),
        (CHOICE, "", "AnswerMissing"),
        (CHOICE, " \n\t", "AnswerMissing"),
        (CHOICE, "faster", "AnswerWrong"),
        (CHOICE, "cheaper, faster", "OneOptionOnly"),
        (CHOICE, "cheapest", "NotAnOption"),
        (CHOICE, ",", "AnswerWrong"),
        (CHOICES, "faster", "AnswerWrong"),
        (CHOICES, "faster, safer, cheaper", "AnswerWrong"),
        (CHOICES, "faster, save", "NotAnOption"),
        (HOURS, "1.6 h", "AnswerWrong"),
        (HOURS, "about two", "NotANumber"),
        (HOURS, "1.5 GiB", "OtherUnit"),
        ({"number": {"value": "3"}}, "3 h", "UnitUnwanted"),
        (WORD, "it is blue-green, I think", "AnswerWrong"),
        (WORD, "x" * 1024, "AnswerWrong"),
    ],
)
def test_a_wrong_answer_fails_and_says_what_kind_of_wrong(
    form: dict[str, Any], given: str | None, reason: str
) -> None:
    found = judged(form, given)
    assert (found.finding.outcome, found.finding.reason) == (Outcome.FAILED, reason)


@pytest.mark.parametrize(
    ("form", "given", "en", "ko"),
    [
        (
            CHOICE,
            None,
            (
                "The question why has no answer yet. Write it under spec.answers of the "
                "Submission, with the name why."
            ),
            "질문 why에 아직 답하지 않았습니다. 제출물(Submission)의 spec.answers에 이름 why로 답을 쓰세요.",
        ),
        (
            CHOICE,
            "faster",
            "The answer to why is not right: faster.",
            "질문 why의 답이 맞지 않습니다: faster.",
        ),
        (
            CHOICE,
            "slow",
            (
                "The answer to why should name one of the options faster, cheaper, safer, none, "
                "but slow is none of them."
            ),
            "질문 why에는 선택지 faster, cheaper, safer, none 중에서 답해야 하지만 slow는 선택지에 없습니다.",
        ),
        (
            CHOICE,
            "faster, none",
            "The answer to why should be exactly one option, but it names several: faster, none.",
            "질문 why에는 선택지를 하나만 골라야 하지만 여러 개를 골랐습니다: faster, none.",
        ),
        (
            HOURS,
            "many",
            (
                'The answer to why should be a number such as "12.5" or "1,200", but it cannot be '
                "read as one: many."
            ),
            '질문 why에는 "12.5"나 "1,200"과 같은 숫자로 답해야 하지만 숫자로 읽을 수 없습니다: many.',
        ),
        (
            HOURS,
            "2 GiB",
            "The answer to why should be in h, but 2 GiB cannot be converted into that.",
            "질문 why에는 h 단위로 답해야 하지만 2 GiB 값은 그 단위로 바꿀 수 없습니다.",
        ),
    ],
)
def test_what_learners_read(form: dict[str, Any], given: str | None, en: str, ko: str) -> None:
    found = judged(form, given)
    assert found.says("en") == en
    assert found.says("ko") == ko


@pytest.mark.parametrize(
    ("tolerance", "given", "right"),
    [
        ("0", "100", True),
        ("0", "100.000000001", False),
        ("0.5", "99.5", True),
        ("0.5", "100.5", True),
        ("0.5", "100.51", False),
        ("2%", "98", True),
        ("2%", "102", True),
        ("2%", "97.99", False),
    ],
)
def test_the_tolerance_is_exact(tolerance: str, given: str, *, right: bool) -> None:
    found = judged({"number": {"value": "100", "tolerance": tolerance}}, given)
    assert (found.finding.outcome is Outcome.PASSED) is right


def test_a_share_of_a_negative_number_is_a_distance_too() -> None:
    form = {"number": {"value": "-100", "tolerance": "2%"}}
    assert judged(form, "-98").finding.outcome is Outcome.PASSED
    assert judged(form, "−101").finding.outcome is Outcome.PASSED
    assert judged(form, "100").finding.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1,200", None, 1200),
        ("1,234,567.5", None, Fraction("1234567.5")),
        (".5", None, Fraction("0.5")),
        ("12.", None, 12),
        ("+3", None, 3),
        ("１２", None, 12),
        ("90 min", "h", Fraction("1.5")),
        ("1h 30m", "h", Fraction("1.5")),
        ("1h 30m", "m", 90),
        ("1시간 30분", "분", 90),
        ("5400초", "시간", Fraction("1.5")),
        ("2 days", "h", 48),
        ("3 ms", "s", Fraction("0.003")),
        ("18 months", "months", 18),
        ("18개월", "months", 18),
        ("1년 6개월", "개월", 18),
        ("1.5 years", "months", 18),
        ("500m", "cores", Fraction("0.5")),
        ("500m", "m", 500),
        ("2 GiB", "MiB", 2048),
        ("2Gi", "GiB", 2),
        ("1,200만원", "만원", 1200),
        ("1200만원", "원", 12_000_000),
        ("1억 2000만원", "만원", 12_000),
        ("₩12,000,000", "만원", 1200),
        ("12000000", "원", 12_000_000),
        ("$1,200", "USD", 1200),
        ("1,200 dollars", "$", 1200),
        ("-$40", "USD", -40),
        ("150 %", "%", 150),
        ("150", "%", 150),
        ("150퍼센트", "%", 150),
        ("3 man-months", "man-months", 3),
        ("4 squirrels", "squirrels", 4),
        ("3개", "pods", 3),
    ],
)
def test_numbers_as_people_write_them(text: str, unit: str | None, value: Fraction | int) -> None:
    assert read_number(text, unit) == value


@pytest.mark.parametrize(
    "text",
    ["", "h", "1 200", "1,5", "1.2.3", "12,34", "1e3x9", "--3", "1h -30m", "three", "9" * 100],
)
def test_what_is_no_number(text: str) -> None:
    assert isinstance(read_number(text, "h"), NotANumber | OtherUnit)


@pytest.mark.parametrize("unit", ["h", "min", "분", None])
@pytest.mark.parametrize("text", ["1h 30", "1h30", "1시간 30", "1 h 30.", "1h 30m 15"])
def test_a_number_without_a_unit_stands_alone(text: str, unit: str | None) -> None:
    """``1h 30`` was read as 31 hours."""
    assert read_number(text, unit) == NotANumber()


@pytest.mark.parametrize(
    ("text", "unit"),
    [("3 h", "months"), ("3 GiB", "h"), ("3 h", None), ("$3", "만원"), ("3 ah", "h")],
)
def test_units_of_another_kind_are_not_converted(text: str, unit: str | None) -> None:
    assert isinstance(read_number(text, unit), OtherUnit)


@fuzzed(st.text(max_size=90), st.sampled_from([None, "h", "원", "%", "GiB", "squirrels", "$"]))
def test_no_text_makes_it_raise(text: str, unit: str | None) -> None:
    assert isinstance(read_number(text, unit), Fraction | NotANumber | OtherUnit)
    number = {"value": "1", **({"unit": unit} if unit else {})}
    for form in ({"number": number}, CHOICE, CHOICES, WORD):
        assert judged(form, text).finding.outcome in {Outcome.PASSED, Outcome.FAILED}


def test_the_word_none_is_an_answer() -> None:
    told = judged({"number": {"value": "1"}}, "None").finding
    assert (told.reason, dict(told.params)["seen"]) == ("NotANumber", "None")


def parsed(**form: Any) -> Asks:
    return Asks.model_validate({"name": "why", "question": TEXT, **form})


@pytest.mark.parametrize(
    ("asks", "words"),
    [
        (parsed(choice={"options": [OPTIONS[0]] * 2, "right": "faster"}), "the same name"),
        (parsed(choice={"options": OPTIONS, "right": "secret-7"}), "something that is no option"),
        (parsed(choices={"options": OPTIONS, "right": ["safer", "secret-7"]}), "no option"),
        (parsed(choices={"options": OPTIONS, "right": ["safer", "safer"]}), "an option twice"),
        (parsed(pattern="(secret-7"), "RE2 does not take the pattern"),
        (parsed(pattern="(secret-7)?"), "takes an empty answer"),
    ],
)
def test_a_question_that_cannot_be_judged_is_a_problem(asks: Asks, words: str) -> None:
    """Problems reach learners when an exercise cannot grade, so they do not say what is right."""
    [problem] = problems(asks)
    assert words in problem.text
    assert "secret" not in problem.text
    assert "safer" not in problem.text


@pytest.mark.parametrize("form", [CHOICE, CHOICES, HOURS, WORD])
def test_a_sound_question_is_no_problem(form: dict[str, Any]) -> None:
    assert problems(parsed(**form)) == ()


@pytest.mark.parametrize("form", [{}, {**HOURS, **WORD}])
def test_a_question_has_one_form(form: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="set exactly one of choice, choices, number, pattern"):
        parsed(**form)
