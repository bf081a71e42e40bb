"""Korean texts of what ``satisfies`` and selections of objects can find.

``wish`` is the author's own message in the language, or the expression.
"""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "TooFewSelected": (
            "네임스페이스 {namespace}에 {kind} 오브젝트{which}가 {min}개 이상 있어야 하지만 {found}개"
            " 있습니다."
        ),
        "NotSelected": "조건에 맞지 않아 세지 않은 {kind}: {names}.",
        "ObjectsTooLarge": (
            "이 점검이 읽는 {kind} 오브젝트가 너무 크거나 너무 깊게 중첩되어 평가할 수 없습니다. 연습"
            " 문제에서 요구하는 내용만 남기세요."
        ),
        "AllSatisfy": "{kind} {all}개 중 {many}개가 조건을 만족합니다: {wish}.",
        "SomeSatisfy": "{kind} {all}개 중 {many}개({names})가 조건을 만족합니다: {wish}.",
        "NoneSatisfiesAsWanted": (
            "{kind} {all}개 중 다음에 해당하는 것이 없습니다. 기대한 대로입니다: {wish}."
        ),
        "CountSatisfies": (
            "{kind} {all}개 중 {many}개가 조건을 만족합니다(기준: {wanted}개): {wish}."
        ),
        "NotSatisfied": "{kind} {name:이/가} 조건을 만족하지 않습니다: {wish}.",
        "CannotBeTold": (
            "{kind} {name:이/가} 다음에 해당하는지 알 수 없으므로 해당하지 않는다고 볼 수 없습니다: {wish}."
        ),
        "NoneSatisfies": (
            "조건을 만족하는 {kind:이/가} 하나 이상 있어야 하지만 {all}개 중 하나도 없습니다: {wish}."
        ),
        "SomeSatisfyWrongly": (
            "다음에 해당하는 {kind:이/가} 없어야 하지만 {all}개 중 {many}개({names})가 해당합니다:"
            " {wish}."
        ),
        "CountDiffers": (
            "조건을 만족하는 {kind:은/는} {wanted}개여야 하지만 {all}개 중 {many}개입니다: {wish}."
        ),
        "OthersNeither": "다음 {kind}도 조건을 만족하지 않습니다: {names}.",
        "TheseSatisfy": "조건을 만족하는 {kind}: {names}.",
        "FirstOfThem": "예를 들어 {kind} {name}:",
        "Seen": "실제 값: {seen}.",
        "NotThere": "{path} 필드가 없습니다.",
        "DoesNotFit": "실제 값이 점검에 맞는 형식이 아닙니다: {detail}.",
        "TooMuchToEvaluate": (
            "내용이 너무 많아 이 점검을 평가할 수 없습니다. 연습 문제에서 요구하는 내용만 남기세요."
        ),
        "ExpressionWithoutOrder": (
            "점검 자체에 문제가 있습니다. 학습자의 잘못이 아닙니다. 식의 결과가 맵에 있는 키의 순서에"
            " 따라 달라지는데, 맵에는 순서가 없습니다: {expression}"
        ),
        "FieldHides": (
            "점검 자체에 문제가 있습니다. 학습자의 잘못이 아닙니다. {kind} {name}에 {path:이/가} 없는데,"
            " 그러면 식이 나머지에 대해 아무것도 말해 주지 않습니다: {expression}"
        ),
        "ExpressionBroke": (
            "점검 자체에 문제가 있습니다. 학습자의 잘못이 아닙니다. 식을 평가하는 중에 오류가"
            " 있었습니다({why}): {expression}"
        ),
    }
)
