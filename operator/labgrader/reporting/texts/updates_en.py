"""English texts of updates: without downtime, with a bad version, and undone."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "UpdatedWithoutDowntime": (
            "{kind} {name} took the other version in {took} s (allowed: {within} s), and {lost} of"
            " {sent} requests to {url} failed meanwhile ({min}% must succeed). At least {lowest} of"
            " {wanted} pods were Ready at any moment, and at most {most} existed."
        ),
        "UpdatedWithDowntime": (
            "{min}% of the requests to {url} must succeed while {kind} {name} takes another version,"
            " but {lost} of {sent} requests failed, between {first} s and {last} s after the update"
            " began. In the worst moment {lowest} of {wanted} pods were Ready."
        ),
        "UpdatedWithGap": (
            "While {kind} {name} takes another version, some request to {url} must succeed at least"
            " every {longest} s, but for {gap} s none did ({lost} of {sent} requests failed, between"
            " {first} s and {last} s after the update began). In the worst moment {lowest} of"
            " {wanted} pods were Ready."
        ),
        "UpdatedSlowly": (
            "{lost} of {sent} requests to {url} failed while {kind} {name} took the other version, which"
            " needed {took} s (allowed: {within} s)."
        ),
        "UpdatedPartly": (
            "{kind} {name} took the other version in {took} s, but {lost} of {sent} requests to {url} failed,"
            " between {first} s and {last} s after the update began."
        ),
        "NotUpdated": (
            "{kind} {name} should take the other version within {within} s, but after that {ready} of"
            " {wanted} pods of the new version were Ready, or old pods went on."
        ),
        "BadUpdateSurvived": (
            "{kind} {name} was given the image {image}, whose pods never became Ready. Watched for"
            " {during} s, the old version went on: {lost} of {sent} requests to {url} failed"
            " ({min}% must succeed), and at least {lowest} of {wanted} pods were Ready at any moment."
        ),
        "BadUpdateHurt": (
            "{kind} {name} was given the image {image}, whose pods never became Ready. The old version"
            " should have gone on, with {min}% of the requests to {url} answered, but {lost} of {sent}"
            " failed, between {first} s and {last} s after the update began. In the worst moment"
            " {lowest} of {wanted} pods were Ready."
        ),
        "BadVersionTaken": (
            "{kind} {name} was given the image {image}, which must never count as Ready, but {count} of"
            " its pods did: the Deployment would have let the old version go for it."
        ),
        "BadVersionNotTried": (
            "{kind} {name} was given the image {image}, but within {during} s no pod of it was made, so"
            " nothing can be said about it."
        ),
        "RolledBackServing": (
            "{kind} {name} was updated, and {took} s after the undo (allowed: {within} s) its old version"
            " served again. {lost} of {sent} requests to {url} failed meanwhile ({min}% must succeed)."
        ),
        "NotBack": (
            "After the undo, the old version of {kind} {name} should be back within {within} s, but then"
            " {ready} of {wanted} of its pods were Ready, or pods of the new version went on."
        ),
        "BackWithDowntime": (
            "{min}% of the requests to {url} must succeed while {kind} {name} is updated and the update"
            " is undone, but {lost} of {sent} requests failed, between {first} s and {last} s after the"
            " update began. In the worst moment {lowest} of {wanted} pods were Ready."
        ),
        "BackPartly": (
            "{lost} of {sent} requests to {url} failed during update and undo, and the old version of {kind}"
            " {name} was back {took} s after the undo (allowed: {within} s)."
        ),
        "UpdatePaused": (
            "{kind} {name} should take another version, but its rollout is paused (spec.paused), so an"
            " update would change no pod. Nothing was changed."
        ),
        "AlreadyUpdated": (
            "Container {container} of {kind} {name} should be updated to the image {image}, but it has"
            " that image already. The update is the grader's part; start from the version before."
        ),
        "NotWholeBeforeUpdate": (
            "{kind} {name} must be whole before it is updated, but {ready} of {wanted} pods are Ready or"
            " an earlier update is not finished. Nothing was changed."
        ),
        "UnavailableBeforeUpdate": (
            "{url} should answer before anything is updated, but {lost} of {sent} requests failed (last:"
            " {seen}). Nothing was changed."
        ),
        "HistoryWouldBePruned": (
            "{kind} {name} should keep its earlier versions, so that an update can be undone, but"
            " spec.revisionHistoryLimit is {limit}: the update would push one out. It has to be"
            " {needed} or more. Nothing was changed."
        ),
        "ScaledDuring": (
            "The replicas of {kind} {name} went from {before} to {after} while its update was measured,"
            " so nothing can be said about it."
        ),
        "ChangedDuring": (
            "Somebody changed the pod template of {kind} {name} while its update was measured,"
            " so nothing can be said about it."
        ),
        "UpdateRecreates": (
            "{kind} {name} has the strategy Recreate: all old pods end before the first new one starts,"
            " and there was a moment without any Ready pod."
        ),
        "OnlyReplicaMayBeMissing": (
            "{kind} {name} has one replica, and maxUnavailable {seen} lets it be missing: there was a"
            " moment without any Ready pod."
        ),
        "AllMayBeMissing": (
            "maxUnavailable {seen} of {kind} {name} lets all {replicas} pods be missing at once: there was"
            " a moment without any Ready pod."
        ),
        "NoPreStop": (
            "{kind} {name} has no preStop hook: {cut} of the {lost} failed requests were under way, or just"
            " sent, when a pod was told to end. A hook that waits some seconds lets the Service leave the"
            " pod out first, and its requests finish."
        ),
        "VersionsServed": (
            "Service {service} sent clients to the other version from {first} s on, and to the old one"
            " until {last} s."
        ),
        "OtherVersionServed": (
            "Service {service} sent clients to the other version between {first} s and {last} s."
        ),
        "TooManyMissing": (
            "There was a moment with {lowest} Ready pods of {kind} {name}, but its maxUnavailable promises"
            " at least {least}."
        ),
        "TooManyPods": (
            "There was a moment with {most} pods of {kind} {name}, but its maxSurge allows {allowed}."
        ),
        "NewPodWaits": "A pod of the new version does not start: {said}",
        "NewPodsNotReady": (
            "{count} pods of the new version of {kind} {name} run, but their readiness probe does not"
            " succeed."
        ),
    }
)
