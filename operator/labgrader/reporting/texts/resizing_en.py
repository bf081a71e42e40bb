"""English texts of what the check of resizing in place can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "NothingToResize": (
            "This check resizes a running pod of a workload, but a {kind} has none of its own."
        ),
        "NoPodToResize": (
            "Container {container} of {kind} {name} should get other limits ({limits}) while it runs,"
            " but no pod is Ready."
        ),
        "ResizeContainerAbsent": (
            "Container {container} of {kind} {name} should get other limits ({limits}) while it runs,"
            " but its pod has only: {there}."
        ),
        "LimitsAreThose": (
            "Container {container} of {kind} {name} should get other limits while it runs, but has"
            " these already ({limits})."
        ),
        "Resized": (
            "Container {container} of {kind} {name} got other limits while it ran ({limits}): it ran"
            " with them and was Ready after {took} s (allowed: {within} s), with {restarts} restarts."
            " They were set back."
        ),
        "NotResized": (
            "Container {container} of {kind} {name} should run with other limits ({limits}) within"
            " {within} s, but does not. The kubelet says: {said}"
        ),
        "ResizedByRestart": (
            "Container {container} of {kind} {name} should get other limits ({limits}) without a"
            " restart, but was restarted {restarts} times."
        ),
        "ResizedWithoutRestart": (
            "Container {container} of {kind} {name} should be restarted once to get other limits"
            " ({limits}), but was restarted {restarts} times."
        ),
        "ResizedButNotReady": (
            "Container {container} of {kind} {name} got other limits ({limits}), but was not Ready"
            " again within {within} s."
        ),
        "ResizePolicyRestarts": "Its resizePolicy for {resource} is RestartContainer.",
        "ResizeRefused": (
            "Container {container} of pod {pod} should get other limits while it runs, but Kubernetes"
            " refuses that: {detail}"
        ),
        "Recommended": (
            "The VerticalPodAutoscaler {autoscaler} recommends resources for container {container} of"
            " {kind} {name}: {target}."
        ),
        "RecommendsForOther": (
            "The VerticalPodAutoscaler {autoscaler} should be for {kind} {name}, but its targetRef is:"
            " {seen}."
        ),
        "UpdateModeOther": (
            "The VerticalPodAutoscaler {autoscaler} should have the updateMode {wanted}, but has: {seen}."
        ),
        "NotRecommended": (
            "The VerticalPodAutoscaler {autoscaler} should recommend resources for container {container}"
            " of {kind} {name}, but does not."
        ),
        "NotLookedAtYet": (
            "No recommender has looked at it yet: its status has no conditions. That takes up to a minute."
        ),
        "NoRecommender": (
            "No recommender has looked at the VerticalPodAutoscaler {autoscaler} for minutes: its status"
            " has no conditions. Where the cluster runs none, nothing can be said about it."
        ),
        "TemplateHasOnly": "The containers of the template are: {there}.",
        "ContainerLeftOut": "Its resourcePolicy has the mode Off for container {container}.",
        "NoPodsToMeasure": "No pod of the workload is there to be measured.",
        "RecommenderSays": "The recommender says ({condition}): {said}",
        "RecommendationOutside": (
            "For container {container} of {kind} {name}, the VerticalPodAutoscaler {autoscaler} should"
            " recommend {resource} in the range {expected}, but recommends: {seen}."
        ),
        "RecommendationWithoutBounds": (
            "The VerticalPodAutoscaler {autoscaler} recommends no lower and upper bounds for container"
            " {container} of {kind} {name}, between which its requests could lie."
        ),
        "RequestMissing": (
            "Container {container} of {kind} {name} should request {resource} between {lower} and {upper},"
            " as is recommended, but requests none."
        ),
        "RequestOutside": (
            "Container {container} of {kind} {name} should request {resource} between {lower} and {upper},"
            " as is recommended, but requests {seen}."
        ),
        "ResizeWaits": (
            "The node does not give container {container} of {kind} {name} the limits {limits} now,"
            " so nothing can be said about it. The kubelet says: {said}"
        ),
    }
)
