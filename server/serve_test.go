package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestServesUntilItIsTold(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			r := start(t, s)
			for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": "complero_events_total 0"} {
				answer, body := r.get(t, path)
				if answer.StatusCode != http.StatusOK || !strings.Contains(body, want) {
					t.Errorf("%s answers %d %q, want %q", path, answer.StatusCode, body, want)
				}
			}
			if err := r.stop(); err != nil {
				t.Errorf("stop: %v", err)
			}
			if _, err := net.Dial("tcp", strings.TrimPrefix(r.URL(), "http://")); err == nil {
				t.Error("it still listens after the stop")
			}
			if !strings.Contains(r.log.String(), `"msg":"stopped"`) {
				t.Errorf("the log does not end with the stop:\n%s", r.log)
			}
		})
	}
}

func TestIsNotReadyWhileItStops(t *testing.T) {
	r := start(t, settings(t))
	r.stopping.Store(true)
	if answer, _ := r.get(t, "/readyz"); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("readyz answers %d, want 503", answer.StatusCode)
	}
	if answer, _ := r.get(t, "/healthz"); answer.StatusCode != http.StatusOK {
		t.Errorf("healthz answers %d, want 200", answer.StatusCode)
	}
}

const uploadMutation = `mutation($input: ContactsUploadInput!) { contactsUpload(input: $input) { operation { id } userErrors { message } } }`

// uploads are n Contacts of a batch, as variables.
func uploads(batch, n int) map[string]any {
	items := make([]map[string]any, n)
	for i := range items {
		items[i] = map[string]any{"externalId": fmt.Sprintf("K-%d-%d", batch, i), "familyName": fmt.Sprintf("Name%d", i)}
	}
	return map[string]any{"input": map[string]any{"contacts": items}}
}

func TestAStoppedUploadGoesOnAfterTheStart(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			key := account(t, s, "Holding", "Nord").LiveKey
			r := start(t, s)
			for batch := range 10 {
				r.call(t, key, uploadMutation, uploads(batch, 1000))
			}
			if err := r.stop(); err != nil {
				t.Fatalf("stop: %v\n%s", err, r.log)
			}
			r = start(t, s)
			r.wait(t, "all Operations to complete", func() bool {
				return r.call(t, key, "{ report { contacts } }", nil)["report"].(map[string]any)["contacts"] == 10_000.0
			})
			events := r.call(t, key, `{ events(last: 1) { nodes { number } } }`, nil)["events"].(map[string]any)["nodes"].([]any)
			if number := events[0].(map[string]any)["number"]; number != 10_000.0 {
				t.Errorf("the last event's number is %v, want 10000: one Create for each Contact", number)
			}
		})
	}
}

// wait asks again and again, for a minute at most, until done.
func (r *running) wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute for %s\n%s", what, r.log)
		}
	}
}

func TestWebAndWorkersCanBeSplit(t *testing.T) {
	s := settings(t)
	s.Database = engineURL(t)
	key := account(t, s, "Holding", "Nord").LiveKey
	s.Only = onlyWeb
	web := start(t, s)
	web.call(t, key, uploadMutation, uploads(0, 3))
	contacts := func() any {
		return web.call(t, key, "{ report { contacts } }", nil)["report"].(map[string]any)["contacts"]
	}
	if n := contacts(); n != 0.0 {
		t.Errorf("web alone has worked off %v Contacts", n)
	}
	s.Only, s.BaseURL = onlyWorkers, web.URL()
	workers := start(t, s)
	web.wait(t, "the workers", func() bool { return contacts() == 3.0 })
	if answer, _ := workers.get(t, "/graphql"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("the workers' process answers the API with %d, want 404", answer.StatusCode)
	}
	if answer, _ := workers.get(t, "/readyz"); answer.StatusCode != http.StatusOK {
		t.Errorf("the workers' process answers /readyz with %d, want 200", answer.StatusCode)
	}
}

func engineURL(t *testing.T) string {
	var s Settings
	engines["postgres"](t, &s)
	return s.Database
}

func TestMetricsHaveTheirOwnAddressIfAskedFor(t *testing.T) {
	s := settings(t)
	s.Metrics = "127.0.0.1:0"
	r := start(t, s)
	if answer, _ := r.get(t, "/metrics"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("/metrics answers %d beside the pages, want 404", answer.StatusCode)
	}
	answer, err := http.Get("http://" + r.ports[1].Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("the metrics' own address answers %d (%v), want 200", answer.StatusCode, err)
	}
}

func TestLargeBodiesGetAnAnswer(t *testing.T) {
	s := settings(t)
	r := start(t, s)
	key := account(t, s, "Holding", "Nord").LiveKey
	tests := []struct {
		path, contentType string
		size, want        int
	}{
		{"/graphql", "application/json", 10 << 20, http.StatusRequestEntityTooLarge},
		{"/graphql", "application/json", 20 << 20, http.StatusRequestEntityTooLarge},
		{"/u/aaaaaaaaaaaaaaaaaaaaaaaaaa", "application/x-www-form-urlencoded", 10 << 20, 0},
		{"/", "text/plain", 10 << 20, http.StatusMethodNotAllowed},
	}
	for _, test := range tests {
		// Whoever sends all before reading anything must be answered, too.
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.URL(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequest(http.MethodPost, r.URL()+test.path, bytes.NewReader(bytes.Repeat([]byte("a"), test.size)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", test.contentType)
		request.Header.Set("Authorization", "Bearer "+key)
		if err := request.Write(conn); err != nil {
			t.Errorf("%s does not hear %d bytes out: %v", test.path, test.size, err)
			continue
		}
		status, body := readAnswer(t, conn, request)
		if test.want != 0 && status != test.want || status < 400 || status >= 500 {
			t.Errorf("%s answers %d bytes with %d %.200s, want %d", test.path, test.size, status, body, test.want)
		}
		if test.path == "/graphql" && !json.Valid([]byte(body)) {
			t.Errorf("the API answers %d bytes with %q", test.size, body)
		}
	}
}

// readAnswer reads the one answer on a connection and closes it.
func readAnswer(t *testing.T, conn net.Conn, request *http.Request) (status int, body string) {
	t.Helper()
	answer, err := http.ReadResponse(bufio.NewReader(conn), request)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close(), conn.Close()); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(data)
}
