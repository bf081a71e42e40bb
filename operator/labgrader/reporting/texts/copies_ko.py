"""Korean texts of what was tried on a copy, and of what the copy lacked."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "TriedOnCopy": (
            "채점기의 네임스페이스에 만든 복사본에서 시험했으며, 학습자의 네임스페이스에 있는 오브젝트는 건드리지"
            " 않았습니다."
        ),
        "CopyDiffers": (
            "채점기가 복사본에서 시험했지만, 원본은 정상인데 복사본은 장애를 일으키기 전부터 정상이 아니었습니다"
            "({seen}). 따라서 학습자가 한 작업에 대해 알 수 있는 것이 없습니다. 학습자의 잘못이 아닙니다."
        ),
        "CopyNotReady": (
            "채점기는 복사본에서 시험하는데, 원본은 준비(Ready) 상태이지만 복사본이 준비되지 않았습니다. 학습자의"
            " 잘못이 아닙니다. {detail}"
        ),
        "CopyRefused": (
            "채점기는 복사본에서 시험하는데, 클러스터가 복사본을 받아들이지 않았습니다. 학습자의 잘못이 아닙니다."
            " {detail}"
        ),
        "NotCopyable": (
            "채점기는 복사본에서 시험하는데, 이 워크로드는 복사할 수 없습니다. 학습자의 잘못이 아닙니다. {detail}"
        ),
        "CopyWithoutData": (
            "복사본에서 PersistentVolumeClaim {name}의 볼륨은 새로 만든 빈 볼륨이었습니다. 볼륨의 내용은 복사하지"
            " 않습니다."
        ),
        "CopyWithoutAddress": (
            "복사본에서 서비스 {name}에는 클러스터 외부 주소가 없었습니다. 노드포트, 외부 주소, 로드밸런서 주소는"
            " 복사하지 않습니다."
        ),
        "CopyWithoutHostPort": "복사본은 노드의 포트 {port:을/를} 열지 않았습니다. 원본이 쓰는 포트입니다.",
        "CopyWithoutToken": (
            "시크릿 {name:은/는} 학습자 네임스페이스의 서비스어카운트 토큰이므로 복사하지 않았습니다."
        ),
        "CopyWithoutRights": (
            "복사본에서 서비스어카운트 {name}에는 권한이 없었습니다. 롤과 롤바인딩은 복사하지 않습니다."
        ),
        "CopyWithoutNeighbour": (
            "워크로드가 가리키는 서비스 {name:은/는} 다른 워크로드의 것이므로 복사하지 않았습니다."
        ),
        "CopyNamesElsewhere": (
            "{what:은/는} 그대로 복사했으므로, 이름으로 복사본 밖의 네임스페이스를 가리킵니다."
        ),
        "CopyWithoutUnread": "{what:은/는} 채점기가 읽을 수 없어 복사하지 못했습니다.",
    }
)
