"""What every cluster has beside Kubernetes itself: DNS, metrics and dynamic volumes.

The manifests lie beside this file; `apply` sends them, `missing` says what of
them does not work yet, `log` finds the log that tells why. Called by `up`.
"""

from localcluster.addons.readiness import apply, log, missing

__all__ = ["apply", "log", "missing"]
