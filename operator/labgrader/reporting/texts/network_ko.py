"""Korean texts of what ``connects`` and ``resolves`` can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "FlowsAsExpected": (
            "연결이 기대한 대로 허용되고 차단됩니다. 허용되어야 하는 연결 {allowed}개, 차단되어야 하는 연결"
            " {denied}개를 확인했습니다."
        ),
        "FlowTimesOut": (
            "{wherekind}의 파드({labelskind})는 {to}에 연결할 수 있어야 하지만, 연결에 아무 응답이"
            " 없습니다. 도중에 패킷이 버려지고 있습니다."
        ),
        "FlowRefused": (
            "{wherekind}의 파드({labelskind})는 {to}에 연결할 수 있어야 하지만, 연결이 거부됩니다."
        ),
        "FlowUnreachable": (
            "{wherekind}의 파드({labelskind})는 {to}에 연결할 수 있어야 하지만, 도중에 목적지에 도달할 수"
            " 없다는 응답이 돌아옵니다."
        ),
        "FlowLost": (
            "{wherekind}의 파드({labelskind})는 {to}에 연결할 수 있어야 하지만, 연결이 도중에 끊깁니다({seen})."
            " {namespace}에는 이 연결을 막을 만한 네트워크폴리시가 없으므로 학습자의 잘못이 아닙니다."
        ),
        "FlowUnsteady": (
            "{wherekind}의 파드({labelskind})는 {to}에 연결할 수 있어야 하지만, {tries}번 가운데"
            " {opened}번만 연결되었습니다."
        ),
        "FlowPasses": (
            "{wherekind}의 파드({labelskind})는 {to}에 연결할 수 없어야 하지만, 연결됩니다."
        ),
        "NoPolicies": "{namespace}에 네트워크폴리시가 하나도 없어서 모든 연결이 허용됩니다.",
        "NoPolicyChooses": (
            "{to} 뒤에 있는 파드로 들어오는 연결을 제한하는 네트워크폴리시가 없습니다. 어느 podSelector도"
            " 이 파드를 인그레스(Ingress) 대상으로 선택하지 않습니다."
        ),
        "PoliciesHoldBack": (
            "네트워크폴리시가 이 레이블을 가진 파드에서 나가는 연결(Egress)을 제한합니다: {names}."
        ),
        "NoReadyPodToReach": (
            "{kind} {name}에 연결할 수 있는 Ready 파드가 있어야 하지만 하나도 없습니다."
        ),
        "ProbeKeptOut": (
            "채점기의 프로브 파드가 {namespace}에 잠시 있을 수 있어야 하지만, 그 네임스페이스의 규칙이"
            " 허용하지 않습니다."
        ),
        "PolicyNotEnforced": (
            "이 클러스터는 네트워크폴리시를 적용하지 않습니다. 채점기가 자기 파드에 건 정책이 아무 효과가"
            " 없었으므로 제출한 정책도 판정할 수 없습니다. 학습자의 잘못이 아닙니다. 클러스터 관리자에게"
            " 네트워크폴리시를 적용하는 네트워크 플러그인(CNI)을 요청하세요."
        ),
        "ControlFailed": (
            "이 클러스터가 네트워크폴리시를 적용하는지 알아낼 수 없었습니다. 학습자의 잘못이 아닙니다."
            " {detail}"
        ),
        "ProbesUnguarded": (
            "이 점검은 학습자의 네임스페이스에 프로브 파드를 잠시 두어야 하는데, 이 클러스터에는 학습자가 그"
            " 파드를 건드리지 못하게 막는 것이 없습니다. 클러스터 관리자가 ValidatingAdmissionPolicy"
            " labgrader-probes를 설치해야 합니다: kubectl apply -f manifests/base/policies/probes.yaml."
            " {detail}"
        ),
        "ProbeNotAdmitted": (
            "클러스터가 그곳에 채점기의 프로브 파드를 허용하지 않습니다. 학습자의 잘못이 아닙니다. {detail}"
        ),
        "NameResolves": "이름 {dns:을/를} 찾을 수 있고, 기대한 대로 {seen:을/를} 가리킵니다.",
        "NameNotThere": "이름 {dns:은/는} 기대한 대로 없습니다.",
        "NameNotFound": (
            "{namespace}의 파드가 이름 {dns:을/를} 찾을 수 있어야 하지만, 서비스 {service:이/가} 있는데도"
            " 클러스터의 DNS에 그런 이름이 없습니다."
        ),
        "NameLeadsElsewhere": (
            "{namespace}의 파드에게 이름 {dns:은/는} {expected:을/를} 가리켜야 하지만, 실제로는"
            " {seen:을/를} 가리킵니다."
        ),
        "NameIsThere": ("{namespace}에 이름 {dns:이/가} 없어야 하지만 찾을 수 있습니다: {seen}."),
        "NameServerOutOfReach": (
            "{namespace}의 파드({labelskind})는 이름 {dns:을/를} 찾을 수 있어야 하지만, 클러스터의"
            " DNS에 연결하지 못합니다. 이그레스(Egress)를 제한하는 정책은 53번 포트(UDP와 TCP)를 허용해야"
            " 합니다."
        ),
        "NameServerSilent": (
            "클러스터의 DNS가 제대로 응답하지 않았습니다. 학습자의 잘못이 아닙니다. {detail}"
        ),
        "ServiceNotHeadless": (
            "서비스 {service:은/는} 이름이 파드의 주소를 가리키도록 헤드리스(clusterIP: None)여야 하지만,"
            " 자기 주소를 가지고 있습니다."
        ),
        "AliasDiffers": (
            "서비스 {service:은/는} {expected}의 별칭(ExternalName 유형)이어야 하지만, externalName은"
            " {seen}입니다."
        ),
        "NoNameWithoutPods": (
            "헤드리스 서비스 {service}의 이름은 Ready인 파드를 가리키는데, 그 뒤에 그런 파드가 없습니다."
        ),
        "PodWithoutName": (
            "서비스 {service}의 이름은 {kind} {name}의 Ready 파드를 모두 가리켜야 하지만, 파드"
            " {pod:이/가} 빠져 있습니다."
        ),
        "NoPodOfThatName": (
            "서비스 {service} 아래에 이름이 {host}인 파드가 있어야 하지만, 그런 호스트네임과 서브도메인"
            " {service:을/를} 가진 파드가 없습니다. 스테이트풀셋은 serviceName이 {service}일 때 이 둘을"
            " 붙여 줍니다."
        ),
        "PortNotNamed": (
            "서비스 {service}에 이름이 {port}인 TCP 포트가 있어야 하지만, 포트의 이름은 {seen}입니다."
        ),
    }
)
