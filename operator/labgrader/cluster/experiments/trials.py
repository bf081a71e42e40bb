"""The explicit table of experiments: which trial conducts which request.

Read by ``laboratory``. A new experiment is one request in ``evidence.requests``, one trial
module here, one line in the table. Must not conduct anything itself.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from labgrader.cluster.experiments.copies.trial import CopyTrial
from labgrader.cluster.experiments.disturb import Disturbance
from labgrader.cluster.experiments.drain_pod import PodDrain
from labgrader.cluster.experiments.keep_data import DataKeeping
from labgrader.cluster.experiments.load_autoscaler import AutoscalerLoad
from labgrader.cluster.experiments.resize_pod import PodResize
from labgrader.cluster.experiments.run_cron_job import CronJobRun
from labgrader.cluster.experiments.spread_requests import RequestSpread
from labgrader.cluster.experiments.trial import MakesTrial
from labgrader.cluster.experiments.update import DeploymentUpdate
from labgrader.evidence.experiments import (
    DeletePod,
    Disturb,
    DrainPod,
    KeepData,
    LoadAutoscaler,
    OnCopy,
    ResizePod,
    RunCronJob,
    SpreadRequests,
    Update,
)

_IN_PLACE: Mapping[type, MakesTrial] = MappingProxyType(
    {
        DeletePod: Disturbance,
        Disturb: Disturbance,
        LoadAutoscaler: AutoscalerLoad,
        Update: DeploymentUpdate,
        RunCronJob: CronJobRun,
        ResizePod: PodResize,
        DrainPod: PodDrain,
        KeepData: DataKeeping,
        SpreadRequests: RequestSpread,
    }
)
TRIALS: Mapping[type, MakesTrial] = MappingProxyType(
    {**_IN_PLACE, OnCopy: partial(CopyTrial, _IN_PLACE)}
)
