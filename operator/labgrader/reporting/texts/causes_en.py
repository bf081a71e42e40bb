"""English texts of the causes that diagnosis finds."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "HeldByFinalizers": "Its deletion waits for the finalizers {finalizers}.",
        "NearestName": "The nearest name that is there is {near}.",
        "OthersThere": "There are others: {names}.",
        "ImagePullBackOff": (
            "The image {image} of container {container} in pod {pod} cannot be pulled (ImagePullBackOff):"
            " check its name and tag."
        ),
        "InvalidImageName": (
            "The image name {image} of container {container} in pod {pod} is not a valid one."
        ),
        "ImageNeverPulled": (
            "The image {image} of container {container} in pod {pod} is not on the node, and"
            " imagePullPolicy Never forbids to pull it."
        ),
        "CreateContainerConfigError": (
            "Container {container} of pod {pod} cannot be made, because something that it refers to is"
            " missing (CreateContainerConfigError): {detail}."
        ),
        "ContainerCannotStart": "Container {container} of pod {pod} cannot be started: {detail}.",
        "ContainerWaits": "Container {container} of pod {pod} is waiting ({why}): {detail}.",
        "OutOfMemory": (
            "Container {container} of pod {pod} used more memory than its limit ({limit}) and was killed"
            " (OOMKilled)."
        ),
        "ContainerCompletes": (
            "Container {container} of pod {pod} ends by itself with exit code 0 and is started again and"
            " again; its program must keep running."
        ),
        "ContainerEnded": (
            "Container {container} of pod {pod} has ended with exit code {code}, and the pod's"
            ' restartPolicy does not start it again; its last log line: "{line}".'
        ),
        "CrashLoopBackOff": (
            "Container {container} of pod {pod} keeps crashing (CrashLoopBackOff) with exit code {code};"
            ' its last log line: "{line}".'
        ),
        "CrashLoopSilent": (
            "Container {container} of pod {pod} keeps crashing (CrashLoopBackOff) with exit code {code},"
            " and it logs nothing."
        ),
        "StartupProbeFails": (
            "The startup probe ({probe}) of container {container} in pod {pod} fails: {detail}."
        ),
        "StartupProbeSilent": (
            "The startup probe ({probe}) of container {container} in pod {pod} fails, and it printed"
            " nothing."
        ),
        "LivenessProbeFails": (
            "The liveness probe ({probe}) of container {container} in pod {pod} fails, so it is restarted"
            " again and again: {detail}."
        ),
        "LivenessProbeSilent": (
            "The liveness probe ({probe}) of container {container} in pod {pod} fails, so it is restarted"
            " again and again; the probe printed nothing."
        ),
        "ReadinessProbeFails": (
            "The readiness probe ({probe}) of container {container} in pod {pod} fails: {detail}."
        ),
        "ReadinessProbeSilent": (
            "The readiness probe ({probe}) of container {container} in pod {pod} fails, and it printed"
            " nothing."
        ),
        "PodTerminating": "Pod {pod} is still terminating.",
        "Unschedulable": "The scheduler finds no node for pod {pod}: {detail}.",
        "NotScheduledYet": "Pod {pod} has not been scheduled to a node yet.",
        "PodFailed": "Pod {pod} has failed: {detail}.",
        "VolumeFails": "A volume of pod {pod} cannot be mounted: {detail}.",
        "SandboxFails": "The node cannot set up pod {pod}: {detail}.",
        "ReadinessGateWaits": "Pod {pod} waits for its readiness gate {gate}.",
        "PodNotReadyYet": "Pod {pod} is not Ready yet; the cluster reports no error.",
        "QuotaExceeded": "The ResourceQuota {quota} does not allow more pods: {detail}.",
        "QuotaWantsLimits": (
            "The ResourceQuota {quota} wants every container to set requests or limits: {detail}."
        ),
        "PodSecurityRefuses": (
            "Pods are refused, because the namespace enforces the Pod Security level {level}: {detail}."
        ),
        "ServiceAccountMissing": "Pods are refused, because there is no ServiceAccount {account}.",
        "LimitRangeRefuses": "Pods are refused by a LimitRange of the namespace: {detail}.",
        "PodsRefused": "Pods are refused: {detail}.",
        "RolloutPaused": "The rollout of Deployment {name} is paused.",
        "NoReplicas": "{kind} {name} is scaled to 0 replicas.",
        "UpdatesOnDelete": (
            "{kind} {name} has the update strategy OnDelete: a pod gets the new version only after it"
            " has been deleted."
        ),
        "MinReadySeconds": (
            "Its pods are Ready, but count as available only after {seconds:second/seconds} (minReadySeconds)."
        ),
        "NoPods": "There is no pod at all in namespace {namespace}.",
        "NoSelector": "Service {service} has no selector, so no pod is behind it.",
        "SelectorMatchesNothing": (
            "The selector of Service {service} ({selector}) matches no pod; the nearest, pod {pod}, has"
            " the labels {labels}."
        ),
        "SelectorMatchesOthers": (
            "The selector of Service {service} ({selector}) chooses other pods, such as {other}; pod"
            " {pod}, which it should choose, has the labels {labels}."
        ),
        "TargetPortNotNamed": (
            "Service {service} sends traffic to the port named {port}, but pod {pod} names no port so;"
            " its ports: {ports}."
        ),
        "NothingListens": (
            "The Service sends traffic to port {port}, where nothing in pod {pod} listens; the ports that"
            " it declares: {ports}."
        ),
        "PoliciesRestrict": (
            "NetworkPolicies restrict who may reach these pods and may keep the request out: {names}."
        ),
        "LastLogLine": 'The last log line of pod {pod}: "{line}".',
    }
)
