"""Korean texts of the causes that diagnosis finds."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "HeldByFinalizers": "파이널라이저 {finalizers} 때문에 삭제가 끝나지 않고 있습니다.",
        "NearestName": "이름이 가장 비슷한 것은 {near}입니다.",
        "OthersThere": "다른 이름으로는 {names:이/가} 있습니다.",
        "ImagePullBackOff": (
            "파드 {pod}의 컨테이너 {container}에서 이미지 {image:을/를} 가져올 수 없습니다(ImagePullBackOff)."
            " 이미지 이름과 태그를 확인하세요."
        ),
        "InvalidImageName": (
            "파드 {pod}의 컨테이너 {container}에 적힌 이미지 이름 {image:은/는} 올바른 이름이 아닙니다."
        ),
        "ImageNeverPulled": (
            "파드 {pod}의 컨테이너 {container}에 필요한 이미지 {image:이/가} 노드에 없고, imagePullPolicy가"
            " Never라서 가져올 수도 없습니다."
        ),
        "CreateContainerConfigError": (
            "파드 {pod}의 컨테이너 {container:이/가} 참조하는 것이 없어서 컨테이너를 만들 수"
            " 없습니다(CreateContainerConfigError): {detail}."
        ),
        "ContainerCannotStart": "파드 {pod}의 컨테이너 {container:을/를} 시작할 수 없습니다: {detail}.",
        "ContainerWaits": "파드 {pod}의 컨테이너 {container:이/가} 대기 중입니다({why}): {detail}.",
        "OutOfMemory": (
            "파드 {pod}의 컨테이너 {container:이/가} 메모리 제한({limit})보다 많이 사용하여"
            " 종료되었습니다(OOMKilled)."
        ),
        "ContainerCompletes": (
            "파드 {pod}의 컨테이너 {container:이/가} 종료 코드 0으로 스스로 끝나서 계속 다시 시작됩니다."
            " 프로그램이 계속 실행되어야 합니다."
        ),
        "ContainerEnded": (
            "파드 {pod}의 컨테이너 {container:이/가} 종료 코드 {code:으로/로} 끝났고, 파드의 restartPolicy에 따라"
            ' 다시 시작되지 않습니다. 마지막 로그: "{line}".'
        ),
        "CrashLoopBackOff": (
            "파드 {pod}의 컨테이너 {container:이/가} 종료 코드 {code:으로/로} 계속"
            ' 중단됩니다(CrashLoopBackOff). 마지막 로그: "{line}".'
        ),
        "CrashLoopSilent": (
            "파드 {pod}의 컨테이너 {container:이/가} 종료 코드 {code:으로/로} 계속"
            " 중단되며(CrashLoopBackOff), 로그는 남기지 않습니다."
        ),
        "StartupProbeFails": (
            "파드 {pod}의 컨테이너 {container}에서 스타트업 프로브({probe})가 실패합니다: {detail}."
        ),
        "StartupProbeSilent": (
            "파드 {pod}의 컨테이너 {container}에서 스타트업 프로브({probe})가 실패하며, 출력한 내용은"
            " 없습니다."
        ),
        "LivenessProbeFails": (
            "파드 {pod}의 컨테이너 {container}에서 활성 프로브({probe})가 실패하여 컨테이너가 계속 다시"
            " 시작됩니다: {detail}."
        ),
        "LivenessProbeSilent": (
            "파드 {pod}의 컨테이너 {container}에서 활성 프로브({probe})가 실패하여 컨테이너가 계속 다시"
            " 시작됩니다. 프로브가 출력한 내용은 없습니다."
        ),
        "ReadinessProbeFails": (
            "파드 {pod}의 컨테이너 {container}에서 준비성 프로브({probe})가 실패합니다: {detail}."
        ),
        "ReadinessProbeSilent": (
            "파드 {pod}의 컨테이너 {container}에서 준비성 프로브({probe})가 실패하며, 출력한 내용은"
            " 없습니다."
        ),
        "PodTerminating": "파드 {pod:이/가} 아직 종료되는 중입니다.",
        "Unschedulable": "스케줄러가 파드 {pod:을/를} 배치할 노드를 찾지 못합니다: {detail}.",
        "NotScheduledYet": "파드 {pod:이/가} 아직 노드에 배치되지 않았습니다.",
        "PodFailed": "파드 {pod:이/가} 실패했습니다: {detail}.",
        "VolumeFails": "파드 {pod}의 볼륨을 마운트할 수 없습니다: {detail}.",
        "SandboxFails": "노드에서 파드 {pod:을/를} 준비할 수 없습니다: {detail}.",
        "ReadinessGateWaits": "파드 {pod:이/가} 준비성 게이트 {gate:을/를} 기다립니다.",
        "PodNotReadyYet": "파드 {pod:이/가} 아직 준비되지 않았으며, 클러스터가 알리는 오류는 없습니다.",
        "QuotaExceeded": "리소스쿼터 {quota} 때문에 파드를 더 만들 수 없습니다: {detail}.",
        "QuotaWantsLimits": (
            "리소스쿼터 {quota} 때문에 모든 컨테이너에 요청량(requests)이나 제한(limits)을 설정해야 합니다:"
            " {detail}."
        ),
        "PodSecurityRefuses": (
            "네임스페이스의 파드 시큐리티 수준 {level:을/를} 지키지 않아 파드를 만들 수 없습니다: {detail}."
        ),
        "ServiceAccountMissing": "서비스어카운트 {account:이/가} 없어서 파드를 만들 수 없습니다.",
        "LimitRangeRefuses": "네임스페이스의 리밋레인지(LimitRange) 때문에 파드를 만들 수 없습니다: {detail}.",
        "PodsRefused": "파드를 만들 수 없습니다: {detail}.",
        "RolloutPaused": "디플로이먼트 {name}의 롤아웃이 일시 중지되어 있습니다.",
        "NoReplicas": "{kind} {name}의 레플리카가 0개로 설정되어 있습니다.",
        "UpdatesOnDelete": (
            "{kind} {name}의 업데이트 전략이 OnDelete라서, 파드를 삭제해야 새 버전이 됩니다."
        ),
        "MinReadySeconds": (
            "파드는 준비되었지만 {seconds}초가 지나야 사용 가능한 것으로 봅니다(minReadySeconds)."
        ),
        "NoPods": "네임스페이스 {namespace}에 파드가 하나도 없습니다.",
        "NoSelector": "서비스 {service}에 셀렉터가 없어서 그 뒤에 파드가 없습니다.",
        "SelectorMatchesNothing": (
            "서비스 {service}의 셀렉터({selector})에 맞는 파드가 없습니다. 가장 비슷한 파드 {pod}의 레이블은"
            " {labels}입니다."
        ),
        "SelectorMatchesOthers": (
            "서비스 {service}의 셀렉터({selector})는 {other} 같은 다른 파드를 고릅니다. 골라야 할 파드 {pod}의"
            " 레이블은 {labels}입니다."
        ),
        "TargetPortNotNamed": (
            "서비스 {service:이/가} 이름이 {port}인 포트로 트래픽을 보내지만, 파드 {pod}에 그런 이름의 포트가"
            " 없습니다. 파드의 포트: {ports}."
        ),
        "NothingListens": (
            "서비스가 포트 {port:으로/로} 트래픽을 보내지만, 파드 {pod}에서 그 포트를 열고 있는 프로그램이"
            " 없습니다. 파드에 선언된 포트: {ports}."
        ),
        "PoliciesRestrict": (
            "이 파드에 접근할 수 있는 대상을 네트워크폴리시가 제한하므로 요청이 막혔을 수 있습니다: {names}."
        ),
        "LastLogLine": '파드 {pod}의 마지막 로그: "{line}".',
    }
)
