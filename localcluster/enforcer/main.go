// Enforcer is what makes NetworkPolicies work on a node, in one static program: Calico's Felix,
// which writes the packet filter's rules, and Calico's CNI plugin, which gives pods interfaces
// with the names that Felix looks for. It runs the one that it is called as.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/projectcalico/calico/cni-plugin/pkg/plugin"
	"github.com/projectcalico/calico/felix/daemon"
)

// Of the release in go.mod; Felix writes it into the cluster's information.
const version = "v3.28.5"

func main() {
	switch name := filepath.Base(os.Args[0]); name {
	case "calico":
		plugin.Main(version)
	case "calico-felix":
		// Without a configuration file: FELIX_ variables hold the settings (policy/felix.py).
		daemon.Run("/dev/null", version, "", "")
	default:
		fmt.Fprintf(os.Stderr, "%s: expected to be called as calico or calico-felix\n", name)
		os.Exit(2)
	}
}
