"""The Korean texts, by reason."""

from labgrader.reporting.texts import (
    access_ko,
    behaviour_ko,
    causes_ko,
    engine_ko,
    evidence_ko,
    expressions_ko,
    findings_ko,
    given_ko,
    hygiene_ko,
    observed_ko,
    points_ko,
    submission_ko,
)

CATALOGS = (
    findings_ko.TEXTS,
    causes_ko.TEXTS,
    engine_ko.TEXTS,
    behaviour_ko.TEXTS,
    expressions_ko.TEXTS,
    submission_ko.TEXTS,
    observed_ko.TEXTS,
    points_ko.TEXTS,
    hygiene_ko.TEXTS,
    access_ko.TEXTS,
    given_ko.TEXTS,
    evidence_ko.TEXTS,
)
TEXTS = {reason: text for catalog in CATALOGS for reason, text in catalog.items()}
LOOK = "확인: {command}"
KINDS = {
    "ConfigMap": "컨피그맵",
    "ControllerRevision": "컨트롤러리비전",
    "CronJob": "크론잡",
    "DaemonSet": "데몬셋",
    "Deployment": "디플로이먼트",
    "EndpointSlice": "엔드포인트슬라이스",
    "Event": "이벤트",
    "Group": "그룹",
    "Ingress": "인그레스",
    "Job": "잡",
    "LimitRange": "리밋레인지",
    "Namespace": "네임스페이스",
    "NetworkPolicy": "네트워크폴리시",
    "PersistentVolumeClaim": "퍼시스턴트볼륨클레임",
    "Pod": "파드",
    "ReplicaSet": "레플리카셋",
    "ResourceQuota": "리소스쿼터",
    "Role": "롤",
    "RoleBinding": "롤바인딩",
    "Secret": "시크릿",
    "Service": "서비스",
    "ServiceAccount": "서비스어카운트",
    "StatefulSet": "스테이트풀셋",
    "User": "사용자",
}
"""As Kubernetes' Korean documentation names them; kinds that it does not translate are left."""
