"""English texts of what ``conditions``, ``rolledOut``, ``logs`` and ``emitted`` can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "ConditionsHold": "{kind} {name} has the expected conditions: {seen}.",
        "ConditionMissing": (
            "{kind} {name} should have the condition {expected} in {path}, but it is not there."
            " Conditions there: {seen}."
        ),
        "ConditionDiffers": (
            "{kind} {name} should have the condition {expected} in {path}, but it is {seen}."
        ),
        "ConditionSays": 'The condition\'s message is: "{detail}".',
        "NothingListed": (
            "{kind} {name} should have entries with conditions in {path}, but there are none: no"
            " controller has taken it up."
        ),
        "RolledOutAsAsked": (
            "{kind} {name} is rolled out as expected; the cluster keeps"
            " {revisions:version/versions} of its template."
        ),
        "StrategyDiffers": (
            "{kind} {name} should replace its pods by the strategy {expected}, but its strategy"
            " is {seen}."
        ),
        "RolloutNumberDiffers": (
            "{kind} {name} should have {field} {expected}, but it has {seen}, which comes to"
            " {pods:pod/pods} of {replicas}."
        ),
        "NotPaused": "The rollout of {kind} {name} should be paused, but it is not.",
        "StillPaused": "The rollout of {kind} {name} should not be paused, but it is.",
        "TooFewRevisions": (
            "{kind} {name} should have had at least {min:different version/different versions} of"
            " its template, but the cluster knows {seen}. Each change of the template makes one;"
            " deleting {kind} {name} forgets them."
        ),
        "NotRolledBack": (
            "{kind} {name} should be back at an earlier version of its template, but no later"
            " version than the present one is known."
        ),
        "RolledBack": (
            "{kind} {name} should have its newest version, but it was taken back to an earlier one."
        ),
        "ContainerNotThere": (
            "{kind} {name} should have a container {container}, but its containers are: {seen}."
        ),
        "ImageNow": (
            "Container {container} of {kind} {name} should now have the image {expected}, but it"
            " has {seen}."
        ),
        "ImageBefore": (
            "Container {container} of {kind} {name} has the image {now}, but should have been"
            " updated to it from {expected}. Other images in earlier versions: {seen}."
        ),
        "HistoryPruned": (
            "{kind} {name} keeps {limit:earlier version/earlier versions} (revisionHistoryLimit),"
            " so still earlier ones are gone."
        ),
        "LogsFound": (
            "The logs of {kind} {name} have {found:line/lines} that fit the pattern {pattern}."
        ),
        "LogsClean": (
            "None of {read:log line/log lines} of {kind} {name} fits the pattern {pattern}, as it"
            " should be."
        ),
        "NoPodsOf": "{kind} {name} should have written a log, but it has no pods.",
        "LogsEmpty": (
            "{kind} {name} should have written a log, but nothing has come from container"
            " {container} of pod {pod}. Only what goes to standard output or standard error is a"
            " log line."
        ),
        "NoPreviousLogs": (
            "The log of an earlier run of container {container} in pod {pod} is expected, but"
            " there is none: the container has not been restarted."
        ),
        "LogsLack": (
            "The logs of {kind} {name} should have at least {min:line/lines} that fit the pattern"
            " {pattern}, but {found} of the last {lines} do. The last line of container"
            ' {container} in pod {pod} is: "{line}".'
        ),
        "LogLineUnwanted": (
            "The logs of {kind} {name} should have no line that fits the pattern {pattern}, but"
            ' container {container} in pod {pod} wrote: "{line}".'
        ),
        "LogTooLarge": (
            "The last {lines} lines of container {container} in pod {pod} are larger than {size}"
            " KiB, so they cannot all be read. Let {kind} {name} write less."
        ),
        "EventsThere": (
            "There are Events about {kind} {name} as expected: {what} ({times:time/times})."
        ),
        "EventsMissing": (
            "There should be Events about {kind} {name}: {expected}, at least"
            " {min:time/times}, but they were seen {times:time/times}. The cluster forgets Events"
            " after about an hour."
        ),
        "EventsSeen": "Reasons of the Events about it: {seen}.",
        "EventUnfit": "The nearest Event about it is: {seen}.",
    }
)
