"""Korean texts of what the checks of traffic and kept data can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "LaneActions": "동작",
        "LaneSeconds": "초",
        "LaneWanted": "레플리카",
        "LaneReady": "준비된 파드",
        "LaneEndpoints": "엔드포인트",
        "LaneRequests": "요청",
        "LaneDirect": "느린 요청",
        "LaneMetric": "메트릭 %",
        "LaneDesired": "HPA 목표",
        "LaneLegend": "요청: · 모두 응답  ▄ 일부 실패  █ 절반 이상 실패",
        "Balanced": (
            "{url}에 새로 맺은 연결 {sent}개가 준비(Ready)된 파드 {ready}개에 나뉘었습니다: {shares}(고르게"
            " 나누면 파드마다 {low}~{high}개)."
        ),
        "AffinityKept": (
            "한 클라이언트가 {url}에 보낸 요청 {sent}건이 모두 한 파드로 갔습니다: {shares}."
        ),
        "HeadlessNoBalance": (
            "서비스 {service:은/는} 연결을 나누어야 하지만 헤드리스(clusterIP: None)입니다. 클라이언트가 파드의"
            " 주소를 직접 받으므로 나누어 주는 것이 없습니다."
        ),
        "TooFewToChoose": (
            "서비스 {service}의 {port} 포트에 준비(Ready)된 엔드포인트가 {min}개 이상 있어야 나눌 수 있지만"
            " {ready}개입니다."
        ),
        "TooManyToCount": (
            "서비스 {service}에 엔드포인트가 {seen}개 있지만 이 점검은 {most}개까지만 구별할 수 있습니다."
            " 워크로드의 레플리카를 줄이세요."
        ),
        "BackendsChange": (
            "{url}에 요청 {sent}건을 보내는 동안 서비스 {service} 뒤의 파드가 생기거나 사라지거나 준비(Ready)"
            " 상태가 바뀌어 몫을 판정할 수 없습니다. 파드가 계속 준비된 상태여야 합니다."
        ),
        "RequestsLost": (
            "{url}에 보낸 요청은 응답받아야 하지만 {sent}건 중 {lost}건이 응답받지 못했습니다(마지막: {seen})."
        ),
        "PodAnswersNothing": (
            "파드 {pod:은/는} 준비(Ready)되어 서비스 {service} 뒤에 있지만, 파드의 주소로 직접 물었을 때 정상"
            " 응답을 하지 않았습니다."
        ),
        "NameNotTold": (
            "{url}의 응답은 어느 파드의 응답인지 알려 주어야 하지만, 파드 {pod}의 응답에는 그런 것이 없습니다:"
            ' "{body}".'
        ),
        "NameChanges": (
            "{url}의 응답은 한 파드에서 늘 같아야 하지만, 파드 {pod:은/는} 자기 주소로 직접 물었을 때"
            ' "{first}" 또는 "{second}" 라고 서로 다르게 응답했습니다.'
        ),
        "NameShared": (
            "{url}의 응답으로 파드를 구별할 수 있어야 하지만, {pod:과/와} {other:이/가} 똑같이"
            ' "{first}" 라고 응답합니다.'
        ),
        "AnsweredByOther": (
            '{url}에 대한 응답 하나가 서비스 {service} 뒤의 어느 파드의 것도 아닙니다: "{body}".'
        ),
        "NotReadyAnswers": (
            "파드 {pod:은/는} 준비(Ready)되지 않았으므로 요청을 받지 않아야 하지만, {url}에 보낸 요청 {sent}건"
            " 중 {count}건이 이 파드로 갔습니다."
        ),
        "AffinityNotKept": (
            "한 클라이언트가 {url}에 보낸 요청은 모두 같은 파드로 가야 하지만, {sent}건이 여러 파드로"
            " 갔습니다: {shares}."
        ),
        "Unbalanced": (
            "{url}에 새로 맺은 연결 {sent}개가 준비(Ready)된 파드 {ready}개에 고르게 나뉘어야 하지만, 파드"
            " {pod}에 {count}개가 갔습니다: {shares}. 고르게 나누면 파드마다 {low}~{high}개이고, 여기서 벗어날"
            " 확률은 {odds}분의 1 이하입니다."
        ),
        "PublishesNotReady": (
            "서비스 {service}에 publishNotReadyAddresses가 설정되어 있어 파드가 준비(Ready)되지 않았거나 종료 중일"
            " 때도 요청을 받습니다."
        ),
        "NoSessionAffinity": "서비스 {service}에 sessionAffinity: ClientIP가 없습니다.",
        "HasSessionAffinity": (
            "서비스 {service}에 sessionAffinity: ClientIP가 있어 클라이언트마다 한 파드로만 갑니다."
        ),
        "PrefersNearPods": (
            "서비스 {service}의 {field:이/가} {value}이므로 클라이언트와 가까운 파드로 먼저 보냅니다."
        ),
        "Drained": (
            "{kind} {name}의 파드 하나에 종료를 요청하자 처리 중이던 요청 {under_way}건이 모두 응답받았고"
            " {took}초 만에 파드가 사라졌습니다(제한: {within}초). 그동안 {url}에 새로 보낸 요청 {sent}건 중"
            " {lost}건이 실패했습니다(기준: {min}% 이상 성공)."
        ),
        "DrainedPartly": (
            "{kind} {name}의 파드 하나에 종료를 요청하자 처리 중이던 요청 {under_way}건은 모두 응답받았지만, {url}에"
            " 새로 보낸 요청 {sent}건 중 {lost}건이 실패했습니다."
        ),
        "RequestsCut": (
            "{kind} {name}의 파드 하나가 {slow} 요청 {under_way}건을 처리하는 중에 종료를 요청했습니다. 모두"
            " 응답받아야 하지만 {cut}건이 끊겼고, 첫 번째는 {after}초 뒤에 끊겼습니다."
        ),
        "NotEndedInTime": (
            "{kind} {name}의 파드 하나에 종료를 요청하면 {within}초 안에 사라져야 하지만 그때까지 남아"
            " 있었습니다."
        ),
        "KilledInTheEnd": (
            "{kind} {name}의 파드 하나에 종료를 요청했지만 컨테이너 {container:이/가} 스스로 끝나지 않아"
            " {ended}초 뒤에 강제로 종료되었습니다(SIGKILL, 종료 코드 137). 그때 처리 중인 요청이 있으면"
            " 끊깁니다."
        ),
        "NewRequestsLost": (
            "{kind} {name}의 파드 하나에 종료를 요청하자 처리 중이던 요청은 응답했지만 새 클라이언트가 영향을"
            " 받았습니다. 그동안 {url}에 보낸 요청 {sent}건 중 {lost}건이 실패했습니다(기준: {min}% 이상 성공)."
            " 정상 응답이 가장 오래 끊긴 시간은 {gap}초입니다."
        ),
        "EndpointStays": (
            "{kind} {name}의 파드 하나에 종료를 요청하자 서비스 {service:이/가} 아직 요청을 보내는 동안"
            " 프로세스가 먼저 끝났습니다. 엔드포인트에서 먼저 빠져야 합니다."
        ),
        "EndpointsBehind": (
            "{kind} {name}의 파드 하나에 종료를 요청했지만, 프로세스가 끝나고 {after}초가 지나도록 클러스터가 이"
            " 파드를 서비스 {service}에서 빼지 않았습니다. 종료를 요청받은 파드를 빼는 것은 클러스터가 하는"
            " 일이므로 클러스터가 늦은 것입니다. 따라서 학습자가 한 작업에 대해서는 판단하지 않습니다."
        ),
        "NoPodBehind": (
            "{kind} {name}의 파드가 서비스 {service}의 {port} 포트로 요청을 받는 동안 종료를 요청해야 하지만,"
            " 준비(Ready)된 파드 중 이 서비스 뒤에 있는 것이 없습니다. 아무것도 삭제하지 않았습니다."
        ),
        "SlowNotAnswered": (
            "종료를 요청하기 전에 {kind} {name}의 파드가 {slow} 요청에 응답해야 하지만 제시간에 응답하지"
            " 않았습니다. 아무것도 삭제하지 않았습니다."
        ),
        "SlowFails": (
            "종료를 요청하기 전에 {kind} {name}의 파드가 {slow} 요청에 응답해야 하지만 정상 응답을 하지"
            " 않았습니다({seen})."
        ),
        "NothingUnderWay": (
            "{kind} {name}의 파드 하나가 {slow} 요청을 처리하는 중에 종료를 요청해야 하지만, 너무 빨리"
            " 응답하여 처리 중인 요청이 없었습니다(가장 오래 걸린 요청: {took}초)."
        ),
        "GraceTooShort": (
            "{kind} {name}의 파드는 {grace}초(terminationGracePeriodSeconds) 안에 끝나지 않으면 처리 중인"
            " 요청이 있어도 강제로 종료됩니다."
        ),
        "GraceTooLong": (
            "{kind} {name}의 terminationGracePeriodSeconds가 {grace}초여서 파드에 허용된 {within}초보다"
            " 깁니다."
        ),
        "EndsAtOnce": (
            "{kind} {name}의 프로세스는 종료 요청(SIGTERM)을 받으면 처리 중인 요청을 기다리지 않고 바로"
            " 끝나며, 시간을 벌어 줄 preStop 훅도 없습니다."
        ),
        "PreStopTooLong": (
            "{kind} {name}의 컨테이너 {container}의 preStop 훅이 {seconds}초 동안 기다리므로 프로세스가 종료"
            " 요청을 너무 늦게 받아 스스로 끝낼 시간이 없습니다."
        ),
        "IgnoresTerm": (
            "{kind} {name}의 프로세스가 SIGTERM을 무시합니다. 셸이 첫 프로세스이면 exec로 프로그램을 시작해야"
            " 시그널이 전달됩니다."
        ),
        "StopsWithoutHook": (
            "{kind} {name}에 preStop 훅이 없습니다. 종료되는 파드가 서비스에서 빠졌다는 것을 모든 노드가 알기"
            " 전에 연결을 거부합니다."
        ),
        "DataKept": (
            "{kind} {name}의 파드에 쓴 데이터가 파드 {deleted}개를 삭제한 뒤에도 남아 있었고, 파드는 {took}초"
            " 만에 모두 돌아왔습니다(제한: {within}초)."
        ),
        "NothingKeepsIt": "이 점검은 스테이트풀셋과 디플로이먼트를 위한 것입니다. {kind:은/는} 알지 못합니다.",
        "TooManyToWrite": (
            "{kind} {name}의 파드가 너무 많습니다. 이 점검은 {most}개까지만 데이터를 씁니다. 아무것도 삭제하지"
            " 않았습니다."
        ),
        "NotWritten": (
            "{kind} {name}의 파드 {pod:은/는} {path} 요청으로 쓴 데이터를 보관해야 하지만 {seen:으로/로}"
            " 응답했습니다. 아무것도 삭제하지 않았습니다."
        ),
        "NotReadBack": (
            "{kind} {name}의 파드 {pod}에 {path} 요청으로 쓴 데이터를 바로 다시 읽을 수 있어야 하지만"
            " 없었습니다({seen}). 아무것도 삭제하지 않았습니다."
        ),
        "WriteFailed": (
            "{kind} {name}의 파드 {pod:은/는} 컨테이너 {container}에서 `{command}` 명령으로 쓴 데이터를 보관해야"
            " 하지만 명령의 결과가 다음과 같습니다: {seen}. 실습에서 요구한 프로그램이어야 합니다. 아무것도 삭제하지"
            " 않았습니다."
        ),
        "NotPrinted": (
            "{kind} {name}의 파드 {pod}에 쓴 데이터를 컨테이너 {container}에서 `{command}` 명령이 바로 출력해야"
            " 하지만 명령의 결과가 다음과 같습니다: {seen}. 아무것도 삭제하지 않았습니다."
        ),
        "ReadEnded": "파드 {pod}에서 `{command}` 명령의 결과: {seen}.",
        "NotBackInTime": (
            "{kind} {name}의 파드 {deleted}개를 삭제한 뒤 {within}초 안에 파드 {wanted}개가 다시 준비(Ready)되어야"
            " 하지만 {ready}개만 준비되었습니다."
        ),
        "DataLost": (
            "{kind} {name}의 파드에 쓴 데이터는 파드가 사라져도 남아야 하지만, 파드 {deleted}개를 삭제하자 데이터"
            " {read}건 중 {lost}건이 없어졌습니다(찾아본 파드: {names})."
        ),
        "NoClaimOfItsOwn": (
            "{kind} {name}의 파드 {pod:은/는} 자기 볼륨 클레임을 가져야 하지만 아무 클레임도 쓰지 않습니다."
        ),
        "ClaimShared": (
            "{kind} {name}의 파드는 저마다 자기 볼륨 클레임을 가져야 하지만 {pod:과/와} {other:이/가} {claim:을/를}"
            " 함께 씁니다."
        ),
        "IdentityChanged": (
            "{kind} {name}의 파드 {pod:은/는} 삭제된 파드의 이름과 볼륨 클레임을 이어받아야 하지만 달라졌습니다."
        ),
        "NotInOrder": (
            "{kind} {name}의 파드는 하나씩 차례로 생겨야 하지만 {first:이/가} 준비(Ready)되기 전에 {second:이/가}"
            " 만들어졌습니다."
        ),
        "OnEmptyDir": (
            "{kind} {name}의 볼륨 {volume:은/는} emptyDir이므로 파드와 함께 사라집니다."
        ),
        "NoClaimAtAll": (
            "{kind} {name:은/는} 퍼시스턴트볼륨클레임을 쓰지 않으므로 쓴 데이터가 파드와 함께 사라집니다."
        ),
        "ClaimUnmounted": (
            "{kind} {name}에 볼륨 {volume:이/가} 있지만 마운트한 컨테이너가 없습니다(volumeMounts)."
        ),
        "WrittenElsewhere": (
            "{kind} {name:은/는} 볼륨 {volume:을/를} 마운트하지만 프로그램이 쓰는 곳이 아닙니다(mountPath)."
        ),
        "NoClaimTemplates": (
            "{kind} {name}에 파드마다 클레임을 만들어 주는 volumeClaimTemplates가 없습니다."
        ),
        "BackOnDrainedNode": (
            "노드 {node:을/를} 비우는 동안 {kind} {name}의 파드는 다른 노드에서 다시 생겨야 하지만 {pod:이/가} 그"
            " 노드에 다시 생겼습니다. 통제(cordon)된 노드를 용인하거나(tolerations) 노드를 직접 지정했습니다(nodeName)."
        ),
        "VolumeOnNode": (
            "파드 {pod:이/가} 노드 {node:을/를} 떠나지 못했습니다. 모든 노드에서 쓸 수 있는 볼륨이 아니기"
            " 때문입니다. 스케줄러의 설명: {detail}."
        ),
        "StorageOnNodesOnly": (
            "노드 {node:을/를} 비웠지만 {kind} {name}의 파드 {pod:이/가} 떠나지 못했습니다. 모든 노드에서 쓸 수 있는"
            " 볼륨이 아니고, 클러스터가 제공하는 스토리지는 그것뿐입니다({offered}). 이 점검에는 모든 노드에서 쓸 수"
            " 있는 볼륨을 만드는 스토리지클래스가 필요합니다. 그것이 없는 것은 학습자의 잘못이 아닙니다."
        ),
        "ParallelPods": "{kind} {name}의 podManagementPolicy가 Parallel입니다.",
    }
)
