package main

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"
)

// entry is the line of one request: when it came, what was asked, and how it was answered.
type entry struct {
	At     time.Time `json:"at"`
	Path   string    `json:"path"`
	Status int       `json:"status"`
}

// logged tells of each request in a line of its own, once it is answered.
func logged(next http.Handler, out io.Writer) http.Handler {
	var turn sync.Mutex
	lines := json.NewEncoder(out)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said := entry{At: time.Now().UTC(), Path: r.URL.Path, Status: http.StatusOK}
		next.ServeHTTP(&noting{w, &said.Status}, r)
		turn.Lock()
		defer turn.Unlock()
		_ = lines.Encode(said)
	})
}

// noting passes an answer on and notes its status.
type noting struct {
	http.ResponseWriter
	status *int
}

func (n *noting) WriteHeader(code int) {
	*n.status = code
	n.ResponseWriter.WriteHeader(code)
}
