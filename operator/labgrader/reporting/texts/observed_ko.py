"""Korean texts of what ``conditions``, ``rolledOut``, ``logs`` and ``emitted`` can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "ConditionsHold": "{kind} {name}의 컨디션이 기대한 대로입니다: {seen}.",
        "ConditionMissing": (
            "{kind} {name}의 {path}에 컨디션 {expected:이/가} 있어야 하지만 없습니다."
            " 현재 있는 컨디션: {seen}."
        ),
        "ConditionDiffers": (
            "{kind} {name}의 {path}에 컨디션 {expected:이/가} 있어야 하지만 실제로는 {seen}입니다."
        ),
        "ConditionSays": '컨디션의 메시지: "{detail}".',
        "NothingListed": (
            "{kind} {name}의 {path}에 컨디션이 있는 항목이 있어야 하지만 하나도 없습니다. 아직 어떤"
            " 컨트롤러도 처리하지 않았습니다."
        ),
        "RolledOutAsAsked": (
            "{kind} {name:이/가} 기대한 대로 롤아웃되었습니다. 클러스터에 템플릿의 리비전이"
            " {revisions}개 남아 있습니다."
        ),
        "StrategyDiffers": (
            "{kind} {name:은/는} {expected} 전략으로 파드를 교체해야 하지만, 현재 전략은 {seen}입니다."
        ),
        "RolloutNumberDiffers": (
            "{kind} {name}의 {field:은/는} {expected}이어야 하지만 {seen}입니다. 레플리카"
            " {replicas}개를 기준으로 파드 {pods}개에 해당합니다."
        ),
        "NotPaused": "{kind} {name}의 롤아웃이 일시 중지되어 있어야 하지만 그렇지 않습니다.",
        "StillPaused": "{kind} {name}의 롤아웃이 일시 중지되어 있으면 안 되지만 중지되어 있습니다.",
        "TooFewRevisions": (
            "{kind} {name}의 템플릿에는 서로 다른 리비전이 {min}개 이상 있어야 하지만, 클러스터에는"
            " {seen}개만 있습니다. 템플릿을 바꿀 때마다 리비전이 하나씩 생기며, {kind} {name:을/를}"
            " 삭제하면 모두 사라집니다."
        ),
        "NotRolledBack": (
            "{kind} {name:은/는} 이전 리비전으로 롤백되어 있어야 하지만, 현재 리비전보다 나중에 만들어진"
            " 리비전이 없습니다."
        ),
        "RolledBack": (
            "{kind} {name:은/는} 가장 최근 리비전이어야 하지만, 이전 리비전으로 롤백되어 있습니다."
        ),
        "ContainerNotThere": (
            "{kind} {name}에 컨테이너 {container:이/가} 있어야 하지만 없습니다. 현재 컨테이너: {seen}."
        ),
        "ImageNow": (
            "{kind} {name}의 컨테이너 {container}의 현재 이미지는 {expected}이어야 하지만 {seen}입니다."
        ),
        "ImageBefore": (
            "{kind} {name}의 컨테이너 {container}의 이미지는 {now}이지만, {expected}에서 업데이트한"
            " 것이어야 합니다. 이전 리비전의 다른 이미지: {seen}."
        ),
        "HistoryPruned": (
            "{kind} {name:은/는} 이전 리비전을 {limit}개까지만 보관하므로(revisionHistoryLimit) 그보다"
            " 오래된 리비전은 지워졌습니다."
        ),
        "LogsFound": "{kind} {name}의 로그에 패턴 {pattern}에 맞는 줄이 {found}개 있습니다.",
        "LogsClean": (
            "{kind} {name}의 로그 {read}줄 가운데 패턴 {pattern}에 맞는 줄이 없습니다. 기대한 대로입니다."
        ),
        "NoPodsOf": "{kind} {name:은/는} 로그를 남겨야 하지만 파드가 하나도 없습니다.",
        "LogsEmpty": (
            "{kind} {name:은/는} 로그를 남겨야 하지만, 파드 {pod}의 컨테이너 {container}에서 나온 것이"
            " 없습니다. 표준 출력이나 표준 오류로 내보낸 것만 로그가 됩니다."
        ),
        "NoPreviousLogs": (
            "파드 {pod}의 컨테이너 {container:이/가} 이전 실행에서 남긴 로그가 있어야 하지만 없습니다."
            " 컨테이너가 재시작된 적이 없습니다."
        ),
        "LogsLack": (
            "{kind} {name}의 로그에 패턴 {pattern}에 맞는 줄이 {min}개 이상 있어야 하지만, 마지막"
            " {lines}줄 가운데 {found}개뿐입니다. 파드 {pod}의 컨테이너 {container:이/가} 마지막으로"
            ' 남긴 줄: "{line}".'
        ),
        "LogLineUnwanted": (
            "{kind} {name}의 로그에 패턴 {pattern}에 맞는 줄이 없어야 하지만, 파드 {pod}의 컨테이너"
            ' {container:이/가} 다음 줄을 남겼습니다: "{line}".'
        ),
        "LogTooLarge": (
            "파드 {pod}의 컨테이너 {container}의 마지막 {lines}줄이 {size}KiB보다 커서 다 읽을 수"
            " 없습니다. {kind} {name:이/가} 로그를 덜 남기게 하세요."
        ),
        "EventsThere": "{kind} {name}에 대한 이벤트가 기대한 대로 있습니다: {what}({times}회).",
        "EventsMissing": (
            "{kind} {name}에 대해 이벤트 {expected:이/가} {min}회 이상 기록되어야 하지만 {times}회"
            " 기록되었습니다. 클러스터는 이벤트를 한 시간쯤 뒤에 지웁니다."
        ),
        "EventsSeen": "이 오브젝트에 대한 이벤트의 이유(reason): {seen}.",
        "EventUnfit": "이 오브젝트에 대한 가장 비슷한 이벤트: {seen}.",
    }
)
