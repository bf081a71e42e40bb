"""Korean texts of what the check of capacity on schedule can find."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "ScheduleNotJudgeable": "이 점검은 시간대 {zone}의 피크 전에 크론잡을 실행하는데, {kind:은/는} 그 대상이 될 수 없습니다.",
        "ScheduleSuspended": "크론잡 {cron:은/는} 피크 때마다 그 전에 실행되어야 하지만 일시 중지되어 있습니다(spec.suspend).",
        "ScheduleUnreadable": "크론잡 {cron}의 스케줄을 쿠버네티스가 읽을 수 없습니다: {schedule}",
        "TimeZoneUnknown": "크론잡 {cron}의 시간대 {zone:은/는} 없는 시간대입니다.",
        "ScheduleNeverFires": (
            "크론잡 {cron:은/는} 피크 때마다 그 전에 실행되어야 하지만, 스케줄 {schedule}에 맞는 때가 오지 않습니다."
        ),
        "PeakUnserved": (
            "크론잡 {cron}(스케줄 {schedule}, 시간대 {zone})은 매번 {peak}({where}) 피크 전"
            " {before}분 안에 실행되어야 하지만, {day} 피크 전에는 실행되지 않습니다. 다음 실행 시각은"
            " {following}({where})입니다."
        ),
        "FiresElsewhere": (
            "크론잡 {cron}(스케줄 {schedule}, 시간대 {zone})은 {peak}({where}) 피크 전 {before}분"
            " 안에만 실행되어야 하지만, {fires}에도 실행됩니다. 다음 실행 시각은 {following}({where})입니다."
        ),
        "TimeZoneNotSet": "spec.timeZone이 없어 스케줄을 UTC로 계산합니다. {where:으로/로} 하면 맞습니다.",
        "TimeZoneOther": "스케줄을 {zone} 시간대로 계산합니다. {where:으로/로} 하면 맞습니다.",
        "FiresTooLate": "가장 가까운 실행 시각 {fires:은/는} {day} 피크보다 앞서지 않습니다.",
        "FiresTooEarly": "가장 가까운 실행 시각 {fires:은/는} {day} 피크보다 너무 이릅니다.",
        "CapacityThereAlready": (
            "크론잡 {cron:이/가} 늘릴 수 있도록 {kind} {name}의 레플리카가 평소에는 {to}개보다 적어야 하지만 이미"
            " {replicas}개입니다. 잡을 실행하지 않았습니다."
        ),
        "CapacityUnclear": (
            "크론잡 {cron:이/가} 늘릴 수 있도록 {kind} {name}의 레플리카가 평소에는 {to}개보다 적어야 합니다. 지금은 이미"
            " {replicas}개인데, 항상 그만큼 두려는 것인지 그때까지 늘어난 것인지 알 수 없습니다. 잡을 실행하지 않았습니다."
            " 매니페스트에서 {to}개보다 적게 요청하고, 그만큼 줄어들 때까지 기다린 뒤 다시 제출하세요."
        ),
        "CapacityStays": (
            "크론잡 {cron}의 잡을 실행하기 전에 {kind} {name}의 레플리카가 {to}개보다 적어야 하지만, {waited}초가 지나도"
            " 원하는 레플리카가 {wanted}개, 준비된 레플리카가 {ready}개였습니다. 잡을 실행하지 않았습니다. 직접"
            " {to}개보다 적게 줄이고, 줄어들 때까지 기다린 뒤 다시 제출하세요."
        ),
        "CapacityTakenDown": (
            "이미 {most}개였으므로 먼저 {quiet}개로 줄였고, 이것도 되돌려 놓았습니다."
        ),
        "AsksForCapacity": (
            "{kind} {name:이/가} 스스로 {number}개를 요청합니다({field}, 작성자 {writer})."
        ),
        "RaisedOnSchedule": (
            "크론잡 {cron:은/는} 매번 {peak}({where}) 피크 전에 실행됩니다. 다음 실행 시각은 {following}입니다."
            " 그 잡을 지금 실행하자 {took}초 만에 {kind} {name}의 준비된 레플리카가 {to}개가 되었고(제한:"
            " {within}초), 다시 되돌려 놓았습니다."
        ),
        "ScheduledJobRefused": "크론잡 {cron}의 잡을 지금 실행하려 했지만 네임스페이스가 받아 주지 않습니다: {detail}",
        "ScheduledJobNotStarted": (
            "크론잡 {cron}의 잡을 지금 실행했지만 {within}초 안에 파드가 시작되지 않아 {kind} {name}의 레플리카가"
            " {to}개가 되지 않았습니다."
        ),
        "ScheduledJobFailed": (
            "크론잡 {cron}의 잡을 지금 실행하면 {kind} {name}의 레플리카가 {to}개가 되어야 하지만 잡이 실패했습니다."
            " 마지막 출력: {said}"
        ),
        "ScheduledJobNotFinished": (
            "크론잡 {cron}의 잡을 지금 실행했지만 {within}초 안에 끝나지도, {kind} {name}의 레플리카를 {to}개로"
            " 만들지도 않았습니다."
        ),
        "RaisedButNotReady": (
            "크론잡 {cron}의 잡을 지금 실행하자 {kind} {name:이/가} 레플리카 {wanted}개를 원했지만, {within}초"
            " 안에 준비된 레플리카는 가장 많을 때 {ready}개였습니다(기준: {to}개)."
        ),
        "CapacityNotRaised": (
            "크론잡 {cron}의 잡을 지금 실행해 성공했지만, {within}초가 지나도 {kind} {name}의 레플리카는"
            " {replicas}개입니다(기준: {to}개)."
        ),
        "JobPodWaits": "잡의 파드가 기다리고 있습니다: {why}",
    }
)
