"""What is good practice for a workload's containers, one module for each part of it.

Used by ``checks.configures``, and ``checks.claims`` for what a template mounts. Pure.
"""
