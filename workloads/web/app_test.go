package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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
	answer := get(t, newApp("web-1", "7", nil), "/")
	if got := answer.Body.String(); got != "pod web-1 version 7\n" {
		t.Errorf("body %q", got)
	}
	if h := answer.Header(); h.Get("X-Pod") != "web-1" || h.Get("X-Version") != "7" {
		t.Errorf("headers %v", h)
	}
}

func TestStaysSickOnceMadeSick(t *testing.T) {
	app := newApp("web-1", "1", nil)
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
	app := newApp("web-1", "1", func(code int) { codes = append(codes, code) })
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
	app := newApp("web-1", "1", nil)
	for _, path := range []string{"/burn?ms=30", "/slow?ms=30"} {
		begun := time.Now()
		get(t, app, path)
		if took := time.Since(begun); took < 30*time.Millisecond {
			t.Errorf("%s took only %s", path, took)
		}
	}
}

func TestFinishesRequestsInFlightWhenAskedToEnd(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ending, end := context.WithCancel(context.Background())
	arrived := make(chan struct{})
	app := newApp("web-1", "1", nil)
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
