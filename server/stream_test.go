package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// subscribe watches an Operation as a client does that would take compressed
// answers, too.
func (r *running) subscribe(t *testing.T, key, operation string) (answer *http.Response, lines *bufio.Scanner) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	body, err := json.Marshal(map[string]string{"query": fmt.Sprintf("subscription { operation(id: %q) { status } }", operation)})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL()+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Authorization": "Bearer " + key, "Content-Type": "application/json", "Accept": "text/event-stream", "Accept-Encoding": "gzip, zstd",
	} {
		request.Header.Set(name, value)
	}
	answer, err = http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer, bufio.NewScanner(answer.Body)
}

// line is the next line of a stream that says anything; "" at its end.
func line(lines *bufio.Scanner) string {
	for lines.Scan() {
		if text := lines.Text(); text != "" && text != ":" {
			return text
		}
	}
	return ""
}

// pendingOperation is one that waits for workers.
func (r *running) pendingOperation(t *testing.T, key string) string {
	t.Helper()
	payload := r.call(t, key, uploadMutation, uploads(0, 3))["contactsUpload"].(map[string]any)
	return payload["operation"].(map[string]any)["id"].(string)
}

func TestAnOperationIsWatchedThroughTheServer(t *testing.T) {
	for name, on := range engines {
		t.Run(name, func(t *testing.T) {
			s := settings(t)
			on(t, &s)
			s.Only = onlyWeb // so that it waits until it is cancelled
			key := account(t, s, "Holding", "Nord").LiveKey
			r := start(t, s)
			other := r
			if s.Database != "" {
				other = start(t, s) // what another process does is seen
			}
			id := other.pendingOperation(t, key)
			answer, lines := r.subscribe(t, key, id)
			for header, want := range map[string]string{
				"Content-Type": "text/event-stream; charset=utf-8", "Content-Encoding": "", "Cache-Control": "no-store, no-transform", "X-Content-Type-Options": "nosniff",
			} {
				if got := answer.Header.Get(header); got != want {
					t.Errorf("the stream has %s %q, want %q", header, got, want)
				}
			}
			wants := func(all ...string) {
				t.Helper()
				for _, want := range all {
					if got := line(lines); got != want {
						t.Fatalf("the stream says %q, want %q", got, want)
					}
				}
			}
			wants("event: next", `data: {"data":{"operation":{"status":"PENDING"}}}`)
			if _, body := r.get(t, "/metrics"); !strings.Contains(body, "complero_graphql_streams 1\n") {
				t.Error("the metrics do not count the stream")
			}
			other.call(t, key, fmt.Sprintf(`mutation { operationCancel(input: {id: %q}) { operation { id } } }`, id), nil)
			wants("event: next", `data: {"data":{"operation":{"status":"CANCELLED"}}}`, "event: complete", "data:", "")
			r.wait(t, "the stream's end", func() bool {
				_, body := r.get(t, "/metrics")
				return strings.Contains(body, "complero_graphql_streams 0\n")
			})
			if !strings.Contains(r.log.String(), answer.Header.Get(requestIDHeader)) {
				t.Error("the log does not tell of the stream")
			}
		})
	}
}

func TestAStopDoesNotWaitForStreams(t *testing.T) {
	s := settings(t)
	s.Only = onlyWeb
	key := account(t, s, "Holding", "Nord").LiveKey
	r := start(t, s)
	_, lines := r.subscribe(t, key, r.pendingOperation(t, key))
	if got := line(lines); got != "event: next" {
		t.Fatalf("the stream says %q", got)
	}
	line(lines)
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	if got := line(lines); got != "" {
		t.Errorf("after the stop the stream says %q", got)
	}
	if strings.Contains(r.log.String(), "broken off") {
		t.Errorf("the stop has waited until its patience ended:\n%s", r.log)
	}
}
