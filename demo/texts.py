"""What the demo says about the grading, in Korean and in English. Progress lines are English."""

from collections.abc import Mapping
from types import MappingProxyType

from labgrader.api.status import Result

Texts = Mapping[str, str]

_EN = MappingProxyType(
    {
        "title": "Three learners, graded by a real Kubernetes",
        "learner": "Learner",
        Result.PENDING: "waiting",
        Result.GRADING: "grading",
        Result.PASSED: "passed",
        Result.FAILED: "not passed",
        Result.INCONCLUSIVE: "inconclusive",
        Result.STALLED: "stalled",
        "check-passed": "passed",
        "check-failed": "failed",
        "check-skipped": "not tried, as it needs one that failed",
        "why": "Why {learner} lost points",
        "further": "Look further",
        "mend": "Do as Lee: mend it, and ask for another grading",
        "wrong": "The scores are not what they must be:",
        "right": "All {count} scores are what they must be.",
        "expected": "{place}: {least} points expected, {seen}",
        "scored": "{score} points seen",
        "no-score": "{result} seen",
        "patience": "not everything was graded within {seconds} s",
    }
)
_KO = MappingProxyType(
    {
        "title": "진짜 쿠버네티스가 채점한 학습자 세 명",
        "learner": "학습자",
        Result.PENDING: "대기",
        Result.GRADING: "채점 중",
        Result.PASSED: "통과",
        Result.FAILED: "미통과",
        Result.INCONCLUSIVE: "판정 보류",
        Result.STALLED: "멈춤",
        "check-passed": "통과",
        "check-failed": "실패",
        "check-skipped": "앞선 점검이 통과하지 못해 확인하지 않음",
        "why": "{learner} 학습자가 점수를 잃은 까닭",
        "further": "더 살펴보기",
        "mend": "Lee가 되어 고치고 다시 채점 받기",
        "wrong": "점수가 기대와 다릅니다.",
        "right": "점수 {count}개가 모두 기대한 그대로입니다.",
        "expected": "{place}: 기대한 점수는 {least}점, 실제로는 {seen}",
        "scored": "{score}점",
        "no-score": "{result}",
        "patience": "{seconds}초 안에 채점이 다 끝나지 않았습니다",
    }
)
TEXTS: Mapping[str, Texts] = MappingProxyType({"en": _EN, "ko": _KO})
