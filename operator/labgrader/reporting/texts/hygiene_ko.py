"""Korean texts of what ``configures`` and ``claims`` can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "Configured": "{kind} {name}의 설정이 모두 기대한 대로입니다(확인한 컨테이너 {checked}개).",
        "SettingMissing": (
            "{kind} {name}의 컨테이너 {container}에서 {field:이/가} 설정되어 있어야 하지만 설정되어 있지"
            " 않습니다. 기대한 값: {expected}."
        ),
        "SettingDiffers": (
            "{kind} {name}의 컨테이너 {container}에서 {field:이/가} 기대와 다릅니다. 기대한 값: {expected},"
            " 실제 값: {seen}."
        ),
        "AlsoMissing": "{field}도 설정되어 있지 않습니다. 기대한 값: {expected}.",
        "AlsoDiffers": "{field}도 기대와 다릅니다. 기대한 값: {expected}, 실제 값: {seen}.",
        "MoreDifferences": "이 밖에도 기대와 다른 설정이 {count}개 더 있습니다.",
        "NoContainers": "{kind} {name}에 확인할 컨테이너가 있어야 하지만 하나도 없습니다.",
        "ContainerAbsent": (
            "{kind} {name}에 이름이 {container}인 컨테이너가 있어야 하지만, 있는 컨테이너는 {seen}입니다."
        ),
        "ProbeAbsent": "{kind} {name}의 컨테이너 {container}에 {probe:이/가} 있어야 하지만 없습니다.",
        "ProbeAsksElsewhere": (
            "{kind} {name}의 컨테이너 {container}에서 프로브는 자신의 파드를 확인해야 하지만, {field:이/가}"
            " {host:으로/로} 설정되어 있습니다. host를 지우세요."
        ),
        "ProbePortUnnamed": (
            "{kind} {name}의 컨테이너 {container}에서 {field:은/는} 포트 이름 {port:을/를} 쓰지만, 컨테이너에"
            " 그런 이름의 포트가 없습니다. 이름이 있는 포트: {ports}."
        ),
        "ImageUntagged": (
            "{kind} {name}의 컨테이너 {container}에서 이미지 {image}에 태그가 있어야 하지만 없습니다. 태그가"
            " 없으면 latest와 같습니다. 버전을 적으세요."
        ),
        "ImageLatest": (
            "{kind} {name}의 컨테이너 {container}에서 이미지의 태그는 버전을 가리켜야 하지만 {image}입니다."
            " 버전을 적으세요."
        ),
        "ImageWithoutDigest": (
            "{kind} {name}의 컨테이너 {container}에서 이미지를 다이제스트(@sha256:…)로 지정해야 하지만"
            " {image}입니다."
        ),
        "ImageFromElsewhere": (
            "{kind} {name}의 컨테이너 {container}에서 이미지를 {registries}에서 가져와야 하지만, {image:은/는}"
            " {repository}에서 가져옵니다."
        ),
        "EnvPlain": (
            "{kind} {name}의 컨테이너 {container}에서 환경 변수 {variable}의 값은 {expected}에서 가져와야"
            " 하지만 매니페스트에 그대로 적혀 있습니다."
        ),
        "EnvAbsent": (
            "{kind} {name}의 컨테이너 {container}에서 환경 변수 {variable}의 값을 {expected}에서 가져와야"
            " 하지만, env와 envFrom 어디에서도 그렇게 가져오지 않습니다."
        ),
        "EnvKeyAbsent": (
            "{kind} {name}의 컨테이너 {container}에서 환경 변수 {variable}의 값을 {source}에서 가져와야 하지만"
            " 그런 키가 없습니다. 선택적(optional) 참조라서 변수가 설정되지 않습니다."
        ),
        "QosDiffers": (
            "{kind} {name}의 파드에는 QoS 클래스 {expected:이/가} 필요하지만, 요청량(requests)과 제한(limits)에"
            " 따르면 {seen}입니다."
        ),
        "QosFromContainer": (
            "컨테이너 {container}에 CPU나 메모리의 요청량(requests) 또는 제한(limits)이 있습니다."
        ),
        "PodQosDiffers": (
            "{kind} {name}의 파드에는 QoS 클래스 {expected:이/가} 필요하지만 파드 {pod:은/는} {seen}입니다. 이전"
            " 버전으로 만들어졌거나 리밋레인지(LimitRange)가 리소스를 바꾼 파드입니다."
        ),
        "MountAbsent": (
            "{kind} {name}의 컨테이너 {container}에서 {path}에 볼륨이 마운트되어 있어야 하지만 없습니다."
            " 볼륨이 마운트된 곳: {seen}."
        ),
        "MountFromElsewhere": (
            "{kind} {name}의 컨테이너 {container}에서 {path}에 마운트한 볼륨이 기대와 다릅니다. 기대한 볼륨:"
            " {expected}, 실제 볼륨: {seen}."
        ),
        "MountEmpty": (
            "{kind} {name}의 컨테이너 {container}에서 {path}에 마운트한 볼륨에 {source}의 내용이 있어야 하지만"
            " 그런 오브젝트가 없습니다. 선택적(optional) 참조라서 폴더가 비어 있습니다."
        ),
        "ClaimBound": "퍼시스턴트볼륨클레임 {claim:이/가} {capacity} 크기의 볼륨에 바인딩되었습니다.",
        "ClaimUsed": (
            "{kind} {name:이/가} {capacity} 크기의 볼륨에 바인딩된 클레임 {claim:을/를} 사용합니다."
        ),
        "ClaimNotBound": (
            "퍼시스턴트볼륨클레임 {claim:은/는} 볼륨에 바인딩되어야 하지만 {seen} 상태입니다."
        ),
        "ClaimLost": (
            "퍼시스턴트볼륨클레임 {claim:은/는} 바인딩되어 있어야 하지만 볼륨이 사라졌습니다(Lost)."
        ),
        "ClaimClassDiffers": (
            "퍼시스턴트볼륨클레임 {claim:은/는} 스토리지클래스 {expected:을/를} 써야 하지만 {seen:을/를} 씁니다."
        ),
        "ClaimModeAbsent": (
            "퍼시스턴트볼륨클레임 {claim:은/는} 접근 모드 {expected:을/를} 요청해야 하지만, 요청한 접근 모드는"
            " {seen}입니다."
        ),
        "ClaimTooSmall": (
            "퍼시스턴트볼륨클레임 {claim}의 볼륨은 {min} 이상이어야 하지만 {seen}입니다."
        ),
        "ClaimNotResized": (
            "클레임은 {asked:을/를} 요청하지만 볼륨이 아직 커지지 않았습니다. 볼륨을 키울 수 없는"
            " 스토리지클래스도 있습니다."
        ),
        "ClaimNotInTemplate": (
            "{kind} {name}에 클레임 {claim:으로/로} 만든 볼륨이 있어야 하지만 없습니다. 볼륨에 쓰인 클레임: {seen}."
        ),
        "ClaimNotMounted": (
            "{kind} {name}에 클레임 {claim:으로/로} 만든 볼륨 {volume:이/가} 있지만, 그 볼륨을 마운트하는"
            " 컨테이너가 없습니다(volumeMounts)."
        ),
        "ClaimNotUsed": (
            "{kind} {name}에 클레임 {claim:을/를} 사용하는 실행 중인 파드가 있어야 하지만 없습니다."
        ),
        "StorageClassAbsent": "스토리지클래스 {storage_class:이/가} 없습니다.",
        "NoStorageClassSet": (
            "클레임에 스토리지클래스가 없고, 클러스터에 기본 스토리지클래스나 사용할 수 있는 볼륨도 없습니다."
        ),
        "ClaimWaitsForPod": (
            "파드가 클레임을 사용해야 볼륨이 만들어지는데(WaitForFirstConsumer), 사용하는 파드가 없습니다."
        ),
        "ClaimWithoutPods": "클레임 {claim:을/를} 사용하는 파드가 없습니다.",
        "ClaimNotProvisioned": "클레임의 볼륨을 만들 수 없습니다: {detail}.",
        "ClaimBeingProvisioned": "아직 볼륨을 만드는 중입니다: {detail}.",
    }
)
