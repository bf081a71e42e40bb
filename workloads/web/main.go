// web is the small server that lab exercises deploy: it says which pod answers,
// and can be made to fail in the ways that Kubernetes is to repair.
//
//	/            the pod's name and this program's version
//	/healthz     200 while healthy, 503 once made sick
//	/sick        makes it sick, until it is restarted
//	/exit?code=N ends the process at once with this exit code (default 1)
//	/burn?ms=N   keeps one CPU busy for so long (default 50)
//	/hold?mib=N&ms=M
//	             keeps so much memory in use for so long (default 8, 1000), all
//	             requests together at most 128 MiB, and gives it back at once
//	/slow?ms=N   answers only after so long (default 1000)
//	/data/KEY    PUT or POST keeps the body under the key, GET gives it back
//
// DATA (default /data) is the folder in which it keeps files, one for each key.
// With LOG=requests it prints a line of JSON for each request that it has answered.
// PORT (default 8080) is where it listens, from WARMUP (default 0s) after its
// start on. On SIGTERM it takes no new connections and ends when the requests in
// flight are answered, at the latest after GRACE (default 10s; 0 ends it at once,
// requests or not).
package main

import (
	"context"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is set by the linker: -X main.version=N.
var version = "dev"

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	grace, err := time.ParseDuration(setting("GRACE", "10s"))
	if err != nil {
		return err
	}
	warmup, err := time.ParseDuration(setting("WARMUP", "0s"))
	if err != nil {
		return err
	}
	pod, err := os.Hostname()
	if err != nil {
		return err
	}
	ending, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	select {
	case <-time.After(warmup):
	case <-ending.Done():
		return nil
	}
	listener, err := net.Listen("tcp", ":"+setting("PORT", "8080"))
	if err != nil {
		return err
	}
	log.Printf("version %s listens on %s", version, listener.Addr())
	app := newApp(pod, version, setting("DATA", "/data"), os.Exit)
	if setting("LOG", "") == "requests" {
		app = logged(app, os.Stdout)
	}
	return serve(ending, app, listener, grace)
}

// serve answers until the context ends, then lets requests in flight finish within grace.
func serve(ending context.Context, handler http.Handler, listener net.Listener, grace time.Duration) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ending.Done():
	}
	log.Printf("asked to end, finishing requests for at most %s", grace)
	if grace == 0 {
		return server.Close()
	}
	deadline, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return server.Shutdown(deadline)
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}
