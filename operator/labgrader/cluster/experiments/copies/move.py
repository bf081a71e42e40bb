"""The same experiment at another place: on the copy's objects instead of the learner's.

Used by ``copies.trial``. Pure.
"""

from dataclasses import replace

from labgrader.evidence.experiments import HttpTarget, KeepData, LoadAutoscaler, OnWorkload


def asked(experiment: OnWorkload) -> HttpTarget | None:
    """Where its clients, or its load, go."""
    match experiment:
        case LoadAutoscaler():
            return experiment.target
        case KeepData():
            return None
        case _:
            return experiment.clients


def moved(experiment: OnWorkload, namespace: str, uid: str) -> OnWorkload:
    """``uid`` is that of the copied workload, or of the autoscaler's copy."""
    there = asked(experiment)
    there = None if there is None else replace(there, namespace=namespace)
    if isinstance(experiment, KeepData) or there is None:
        return replace(experiment, namespace=namespace, uid=uid)
    if isinstance(experiment, LoadAutoscaler):
        return replace(experiment, namespace=namespace, uid=uid, target=there)
    return replace(experiment, namespace=namespace, uid=uid, clients=there)
