"""English texts of what the checks that run experiments can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "Healed": (
            "One pod of {kind} {name} was deleted; it recovered in {took} s (allowed: {within} s)."
        ),
        "HealedAvailable": (
            "One pod of {kind} {name} was deleted; it recovered in {took} s (allowed: {within} s)."
            " Meanwhile {lost} of {sent} requests to {url} failed (expected: at least {min} % succeed)."
        ),
        "HealedSlowly": (
            "One pod of {kind} {name} was deleted; it recovered in {took} s (allowed: {within} s)."
        ),
        "HealedPartly": (
            "One pod of {kind} {name} was deleted; it recovered in {took} s, but clients noticed: {lost} of"
            " {sent} requests to {url} failed, between {first} s and {last} s after the deletion."
        ),
        "HealedButUnavailable": (
            "{kind} {name} recovered in {took} s from the loss of one pod, but clients noticed:"
            " {lost} of {sent} requests to {url} failed in the {watched} s after the deletion"
            " (expected: at least {min} % succeed), between {first} s and {last} s after it. The longest"
            " time without a good answer was {gap} s."
        ),
        "NotHealed": (
            "One pod of {kind} {name} was deleted. {wanted} pods should have been Ready again within"
            " {within} s, but only {ready} were."
        ),
        "NotWholeBefore": (
            "{kind} {name} must be whole before a pod is deleted, but {ready} of {wanted} pods are Ready"
            " or an update is not finished. Nothing was deleted."
        ),
        "UnavailableBefore": (
            "{url} should answer before anything is disturbed, but {lost} of {sent} requests failed"
            " (last: {seen}). Nothing was deleted."
        ),
        "NothingHealsIt": (
            "This check deletes a pod and waits for its replacement, but nothing replaces a {kind}."
        ),
        "ScaledMeanwhile": (
            "The replicas of {kind} {name} went from {before} to {after} while its recovery was measured,"
            " so nothing can be said about it."
        ),
        "OneReplica": (
            "{kind} {name} has one replica: while its only pod is being replaced, nobody answers."
        ),
        "ClusterWasShort": (
            "The cluster had no CPU left while {kind} {name} was watched: a node was {node} % busy, the"
            " busiest pod at {pod} of its limit, and {unplaced} pods found no node. This is not the"
            " learner's fault."
        ),
        "NoEndpointReady": (
            "Between {first} s and {last} s after it began, no pod behind Service {service} was Ready:"
            " {lost} of the {all} failed requests fell into that time."
        ),
        "NoReadinessProbe": (
            "Container {container} of {kind} {name} has no readiness probe: a new pod gets requests"
            " before it can answer them."
        ),
        "ScaledUp": (
            "Under load, the HorizontalPodAutoscaler {autoscaler} scaled {kind} {name} to {to} Ready"
            " replicas in {took} s (allowed: {within} s)."
        ),
        "NotScaledUp": (
            "Under load, the HorizontalPodAutoscaler {autoscaler} should have wanted {to} replicas of"
            " {kind} {name} within {within} s, but wanted at most {wanted} ({sent} requests to {url})."
        ),
        "ScaledButNotReady": (
            "The HorizontalPodAutoscaler {autoscaler} wanted {wanted} replicas of {kind} {name} under load,"
            " but at most {ready} were Ready within {within} s (expected: {to})."
        ),
        "ScaledByHand": (
            "{kind} {name} came to {wanted} replicas during the load, but the HorizontalPodAutoscaler"
            " {autoscaler} did not add them because of it. Replicas set by hand do not count."
        ),
        "AutoscalerChanged": (
            "The HorizontalPodAutoscaler {autoscaler} was edited during the load. It must scale up "
            "by the rules that it had before."
        ),
        "MinimumRaised": (
            "minReplicas of the HorizontalPodAutoscaler {autoscaler} was raised to {minimum} during the"
            " load. Only replicas that the load itself calls for count."
        ),
        "MaximumTooLow": (
            "The HorizontalPodAutoscaler {autoscaler} should scale to {to} replicas, but its maxReplicas"
            " is {maximum}."
        ),
        "MinimumTooHigh": (
            "The HorizontalPodAutoscaler {autoscaler} should scale to {to} replicas because of load, but"
            " its minReplicas is {minimum}: they would be there without any."
        ),
        "AutoscalerTargetMissing": (
            "The HorizontalPodAutoscaler {autoscaler} should scale an existing workload, but there is no"
            " {kind} {name} as its scaleTargetRef says (apiVersion, kind and name)."
        ),
        "AutoscalerCannotRead": (
            "The HorizontalPodAutoscaler {autoscaler} should react to {metrics} of {kind} {name} as a"
            " percentage of the requests, but cannot compute it."
        ),
        "AutoscalerReadsNothing": (
            "The HorizontalPodAutoscaler {autoscaler} should read its metrics ({metrics}) to scale {kind}"
            " {name}, but it reads none ({said})."
        ),
        "MetricsLost": (
            "The HorizontalPodAutoscaler {autoscaler} read its metrics ({metrics}) before the load, but"
            " no longer at its end ({said}): the cluster's metrics may have been lost under the load"
            " itself, so nothing can be said about it."
        ),
        "LoadNotServed": (
            "Load was sent to {url}, but not one of {sent} requests was answered, so there was nothing to"
            " scale for."
        ),
        "AlreadyScaled": (
            "{kind} {name} had {to} replicas or more before any load, for {within} s. Whether the"
            " HorizontalPodAutoscaler {autoscaler} scales can be tried only when there are fewer."
        ),
        "NoRequest": (
            "Container {container} of {kind} {name} requests no {resource} (resources.requests.{resource}),"
            " so its use cannot be given as a percentage."
        ),
        "LoadBelowTarget": (
            "The CPU use rose to {peak} % of the requests, which is not above the target of {target} %."
        ),
        "MetricsNotServed": (
            "The cluster does not serve the metrics that the autoscaler scales on, so nothing can be said"
            " about it. {detail}"
        ),
        "ObjectReplaced": (
            "Something was replaced or deleted just as the experiment began, so it was not run. {detail}"
        ),
        "ProbeLost": (
            "The grader's probe pod was lost during the experiment. This is not the learner's fault."
            " {detail}"
        ),
        "RecordNotKept": (
            "The grader could not write down what it was about to change, so it changed nothing. {detail}"
        ),
    }
)
