package main

import (
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	mib         = 1 << 20
	mostHeld    = 128
	longestHold = time.Minute
)

// hold answers /hold: it keeps memory in use for as long as a request lasts, and gives it back to
// the kernel at once, so that what is measured follows the load. All requests together hold at
// most 128 MiB.
func hold(mux *http.ServeMux) {
	var held atomic.Int64
	mux.HandleFunc("GET /hold", func(w http.ResponseWriter, r *http.Request) {
		size, ok := number(w, r, "mib", 8, mostHeld)
		if !ok {
			return
		}
		ms, ok := number(w, r, "ms", 1000, int(longestHold.Milliseconds()))
		if !ok {
			return
		}
		defer held.Add(-int64(size))
		if now := held.Add(int64(size)); now > mostHeld {
			http.Error(w, fmt.Sprintf("%d MiB would be in use: at most %d are", now, mostHeld), http.StatusServiceUnavailable)
			return
		}
		if err := use(size*mib, time.Duration(ms)*time.Millisecond, r.Context().Done()); err != nil {
			http.Error(w, err.Error(), http.StatusInsufficientStorage)
			return
		}
		fmt.Fprintf(w, "held %d MiB for %d ms\n", size, ms)
	})
}

// use keeps so many bytes in use, each page of them written to, until the time or the client is gone.
func use(size int, length time.Duration, left <-chan struct{}) error {
	if size == 0 {
		return nil
	}
	memory, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return err
	}
	defer func() { _ = syscall.Munmap(memory) }()
	for at := 0; at < size; at += os.Getpagesize() {
		memory[at] = 1
	}
	select {
	case <-time.After(length):
	case <-left:
	}
	return nil
}
