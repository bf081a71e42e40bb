"""Korean texts of updates: without downtime, with a bad version, and undone."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "UpdatedWithoutDowntime": (
            "{kind} {name:이/가} {took}초 만에 다른 버전으로 바뀌었고(제한: {within}초), 그동안 {url:으로/로} 보낸"
            " 요청 {sent}건 중 {lost}건이 실패했습니다({min}% 이상 성공해야 합니다). 어느 순간에도 파드 {wanted}개 중"
            " {lowest}개 이상이 준비되어 있었고, 파드는 많아야 {most}개였습니다."
        ),
        "UpdatedWithDowntime": (
            "{kind} {name:이/가} 다른 버전으로 바뀌는 동안 {url:으로/로} 보낸 요청의 {min}% 이상이 성공해야 하지만,"
            " 요청 {sent}건 중 {lost}건이 업데이트 시작 {first}초 후부터 {last}초 후 사이에 실패했습니다. 가장 적을"
            " 때는 파드 {wanted}개 중 {lowest}개만 준비되어 있었습니다."
        ),
        "UpdatedWithGap": (
            "{kind} {name:이/가} 다른 버전으로 바뀌는 동안 {url:으로/로} 보낸 요청이 {longest}초에 한 번은 성공해야"
            " 하지만, {gap}초 동안 한 건도 성공하지 못했습니다(요청 {sent}건 중 {lost}건이 업데이트 시작 {first}초"
            " 후부터 {last}초 후 사이에 실패). 가장 적을 때는 파드 {wanted}개 중 {lowest}개만 준비되어 있었습니다."
        ),
        "UpdatedSlowly": (
            "{kind} {name:이/가} 다른 버전으로 바뀌는 동안 {url:으로/로} 보낸 요청 {sent}건 중 {lost}건이"
            " 실패했습니다. 바뀌는 데 {took}초가 걸렸습니다(제한: {within}초)."
        ),
        "UpdatedPartly": (
            "{kind} {name:이/가} {took}초 만에 다른 버전으로 바뀌었지만, {url:으로/로} 보낸 요청 {sent}건 중 {lost}건이"
            " 업데이트 시작 {first}초 후부터 {last}초 후 사이에 실패했습니다."
        ),
        "NotUpdated": (
            "{kind} {name:이/가} {within}초 안에 다른 버전으로 바뀌어야 하지만, 그 시간이 지나도 새 버전의 파드는"
            " {wanted}개 중 {ready}개만 준비되었거나 이전 버전의 파드가 남아 있었습니다."
        ),
        "BadUpdateSurvived": (
            "{kind} {name}의 이미지를 {image:으로/로} 바꾸었고 그 파드는 끝내 준비되지 않았습니다. {during}초 동안"
            " 지켜본 결과 이전 버전이 계속 응답했습니다. {url:으로/로} 보낸 요청 {sent}건 중 {lost}건이"
            " 실패했고({min}% 이상 성공해야 합니다), 어느 순간에도 파드 {wanted}개 중 {lowest}개 이상이 준비되어"
            " 있었습니다."
        ),
        "BadUpdateHurt": (
            "{kind} {name}의 이미지를 {image:으로/로} 바꾸었고 그 파드는 끝내 준비되지 않았습니다. 그래도 이전 버전이"
            " {url:으로/로} 보낸 요청의 {min}% 이상에 응답해야 하지만, 요청 {sent}건 중 {lost}건이 업데이트 시작"
            " {first}초 후부터 {last}초 후 사이에 실패했습니다. 가장 적을 때는 파드 {wanted}개 중 {lowest}개만"
            " 준비되어 있었습니다."
        ),
        "BadVersionTaken": (
            "{kind} {name}의 이미지를 {image:으로/로} 바꾸었습니다. 이 이미지의 파드는 준비된 것으로 인정되면 안 되지만"
            " {count}개가 준비된 것으로 인정되었습니다. 디플로이먼트가 그 대신 이전 버전을 종료했을 것입니다."
        ),
        "BadVersionNotTried": (
            "{kind} {name}의 이미지를 {image:으로/로} 바꾸었지만 {during}초 안에 그 파드가 만들어지지 않아 판정할 수"
            " 없습니다."
        ),
        "RolledBackServing": (
            "{kind} {name:을/를} 업데이트했다가 되돌렸고, 되돌린 지 {took}초 만에(제한: {within}초) 이전 버전이 다시"
            " 응답했습니다. 그동안 {url:으로/로} 보낸 요청 {sent}건 중 {lost}건이 실패했습니다({min}% 이상 성공해야"
            " 합니다)."
        ),
        "NotBack": (
            "업데이트를 되돌리면 {within}초 안에 {kind} {name}의 이전 버전이 돌아와야 하지만, 그 시간이 지나도 이전"
            " 버전의 파드는 {wanted}개 중 {ready}개만 준비되었거나 새 버전의 파드가 남아 있었습니다."
        ),
        "BackWithDowntime": (
            "{kind} {name:을/를} 업데이트했다가 되돌리는 동안 {url:으로/로} 보낸 요청의 {min}% 이상이 성공해야 하지만,"
            " 요청 {sent}건 중 {lost}건이 업데이트 시작 {first}초 후부터 {last}초 후 사이에 실패했습니다. 가장 적을"
            " 때는 파드 {wanted}개 중 {lowest}개만 준비되어 있었습니다."
        ),
        "BackPartly": (
            "업데이트하고 되돌리는 동안 {url:으로/로} 보낸 요청 {sent}건 중 {lost}건이 실패했고, {kind} {name}의 이전"
            " 버전이 되돌린 지 {took}초 만에 돌아왔습니다(제한: {within}초)."
        ),
        "UpdatePaused": (
            "{kind} {name:이/가} 다른 버전으로 바뀌어야 하지만 롤아웃이 일시 중지되어 있어(spec.paused) 업데이트해도"
            " 파드가 바뀌지 않습니다. 아무것도 바꾸지 않았습니다."
        ),
        "AlreadyUpdated": (
            "{kind} {name}의 컨테이너 {container:을/를} 이미지 {image:으로/로} 업데이트해야 하지만 이미 그"
            " 이미지입니다. 업데이트는 채점기가 하므로 그 전 버전으로 준비해 두세요."
        ),
        "NotWholeBeforeUpdate": (
            "업데이트하기 전에 {kind} {name:이/가} 온전해야 하지만, 파드 {wanted}개 중 {ready}개만 준비되었거나 앞선"
            " 업데이트가 끝나지 않았습니다. 아무것도 바꾸지 않았습니다."
        ),
        "UnavailableBeforeUpdate": (
            "업데이트하기 전에 {url:이/가} 응답해야 하지만, 요청 {sent}건 중 {lost}건이 실패했습니다(마지막:"
            " {seen}). 아무것도 바꾸지 않았습니다."
        ),
        "HistoryWouldBePruned": (
            "업데이트를 되돌릴 수 있도록 {kind} {name:이/가} 이전 버전을 보관해야 하지만,"
            " spec.revisionHistoryLimit 값이 {limit}입니다. 이대로 업데이트하면 이전 버전이 지워지므로 {needed}"
            " 이상이어야 합니다. 아무것도 바꾸지 않았습니다."
        ),
        "ScaledDuring": (
            "업데이트를 측정하는 동안 {kind} {name}의 레플리카가 {before}개에서 {after}개로 바뀌어 판정할 수 없습니다."
        ),
        "ChangedDuring": (
            "업데이트를 측정하는 동안 다른 누군가가 {kind} {name}의 파드 템플릿을 바꾸어 판정할 수 없습니다."
        ),
        "UpdateRecreates": (
            "{kind} {name}의 전략이 Recreate입니다. 새 파드가 시작되기 전에 이전 파드가 모두 종료되어, 준비된 파드가"
            " 하나도 없는 순간이 있었습니다."
        ),
        "OnlyReplicaMayBeMissing": (
            "{kind} {name}의 레플리카가 하나뿐인데 maxUnavailable 값({seen})이 그 파드가 없는 것을 허용합니다."
            " 준비된 파드가 하나도 없는 순간이 있었습니다."
        ),
        "AllMayBeMissing": (
            "{kind} {name}의 maxUnavailable 값({seen})이 파드 {replicas}개가 한꺼번에 없는 것을 허용합니다. 준비된"
            " 파드가 하나도 없는 순간이 있었습니다."
        ),
        "NoPreStop": (
            "{kind} {name}에 preStop 훅이 없습니다. 실패한 요청 {lost}건 중 {cut}건은 파드에 종료를 알릴 때 처리"
            " 중이었거나 막 보낸 요청입니다. 몇 초 기다리는 훅을 두면 서비스가 파드를 먼저 빼고, 처리 중인 요청도"
            " 끝납니다."
        ),
        "VersionsServed": (
            "서비스 {service:은/는} {first}초부터 클라이언트를 다른 버전으로 보냈고, 이전 버전으로는 {last}초까지 보냈습니다."
        ),
        "OtherVersionServed": (
            "서비스 {service:은/는} {first}초에서 {last}초 사이에 클라이언트를 다른 버전으로 보냈습니다."
        ),
        "TooManyMissing": (
            "{kind} {name}의 준비된 파드가 {lowest}개뿐인 순간이 있었습니다. maxUnavailable에 따르면 {least}개 이상이어야"
            " 합니다."
        ),
        "TooManyPods": (
            "{kind} {name}의 파드가 {most}개인 순간이 있었습니다. maxSurge에 따르면 {allowed}개까지만 있을 수 있습니다."
        ),
        "NewPodWaits": "새 버전의 파드가 시작되지 못합니다: {said}",
        "NewPodsNotReady": (
            "{kind} {name}의 새 버전 파드 {count}개가 실행 중이지만 준비성 프로브가 성공하지 못합니다."
        ),
    }
)
