"""Korean texts of checks that are watched over a time.

A text that ends with a colon is followed by what was seen at that look.
"""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "CameTrue": "처음 확인하고 {after}초 뒤에 그렇게 되었습니다.",
        "NotInTime": "{within}초 동안 지켜보았지만 달라지지 않았습니다.",
        "StayedTrue": "{seconds}초 동안 {looks}번 확인하였고 계속 다음과 같았습니다:",
        "DidNotStay": (
            "한 번 만족하면 {seconds}초 동안 계속 만족해야 하지만, 만족하고 {after}초 뒤에는 다음과"
            " 같았습니다:"
        ),
        "NeverTrue": (
            "일어나지 않아야 하는 일이 {seconds}초 동안 {looks}번 확인할 때까지 일어나지 않았습니다."
        ),
        "BecameTrue": (
            "{seconds}초 동안 일어나지 않아야 하는 일이 처음 확인하고 {after}초 뒤에 일어났습니다:"
        ),
        "BecameStable": ("처음 확인하고 {after}초 뒤부터 {seconds}초 동안 계속 다음과 같았습니다:"),
        "NotStable": (
            "{within}초 안에 만족하고 그 뒤 {seconds}초 동안 계속 만족해야 하지만 오래가지 않았습니다."
            " 처음 확인하고 {after}초 뒤에는 다음과 같았습니다:"
        ),
        "TrueNow": "일어나지 않아야 하는 일이 지금 일어나고 있습니다:",
        "NotTrueNow": (
            "일어나지 않아야 하는 일이고, 지금 일어나고 있지 않습니다. 제출하면 {seconds}초 동안"
            " 지켜봅니다."
        ),
        "MustStay": "제출하면 {seconds}초 동안 계속 그래야 합니다.",
        "WatchInterrupted": (
            "그래서 만족하게 되는지, 계속 만족하는지를 끊김 없이 지켜볼 수 없었습니다."
        ),
    }
)
