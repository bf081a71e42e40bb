"""CEL expressions: what they may be (problems), what they cost (cost), what they say (evaluate).

Used by ``checks.satisfies``, and by the worker of ``cluster.evaluation``, the only place where
an expression meets a learner's object. Pure. Only ``engine`` knows the CEL library.
"""
