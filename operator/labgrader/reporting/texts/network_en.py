"""English texts of what ``connects`` and ``resolves`` can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "FlowsAsExpected": (
            "Connections come about and are held back as expected: {allowed} must come about,"
            " {denied} must not."
        ),
        "FlowTimesOut": (
            "A pod ({labelskind}) in {wherekind} must be able to connect to {to}, but its"
            " connections get no answer: something drops them on the way."
        ),
        "FlowRefused": (
            "A pod ({labelskind}) in {wherekind} must be able to connect to {to}, but its"
            " connections are refused."
        ),
        "FlowUnreachable": (
            "A pod ({labelskind}) in {wherekind} must be able to connect to {to}, but its"
            " connections are turned back on the way: it is told that nothing can be reached there."
        ),
        "FlowLost": (
            "A pod ({labelskind}) in {wherekind} must be able to connect to {to}, but its"
            " connections get lost ({seen}), and no NetworkPolicy in {namespace} may be why; this is"
            " not the learner's fault."
        ),
        "FlowUnsteady": (
            "A pod ({labelskind}) in {wherekind} must be able to connect to {to}, but only"
            " {opened} of {tries} connections came about."
        ),
        "FlowPasses": (
            "A pod ({labelskind}) in {wherekind} must not be able to connect to {to}, but"
            " its connections come about."
        ),
        "NoPolicies": "There is no NetworkPolicy in {namespace}, so every connection is let through.",
        "NoPolicyChooses": (
            "No NetworkPolicy restricts what may reach the pods behind {to}: none of their"
            " podSelectors chooses these pods for Ingress."
        ),
        "PoliciesHoldBack": (
            "NetworkPolicies restrict what pods with these labels may reach (Egress): {names}."
        ),
        "NoReadyPodToReach": (
            "{kind} {name} must have a Ready pod that can be reached, but it has none."
        ),
        "ProbeKeptOut": (
            "The grader's probe pod must be able to stand in {namespace} for a moment, but a rule of"
            " that namespace keeps it out."
        ),
        "PolicyNotEnforced": (
            "This cluster does not enforce NetworkPolicies: a policy of the grader's own had no"
            " effect on the grader's own pods. So nothing can be said about yours; this is not the"
            " learner's fault. Ask whoever runs the cluster for a network plugin (CNI) that enforces"
            " NetworkPolicy."
        ),
        "ControlFailed": (
            "The grader could not find out whether this cluster enforces NetworkPolicies; this is"
            " not the learner's fault. {detail}"
        ),
        "ProbesUnguarded": (
            "This check needs a probe pod in a learner's namespace, and nothing on this cluster"
            " would keep learners from tampering with it. Whoever runs the cluster installs the"
            " ValidatingAdmissionPolicy labgrader-probes:"
            " kubectl apply -f manifests/base/policies/probes.yaml. {detail}"
        ),
        "ProbeNotAdmitted": (
            "The cluster does not let the grader put its probe pod there; this is not the learner's"
            " fault. {detail}"
        ),
        "NameResolves": "The name {dns} is found and leads to {seen}, as expected.",
        "NameNotThere": "There is no name {dns}, as expected.",
        "NameNotFound": (
            "Pods in {namespace} must find the name {dns}, but the cluster's DNS knows no such name,"
            " although Service {service} is there."
        ),
        "NameLeadsElsewhere": (
            "The name {dns} must lead pods in {namespace} to {expected}, but it leads to {seen}."
        ),
        "NameIsThere": "There must be no name {dns} in {namespace}, but it is found: {seen}.",
        "NameServerOutOfReach": (
            "A pod ({labelskind}) in {namespace} must find the name {dns}, but it cannot"
            " reach the cluster's DNS. A policy that restricts Egress must allow port 53, UDP and"
            " TCP."
        ),
        "NameServerSilent": (
            "The cluster's DNS gave no usable answer; this is not the learner's fault. {detail}"
        ),
        "ServiceNotHeadless": (
            "Service {service} must be headless (clusterIP: None), so that its name stands for its"
            " pods, but it has an address of its own."
        ),
        "AliasDiffers": (
            "Service {service} must be an alias (type ExternalName) of {expected}, but its"
            " externalName is {seen}."
        ),
        "NoNameWithoutPods": (
            "The name of headless Service {service} stands for its Ready pods, but there are none"
            " behind it."
        ),
        "PodWithoutName": (
            "The name of Service {service} must stand for all Ready pods of {kind} {name}, but pod"
            " {pod} is not among them."
        ),
        "NoPodOfThatName": (
            "There must be a pod that is called {host} below Service {service}, but no pod has that"
            " hostname and the subdomain {service}. A StatefulSet gives both where its serviceName"
            " is {service}."
        ),
        "PortNotNamed": (
            "Service {service} must have a TCP port named {port}, but its ports are named {seen}."
        ),
    }
)
