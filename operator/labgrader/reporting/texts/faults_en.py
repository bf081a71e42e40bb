"""English texts of what ``heals`` finds after faults other than the deletion of one pod."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "Recovered": (
            "{kind} {name} recovered in {took} s (allowed: {within} s); at the worst moment {lowest} of"
            " {wanted} pods were Ready."
        ),
        "RecoveredAvailable": (
            "{kind} {name} recovered in {took} s (allowed: {within} s); at the worst moment {lowest} of"
            " {wanted} pods were Ready. Meanwhile {lost} of {sent} requests to {url} failed (expected: at"
            " least {min} % succeed)."
        ),
        "RecoveredSlowly": ("{kind} {name} recovered in {took} s (allowed: {within} s)."),
        "RecoveredPartly": (
            "{kind} {name} recovered in {took} s, but clients noticed: {lost} of {sent} requests to {url}"
            " failed, between {first} s and {last} s after the fault."
        ),
        "RecoveredButUnavailable": (
            "{kind} {name} recovered in {took} s, but clients noticed: {lost} of {sent} requests to {url}"
            " failed in the {watched} s after the fault (expected: at least {min} % succeed), between"
            " {first} s and {last} s after it. The longest time without a good answer was {gap} s; at the"
            " worst moment {lowest} of {wanted} pods were Ready."
        ),
        "NotRecovered": (
            "{kind} {name} did not recover: {wanted} pods should have been Ready again within {within} s,"
            " but only {ready} were."
        ),
        "FaultContainerMissing": (
            "This check does something in container {container} of {kind} {name}, but there is no such"
            " container; there is: {containers}."
        ),
        "FaultRefused": (
            "This check does {how} in {kind} {name} and waits for its recovery, but the app did not take"
            " it: {said}. It must be the app that the exercise asks for."
        ),
        "ProcessGoesOn": (
            "In container {container} of {kind} {name}, {how} should end the process, but it still ran"
            " after {within} s. The app that the exercise asks for must be the container's own process."
        ),
        "EvictionForbidden": (
            "The pods of {kind} {name} on node {node} should be able to leave it, but the Eviction API"
            " refused each time: {said}."
        ),
        "BudgetsClash": (
            "The pods of {kind} {name} should be able to leave their node, but Kubernetes evicts no pod"
            " that two PodDisruptionBudgets choose: {said}."
        ),
        "PodsDeleted": "What was done: {count:pod was/pods were} deleted at once.",
        "ProcessEnded": (
            "What was done: {how}, in container {container} of {count:pod/pods}, to end its process."
        ),
        "AppMadeSick": "What was done: {how}, in {count:pod/pods}, to make the app sick.",
        "PodsEvicted": "What was done: {count:pod was/pods were} evicted from node {node}.",
        "NodeDrained": (
            "What was done: node {node} was cordoned, and {count:pod was/pods were} evicted from it."
        ),
        "NodeSwitchedOff": (
            "What was done: node {node} was switched off, with {count:pod/pods} on it."
        ),
        "NoLivenessProbe": (
            "Container {container} of {kind} {name} has no liveness probe, so nothing tells the kubelet"
            " that a running app is sick."
        ),
        "LivenessStaysGood": (
            "The liveness probe of container {container} ({probe}) did not notice that the app was sick;"
            " it must ask what tells the app's health."
        ),
        "LivenessTooSlow": (
            "The liveness probe of container {container} restarts it only after {threshold} failures, one"
            " every {period} s: {seconds} s, where {within} s are allowed."
        ),
        "RestartPolicyKeepsEnded": (
            "The restartPolicy {policy} does not start container {container} of {kind} {name} again."
        ),
        "RestartBackOff": (
            "Container {container} of pod {pod} was restarted {restarts:time/times} and now waits"
            " (CrashLoopBackOff): the kubelet doubles the wait before each restart, up to 5 minutes."
        ),
        "GracePeriodLong": (
            "A {kind} replaces a pod only when it is gone, and pod {pod} may take {seconds} s to end"
            " (terminationGracePeriodSeconds)."
        ),
        "StatefulPodWaitsForNode": (
            "The pods of StatefulSet {name} stay bound to the lost node: Kubernetes makes a second pod of"
            " the same name only when it knows that the first is gone."
        ),
        "ToleratesLostNode": (
            "The pods of {kind} {name} tolerate a lost node for {seconds} s (tolerations,"
            " node.kubernetes.io/unreachable and not-ready) before they are replaced."
        ),
        "BudgetForbids": (
            "PodDisruptionBudget {budget} ({rule}) allows no disruption of its {pods:pod/pods}: leave room"
            " for at least one."
        ),
        "BudgetsOver": "The PodDisruptionBudgets that choose these pods: {names}. Keep one.",
        "EndsByItself": (
            "Container {container} of {kind} {name} should run until something is done to it, but it ends"
            " by itself: its pods had been restarted several times, and a new pod was restarted again"
            " before anything was done."
        ),
        "NotRenewed": (
            "Pods of {kind} {name} had been restarted a short while ago, and the kubelet would have made"
            " the next restart wait; so they were replaced before anything was done ({pods}). But within"
            " {waited} s only {ready} of {wanted} pods were Ready again, and nothing more was done. Wait"
            " until all pods are Ready, then hand in again."
        ),
        "NeedsMoreNodes": (
            "This check takes a node away from the pods, so the cluster needs another node for them."
            " This is not the learner's fault. {detail}."
        ),
        "OwnClusterOnly": (
            "This check disturbs whole nodes, which is allowed only on a learner's own cluster: start"
            " labgrader with --own-cluster there. {detail}"
        ),
        "NoNodeSwitch": (
            "This check switches a node off, and labgrader knows no command for that: grade from the"
            " command line with --node-command. {detail}"
        ),
        "NodeNotSwitched": (
            "The command that switches nodes off failed; this is not the learner's fault. {detail}"
        ),
    }
)
