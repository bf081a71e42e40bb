"""English texts of checks that are watched over a time.

A text that ends with a colon is followed by what was seen at that look.
"""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "CameTrue": "It became so {after} seconds after the first look.",
        "NotInTime": "It was looked at for {within} seconds, and it did not become otherwise.",
        "StayedTrue": "For {seconds} seconds, at each of {looks:look/looks}, it was so:",
        "DidNotStay": (
            "Once it is true, this must stay true for {seconds} seconds, but {after} seconds after it"
            " was:"
        ),
        "NeverTrue": (
            "What must not become true did not, in {seconds} seconds with {looks:look/looks}."
        ),
        "BecameTrue": (
            "For {seconds} seconds this must not become true, but it was {after} seconds after the"
            " first look:"
        ),
        "BecameStable": (
            "From {after} seconds after the first look on, it stayed so for {seconds} seconds:"
        ),
        "NotStable": (
            "Within {within} seconds this must become true and then stay true for {seconds} seconds,"
            " but it did not last. {after} seconds after the first look:"
        ),
        "TrueNow": "This must not become true, but now it is:",
        "NotTrueNow": (
            "It is not true now, and must not be. When you hand in, it is watched for {seconds}"
            " seconds."
        ),
        "MustStay": "When you hand in, it must stay so for {seconds} seconds.",
        "WatchInterrupted": (
            "So it could not be seen without a gap whether this becomes true, or stays so."
        ),
    }
)
