"""English texts of what a check that looks or probes can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "ObjectThere": "{kind} {name} is there.",
        "NotFound": "There should be a {kind} named {name} in namespace {namespace}, but there is none.",
        "BeingDeleted": "{kind} {name} is being deleted, so it does not count.",
        "ObjectAbsent": "{kind} {name} is not there, as it should be.",
        "StillThere": "{kind} {name} should be gone, but it is still there.",
        "StillBeingDeleted": "{kind} {name} should be gone, but it is still being deleted.",
        "FieldsMatch": "{kind} {name} has all the expected fields.",
        "FieldMissing": "{kind} {name} should have {path}: expected {expected}, but it is not set.",
        "FieldUnwanted": "{kind} {name} should not have {path}, but it is set: {seen}.",
        "FieldDiffers": "{kind} {name} differs at {path}: expected {expected}, found {seen}.",
        "ItemMissing": "{kind} {name} has no item {path} as expected: expected {expected}, found {seen}.",
        "TooFewItems": (
            "{kind} {name} has too few items in {path}: one more must be {expected}. Found {seen}."
        ),
        "ObjectTooLarge": (
            "{kind} {name} has too many fields to be compared with what is expected. "
            "Keep only what the exercise asks for."
        ),
        "OrderDiffers": (
            "{kind} {name} differs at {path}: expected {expected} in this order, found {seen}."
        ),
        "NotAWorkload": "The check asks for the pods of a {kind}, but that kind runs no pods.",
        "WorkloadReady": "{kind} {name} is rolled out with {ready:Ready pod/Ready pods}.",
        "PodReady": "Pod {name} is Ready.",
        "PodNotFromTemplate": (
            "{kind} {name} counts a pod that is not made from its template: in pod {pod}, the "
            "{field} of container {container} should be {expected}, but it is {seen}. Delete the "
            "pod; the controller makes a new one."
        ),
        "HeadlessPort": (
            "Service {service} is headless, so its clients reach the pods themselves on port "
            "{port}, but the pods listen on {target}: targetPort does nothing there."
        ),
        "NotObservedYet": (
            "{kind} {name} was changed, and its controller has not acted on the change yet."
        ),
        "PodNotReady": "Pod {name} should be Ready, but it is not.",
        "TooFewReplicas": (
            "{kind} {name} should have at least {min:replica/replicas}, but it asks for {wanted}."
        ),
        "TooFewNodes": (
            "DaemonSet {name} should run on at least {min:node/nodes}, but its nodeSelector, affinity"
            " and tolerations fit {wanted}."
        ),
        "NotReady": "{kind} {name} should have {wanted:available pod/available pods}, but it has {ready}.",
        "NotRolledOut": (
            "{kind} {name} is not fully rolled out: {updated} of {wanted:pod/pods} got the present version,"
            " and {outdated:older pod/older pods} must still go."
        ),
        "ServiceRoutes": "Service {service} sends its traffic to {ready:Ready pod/Ready pods} of {kind} {name}.",
        "ServiceExternalName": (
            "Service {service} should lead to pods of namespace {namespace}, but it is of type"
            " ExternalName and leads to {target}."
        ),
        "ServicePortMissing": "Service {service} should offer port {port}, but it offers {ports}.",
        "ServiceWithoutSelector": (
            "Service {service} should choose its pods by a selector, but it has none."
        ),
        "EndpointNotOfWorkload": (
            "Service {service} should send traffic to pods of {kind} {name} only, but it also sends it"
            " to {target}."
        ),
        "EndpointNotSelected": (
            "Service {service} sends traffic to port {port} of {target}, where its selector and"
            " targetPort do not lead."
        ),
        "TooFewEndpoints": (
            "Service {service} should reach at least {min:Ready pod/Ready pods} of {kind} {name} on port {port},"
            " but it reaches {ready}."
        ),
        "EndpointElsewhere": (
            "Service {service} should lead to pods of namespace {namespace}, but {address} belongs to"
            " none of them."
        ),
        "NoEndpoints": "Nothing Ready is behind port {port} of Service {service}, so it cannot answer.",
        "ServiceAnswers": "{url} answers with status {status}, as expected.",
        "WrongStatus": '{url} should answer with status {expected}, but it answers with {seen}: "{body}".',
        "WrongBody": '{url} answers, but its text is not as expected: expected {expected}, found "{seen}".',
        "ConnectionRefused": "{url} should answer, but the connection is refused.",
        "ConnectionReset": "{url} should answer, but the connection breaks before an answer comes.",
        "NotHttp": "{url} should answer in HTTP, but what comes back is something else.",
        "NoAnswerInTime": "{url} should answer, but no answer comes in time.",
    }
)
