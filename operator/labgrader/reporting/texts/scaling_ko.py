"""Korean texts of what the checks of scaling can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "ScaledUpAndDown": (
            "부하가 걸리자 HorizontalPodAutoscaler {autoscaler:이/가} {took}초 만에 {kind} {name:을/를} 준비된"
            " 레플리카 {to}개로 늘렸고(제한: {within}초), 부하가 끝난 뒤 {back}초 만에 {base}개로 되돌렸습니다"
            "(제한: {down}초)."
        ),
        "ScaledSlowly": (
            "부하가 걸리자 HorizontalPodAutoscaler {autoscaler:이/가} {took}초 만에 {kind} {name:을/를} 준비된"
            " 레플리카 {to}개로 늘렸습니다(제한: {within}초)."
        ),
        "ScaledPartly": (
            "부하가 걸리자 HorizontalPodAutoscaler {autoscaler:이/가} {took}초 만에 {kind} {name:을/를} 준비된"
            " 레플리카 {to}개로 늘렸지만, {url:으로/로} 보낸 요청 {sent}건 중 {lost}건이 부하 시작 {first}초 후부터"
            " {last}초 후 사이에 실패했습니다(마지막: {error})."
        ),
        "NotScaledDown": (
            "HorizontalPodAutoscaler {autoscaler:은/는} {took}초 만에 {kind} {name:을/를} 늘렸지만, 부하가 끝난 뒤"
            " {down}초 안에 레플리카를 {base}개로 되돌려야 합니다. 그때까지 레플리카 {wanted}개를 원했고"
            " {ready}개가 준비되어 있었습니다."
        ),
        "ScaledDownByHand": (
            "부하가 끝난 뒤 {kind} {name}의 레플리카가 {base}개로 돌아왔지만 HorizontalPodAutoscaler"
            " {autoscaler:이/가} 줄인 것이 아닙니다. 직접 줄인 레플리카는 인정하지 않습니다."
        ),
        "MaximumExceeded": (
            "부하가 걸린 동안 {kind} {name}의 레플리카가 {most}개가 되었지만 HorizontalPodAutoscaler"
            " {autoscaler}의 maxReplicas는 {maximum}입니다. 다른 무엇인가가 함께 조절하고 있습니다."
        ),
        "ScaledToAndFro": (
            "HorizontalPodAutoscaler {autoscaler:이/가} 방향을 {turns}번 바꾸었습니다(허용: {allowed}번). {kind}"
            " {name}에 원한 레플리카 수는 {path}입니다. behavior.scaleDown.stabilizationWindowSeconds를 늘리면"
            " 오르내리지 않습니다."
        ),
        "LoadLost": (
            "{kind} {name:은/는} {took}초 만에 레플리카 {to}개로 늘어났지만, 부하를 시작하고 {first}초부터"
            " {last}초 사이에 {url}에 보낸 요청 {sent}건 중 {lost}건이 실패했습니다(허용: {share}%, 마지막 오류:"
            " {error})."
        ),
        "NoRoomToScale": (
            "HorizontalPodAutoscaler {autoscaler:은/는} {kind} {name:을/를} 레플리카 {to}개까지 늘릴 수 있어야"
            " 하지만 minReplicas와 maxReplicas가 모두 {replicas}이므로 아무것도 바꾸지 않습니다."
        ),
        "AutoscalersCompete": (
            "{kind} {name:은/는} HorizontalPodAutoscaler {autoscaler} 하나만 조절해야 하지만 {others:이/가} 함께"
            " 조절하려 합니다. 이런 경우 쿠버네티스에서는 어느 것도 동작하지 않습니다."
        ),
        "CannotScaleUpInTime": (
            "HorizontalPodAutoscaler {autoscaler:은/는} 부하가 걸린 뒤 {within}초 안에 {kind} {name:을/를}"
            " 레플리카 {to}개로 늘려야 하지만, 스스로 정한 규칙 때문에 그럴 수 없습니다. 부하를 보내지"
            " 않았습니다."
        ),
        "CannotScaleDownInTime": (
            "HorizontalPodAutoscaler {autoscaler:은/는} 부하가 끝난 뒤 {down}초 안에 {kind} {name:을/를} 다시"
            " 줄여야 하지만, 스스로 정한 규칙 때문에 그럴 수 없습니다. 부하를 보내지 않았습니다."
        ),
        "PolicyDisabled": "behavior.{way}.selectPolicy가 Disabled입니다.",
        "StabilizationTooLong": (
            "behavior.{way}.stabilizationWindowSeconds가 {seconds}입니다(쓰지 않으면 scaleDown에서는"
            " 300입니다). 오토스케일러는 적어도 그만큼 기다립니다."
        ),
        "PolicyTooSlow": (
            "behavior.{way:은/는} {seconds}초 동안 파드 {value}개까지만 바꾸도록 정해져 있습니다."
        ),
        "SelectorAmbiguous": (
            "이 워크로드의 파드가 레이블 때문에 다른 HorizontalPodAutoscaler의 워크로드에도 속합니다. 이런 경우"
            " 쿠버네티스에서는 어느 것도 동작하지 않습니다."
        ),
        "ScaledToNothing": (
            "워크로드의 레플리카가 0개입니다. 오토스케일러는 0개로 줄인 워크로드를 건드리지 않습니다."
        ),
        "ScalesOnOther": (
            "HorizontalPodAutoscaler {autoscaler:은/는} {wanted:을/를} 기준으로 {kind} {name:을/를} 조절해야"
            " 하지만, 기준이 {metrics}입니다."
        ),
        "MetricBelowTarget": "{metric} 값이 {peak}까지만 올라 목표({target})를 넘지 않았습니다.",
        "MetricUnknown": "API {api:이/가} {metric} 값을 주지 않습니다.",
        "MetricsApiMissing": "{metric} 값을 줄 API {api:이/가} 클러스터에 없습니다.",
        "MetricUnread": (
            "{metric} 값을 읽지 못했습니다. 메트릭 하나라도 읽지 못하는 동안 오토스케일러는 레플리카를 줄이지"
            " 않습니다."
        ),
        "AutoscalerSays": "오토스케일러의 설명: {said}",
        "ClusterShort": (
            "HorizontalPodAutoscaler {autoscaler:이/가} {kind} {name:을/를} 늘려야 할 때 클러스터에 남은 CPU가"
            " 없었습니다. 노드는 {node}% 사용 중이었고, 가장 바쁜 파드는 한도의 {pod:을/를} 썼으며, 파드"
            " {unplaced}개가 노드를 찾지 못했습니다. 학습자의 잘못이 아닙니다."
        ),
        "ClusterBusy": (
            "다른 실험이 클러스터의 CPU를 쓰고 있어 제시간에 차례가 오지 않았습니다. 학습자의 잘못이 아닙니다."
            " {detail}"
        ),
        "LoadBehind": (
            "채점기의 부하 생성기가 CPU를 얻지 못해 {url}에 부하가 제대로 걸리지 않았습니다. 그래서"
            " HorizontalPodAutoscaler {autoscaler:을/를} 판정할 수 없습니다. 학습자의 잘못이 아닙니다."
        ),
    }
)
