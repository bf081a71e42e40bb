"""Korean texts of rights, refusals and questions: ``allows``, ``rejects``, ``asks``."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "AccessAsExpected": (
            "{subject_kind} {subject:은/는} 네임스페이스 {namespace}에서 필요한 권한을 모두 가지고 있고(질문"
            " {yes}개), 가져서는 안 되는 권한은 없습니다(질문 {no}개)."
        ),
        "AccessDenied": (
            "{subject_kind} {subject}에 네임스페이스 {namespace}의 다음 권한이 있어야 하지만 없습니다: {what}."
        ),
        "AccessTooWide": (
            "{subject_kind} {subject}에 네임스페이스 {namespace}의 다음 권한이 없어야 하지만 있습니다: {what}."
        ),
        "AccessEverywhere": (
            "{subject_kind} {subject}의 권한은 네임스페이스 {namespace}에만 있어야 하지만, 클러스터 전체에"
            " 다음 권한이 있습니다: {what}. 클러스터롤바인딩(ClusterRoleBinding)이 준 권한입니다."
        ),
        "AccessElsewhere": (
            "{subject_kind} {subject}의 권한은 네임스페이스 {namespace}에만 있어야 하지만,"
            " 네임스페이스 {elsewhere}에도 다음 권한이 있습니다: {what}. 네임스페이스를 지정하지 않고"
            " 만든 롤바인딩은 그곳에 생깁니다."
        ),
        "RoleGivesMore": (
            "{subject_kind} {subject}에 네임스페이스 {namespace}의 다른 권한이 없어야 하지만, 롤 {role:이/가}"
            " 다음 권한도 줍니다: {what}."
        ),
        "AuthorizerSays": "API 서버의 설명: {said}.",
        "NoBinding": "네임스페이스에 {subject_kind} {subject:을/를} 지정한 롤바인딩이 없습니다.",
        "BindingElsewhere": (
            "롤바인딩 {binding:이/가} 서비스어카운트 {account:을/를} 지정하지만, 네임스페이스가 {namespace:이/가}"
            " 아니라 {elsewhere}입니다."
        ),
        "BoundRoleMissing": "롤바인딩 {binding:이/가} 롤 {role:을/를} 참조하지만 그런 롤이 없습니다.",
        "RoleLacks": "롤 {role:은/는} 바인딩되어 있지만 다음 권한을 주지 않습니다: {what}.",
        "RoleGives": "롤 {role:이/가} 다음 권한을 줍니다: {what}.",
        "BoundClusterRole": "롤바인딩 {binding:이/가} 클러스터롤 {role}의 권한을 줍니다.",
        "GivenFromElsewhere": (
            "네임스페이스의 롤이 준 권한이 아닙니다. 클러스터롤바인딩이나 그룹이 준 권한일 수 있습니다."
        ),
        "RefusedAsExpected": "API 서버가 {kind:을/를} 올바르게 거부합니다({by}).",
        "AdmittedAsExpected": "API 서버가 {kind:을/를} 올바르게 받아들입니다.",
        "NotRefused": (
            "API 서버가 네임스페이스 {namespace}에서 {kind:을/를} 거부해야 하지만 받아들입니다."
        ),
        "NotAdmitted": (
            "API 서버가 {kind:을/를} 받아들여야 하지만 {by:이/가} 거부합니다: {detail}."
        ),
        "RefusedOtherwise": (
            "{kind:이/가} 거부되지만, 이 연습 문제에서 다루는 이유({by}) 때문이 아닙니다: {detail}."
        ),
        "CreatorMayNot": (
            "{subject_kind} {subject:은/는} 네임스페이스 {namespace}에서 {kind:을/를} 만들 권한이 없어서,"
            " 규칙을 확인하지 못했습니다. 롤에 그 권한이 있어야 합니다."
        ),
        "ManifestInvalid": (
            "연습 문제에서 시험하는 {kind} 자체가 올바르지 않습니다. 학습자의 잘못이 아닙니다. {detail}"
        ),
        "RuleMissing": "{rule_kind} {rule:이/가} 없습니다.",
        "NoRuleOfKind": "네임스페이스 {namespace}에 {rule_kind:이/가} 없습니다.",
        "WebhookWithoutDryRun": (
            "클러스터의 어드미션 웹훅 하나가 드라이런(dry run)을 지원하지 않아 확인할 수 없습니다. 학습자의"
            " 잘못이 아닙니다. {detail}"
        ),
        "QuotaNotCounted": (
            "클러스터가 리소스쿼터의 사용량을 아직 집계하지 않아 오브젝트를 받지 않습니다. 학습자의 잘못이"
            " 아닙니다. {detail}"
        ),
        "AnswerRight": "질문 {question}의 답이 맞습니다: {seen}.",
        "AnswerWrong": "질문 {question}의 답이 맞지 않습니다: {seen}.",
        "AnswerMissing": (
            "질문 {question}에 아직 답하지 않았습니다. 제출물(Submission)의 spec.answers에"
            " 이름 {question:으로/로} 답을 쓰세요."
        ),
        "NotAnOption": (
            "질문 {question}에는 선택지 {options} 중에서 답해야 하지만 {seen:은/는} 선택지에 없습니다."
        ),
        "OneOptionOnly": (
            "질문 {question}에는 선택지를 하나만 골라야 하지만 여러 개를 골랐습니다: {seen}."
        ),
        "NotANumber": (
            '질문 {question}에는 "12.5"나 "1,200"과 같은 숫자로 답해야 하지만 숫자로 읽을 수 없습니다:'
            " {seen}."
        ),
        "UnitUnwanted": "질문 {question}에는 단위 없이 숫자로만 답해야 합니다: {seen}.",
        "OtherUnit": (
            "질문 {question}에는 {unit} 단위로 답해야 하지만 {seen} 값은 그 단위로 바꿀 수 없습니다."
        ),
        "Questions": "질문",
        "HowToAnswer": "제출물(Submission)에 다음과 같이 답을 따옴표로 묶어 쓰세요.",
        "ChooseOne": "선택지 하나의 이름으로 답하세요.",
        "ChooseSeveral": "맞는 선택지의 이름을 모두 쉼표로 나누어 쓰세요.",
        "NumberInUnit": "{unit} 단위의 숫자로 답하세요.",
        "PlainNumber": "숫자로 답하세요.",
        "FewWords": "짧은 말로 답하세요.",
    }
)
