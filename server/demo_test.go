package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// runDemoUntil runs the demo command until the test has seen what it wanted of
// what it prints.
func runDemoUntil(t *testing.T, dir string, seen func(printed string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stdout, stderr := &record{}, &bytes.Buffer{}
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"demo", "--data", dir, "--listen", "127.0.0.1:0", "--smtp", "smtp://127.0.0.1:1"}, stdout, stderr)
	}()
	deadline := time.Now().Add(3 * time.Minute) // far more than it takes, for a slow machine
	for !regexp.MustCompile(`Ctrl\+C`).MatchString(stdout.String()) {
		select {
		case err := <-ended:
			t.Fatalf("the demo ended: %v\n%s", err, stderr)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("the demo did not start within three minutes")
		}
	}
	seen(stdout.String())
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("the demo ended: %v\n%s", err, stderr)
	}
}

// checkMessages opens the messages of the outbox: there are Requests among
// them, and their links lead here.
func checkMessages(t *testing.T, base, list string) {
	t.Helper()
	links := 0
	for _, path := range regexp.MustCompile(`/outbox/message_\w+`).FindAllString(list, -1) {
		request, err := http.NewRequest(http.MethodGet, base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, body := do(t, request)
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", request.URL, answer.StatusCode)
		}
		for _, link := range regexp.MustCompile(`https?://[^/"\s]+/u/`).FindAllString(body, -1) {
			links++
			if link != base+"/u/" {
				t.Errorf("%s has a link that leads to %s", request.URL, link)
			}
		}
	}
	if links == 0 {
		t.Error("no message has a link")
	}
}

func TestDemoShowsWhatItPrints(t *testing.T) {
	dir := t.TempDir()
	keys := regexp.MustCompile(`ck_live_\w+`)
	var first string
	runDemoUntil(t, dir, func(printed string) {
		first = keys.FindString(printed)
		pages := regexp.MustCompile(`http://127\.0\.0\.1:\d+/(outbox|u/\w+)`).FindAllString(printed, -1)
		if len(pages) != 3 {
			t.Errorf("it prints %d pages, want the outbox and a link for each Company:\n%s", len(pages), printed)
		}
		for _, page := range pages {
			request, err := http.NewRequest(http.MethodGet, page, nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, body := do(t, request)
			if answer.StatusCode != http.StatusOK {
				t.Errorf("%s answers %d:\n%s", page, answer.StatusCode, body)
			}
			if base, found := strings.CutSuffix(page, "/outbox"); found {
				checkMessages(t, base, body)
			}
		}
		checkCurl(t, regexp.MustCompile(`(?m)^\s*curl .*$`).FindString(printed))
	})
	runDemoUntil(t, dir, func(printed string) {
		if again := keys.FindString(printed); first == "" || again != first {
			t.Errorf("started again, it shows the key %q, before it was %q", again, first)
		}
	})
}

// checkCurl runs the line in a shell, as it was printed.
func checkCurl(t *testing.T, line string) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Log("curl was not found; the printed line is not tried")
		return
	}
	out, err := exec.CommandContext(t.Context(), "sh", "-c", line).Output()
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	var answer struct {
		Data struct {
			Report struct{ Contacts, Updated int }
			Events struct{ Nodes []struct{ Kind string } }
		}
		Errors []any
	}
	if err := json.Unmarshal(out, &answer); err != nil || answer.Errors != nil || answer.Data.Report.Contacts == 0 || len(answer.Data.Events.Nodes) != 3 {
		t.Errorf("%s\nanswers %s (%v)", line, out, err)
	}
}
