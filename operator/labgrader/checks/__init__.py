"""One pure module for each check kind: ``judge(params, scope, snapshot) -> Finding``.

Called by ``grading.run`` through ``checks.registry``. No client, no clock, no I/O.
"""
