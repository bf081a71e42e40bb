"""What the cluster said, as frozen values.

Filled by ``cluster`` (behind the EvidenceSource port), read by ``checks``. No I/O here.
"""
