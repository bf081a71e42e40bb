"""English texts of rights, refusals and questions: ``allows``, ``rejects``, ``asks``."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "AccessAsExpected": (
            "{subject_kind} {subject} may do what it should in namespace {namespace} ({yes} of the"
            " questions asked), and nothing that it should not ({no})."
        ),
        "AccessDenied": (
            "{subject_kind} {subject} should be allowed in namespace {namespace}, but is not: {what}."
        ),
        "AccessTooWide": (
            "{subject_kind} {subject} should not be allowed in namespace {namespace}, but is: {what}."
        ),
        "AccessEverywhere": (
            "{subject_kind} {subject} should have rights in namespace {namespace} only, but is"
            " allowed in the whole cluster: {what}. A ClusterRoleBinding gives that."
        ),
        "AccessElsewhere": (
            "{subject_kind} {subject} should have rights in namespace {namespace} only, but is"
            " allowed in namespace {elsewhere}, too: {what}. A RoleBinding that is made without"
            " naming a namespace lands there."
        ),
        "RoleGivesMore": (
            "{subject_kind} {subject} should have no other rights in namespace {namespace}, but Role"
            " {role} also gives: {what}."
        ),
        "AuthorizerSays": "The API server says: {said}.",
        "NoBinding": "No RoleBinding of the namespace names {subject_kind} {subject}.",
        "BindingElsewhere": (
            "RoleBinding {binding} names a ServiceAccount {account}, but in namespace {elsewhere}"
            " instead of {namespace}."
        ),
        "BoundRoleMissing": "RoleBinding {binding} refers to Role {role}, which is not there.",
        "RoleLacks": "Role {role} is bound, but does not give: {what}.",
        "RoleGives": "Role {role} gives: {what}.",
        "BoundClusterRole": "RoleBinding {binding} gives the rights of ClusterRole {role}.",
        "GivenFromElsewhere": (
            "No Role of the namespace gives it; a ClusterRoleBinding may, or a group."
        ),
        "RefusedAsExpected": "The API server refuses the {kind}, as it should ({by}).",
        "AdmittedAsExpected": "The API server takes the {kind}, as it should.",
        "NotRefused": (
            "The API server should refuse the {kind} in namespace {namespace}, but takes it."
        ),
        "NotAdmitted": ("The API server should take the {kind}, but {by} refuses it: {detail}."),
        "RefusedOtherwise": (
            "The {kind} is refused, but for another reason than the exercise is about ({by}):"
            " {detail}."
        ),
        "CreatorMayNot": (
            "{subject_kind} {subject} may not create a {kind} in namespace {namespace} at all, so no"
            " rule was asked. Its Role must give that right."
        ),
        "ManifestInvalid": (
            "The exercise tries a {kind} that is invalid by itself; this is not the learner's fault."
            " {detail}"
        ),
        "RuleMissing": "There is no {rule_kind} named {rule}.",
        "NoRuleOfKind": "There is no {rule_kind} in namespace {namespace}.",
        "WebhookWithoutDryRun": (
            "An admission webhook of the cluster cannot be tried without creating the object; this is"
            " not the learner's fault. {detail}"
        ),
        "QuotaNotCounted": (
            "The cluster has not counted yet what a ResourceQuota limits, so it takes no object; this"
            " is not the learner's fault. {detail}"
        ),
        "AnswerRight": "The answer to {question} is right: {seen}.",
        "AnswerWrong": "The answer to {question} is not right: {seen}.",
        "AnswerMissing": (
            "The question {question} has no answer yet. Write it under spec.answers of the"
            " Submission, with the name {question}."
        ),
        "NotAnOption": (
            "The answer to {question} should name one of the options {options}, but {seen} is none"
            " of them."
        ),
        "OneOptionOnly": (
            "The answer to {question} should be exactly one option, but it names several: {seen}."
        ),
        "NotANumber": (
            'The answer to {question} should be a number such as "12.5" or "1,200", but it cannot be'
            " read as one: {seen}."
        ),
        "UnitUnwanted": (
            "The answer to {question} should be a number without a unit, but it is: {seen}."
        ),
        "OtherUnit": (
            "The answer to {question} should be in {unit}, but {seen} cannot be converted into that."
        ),
        "Questions": "Questions",
        "HowToAnswer": "Write your answers into the Submission, in quotes, like this:",
        "ChooseOne": "Answer with the name of one option.",
        "ChooseSeveral": "Answer with the names of all options that are right, divided by commas.",
        "NumberInUnit": "Answer with a number, in {unit}.",
        "PlainNumber": "Answer with a number.",
        "FewWords": "Answer in a few words.",
    }
)
