"""Korean texts of the engine: what kept a check from being decided."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "NeedsFailed": "먼저 통과해야 하는 점검 {check:이/가} 통과하지 못하여 진행하지 않았습니다.",
        "NeedsOpen": "먼저 통과해야 하는 점검 {check:을/를} 아직 판정할 수 없어 진행하지 않았습니다.",
        "ApiUnreachable": (
            "클러스터의 API 서버에 연결할 수 없었습니다. 학습자의 잘못이 아닙니다. {detail}"
        ),
        "ApiOverloaded": "클러스터의 API 서버에 부하가 많았습니다. 학습자의 잘못이 아닙니다. {detail}",
        "ApiRefused": "클러스터의 API 서버가 채점기의 요청을 받아들이지 않았습니다. {detail}",
        "Forbidden": (
            "이 점검에 필요한 권한이 채점기에 없습니다. 학습자의 잘못이 아닙니다. 읽기 권한과 접근 검토 권한은"
            " 클러스터롤 labgrader에 있고, 파드를 삭제하는 권한은 학습자의 네임스페이스에 바인딩하는"
            " 클러스터롤 labgrader-disturb에, 드라이런 권한은 labgrader-dry-run에, 프로브 파드를"
            " 만드는 권한은 labgrader-probe에, 복사본을 만드는 권한은 labgrader-clone에 있습니다. {detail}"
        ),
        "KindNotServed": "클러스터에 이런 종류(kind)가 없습니다: {detail}. CRD가 설치되어 있나요?",
        "TargetMissing": "학습자의 네임스페이스가 없습니다: {detail}.",
        "TargetTerminating": "학습자의 네임스페이스가 삭제되는 중입니다: {detail}.",
        "TimeLimit": "이 점검을 판정하기 전에 연습 문제의 제한 시간 {seconds}초가 끝났습니다.",
        "DisruptionNotAllowed": (
            "이 점검은 실행 중인 것을 방해하는데, 학습자의 네임스페이스에 허용되어 있지 않습니다. 강사가"
            " 레이블 labgrader.dev/disruption=allowed를 설정해야 합니다. {detail}"
        ),
        "ProbeImageMissing": (
            "채점기의 프로브 파드가 사용할 이미지를 알 수 없습니다. --probe-image를 지정하세요. {detail}"
        ),
        "ProbeNotStarted": "채점기의 프로브 파드가 시작되지 않았습니다: {detail}",
        "SamplerBehind": (
            "채점기가 일정한 간격으로 요청을 보내지 못하여 측정한 것을 근거로 쓸 수 없습니다. {detail}"
        ),
        "GraderError": "채점기에 오류가 있었습니다. 학습자의 잘못이 아닙니다. {detail}",
        "UnknownKind": (
            "이 점검은 쿠버네티스에 내장되지 않은 종류 {kind:을/를} 찾지만 apiVersion이 지정되어 있지 않습니다."
        ),
        "CheckBroken": "점검 {check}에 문제가 있습니다. 학습자의 잘못이 아닙니다. {why}",
    }
)
