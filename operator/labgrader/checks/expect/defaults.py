"""What holds of an object where it says nothing, for fields whose default is as much a rule.

Called by ``expect.exact``. Only what Kubernetes documents and has never changed: a field that was
not given and one that has its default are the same, another value is not. Must not compare.
"""

from collections.abc import Callable, Mapping
from typing import Any


def with_defaults(kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object with its policyTypes and protocols, where it is a NetworkPolicy."""
    spec = body.get("spec")
    if kind != "NetworkPolicy" or not isinstance(spec, Mapping):
        return body
    rules = {side: _items(spec[side], _rule) for side in ("ingress", "egress") if side in spec}
    types = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    return {**body, "spec": {**spec, **rules, "policyTypes": spec.get("policyTypes") or types}}


def _items(value: Any, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Any:
    """The list with its maps changed; what is no list stays as it is."""
    if not isinstance(value, list | tuple):
        return value
    return [change(one) if isinstance(one, Mapping) else one for one in value]


def _rule(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**rule, "ports": _items(rule["ports"], _port)} if "ports" in rule else rule


def _port(port: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**port, "protocol": port.get("protocol") or "TCP"}
