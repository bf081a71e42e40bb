"""Korean texts of live grading: what is shown while the learner works."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "NotHandedIn": "아직 제출하지 않았습니다. 채점받으려면 attempt를 1로 바꾸세요.",
        "LivePassed": "지금 점검 {total}개 중 {passed}개 통과",
        "Latched": "앞서 통과하였으므로 여기에는 통과로 표시합니다. 지금 상태: {now}",
        "NotAskedNow": "질문의 답은 제출할 때 판정합니다.",
        "CannotWatch": (
            "채점기가 종류 {kind}의 변경을 지켜볼 수 없어 작업하는 동안에는 결과를 표시하지 못합니다."
            " 제출하면 채점합니다. 모든 네임스페이스에서 list와 watch를 할 수 있는 권한은 클러스터롤"
            " labgrader에 있습니다. {detail}"
        ),
    }
)
