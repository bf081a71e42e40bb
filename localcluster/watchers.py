"""Whether the machine has watchers left for one more cluster.

Called by ``requirements``. A kubelet follows logs and configuration by inotify, and Linux gives a
user 128 instances; where they run out, logs are not followed and nodes do not start, and what is
said then does not tell why. Must not change the limit: it is the machine's.
"""

import ctypes
import os
from contextlib import ExitStack
from pathlib import Path

WANTED = 20
"""What a control plane with one node takes, counted on Kubernetes 1.37."""
_LIMIT = Path("/proc/sys/fs/inotify/max_user_instances")


def lack_of_watchers(wanted: int = WANTED) -> str | None:
    """What to tell where so many inotify instances cannot be had; None where they can."""
    if _can_have(wanted):
        return None
    limit = _LIMIT.read_text("utf-8").strip()
    return (
        f"few inotify instances are left (fs.inotify.max_user_instances is {limit}): nodes may not "
        "start, or not follow logs. Remove another cluster, or raise it: "
        "sysctl fs.inotify.max_user_instances=512"
    )


def _can_have(wanted: int) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    with ExitStack() as opened:
        for _ in range(wanted):
            handle = library.inotify_init1(os.O_CLOEXEC)
            if handle < 0:
                return False
            opened.callback(os.close, handle)
    return True
