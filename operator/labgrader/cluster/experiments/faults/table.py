"""The explicit table of faults: which act makes which.

Read by ``disturb``. A new fault is one word in ``api.kinds.faults``, one module here, one line.
"""

from labgrader.cluster.experiments.faults.act import Act, Means
from labgrader.cluster.experiments.faults.deletion import Deletion
from labgrader.cluster.experiments.faults.eviction import Eviction
from labgrader.cluster.experiments.faults.inside import Inside
from labgrader.cluster.experiments.faults.power import Power
from labgrader.evidence.experiments import DeletePod


def act(means: Means) -> Act:
    """What makes the fault of an experiment."""
    experiment = means.experiment
    if isinstance(experiment, DeletePod):
        return Deletion(means)
    match experiment.fault, experiment.means:
        case "KillProcess" | "FailLiveness", done_by if done_by is not None:
            ends_process = experiment.fault == "KillProcess"
            return Inside(means, experiment.share, done_by, ends_process)
        case "DeletePod", _:
            return Deletion(means)
        case "EvictFromNode", _:
            return Eviction(means, cordons=False)
        case "DrainNode", _:
            return Eviction(means, cordons=True)
        case "StopNode", _:
            return Power(means)
    raise ValueError(f"no such fault: {experiment.fault}")
