"""English texts of what the check of capacity on schedule can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "ScheduleNotJudgeable": (
            "This check runs a CronJob before a peak in the zone {zone} and cannot do that for a"
            " {kind}."
        ),
        "ScheduleSuspended": (
            "The CronJob {cron} should fire before each peak, but it is suspended (spec.suspend)."
        ),
        "ScheduleUnreadable": (
            "The CronJob {cron} has a schedule that Kubernetes cannot read: {schedule}."
        ),
        "TimeZoneUnknown": (
            "The CronJob {cron} counts in a time zone that does not exist: {zone}."
        ),
        "ScheduleNeverFires": (
            "The CronJob {cron} should fire before each peak, but its schedule {schedule} never"
            " comes."
        ),
        "PeakUnserved": (
            "The CronJob {cron} ({schedule}, time zone {zone}) should fire within the {before}"
            " minutes before each peak at {peak} ({where}), but does not for that of {day}. It fires"
            " next at {following} ({where})."
        ),
        "FiresElsewhere": (
            "The CronJob {cron} ({schedule}, time zone {zone}) should fire only within the {before}"
            " minutes before a peak at {peak} ({where}), but it also fires at {fires}. It fires next"
            " at {following} ({where})."
        ),
        "TimeZoneNotSet": (
            "spec.timeZone is missing, so the schedule counts in UTC. With {where} it would fit."
        ),
        "TimeZoneOther": "The schedule counts in {zone}. With {where} it would fit.",
        "FiresTooLate": "The firing that is nearest, {fires}, is not before the peak of {day}.",
        "FiresTooEarly": (
            "The firing that is nearest, {fires}, is too long before the peak of {day}."
        ),
        "CapacityThereAlready": (
            "{kind} {name} should have fewer than {to} replicas in quiet times, so that the CronJob"
            " {cron} can raise them, but it has {replicas} already. The Job was not run."
        ),
        "CapacityUnclear": (
            "{kind} {name} should have fewer than {to} replicas in quiet times, so that the CronJob"
            " {cron} can raise them. It has {replicas} already, and nothing tells whether it is to have"
            " them at all times, or was only raised by then. The Job was not run. Have its manifest ask"
            " for fewer than {to}, wait until there are no more, and hand in again."
        ),
        "CapacityStays": (
            "Before the Job of the CronJob {cron} is run, {kind} {name} should have fewer than {to}"
            " replicas, but after {waited} s it wanted {wanted}, and {ready} were Ready. The Job was not"
            " run. Set it to fewer than {to} yourself, wait until there are no more, and hand in again."
        ),
        "CapacityTakenDown": (
            "It had {most} already, so it was taken down to {quiet} before; that was undone, too."
        ),
        "AsksForCapacity": (
            "{kind} {name} itself asks for {number} ({field}, written by {writer})."
        ),
        "RaisedOnSchedule": (
            "The CronJob {cron} fires before each peak at {peak} ({where}), next at {following}. Its"
            " Job, run now, brought {kind} {name} to {to} Ready replicas in {took} s (allowed:"
            " {within} s); this was undone."
        ),
        "ScheduledJobRefused": (
            "The Job of the CronJob {cron} was run now, but the namespace does not take it: {detail}"
        ),
        "ScheduledJobNotStarted": (
            "The Job of the CronJob {cron} was run now, but its pod did not start within {within} s,"
            " so {kind} {name} did not come to {to} replicas."
        ),
        "ScheduledJobFailed": (
            "The Job of the CronJob {cron} was run now and should have brought {kind} {name} to {to}"
            " replicas, but it failed. Its last line: {said}"
        ),
        "ScheduledJobNotFinished": (
            "The Job of the CronJob {cron} was run now, but within {within} s it neither ended nor"
            " brought {kind} {name} to {to} replicas."
        ),
        "RaisedButNotReady": (
            "The Job of the CronJob {cron}, run now, had {kind} {name} want {wanted} replicas, but"
            " within {within} s at most {ready} were Ready (expected: {to})."
        ),
        "CapacityNotRaised": (
            "The Job of the CronJob {cron} was run now and succeeded, but after {within} s {kind}"
            " {name} has {replicas} replicas (expected: {to})."
        ),
        "JobPodWaits": "Its pod waits: {why}",
    }
)
