"""Korean texts of ``unchanged`` and of what exercises give."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "AsGiven": "{kind} {name:은/는} 연습 문제에서 제공한 그대로입니다.",
        "GivenChanged": (
            "{kind} {name:은/는} 연습 문제에서 제공한 그대로 있어야 하지만, {path} 값이 바뀌었습니다."
            " 제공한 값: {expected}, 현재 값: {seen}."
        ),
        "GivenTakenAway": (
            "{kind} {name:은/는} 연습 문제에서 제공한 그대로 있어야 하지만, {path} 부분이 없어졌습니다."
            " 제공한 값: {expected}."
        ),
        "GivenAddedTo": (
            "{kind} {name:은/는} 연습 문제에서 제공한 그대로 있어야 하지만, {path} 부분이 추가되었습니다:"
            " {seen}."
        ),
        "WasGiven": (
            "{kind} {name:은/는} 연습 문제에서 제공한 것이며 그대로 남아 있어야 했습니다. 강사가 다시"
            " 만들어 줄 수 있습니다."
        ),
        "NothingGiven": (
            "{kind} {name:이/가} 그대로인지 확인해야 하지만, 연습 문제에서 그런 오브젝트를 제공하지"
            " 않습니다. 연습 문제의 잘못이며 학습자의 잘못이 아닙니다."
        ),
    }
)
