"""Korean texts of summaries, conditions and tables: what is said about a whole submission."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "Queued": "대기 순서 {position}번입니다.",
        "QueuedUntil": "대기 순서 {position}번입니다. 채점 시작 예상 시각은 {time}(UTC)입니다.",
        "Grading": "채점하고 있습니다.",
        "ChecksPassed": "점검 {total}개 중 {passed}개 통과",
        "ChecksOpen": "점검 {total}개 중 {passed}개 통과, {open}개는 판정하지 못함",
        "VerdictStands": (
            "채점 결과는 그대로입니다. 그 뒤에 바뀐 내용은 다음 문제가 해결되면 반영됩니다: {why}"
        ),
        "Outdated": "채점하는 동안 연습 문제가 수정되었습니다.",
        "ExerciseNotFound": "강의 {course}에 연습 문제 {name:이/가} 없습니다.",
        "ExerciseInvalid": "연습 문제를 아직 채점할 수 없습니다({reason}): {text}.",
        "NotACourse": "네임스페이스 {namespace:은/는} 강의가 아니며 어느 강의에도 속하지 않습니다.",
        "TargetNotInCourse": "네임스페이스 {target:은/는} 강의 {course}에 속하지 않습니다.",
        "TargetNotOwn": (
            "네임스페이스 {own}에 있는 제출물로는 {own}만 채점할 수 있으며, "
            "{target:은/는} 채점할 수 없습니다."
        ),
        "LearnerMismatch": (
            "제출물의 학습자는 {learner}인데, 이 네임스페이스의 학습자는 {label}입니다."
        ),
        "TableCheck": "점검",
        "TableOutcome": "결과",
        "TablePoints": "점수",
        "TableMessage": "이유",
        "ScorePassed": "{max}점 만점에 {score}점: 통과",
        "ScoreFailed": "{max}점 만점에 {score}점: 통과하지 못함",
        "ScoreOpen": "{max}점 만점에 {score}점에서 {high}점 사이: 일부를 확인하지 못함",
        "Hint": "힌트: {hint}",
    }
)
