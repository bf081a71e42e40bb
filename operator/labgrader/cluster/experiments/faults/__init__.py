"""The faults that ``cluster.experiments.disturb`` can make, one module for each way.

Must hold nothing about how a fault is judged.
"""
