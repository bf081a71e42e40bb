"""Korean texts of how points come together: groups, caps, shares of checks."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "NeedsMore": (
            "먼저 점검 {check:을/를} {percent}% 이상 만족해야 하지만 {seen}%를 만족하여 "
            "진행하지 않았습니다."
        ),
        "ClausesHeld": "항목 {total}개 중 {held}개를 만족했으며, 항목마다 점수의 일부를 얻습니다.",
        "TimeBar": "기준은 {bar}초입니다.",
        "GapBar": "성공한 응답이 없던 가장 긴 시간은 {gap}초이고, 기준은 {bar}초입니다.",
        "AvailabilityBar": "요청의 {share}%가 성공했고, 기준은 {bar}%입니다.",
        "ErrorShareBar": "부하 요청의 {share}%가 실패했고, 기준은 {bar}%입니다.",
        "EarnsPoints": "이 점검에서 {points}점 중 {earned}점을 받습니다.",
        "EarnsShare": "이 점검 점수의 {share}%를 받습니다.",
        "GroupAll": "그룹의 모든 점검({total}개)을 점수에 반영합니다.",
        "GroupBest": "그룹의 점검 {total}개 중 점수가 높은 {counted}개를 반영합니다.",
        "GroupWhole": (
            "그룹의 점수는 점검 {total}개 중 가장 잘된 {counted}개로 한꺼번에 정해지며, "
            "그중 가장 부족한 점검을 따릅니다."
        ),
        "Capped": "필수 점검 {check:이/가} 통과할 때까지 점수는 {cap}점을 넘지 않습니다.",
        "Required": "필수 점검입니다. 통과할 때까지 점수는 {cap}점을 넘지 않습니다.",
        "TableGroup": "그룹 {group}",
        "TableExtra": "+{points}",
    }
)
