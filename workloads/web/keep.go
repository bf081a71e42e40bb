package main

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
)

const largest = 65_536

var key = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// keep answers PUT, POST and GET of /data/KEY from files of these names in a folder, so that
// what is written lasts as long as the folder does.
func keep(mux *http.ServeMux, folder string) {
	write := func(w http.ResponseWriter, r *http.Request) {
		value, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
		if err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		name, ok := named(w, r)
		if !ok {
			return
		}
		if err := store(folder, name, value); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(value)
	}
	mux.HandleFunc("PUT /data/{key}", write)
	mux.HandleFunc("POST /data/{key}", write)
	mux.HandleFunc("GET /data/{key}", func(w http.ResponseWriter, r *http.Request) {
		name, ok := named(w, r)
		if !ok {
			return
		}
		value, err := os.ReadFile(filepath.Join(folder, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			http.Error(w, "nothing is kept under "+name, http.StatusNotFound)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		default:
			_, _ = w.Write(value)
		}
	})
}

func named(w http.ResponseWriter, r *http.Request) (string, bool) {
	name := r.PathValue("key")
	if !key.MatchString(name) {
		http.Error(w, "a key has small letters, digits and dashes", http.StatusBadRequest)
		return "", false
	}
	return name, true
}

// store writes a file as a whole or not at all, and onto the disk.
func store(folder, name string, value []byte) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err = file.Write(value); err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), filepath.Join(folder, name))
}
