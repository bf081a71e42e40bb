"""The cluster's own certificate authority and what it signs, by the openssl program.

Called once for each new cluster. Each component gets the identity by which the
API server's built-in roles know it (user in the common name, group in the
organisation), each server the names and addresses it answers at.
"""

from localcluster.certificates.authority import Authority, Identity, identities

__all__ = ["Authority", "Identity", "identities"]
