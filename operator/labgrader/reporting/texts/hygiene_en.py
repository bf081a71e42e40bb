"""English texts of what ``configures`` and ``claims`` can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "Configured": (
            "{kind} {name} is set up as it should be ({checked:container/containers} looked at)."
        ),
        "SettingMissing": (
            "{kind} {name}, container {container}: {field} should be {expected}, but it is not set."
        ),
        "SettingDiffers": (
            "{kind} {name}, container {container}: {field} should be {expected}, but it is {seen}."
        ),
        "AlsoMissing": "Also, {field} should be {expected}, but it is not set.",
        "AlsoDiffers": "Also, {field} should be {expected}, but it is {seen}.",
        "MoreDifferences": "{count:more setting is/more settings are} not as they should be.",
        "NoContainers": "{kind} {name} should have containers to look at, but it has none.",
        "ContainerAbsent": (
            "{kind} {name} should have a container named {container}, but its containers are {seen}."
        ),
        "ProbeAbsent": "{kind} {name}, container {container}: there should be a {probe}, but there is none.",
        "ProbeAsksElsewhere": (
            "{kind} {name}, container {container}: the probe should ask its own pod, but {field} is set to"
            " {host}. Leave host out."
        ),
        "ProbePortUnnamed": (
            "{kind} {name}, container {container}: {field} is the name {port}, but the container has no port"
            " of that name. Its named ports: {ports}."
        ),
        "ImageUntagged": (
            "{kind} {name}, container {container}: the image {image} should have a tag, but it has none,"
            " which means latest. Name the version."
        ),
        "ImageLatest": (
            "{kind} {name}, container {container}: the image should have a tag that stays the same, but it"
            " is {image}. Name the version."
        ),
        "ImageWithoutDigest": (
            "{kind} {name}, container {container}: the image should be named by its digest (@sha256:…), but"
            " it is {image}."
        ),
        "ImageFromElsewhere": (
            "{kind} {name}, container {container}: the image should come from {registries}, but {image}"
            " comes from {repository}."
        ),
        "EnvPlain": (
            "{kind} {name}, container {container}: the variable {variable} should come from {expected}, but"
            " its value stands in plain text in the manifest."
        ),
        "EnvAbsent": (
            "{kind} {name}, container {container}: the variable {variable} should come from {expected}, but"
            " nothing in env or envFrom takes it from there."
        ),
        "EnvKeyAbsent": (
            "{kind} {name}, container {container}: the variable {variable} should get its value from"
            " {source}, but there is no such key. It is not set, because the reference is optional."
        ),
        "QosDiffers": (
            "{kind} {name} should have pods of the QoS class {expected}, but its requests and limits make"
            " them {seen}."
        ),
        "QosFromContainer": "Container {container} has requests or limits for CPU or memory.",
        "PodQosDiffers": (
            "{kind} {name} should have pods of the QoS class {expected}, but pod {pod} is {seen}: it was made"
            " from an earlier version, or a LimitRange gave it other resources."
        ),
        "MountAbsent": (
            "{kind} {name}, container {container}: a volume should be mounted at {path}, but volumes are"
            " mounted at: {seen}."
        ),
        "MountFromElsewhere": (
            "{kind} {name}, container {container}: the volume at {path} should be made of {expected}, but it"
            " is made of: {seen}."
        ),
        "MountEmpty": (
            "{kind} {name}, container {container}: the volume at {path} should hold {source}, but that does"
            " not exist. The folder is empty, because the reference is optional."
        ),
        "ClaimBound": "PersistentVolumeClaim {claim} is bound to a volume of {capacity}.",
        "ClaimUsed": (
            "{kind} {name} uses the claim {claim}, which is bound to a volume of {capacity}."
        ),
        "ClaimNotBound": "PersistentVolumeClaim {claim} should be bound to a volume, but it is {seen}.",
        "ClaimLost": "PersistentVolumeClaim {claim} should be bound, but its volume is gone (Lost).",
        "ClaimClassDiffers": (
            "PersistentVolumeClaim {claim} should be of the StorageClass {expected}, but it is of {seen}."
        ),
        "ClaimModeAbsent": (
            "PersistentVolumeClaim {claim} should ask for the access mode {expected}, but it asks for {seen}."
        ),
        "ClaimTooSmall": (
            "PersistentVolumeClaim {claim} should have a volume of at least {min}, but it has {seen}."
        ),
        "ClaimNotResized": (
            "The claim asks for {asked}, but its volume has not been made larger; not every StorageClass can."
        ),
        "ClaimNotInTemplate": (
            "{kind} {name} should have a volume from the claim {claim}, but it has none. Claims in its"
            " volumes: {seen}."
        ),
        "ClaimNotMounted": (
            "{kind} {name} has the claim {claim} as its volume {volume}, but no container mounts that volume"
            " (volumeMounts)."
        ),
        "ClaimNotUsed": (
            "{kind} {name} should have a running pod that uses the claim {claim}, but there is none."
        ),
        "StorageClassAbsent": "There is no StorageClass {storage_class}.",
        "NoStorageClassSet": (
            "The claim names no StorageClass, the cluster has no default one, and no volume is free."
        ),
        "ClaimWaitsForPod": (
            "The volume is made only when a pod uses the claim (WaitForFirstConsumer), and no pod does."
        ),
        "ClaimWithoutPods": "No pod uses the claim {claim}.",
        "ClaimNotProvisioned": "No volume could be made for the claim: {detail}.",
        "ClaimBeingProvisioned": "The volume is still being made: {detail}.",
    }
)
