"""English texts of what the checks of traffic and kept data can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "LaneActions": "actions",
        "LaneSeconds": "seconds",
        "LaneWanted": "replicas",
        "LaneReady": "Ready pods",
        "LaneEndpoints": "endpoints",
        "LaneRequests": "requests",
        "LaneDirect": "slow ones",
        "LaneMetric": "metric %",
        "LaneDesired": "HPA wants",
        "LaneLegend": "requests: · all answered  ▄ some failed  █ half of them or more failed",
        "Balanced": (
            "{sent} new connections to {url} were spread over {ready} Ready pods: {shares} (a fair"
            " balancer gives each {low} to {high})."
        ),
        "AffinityKept": ("All {sent} requests of one client to {url} went to one pod: {shares}."),
        "HeadlessNoBalance": (
            "Service {service} should balance connections, but it is headless (clusterIP: None): its"
            " clients get the pods' own addresses, and nothing balances."
        ),
        "TooFewToChoose": (
            "Service {service} should have at least {min} Ready endpoints on port {port} to choose from,"
            " but it has {ready}."
        ),
        "TooManyToCount": (
            "Service {service} has {seen} endpoints, and this check can tell at most {most} apart. Scale"
            " the workload down."
        ),
        "BackendsChange": (
            "While {sent} requests were sent to {url}, the pods behind Service {service} came, went or"
            " changed between Ready and not, so their shares prove nothing. They must stay Ready."
        ),
        "RequestsLost": (
            "Requests to {url} should be answered, but {lost} of {sent} were not (last: {seen})."
        ),
        "PodAnswersNothing": (
            "Pod {pod} is Ready and behind Service {service}, but gave no good answer when it was asked"
            " at its own address."
        ),
        "NameNotTold": (
            "The answer to {url} should tell which pod gives it, but in the answer of pod {pod} nothing"
            ' does: "{body}".'
        ),
        "NameChanges": (
            "The answer to {url} should be the same for one pod, but pod {pod}, asked at its own address,"
            ' answered as "{first}" and as "{second}".'
        ),
        "NameShared": (
            "The answer to {url} should tell the pods apart, but {pod} and {other} both answer as"
            ' "{first}".'
        ),
        "AnsweredByOther": (
            'An answer to {url} came from none of the pods behind Service {service}: "{body}".'
        ),
        "NotReadyAnswers": (
            "Pod {pod} is not Ready, so it should get no requests, but {count} of {sent} requests to"
            " {url} reached it."
        ),
        "AffinityNotKept": (
            "All requests of one client to {url} should reach the same pod, but {sent} of them reached"
            " several: {shares}."
        ),
        "Unbalanced": (
            "{sent} new connections to {url} should be spread over {ready} Ready pods, but pod {pod} got"
            " {count}: {shares}. A fair balancer gives each {low} to {high}, and fails to do so once in"
            " {odds} times at most."
        ),
        "PublishesNotReady": (
            "Service {service} has publishNotReadyAddresses, so pods get requests also while they are not"
            " Ready or are stopping."
        ),
        "NoSessionAffinity": "Service {service} does not have sessionAffinity ClientIP.",
        "HasSessionAffinity": (
            "Service {service} has sessionAffinity ClientIP, which sends each client to one pod."
        ),
        "PrefersNearPods": (
            "Service {service} has {field} {value}, so it prefers pods near the client."
        ),
        "Drained": (
            "One pod of {kind} {name} was told to stop: all {under_way} requests that it had under way"
            " were answered, and it was gone after {took} s (allowed: {within} s). Meanwhile {lost} of"
            " {sent} new requests to {url} failed (expected: at least {min} % succeed)."
        ),
        "DrainedPartly": (
            "One pod of {kind} {name} was told to stop: all {under_way} requests that it had under way"
            " were answered, but {lost} of {sent} new requests to {url} failed."
        ),
        "RequestsCut": (
            "One pod of {kind} {name} was told to stop while {under_way} requests for {slow} were under"
            " way. All of them should be answered, but {cut} were cut off, the first {after} s later."
        ),
        "NotEndedInTime": (
            "One pod of {kind} {name} was told to stop and should have been gone within {within} s, but"
            " it was still there."
        ),
        "KilledInTheEnd": (
            "One pod of {kind} {name} was told to stop, but container {container} did not end by itself:"
            " it was killed after {ended} s (SIGKILL, exit code 137), which would cut off whatever is"
            " under way then."
        ),
        "NewRequestsLost": (
            "One pod of {kind} {name} was told to stop and answered what it had under way, but new"
            " clients noticed: {lost} of {sent} requests to {url} failed meanwhile (expected: at least"
            " {min} % succeed). The longest time without a good answer was {gap} s."
        ),
        "EndpointStays": (
            "One pod of {kind} {name} was told to stop, and its process ended while Service {service}"
            " still sent requests to it. The endpoint must go first."
        ),
        "EndpointsBehind": (
            "One pod of {kind} {name} was told to stop, and {after} s after its process had ended the"
            " cluster still had it behind Service {service}. The cluster takes out a pod by itself once"
            " that is told to stop, so it was late, and this says nothing of the work."
        ),
        "NoPodBehind": (
            "A pod of {kind} {name} should be stopped while Service {service} sends it requests on port"
            " {port}, but none of its Ready pods is behind that Service. Nothing was deleted."
        ),
        "SlowNotAnswered": (
            "A pod of {kind} {name} should answer {slow} before it is told to stop, but did not answer"
            " in time. Nothing was deleted."
        ),
        "SlowFails": (
            "A pod of {kind} {name} should answer {slow} before it is told to stop, but it gave no good"
            " answer ({seen})."
        ),
        "NothingUnderWay": (
            "A pod of {kind} {name} was told to stop while it should have had requests for {slow} under"
            " way, but it answers them too fast for that (the slowest took {took} s)."
        ),
        "GraceTooShort": (
            "{kind} {name} gives its pods {grace:second/seconds} to end (terminationGracePeriodSeconds);"
            " then they are killed, whatever is under way."
        ),
        "GraceTooLong": (
            "{kind} {name} gives its pods {grace:second/seconds} to end (terminationGracePeriodSeconds),"
            " more than the {within} s that a pod may take."
        ),
        "EndsAtOnce": (
            "The process of {kind} {name} ends at once when it is told to stop (SIGTERM): it does not"
            " wait for its requests, and no preStop hook gives it time."
        ),
        "PreStopTooLong": (
            "The preStop hook of container {container} in {kind} {name} sleeps"
            " {seconds:second/seconds}, so the process is told to stop too late to end by itself."
        ),
        "IgnoresTerm": (
            "The process of {kind} {name} takes no notice of SIGTERM. A shell as first process passes it"
            " on only where it starts the program with exec."
        ),
        "StopsWithoutHook": (
            "{kind} {name} has no preStop hook: a pod that stops refuses connections before every node"
            " knows that the Service leaves it out."
        ),
        "DataKept": (
            "What was written into the pods of {kind} {name} was still there after {deleted:pod was/pods"
            " were} deleted; all were back after {took} s (allowed: {within} s)."
        ),
        "NothingKeepsIt": "This check knows StatefulSet and Deployment, not {kind}.",
        "TooManyToWrite": (
            "{kind} {name} has too many pods for this check, which writes to at most {most}. Nothing was"
            " deleted."
        ),
        "NotWritten": (
            "Pod {pod} of {kind} {name} should keep what is written with {path}, but answered {seen}."
            " Nothing was deleted."
        ),
        "NotReadBack": (
            "What was written into pod {pod} of {kind} {name} with {path} should be read again at once,"
            " but it was not there ({seen}). Nothing was deleted."
        ),
        "WriteFailed": (
            "Pod {pod} of {kind} {name} should keep what `{command}` writes in container {container}, but"
            " the command came to: {seen}. It must be the program that the exercise asks for. Nothing was"
            " deleted."
        ),
        "NotPrinted": (
            "What was written into pod {pod} of {kind} {name} should be printed at once by `{command}` in"
            " container {container}, but the command came to: {seen}. Nothing was deleted."
        ),
        "ReadEnded": "In pod {pod} `{command}` came to: {seen}.",
        "NotBackInTime": (
            "Of {kind} {name} {deleted:pod was/pods were} deleted. {wanted} should have been Ready again"
            " within {within} s, but only {ready} were."
        ),
        "DataLost": (
            "What was written into the pods of {kind} {name} should outlive them, but {lost} of {read}"
            " values were gone after {deleted:pod was/pods were} deleted (looked for in: {names})."
        ),
        "NoClaimOfItsOwn": (
            "Pod {pod} of {kind} {name} should have a volume claim of its own, but it uses none."
        ),
        "ClaimShared": (
            "Each pod of {kind} {name} should have a volume claim of its own, but {pod} and {other} share"
            " {claim}."
        ),
        "IdentityChanged": (
            "Pod {pod} of {kind} {name} should come back with the name and the volume claims of the pod"
            " that was deleted, but they are others."
        ),
        "NotInOrder": (
            "The pods of {kind} {name} should come one after another, but {second} was made before"
            " {first} was Ready."
        ),
        "OnEmptyDir": ("Volume {volume} of {kind} {name} is an emptyDir, which goes with its pod."),
        "NoClaimAtAll": (
            "{kind} {name} uses no PersistentVolumeClaim, so nothing that it writes outlives a pod."
        ),
        "ClaimUnmounted": (
            "{kind} {name} has the volume {volume}, but no container mounts it (volumeMounts)."
        ),
        "WrittenElsewhere": (
            "{kind} {name} mounts the volume {volume}, but not where the program writes (mountPath)."
        ),
        "NoClaimTemplates": (
            "{kind} {name} has no volumeClaimTemplates, which make a claim for each pod."
        ),
        "BackOnDrainedNode": (
            "The pods of {kind} {name} should come back on other nodes while {node} is drained, but {pod}"
            " came back on it: it tolerates cordoned nodes (tolerations), or names its node (nodeName)."
        ),
        "VolumeOnNode": (
            "Pod {pod} could not leave node {node}, because its volume cannot be used on every node. The"
            " scheduler said: {detail}."
        ),
        "StorageOnNodesOnly": (
            "Node {node} was drained, and pod {pod} of {kind} {name} could not leave it: its volume cannot"
            " be used on every node, and the cluster offers no others ({offered}). This check needs a"
            " StorageClass whose volumes every node can use; that there is none is not the learner's fault."
        ),
        "ParallelPods": "{kind} {name} has podManagementPolicy Parallel.",
    }
)
