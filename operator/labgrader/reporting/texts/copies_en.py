"""English texts of what was tried on a copy, and of what the copy lacked."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "TriedOnCopy": (
            "It was tried on a copy in a namespace of the grader's; the objects in the learner's"
            " namespace were not touched."
        ),
        "CopyDiffers": (
            "The grader tried this on a copy, and the copy did not work even before it was disturbed"
            " ({seen}), while the original does. So it says nothing about the learner's work; this"
            " is not the learner's fault."
        ),
        "CopyNotReady": (
            "The grader tries this on a copy, and the copy did not become Ready, while the original"
            " is; this is not the learner's fault. {detail}"
        ),
        "CopyRefused": (
            "The grader tries this on a copy, and the cluster did not take it; this is not the"
            " learner's fault. {detail}"
        ),
        "NotCopyable": (
            "The grader tries this on a copy, and this workload cannot be copied; this is not the"
            " learner's fault. {detail}"
        ),
        "CopyWithoutData": (
            "In the copy the volume of PersistentVolumeClaim {name} was new and empty: contents are"
            " not copied."
        ),
        "CopyWithoutAddress": (
            "In the copy Service {name} had no address outside the cluster: node ports, external"
            " addresses and those of load balancers are not copied."
        ),
        "CopyWithoutHostPort": "The copy did not open port {port} of its node: it is the original's.",
        "CopyWithoutToken": (
            "Secret {name} was not copied: it holds a ServiceAccount's token of the learner's"
            " namespace."
        ),
        "CopyWithoutRights": (
            "In the copy ServiceAccount {name} had no rights: Roles and RoleBindings are not copied."
        ),
        "CopyWithoutNeighbour": (
            "The workload names Service {name}, which is another workload's; that is not copied."
        ),
        "CopyNamesElsewhere": (
            "{what} was copied as it is, so it leads out of the copy into a namespace by name."
        ),
        "CopyWithoutUnread": "{what} could not be copied: the grader may not read it.",
    }
)
