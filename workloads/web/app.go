package main

import (
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

const longest = 10 * time.Minute

// newApp answers for a pod and keeps what it is given in a folder; exit is called to end the process.
func newApp(pod, version, folder string, exit func(code int)) http.Handler {
	var sick atomic.Bool
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "pod %s version %s\n", pod, version)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if sick.Load() {
			http.Error(w, "sick", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("/sick", func(w http.ResponseWriter, _ *http.Request) {
		sick.Store(true)
		fmt.Fprintln(w, "sick from now on")
	})
	mux.HandleFunc("/exit", func(w http.ResponseWriter, r *http.Request) {
		if code, ok := number(w, r, "code", 1, 255); ok {
			exit(code)
		}
	})
	mux.HandleFunc("/burn", func(w http.ResponseWriter, r *http.Request) {
		if ms, ok := number(w, r, "ms", 50, int(longest.Milliseconds())); ok {
			fmt.Fprintf(w, "burnt %d ms, %d rounds\n", ms, burn(time.Duration(ms)*time.Millisecond))
		}
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		ms, ok := number(w, r, "ms", 1000, int(longest.Milliseconds()))
		if !ok {
			return
		}
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
			fmt.Fprintf(w, "waited %d ms\n", ms)
		case <-r.Context().Done(): // the client left
		}
	})
	hold(mux)
	keep(mux, folder)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Pod", pod)
		w.Header().Set("X-Version", version)
		mux.ServeHTTP(w, r)
	})
}

// number reads a query parameter between 0 and most; a wrong one is answered with 400.
func number(w http.ResponseWriter, r *http.Request, name string, otherwise, most int) (int, bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		http.Error(w, fmt.Sprintf("%s=%q: expected a whole number from 0 to %d", name, text, most), http.StatusBadRequest)
		return 0, false
	}
	return n, true
}

func burn(length time.Duration) (rounds int) {
	for end := time.Now().Add(length); time.Now().Before(end); {
		rounds++
	}
	return rounds
}
