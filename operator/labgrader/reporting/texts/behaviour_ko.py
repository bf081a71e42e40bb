"""Korean texts of what the checks that run experiments can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "Healed": (
            "{kind} {name}의 파드 하나를 삭제하자 {took}초 만에 복구되었습니다(제한: {within}초)."
        ),
        "HealedAvailable": (
            "{kind} {name}의 파드 하나를 삭제하자 {took}초 만에 복구되었습니다(제한: {within}초). 그동안"
            " {url}에 보낸 요청 {sent}건 중 {lost}건이 실패했습니다(기준: {min}% 이상 성공)."
        ),
        "HealedSlowly": (
            "{kind} {name}의 파드 하나를 삭제하자 {took}초 만에 복구되었습니다(제한: {within}초)."
        ),
        "HealedPartly": (
            "{kind} {name}의 파드 하나를 삭제하자 {took}초 만에 복구되었지만 클라이언트가 영향을 받았습니다. {url:으로/로}"
            " 보낸 요청 {sent}건 중 {lost}건이 삭제 {first}초 후부터 {last}초 후 사이에 실패했습니다."
        ),
        "HealedButUnavailable": (
            "{kind} {name:은/는} 파드 하나를 잃고 {took}초 만에 복구되었지만 클라이언트가 영향을 받았습니다."
            " 삭제 후 {watched}초 동안 {url}에 보낸 요청 {sent}건 중 {lost}건이 실패했습니다(기준: {min}% 이상 성공)."
            " 실패는 {first}초에서 {last}초 사이에 있었고, 정상 응답이 가장 오래 끊긴 시간은 {gap}초입니다."
        ),
        "NotHealed": (
            "{kind} {name}의 파드 하나를 삭제한 뒤 {within}초 안에 파드 {wanted}개가 다시 준비(Ready)되어야"
            " 하지만 {ready}개만 준비되었습니다."
        ),
        "NotWholeBefore": (
            "파드를 삭제하기 전에 {kind} {name:이/가} 온전해야 하지만, 파드 {wanted}개 중 {ready}개만 준비되었거나"
            " 업데이트가 끝나지 않았습니다. 아무것도 삭제하지 않았습니다."
        ),
        "UnavailableBefore": (
            "아무것도 건드리지 않은 상태에서 {url:이/가} 응답해야 하지만, 요청 {sent}건 중 {lost}건이"
            " 실패했습니다(마지막: {seen}). 아무것도 삭제하지 않았습니다."
        ),
        "NothingHealsIt": (
            "이 점검은 파드를 삭제하고 새 파드를 기다리지만, {kind:은/는} 대신 만들어 주는 것이 없습니다."
        ),
        "ScaledMeanwhile": (
            "복구를 측정하는 동안 {kind} {name}의 레플리카가 {before}개에서 {after}개로 바뀌어 판정할 수"
            " 없습니다."
        ),
        "OneReplica": (
            "{kind} {name}의 레플리카가 하나뿐입니다. 하나뿐인 파드가 교체되는 동안에는 아무도 응답하지 않습니다."
        ),
        "ClusterWasShort": (
            "{kind} {name:을/를} 지켜보는 동안 클러스터에 남은 CPU가 없었습니다. 노드는 {node}% 사용 중이었고, 가장 바쁜"
            " 파드는 한도의 {pod:을/를} 썼으며, 파드 {unplaced}개가 노드를 찾지 못했습니다. 학습자의 잘못이 아닙니다."
        ),
        "NoEndpointReady": (
            "시작 후 {first}초에서 {last}초 사이에는 서비스 {service} 뒤에 준비(Ready)된 파드가 없었습니다. 실패한 요청"
            " {all}건 중 {lost}건이 이때 실패했습니다."
        ),
        "NoReadinessProbe": (
            "{kind} {name}의 컨테이너 {container}에 준비성 프로브가 없습니다. 그래서 새 파드가 응답할 수 있기도 전에"
            " 요청을 받습니다."
        ),
        "ScaledUp": (
            "부하가 걸리자 HorizontalPodAutoscaler {autoscaler:이/가} {took}초 만에 {kind} {name:을/를} 준비된"
            " 레플리카 {to}개로 늘렸습니다(제한: {within}초)."
        ),
        "NotScaledUp": (
            "부하가 걸리면 HorizontalPodAutoscaler {autoscaler:이/가} {within}초 안에 {kind} {name}의 레플리카를"
            " {to}개로 늘리려 해야 하지만, 가장 많을 때 {wanted}개였습니다({url}에 보낸 요청 {sent}건)."
        ),
        "ScaledButNotReady": (
            "HorizontalPodAutoscaler {autoscaler:은/는} 부하가 걸리자 {kind} {name}의 레플리카를 {wanted}개로"
            " 늘리려 했지만, {within}초 안에 준비된 레플리카는 가장 많을 때 {ready}개였습니다(기준: {to}개)."
        ),
        "ScaledByHand": (
            "부하가 걸린 동안 {kind} {name}의 레플리카가 {wanted}개가 되었지만 HorizontalPodAutoscaler"
            " {autoscaler:이/가} 부하 때문에 늘린 것이 아닙니다. 직접 늘린 레플리카는 인정하지 않습니다."
        ),
        "AutoscalerChanged": (
            "부하가 걸린 동안 HorizontalPodAutoscaler {autoscaler:이/가} 수정되었습니다. 그 전에 정한 "
            "규칙대로 늘어나야 합니다."
        ),
        "MinimumRaised": (
            "부하가 걸린 동안 HorizontalPodAutoscaler {autoscaler}의 minReplicas가 {minimum:으로/로}"
            " 올라갔습니다. 부하 때문에 늘어난 레플리카만 인정합니다."
        ),
        "MaximumTooLow": (
            "HorizontalPodAutoscaler {autoscaler:은/는} 레플리카를 {to}개까지 늘릴 수 있어야 하지만"
            " maxReplicas가 {maximum}입니다."
        ),
        "MinimumTooHigh": (
            "HorizontalPodAutoscaler {autoscaler:은/는} 부하가 걸렸을 때 레플리카를 {to}개로 늘려야 하지만"
            " minReplicas가 {minimum}이므로 부하가 없어도 이미 그만큼 있게 됩니다."
        ),
        "AutoscalerTargetMissing": (
            "HorizontalPodAutoscaler {autoscaler:은/는} 있는 워크로드를 대상으로 해야 하지만, scaleTargetRef에"
            " 적힌 {kind} {name:이/가} 없습니다(apiVersion, kind, name을 확인하세요)."
        ),
        "AutoscalerCannotRead": (
            "HorizontalPodAutoscaler {autoscaler:은/는} {kind} {name}의 {metrics} 사용률(요청량 대비)에"
            " 따라 동작해야 하지만 사용률을 계산할 수 없습니다."
        ),
        "AutoscalerReadsNothing": (
            "HorizontalPodAutoscaler {autoscaler:은/는} 메트릭({metrics})을 읽어 {kind} {name:을/를}"
            " 조절해야 하지만 아무 메트릭도 읽지 못합니다({said})."
        ),
        "MetricsLost": (
            "HorizontalPodAutoscaler {autoscaler:은/는} 부하를 보내기 전에는 메트릭({metrics})을 읽었지만"
            " 부하가 끝날 때는 읽지 못했습니다({said}). 부하 때문에 클러스터의 메트릭이 끊겼을 수 있어 판정할 수"
            " 없습니다."
        ),
        "LoadNotServed": (
            "{url:으로/로} 부하를 보냈지만 요청 {sent}건 중 하나도 응답받지 못해 늘릴 이유가 생기지 않았습니다."
        ),
        "AlreadyScaled": (
            "부하를 보내기 전에 {kind} {name}의 레플리카가 {within}초 동안 이미 {to}개 이상이었습니다."
            " HorizontalPodAutoscaler {autoscaler:은/는} 레플리카가 더 적을 때만 확인할 수 있습니다."
        ),
        "NoRequest": (
            "{kind} {name}의 컨테이너 {container}에 {resource} 요청(resources.requests.{resource})이 없어서"
            " 사용률을 계산할 수 없습니다."
        ),
        "LoadBelowTarget": (
            "CPU 사용률이 요청량의 {peak}%까지만 올라 목표인 {target}%를 넘지 않았습니다."
        ),
        "MetricsNotServed": (
            "오토스케일러가 기준으로 삼는 메트릭을 클러스터가 제공하지 않아 판정할 수 없습니다. {detail}"
        ),
        "ObjectReplaced": (
            "실험을 시작하는 순간에 대상이 교체되거나 삭제되어 실험하지 않았습니다. {detail}"
        ),
        "ProbeLost": (
            "실험하는 동안 채점기의 프로브 파드를 잃었습니다. 학습자의 잘못이 아닙니다. {detail}"
        ),
        "RecordNotKept": (
            "채점기가 무엇을 바꿀지 기록할 수 없어 아무것도 바꾸지 않았습니다. {detail}"
        ),
    }
)
