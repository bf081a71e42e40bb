"""English texts of what the checks of scaling can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "ScaledUpAndDown": (
            "Under load, the HorizontalPodAutoscaler {autoscaler} scaled {kind} {name} to {to} Ready"
            " replicas in {took} s (allowed: {within} s), and it was back at {base} in {back} s after"
            " the load had ended (allowed: {down} s)."
        ),
        "ScaledSlowly": (
            "Under load, the HorizontalPodAutoscaler {autoscaler} scaled {kind} {name} to {to} Ready"
            " replicas in {took} s (allowed: {within} s)."
        ),
        "ScaledPartly": (
            "Under load, the HorizontalPodAutoscaler {autoscaler} scaled {kind} {name} to {to} Ready"
            " replicas in {took} s, but {lost} of {sent} requests to {url} failed (last: {error}), between"
            " {first} s and {last} s after the load began."
        ),
        "NotScaledDown": (
            "The HorizontalPodAutoscaler {autoscaler} scaled {kind} {name} up in {took} s, but should"
            " have been back at {base} replicas {down} s after the load had ended. It still wanted"
            " {wanted}, and {ready} were Ready."
        ),
        "ScaledDownByHand": (
            "After the load, {kind} {name} came back to {base} replicas, but the HorizontalPodAutoscaler"
            " {autoscaler} did not remove them. Replicas that are removed by hand do not count."
        ),
        "MaximumExceeded": (
            "{kind} {name} came to {most} replicas during the load, but maxReplicas of the"
            " HorizontalPodAutoscaler {autoscaler} is {maximum}. Something else scales it too."
        ),
        "ScaledToAndFro": (
            "The HorizontalPodAutoscaler {autoscaler} changed its direction {turns} times (allowed:"
            " {allowed}): it wanted {path} replicas of {kind} {name}. A longer"
            " behavior.scaleDown.stabilizationWindowSeconds keeps it still."
        ),
        "LoadLost": (
            "{kind} {name} was scaled to {to} replicas in {took} s, but {lost} of {sent} requests to"
            " {url} failed between {first} s and {last} s after the load began (allowed: {share} %;"
            " last error: {error})."
        ),
        "NoRoomToScale": (
            "The HorizontalPodAutoscaler {autoscaler} should scale {kind} {name} to {to} replicas, but its"
            " minReplicas and maxReplicas are both {replicas}: it never changes anything."
        ),
        "AutoscalersCompete": (
            "{kind} {name} should have one HorizontalPodAutoscaler, {autoscaler}, but {others} scales it"
            " too. Kubernetes lets none of them act."
        ),
        "CannotScaleUpInTime": (
            "The HorizontalPodAutoscaler {autoscaler} should scale {kind} {name} to {to} replicas within"
            " {within} s of load, but its own rules do not let it. No load was sent."
        ),
        "CannotScaleDownInTime": (
            "The HorizontalPodAutoscaler {autoscaler} should scale {kind} {name} down again within"
            " {down} s after the load, but its own rules do not let it. No load was sent."
        ),
        "PolicyDisabled": "behavior.{way}.selectPolicy is Disabled.",
        "StabilizationTooLong": (
            "behavior.{way}.stabilizationWindowSeconds is {seconds} (without it, Kubernetes takes 300 for"
            " scaleDown): the autoscaler waits at least so long."
        ),
        "PolicyTooSlow": (
            "behavior.{way} allows a change of {value} pods in {seconds} s, and no more."
        ),
        "SelectorAmbiguous": (
            "Pods of this workload belong to another HorizontalPodAutoscaler's workload too, by their"
            " labels; Kubernetes lets none of them act."
        ),
        "ScaledToNothing": (
            "The workload has 0 replicas: an autoscaler leaves alone what was scaled to nothing."
        ),
        "ScalesOnOther": (
            "The HorizontalPodAutoscaler {autoscaler} should scale {kind} {name} on {wanted}, but scales on"
            " {metrics}."
        ),
        "MetricBelowTarget": (
            "{metric} rose to {peak}, which is not above the target of {target}."
        ),
        "MetricUnknown": "The API {api} gives no value of {metric}.",
        "MetricsApiMissing": "The cluster does not serve the API {api}, which would give {metric}.",
        "MetricUnread": (
            "It could not read {metric}; while it cannot read one of its metrics, an autoscaler removes no"
            " replicas."
        ),
        "AutoscalerSays": "It says: {said}",
        "ClusterShort": (
            "The cluster had no CPU left while the HorizontalPodAutoscaler {autoscaler} should have scaled"
            " {kind} {name}: a node was {node} % busy, the busiest pod at {pod} of its limit, and"
            " {unplaced} pods found no node. This is not the learner's fault."
        ),
        "ClusterBusy": (
            "Other experiments are using the cluster's CPU, so this one did not get its turn in time."
            " This is not the learner's fault. {detail}"
        ),
        "LoadBehind": (
            "The grader's own load generator had no CPU, so {url} was not really loaded and nothing can"
            " be said about the HorizontalPodAutoscaler {autoscaler}. This is not the learner's fault."
        ),
    }
)
