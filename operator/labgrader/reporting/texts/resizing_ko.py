"""Korean texts of what the check of resizing in place can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "NothingToResize": (
            "이 점검은 워크로드의 실행 중인 파드의 리소스를 바꾸는데, {kind}에는 그런 파드가 없습니다."
        ),
        "NoPodToResize": (
            "{kind} {name}의 컨테이너 {container:이/가} 실행 중에 다른 제한({limits})을 받아야 하지만 준비된"
            " 파드가 없습니다."
        ),
        "ResizeContainerAbsent": (
            "{kind} {name}의 컨테이너 {container:이/가} 실행 중에 다른 제한({limits})을 받아야 하지만, 파드에"
            " 있는 컨테이너는 다음뿐입니다: {there}"
        ),
        "LimitsAreThose": (
            "{kind} {name}의 컨테이너 {container:이/가} 실행 중에 다른 제한을 받아야 하지만 이미 그"
            " 제한({limits})입니다."
        ),
        "Resized": (
            "{kind} {name}의 컨테이너 {container:이/가} 실행 중에 다른 제한({limits})을 받아 {took}초 만에"
            " 그대로 실행되고 준비되었습니다(제한 시간: {within}초, 재시작 {restarts}번). 제한은 다시 되돌려 놓았습니다."
        ),
        "NotResized": (
            "{kind} {name}의 컨테이너 {container:이/가} {within}초 안에 다른 제한({limits})으로 실행되어야"
            " 하지만 그렇지 않습니다. kubelet의 설명: {said}"
        ),
        "ResizedByRestart": (
            "{kind} {name}의 컨테이너 {container:은/는} 재시작하지 않고 다른 제한({limits})을 받아야 하지만"
            " {restarts}번 재시작되었습니다."
        ),
        "ResizedWithoutRestart": (
            "{kind} {name}의 컨테이너 {container:은/는} 다른 제한({limits})을 받을 때 한 번 재시작되어야 하지만"
            " {restarts}번 재시작되었습니다."
        ),
        "ResizedButNotReady": (
            "{kind} {name}의 컨테이너 {container:은/는} 다른 제한({limits})을 받았지만 {within}초 안에"
            " 다시 준비되지 않았습니다."
        ),
        "ResizePolicyRestarts": ("{resource}의 resizePolicy가 RestartContainer입니다."),
        "ResizeRefused": (
            "파드 {pod}의 컨테이너 {container:이/가} 실행 중에 다른 제한을 받아야 하지만 쿠버네티스가 거부합니다:"
            " {detail}"
        ),
        "Recommended": (
            "VerticalPodAutoscaler {autoscaler:이/가} {kind} {name}의 컨테이너 {container}에 리소스를"
            " 권장합니다: {target}."
        ),
        "RecommendsForOther": (
            "VerticalPodAutoscaler {autoscaler:은/는} {kind} {name:을/를} 대상으로 해야 하지만, targetRef가"
            " 다릅니다: {seen}."
        ),
        "UpdateModeOther": (
            "VerticalPodAutoscaler {autoscaler}의 updateMode는 {wanted}여야 하지만 다릅니다: {seen}."
        ),
        "NotRecommended": (
            "VerticalPodAutoscaler {autoscaler:은/는} {kind} {name}의 컨테이너 {container}에 리소스를 권장해야"
            " 하지만 권장하지 않습니다."
        ),
        "NotLookedAtYet": (
            "아직 리커멘더(recommender)가 처리하지 않아 status에 conditions가 없습니다. 1분까지 걸릴 수 있습니다."
        ),
        "NoRecommender": (
            "몇 분이 지나도록 리커멘더(recommender)가 VerticalPodAutoscaler {autoscaler:을/를} 처리하지 않아"
            " status에 conditions가 없습니다. 클러스터에서 리커멘더가 실행되지 않으면 판정할 수 없습니다."
        ),
        "TemplateHasOnly": "템플릿의 컨테이너: {there}.",
        "ContainerLeftOut": "resourcePolicy에서 컨테이너 {container}의 mode가 Off입니다.",
        "NoPodsToMeasure": "사용량을 측정할 워크로드의 파드가 없습니다.",
        "RecommenderSays": "리커멘더의 설명({condition}): {said}",
        "RecommendationOutside": (
            "VerticalPodAutoscaler {autoscaler:은/는} {kind} {name}의 컨테이너 {container}에"
            " {resource:을/를} {expected} 범위로 권장해야 하지만, 권장값이 다릅니다: {seen}."
        ),
        "RecommendationWithoutBounds": (
            "VerticalPodAutoscaler {autoscaler:이/가} {kind} {name}의 컨테이너 {container}에 하한과 상한을"
            " 권장하지 않아 요청량을 비교할 수 없습니다."
        ),
        "RequestMissing": (
            "{kind} {name}의 컨테이너 {container}의 {resource} 요청은 권장값인 {lower} 이상 {upper} 이하여야"
            " 하지만 요청이 없습니다."
        ),
        "RequestOutside": (
            "{kind} {name}의 컨테이너 {container}의 {resource} 요청은 권장값인 {lower} 이상 {upper} 이하여야"
            " 하지만 {seen}입니다."
        ),
        "ResizeWaits": (
            "노드가 지금은 {kind} {name}의 컨테이너 {container}에 제한 {limits:을/를} 줄 수 없어 판정할 수"
            " 없습니다. kubelet의 설명: {said}"
        ),
    }
)
