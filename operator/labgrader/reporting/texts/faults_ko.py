"""Korean texts of what ``heals`` finds after faults other than the deletion of one pod."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "Recovered": (
            "{kind} {name:이/가} {took}초 만에 복구되었습니다(제한: {within}초). 가장 적을 때 파드 {wanted}개 중"
            " {lowest}개가 준비(Ready) 상태였습니다."
        ),
        "RecoveredAvailable": (
            "{kind} {name:이/가} {took}초 만에 복구되었습니다(제한: {within}초). 가장 적을 때 파드 {wanted}개 중"
            " {lowest}개가 준비(Ready) 상태였습니다. 그동안 {url}에 보낸 요청 {sent}건 중 {lost}건이"
            " 실패했습니다(기준: {min}% 이상 성공)."
        ),
        "RecoveredSlowly": ("{kind} {name:이/가} {took}초 만에 복구되었습니다(제한: {within}초)."),
        "RecoveredPartly": (
            "{kind} {name:이/가} {took}초 만에 복구되었지만 클라이언트가 영향을 받았습니다. {url:으로/로} 보낸 요청"
            " {sent}건 중 {lost}건이 장애 {first}초 후부터 {last}초 후 사이에 실패했습니다."
        ),
        "RecoveredButUnavailable": (
            "{kind} {name:은/는} {took}초 만에 복구되었지만 클라이언트가 영향을 받았습니다. 장애가 생긴 뒤 {watched}초"
            " 동안 {url}에 보낸 요청 {sent}건 중 {lost}건이 실패했습니다(기준: {min}% 이상 성공). 실패는 {first}초에서"
            " {last}초 사이에 있었습니다. 정상 응답이 가장 오래 끊긴 시간은 {gap}초이고, 가장 적을 때 파드"
            " {wanted}개 중 {lowest}개가 준비(Ready) 상태였습니다."
        ),
        "NotRecovered": (
            "{kind} {name:이/가} 복구되지 않았습니다. {within}초 안에 파드 {wanted}개가 다시 준비(Ready)되어야 하지만"
            " {ready}개만 준비되었습니다."
        ),
        "FaultContainerMissing": (
            "이 점검은 {kind} {name}의 컨테이너 {container}에서 진행되지만 그런 컨테이너가 없습니다. 있는"
            " 컨테이너: {containers}."
        ),
        "FaultRefused": (
            "이 점검은 {kind} {name}에서 {how:을/를} 실행하고 복구를 기다리지만, 앱이 받아들이지 않았습니다: {said}."
            " 실습에서 요구한 앱이어야 합니다."
        ),
        "ProcessGoesOn": (
            "{kind} {name}의 컨테이너 {container}에서 {how:이/가} 프로세스를 끝내야 하지만 {within}초 뒤에도 계속"
            " 실행 중이었습니다. 실습에서 요구한 앱이 컨테이너의 주 프로세스여야 합니다."
        ),
        "EvictionForbidden": (
            "노드 {node}에 있는 {kind} {name}의 파드가 노드를 떠날 수 있어야 하지만, 축출(Eviction)"
            " API가 계속 거절했습니다: {said}."
        ),
        "BudgetsClash": (
            "{kind} {name}의 파드가 노드를 떠날 수 있어야 하지만, 쿠버네티스는 PodDisruptionBudget 두 개가 함께"
            " 선택한 파드를 축출하지 않습니다: {said}."
        ),
        "PodsDeleted": "점검 내용: 파드 {count}개를 한꺼번에 삭제했습니다.",
        "ProcessEnded": (
            "점검 내용: 파드 {count}개의 컨테이너 {container}에서 프로세스를 끝내려고 {how:을/를} 실행했습니다."
        ),
        "AppMadeSick": (
            "점검 내용: 파드 {count}개에서 앱을 비정상 상태로 만들려고 {how:을/를} 실행했습니다."
        ),
        "PodsEvicted": "점검 내용: 노드 {node}에서 파드 {count}개를 축출했습니다.",
        "NodeDrained": "점검 내용: 노드 {node:을/를} 통제(cordon)하고 파드 {count}개를 축출했습니다.",
        "NodeSwitchedOff": "점검 내용: 파드 {count}개가 있는 노드 {node:을/를} 껐습니다.",
        "NoLivenessProbe": (
            "{kind} {name}의 컨테이너 {container}에 활성 프로브가 없습니다. 그래서 실행 중인 앱이 비정상이어도 kubelet이"
            " 알 수 없습니다."
        ),
        "LivenessStaysGood": (
            "컨테이너 {container}의 활성 프로브({probe})가 앱의 비정상 상태를 알아차리지 못했습니다. 앱의 상태를"
            " 알려 주는 곳을 확인해야 합니다."
        ),
        "LivenessTooSlow": (
            "컨테이너 {container}의 활성 프로브는 {period}초마다 확인하여 {threshold}번 실패해야 다시 시작합니다."
            " 모두 {seconds}초가 걸리지만 제한은 {within}초입니다."
        ),
        "RestartPolicyKeepsEnded": (
            "{kind} {name}의 컨테이너 {container:은/는} restartPolicy가 {policy}이므로 끝난 뒤 다시 시작되지 않습니다."
        ),
        "RestartBackOff": (
            "파드 {pod}의 컨테이너 {container:은/는} {restarts}번 다시 시작되어 지금은 기다리고"
            " 있습니다(CrashLoopBackOff). kubelet은 다시 시작할 때마다 대기 시간을 최대 5분까지 두 배로 늘립니다."
        ),
        "GracePeriodLong": (
            "{kind:은/는} 파드가 완전히 사라져야 새 파드를 만드는데, 파드 {pod:은/는} 끝나기까지 {seconds}초가 걸릴 수"
            " 있습니다(terminationGracePeriodSeconds)."
        ),
        "StatefulPodWaitsForNode": (
            "스테이트풀셋 {name}의 파드는 사라진 노드에 묶여 있습니다. 쿠버네티스는 먼저 있던 파드가 사라진 것이 확실할"
            " 때만 같은 이름의 파드를 다시 만듭니다."
        ),
        "ToleratesLostNode": (
            "{kind} {name}의 파드는 사라진 노드를 {seconds}초 동안 용인한 뒤에야 교체됩니다(tolerations,"
            " node.kubernetes.io/unreachable과 not-ready)."
        ),
        "BudgetForbids": (
            "PodDisruptionBudget {budget}({rule}) 때문에 파드 {pods}개 중 하나도 중단할 수 없습니다. 적어도"
            " 하나는 중단할 수 있게 하세요."
        ),
        "BudgetsOver": "이 파드를 선택하는 PodDisruptionBudget: {names}. 하나만 남기세요.",
        "EndsByItself": (
            "{kind} {name}의 컨테이너 {container:은/는} 무언가를 하기 전까지 계속 실행되어야 하지만 저절로 끝납니다."
            " 파드가 이미 여러 번 다시 시작되었고, 새 파드도 아무것도 하기 전에 다시 시작되었습니다."
        ),
        "NotRenewed": (
            "{kind} {name}의 파드가 얼마 전에 다시 시작되어, kubelet이 다음에 다시 시작할 때는 기다리게 됩니다. 그래서"
            " 점검하기 전에 새 파드로 교체했지만({pods}) {waited}초 안에 파드 {wanted}개 중 {ready}개만 준비되어 더는"
            " 아무것도 하지 않았습니다. 모든 파드가 준비될 때까지 기다린 뒤 다시 제출하세요."
        ),
        "NeedsMoreNodes": (
            "이 점검은 파드가 있는 노드를 쓸 수 없게 하므로 파드가 옮겨 갈 다른 노드가 필요합니다. 학습자의 잘못이"
            " 아닙니다. {detail}."
        ),
        "OwnClusterOnly": (
            "이 점검은 노드 전체를 방해하므로 학습자 혼자 쓰는 클러스터에서만 할 수 있습니다. 그런 클러스터에서"
            " labgrader를 --own-cluster와 함께 시작하세요. {detail}"
        ),
        "NoNodeSwitch": (
            "이 점검은 노드를 끄지만 labgrader가 그 명령을 알지 못합니다. 명령줄에서 --node-command를 지정하여"
            " 채점하세요. {detail}"
        ),
        "NodeNotSwitched": ("노드를 끄는 명령이 실패했습니다. 학습자의 잘못이 아닙니다. {detail}"),
    }
)
