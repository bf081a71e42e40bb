package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, handler http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	return answer
}

func TestSaysWhichPodAndVersionAnswers(t *testing.T) {
	answer := get(t, newApp("web-1", "7", t.TempDir(), nil), "/")
	if got := answer.Body.String(); got != "pod web-1 version 7\n" {
		t.Errorf("body %q", got)
	}
	if h := answer.Header(); h.Get("X-Pod") != "web-1" || h.Get("X-Version") != "7" {
		t.Errorf("headers %v", h)
	}
}

func TestStaysSickOnceMadeSick(t *testing.T) {
	app := newApp("web-1", "1", t.TempDir(), nil)
	for _, step := range []struct {
		path string
		code int
	}{{"/healthz", 200}, {"/sick", 200}, {"/healthz", 503}, {"/", 200}, {"/nowhere", 404}} {
		if answer := get(t, app, step.path); answer.Code != step.code {
			t.Errorf("%s: expected %d, got %d", step.path, step.code, answer.Code)
		}
	}
}

func TestExitsWithTheCodeAskedFor(t *testing.T) {
	var codes []int
	app := newApp("web-1", "1", t.TempDir(), func(code int) { codes = append(codes, code) })
	get(t, app, "/exit?code=3")
	get(t, app, "/exit")
	if answer := get(t, app, "/exit?code=many"); answer.Code != 400 || !strings.Contains(answer.Body.String(), "0 to 255") {
		t.Errorf("wrong code answered with %d %q", answer.Code, answer.Body)
	}
	if len(codes) != 2 || codes[0] != 3 || codes[1] != 1 {
		t.Errorf("expected exits 3 and 1, got %v", codes)
	}
}

func TestTakesItsTime(t *testing.T) {
	app := newApp("web-1", "1", t.TempDir(), nil)
	for _, path := range []string{"/burn?ms=30", "/slow?ms=30"} {
		begun := time.Now()
		get(t, app, path)
		if took := time.Since(begun); took < 30*time.Millisecond {
			t.Errorf("%s took only %s", path, took)
		}
	}
}

// resident is what this process has in memory, in MiB.
func resident(t *testing.T) int {
	t.Helper()
	told, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(told), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize() / mib
}

func TestHoldsMemoryWhileARequestLastsAndNoLonger(t *testing.T) {
	app := newApp("web-1", "1", t.TempDir(), nil)
	before := resident(t)
	client, leave := context.WithCancel(context.Background())
	done := make(chan *httptest.ResponseRecorder)
	go func() {
		answer := httptest.NewRecorder()
		app.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/hold?mib=100&ms=60000", nil).WithContext(client))
		done <- answer
	}()
	for end := time.Now().Add(10 * time.Second); resident(t) < before+100; {
		if time.Now().After(end) {
			t.Fatalf("%d MiB before, and %d while 100 are held", before, resident(t))
		}
		time.Sleep(time.Millisecond)
	}
	if answer := get(t, app, "/hold?mib=29&ms=0"); answer.Code != http.StatusServiceUnavailable {
		t.Errorf("129 MiB were held at once: %d %q", answer.Code, answer.Body)
	}
	if answer := get(t, app, "/hold?mib=28&ms=0"); answer.Code != http.StatusOK {
		t.Errorf("128 MiB: %d %q", answer.Code, answer.Body)
	}
	leave()
	<-done
	if now := resident(t); now >= before+50 {
		t.Errorf("%d MiB before, and still %d afterwards", before, now)
	}
	if answer := get(t, app, "/hold?mib=128&ms=0"); answer.Code != http.StatusOK {
		t.Errorf("nothing is held any more: %d %q", answer.Code, answer.Body)
	}
}

func TestFinishesRequestsInFlightWhenAskedToEnd(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ending, end := context.WithCancel(context.Background())
	arrived := make(chan struct{})
	app := newApp("web-1", "1", t.TempDir(), nil)
	noticed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		app.ServeHTTP(w, r)
	})
	ended := make(chan error, 1)
	go func() { ended <- serve(ending, noticed, listener, 5*time.Second) }()
	body := make(chan string, 1)
	go func() {
		answer, err := http.Get("http://" + listener.Addr().String() + "/slow?ms=100")
		if err != nil {
			body <- err.Error()
			return
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		body <- string(text)
	}()
	<-arrived
	end()
	if got := <-body; got != "waited 100 ms\n" {
		t.Errorf("the request in flight got %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("serve: %v", err)
	}
}

func put(t *testing.T, handler http.Handler, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPut, path, strings.NewReader(body)))
	return answer
}

func TestKeepsWhatItIsGivenInItsFolder(t *testing.T) {
	folder := t.TempDir() + "/below"
	if answer := put(t, newApp("web-1", "1", folder, nil), "/data/a-1", "first"); answer.Code != http.StatusCreated {
		t.Fatalf("written: %d %q", answer.Code, answer.Body)
	}
	again := newApp("web-2", "1", folder, nil)
	if got := get(t, again, "/data/a-1").Body.String(); got != "first" {
		t.Errorf("another program on the same folder read %q", got)
	}
	put(t, again, "/data/a-1", "second")
	if got := get(t, again, "/data/a-1").Body.String(); got != "second" {
		t.Errorf("written twice, read %q", got)
	}
	if answer := get(t, again, "/data/b"); answer.Code != http.StatusNotFound {
		t.Errorf("never written: %d", answer.Code)
	}
}

func TestRefusesWhatCannotBeAKeyOrAValue(t *testing.T) {
	app := newApp("web-1", "1", t.TempDir(), nil)
	long := strings.Repeat("x", 64)
	for _, path := range []string{"/data/..", "/data/A", "/data/%2e%2e", "/data/" + long, "/data/a%2fb", "/data/.new"} {
		if answer := put(t, app, path, "x"); answer.Code < 300 {
			t.Errorf("%s was taken with %d", path, answer.Code)
		}
	}
	if answer := put(t, app, "/data/a", strings.Repeat("x", 65_537)); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large value was answered with %d", answer.Code)
	}
}

func TestSaysWhyItCannotWrite(t *testing.T) {
	answer := put(t, newApp("web-1", "1", "/proc/nothing", nil), "/data/a", "x")
	if answer.Code != http.StatusInternalServerError || !strings.Contains(answer.Body.String(), "/proc/nothing") {
		t.Errorf("%d %q", answer.Code, answer.Body)
	}
}

func TestTellsOfEachAnswerInALine(t *testing.T) {
	var out strings.Builder
	app := logged(newApp("web-1", "1", t.TempDir(), nil), &out)
	get(t, app, "/")
	get(t, app, "/sick")
	get(t, app, "/healthz?again")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 {
		t.Fatalf("three requests in %d lines: %q", len(lines), out.String())
	}
	for number, wanted := range []entry{{Path: "/", Status: 200}, {Path: "/sick", Status: 200}, {Path: "/healthz", Status: 503}} {
		var said entry
		if err := json.Unmarshal([]byte(lines[number]), &said); err != nil {
			t.Fatal(err)
		}
		if said.Path != wanted.Path || said.Status != wanted.Status || time.Since(said.At) > time.Minute {
			t.Errorf("expected %v, got %s", wanted, lines[number])
		}
	}
}
