"""NetworkPolicies that are really enforced, for clusters made with `up --policy`.

`felix.py` says how the enforcer runs on a node, `objects.py` what it needs in
the API, `proof.py` shows with actual flows that policies take effect. Calico's
part (Felix and its CNI plugin) is the Go module in `../enforcer`; the network
that it needs is in `node/cni.py`. Called by `up`; clusters made without
`--policy` do nothing of this.
"""
