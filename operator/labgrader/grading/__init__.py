"""The engine: from an exercise to a Report.

Called by ``handlers`` and ``cli``. Pure but for awaiting the EvidenceSource and the Clock it
is given.
"""
