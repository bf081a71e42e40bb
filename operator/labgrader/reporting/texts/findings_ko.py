"""Korean texts of what a check that looks or probes can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "ObjectThere": "{kind} {name:이/가} 있습니다.",
        "NotFound": "네임스페이스 {namespace}에 {kind} {name:이/가} 있어야 하지만 없습니다.",
        "BeingDeleted": "{kind} {name:은/는} 삭제되는 중이므로 있는 것으로 보지 않습니다.",
        "ObjectAbsent": "{kind} {name:이/가} 없습니다. 기대한 대로입니다.",
        "StillThere": "{kind} {name:이/가} 없어야 하지만 아직 있습니다.",
        "StillBeingDeleted": "{kind} {name:이/가} 없어야 하지만 아직 삭제되는 중입니다.",
        "FieldsMatch": "{kind} {name}의 필드가 모두 기대한 대로입니다.",
        "FieldMissing": (
            "{kind} {name}에 {path} 필드가 있어야 하지만 설정되어 있지 않습니다. 기대한 값: {expected}."
        ),
        "FieldUnwanted": "{kind} {name}에 {path} 필드가 없어야 하지만 있습니다. 실제 값: {seen}.",
        "FieldDiffers": (
            "{kind} {name}의 {path} 필드가 다릅니다. 기대한 값: {expected}, 실제 값: {seen}."
        ),
        "ItemMissing": (
            "{kind} {name}의 {path}에 기대한 항목이 없습니다. 기대한 항목: {expected}, 실제 항목: {seen}."
        ),
        "TooFewItems": (
            "{kind} {name}의 {path}에 항목이 모자랍니다. 더 필요한 항목: {expected}, 실제 항목: {seen}."
        ),
        "ObjectTooLarge": (
            "{kind} {name}에 필드가 너무 많아 기대한 내용과 비교할 수 없습니다. "
            "연습 문제에서 요구하는 내용만 남기세요."
        ),
        "OrderDiffers": (
            "{kind} {name}의 {path} 필드가 다릅니다. 기대한 순서: {expected}, 실제 값: {seen}."
        ),
        "NotAWorkload": "이 점검은 {kind}의 파드를 찾지만, {kind:은/는} 파드를 실행하지 않습니다.",
        "WorkloadReady": "{kind} {name}의 롤아웃이 끝났고 파드 {ready}개가 준비되었습니다.",
        "PodReady": "파드 {name:이/가} 준비되었습니다.",
        "PodNotFromTemplate": (
            "{kind} {name:이/가} 템플릿으로 만들지 않은 파드를 세고 있습니다. 파드 {pod}에서 컨테이너 "
            "{container}의 {field} 값은 {expected}이어야 하지만 {seen}입니다. 파드를 삭제하면 "
            "컨트롤러가 새로 만듭니다."
        ),
        "HeadlessPort": (
            "서비스 {service:은/는} 헤드리스이므로 클라이언트가 파드의 {port} 포트로 직접 연결하지만, "
            "파드는 {target} 포트에서 받습니다. 헤드리스 서비스에서는 targetPort가 쓰이지 않습니다."
        ),
        "NotObservedYet": "{kind} {name:이/가} 변경되었지만 컨트롤러가 아직 반영하지 않았습니다.",
        "PodNotReady": "파드 {name:이/가} 준비(Ready) 상태여야 하지만 그렇지 않습니다.",
        "TooFewReplicas": (
            "{kind} {name}의 레플리카는 {min}개 이상이어야 하지만 {wanted}개로 설정되어 있습니다."
        ),
        "TooFewNodes": (
            "데몬셋 {name:은/는} 노드 {min}개 이상에서 실행되어야 하지만, nodeSelector와 어피니티, 톨러레이션에"
            " 맞는 노드는 {wanted}개입니다."
        ),
        "NotReady": "{kind} {name}에 사용 가능한 파드가 {wanted}개 있어야 하지만 {ready}개 있습니다.",
        "NotRolledOut": (
            "{kind} {name}의 롤아웃이 끝나지 않았습니다. 파드 {wanted}개 중 {updated}개가 현재 버전이고,"
            " 이전 버전의 파드 {outdated}개가 남아 있습니다."
        ),
        "ServiceRoutes": (
            "서비스 {service:이/가} {kind} {name}의 준비된 파드 {ready}개로 트래픽을 보냅니다."
        ),
        "ServiceExternalName": (
            "서비스 {service:은/는} 네임스페이스 {namespace}의 파드로 이어져야 하지만, ExternalName 유형이라"
            " {target:으로/로} 이어집니다."
        ),
        "ServicePortMissing": (
            "서비스 {service:은/는} 포트 {port:을/를} 열어야 하지만, 열린 포트는 {ports}입니다."
        ),
        "ServiceWithoutSelector": "서비스 {service:은/는} 셀렉터로 파드를 골라야 하지만 셀렉터가 없습니다.",
        "EndpointNotOfWorkload": (
            "서비스 {service:은/는} {kind} {name}의 파드로만 트래픽을 보내야 하지만, {target}에도"
            " 보냅니다."
        ),
        "EndpointNotSelected": (
            "서비스 {service:이/가} {target}의 포트 {port:으로/로} 트래픽을 보내지만, 서비스의 셀렉터와"
            " targetPort는 그곳을 가리키지 않습니다."
        ),
        "TooFewEndpoints": (
            "서비스 {service}의 포트 {port:은/는} {kind} {name}의 준비된 파드 {min}개 이상으로 이어져야 하지만"
            " {ready}개로 이어집니다."
        ),
        "EndpointElsewhere": (
            "서비스 {service:은/는} 네임스페이스 {namespace}의 파드로 이어져야 하지만, {address}에는"
            " 그런 파드가 없습니다."
        ),
        "NoEndpoints": (
            "서비스 {service}의 포트 {port} 뒤에 준비된 파드가 하나도 없어서 응답할 수 없습니다."
        ),
        "ServiceAnswers": "{url:이/가} 기대한 대로 상태 코드 {status:으로/로} 응답합니다.",
        "WrongStatus": (
            '{url:은/는} 상태 코드 {expected:으로/로} 응답해야 하지만 {seen:으로/로} 응답합니다. 응답: "{body}".'
        ),
        "WrongBody": (
            '{url:이/가} 응답하지만 내용이 기대와 다릅니다. 기대한 내용: {expected}, 실제 내용: "{seen}".'
        ),
        "ConnectionRefused": "{url:이/가} 응답해야 하지만 연결이 거부됩니다.",
        "ConnectionReset": "{url:이/가} 응답해야 하지만 응답이 오기 전에 연결이 끊어집니다.",
        "NotHttp": "{url:은/는} HTTP로 응답해야 하지만 다른 형식의 응답이 옵니다.",
        "NoAnswerInTime": "{url:이/가} 응답해야 하지만 제한 시간 안에 응답이 오지 않습니다.",
    }
)
