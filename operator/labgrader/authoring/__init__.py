"""What authors of exercises need: reading files and folders strictly, lint, and the self-test.

Called by ``cli``. Must not know kopf or a Kubernetes client; clusters are ``cluster``'s business.
"""
