"""Korean texts about evidence that is kept and judged again."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "EvidenceMissing": (
            "이 점검에 필요한 것이 기록된 증거에 없습니다: {detail}. 학습자의 잘못이 아닙니다. 다시"
            " 채점하면 판정할 수 있습니다."
        ),
        "PageLearner": "{learner} (네임스페이스 {namespace})",
        "PageChecks": "점검마다의 결과와 이유",
        "PageTimeline": "{check} 점검에서 한 일과 본 것",
        "PageEvidence": "증거 {digest}, {started}부터 {ended}까지.",
        "PictureLegend": "요청: 위는 실패한 요청, 아래는 응답받은 요청",
        "TableBefore": "이전",
        "TableNow": "현재",
        "RegradedScore": (
            "이전: {beforeMax}점 만점에 {before}점. 다시 판정: {max}점 만점에 {now}점."
        ),
        "NothingChanged": "바뀐 점검이 없습니다.",
        "ChecksChanged": "점검 {count}개의 결과가 바뀌었습니다.",
        "ExerciseUnchanged": "연습 문제가 요구하는 내용은 증거를 기록할 때와 같습니다.",
        "EvidenceLeftOut": "증거가 너무 커서 모두 보관하지 못했습니다. 응답 {count}개가 빠졌습니다.",
        "SelfReported": (
            "이 증거는 자가 보고된 것입니다. 오퍼레이터가 아니라 명령줄에서 기록했으며, 기록한 사람이"
            " 내용을 바꾸었을 수 있습니다."
        ),
    }
)
