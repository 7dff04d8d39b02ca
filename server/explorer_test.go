package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"complero/server/browsertest"
)

// explored runs what stands in the explorer, and waits until the answer holds
// a text.
func explored(t *testing.T, ctx context.Context, log *browsertest.Log, want string) {
	t.Helper()
	err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(runExplored)), chromedp.Click(chromedp.CSS(runExplored)))
	if err == nil {
		_, err = chromedp.Run(ctx, chromedp.Poll[bool](
			fmt.Sprintf(`(document.querySelector(".result-window .CodeMirror")?.CodeMirror.getValue() ?? "").includes(%q)`, want)))
	}
	if err != nil {
		t.Fatal(err, log.Errors())
	}
}

const runExplored = ".graphiql-execute-button"

// Whoever opens the explorer has only to give a key to see an answer; the page
// asks nobody but this server.
func TestTheExplorerRunsAQueryAndASubscription(t *testing.T) {
	s := settings(t)
	key := account(t, s, "Holding", "Nord").TestKey
	r := start(t, s)
	id := r.pendingOperation(t, key)
	var log browsertest.Log
	ctx := browsertest.New(t, browsertest.Viewport(1280, 800), browsertest.Record(&log))
	if err := chromedp.Do(ctx, chromedp.Navigate(r.URL()+"/graphql/explorer")); err != nil {
		t.Fatal(err)
	}
	explored(t, ctx, &log, "Paste an API key")
	if err := chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS("#key"), key+"\r")); err != nil {
		t.Fatal(err)
	}
	explored(t, ctx, &log, `"name": "Nord"`)
	if file := os.Getenv("COMPLERO_SCREENSHOTS"); file != "" {
		browsertest.Screenshot(t, ctx, filepath.Join(file, "explorer.png"))
	}
	ask := fmt.Sprintf("subscription Watch { operation(id: %q) { status processed } }", id)
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](
		fmt.Sprintf(`document.querySelector(".graphiql-query-editor .CodeMirror").CodeMirror.setValue(%q); true`, ask)))
	if err == nil { // GraphiQL reads what is typed after a moment
		_, err = chromedp.Run(ctx, chromedp.Poll[bool](`(sessionStorage["graphiql:tabState"] ?? "").includes('"operationName":"Watch"')`))
	}
	if err != nil {
		t.Fatal(err)
	}
	explored(t, ctx, &log, `"status": "COMPLETED"`)
	err = chromedp.Do(ctx,
		chromedp.Click(chromedp.CSS(`[aria-label="Show Documentation Explorer"]`)),
		chromedp.WaitVisible(chromedp.CSS(".graphiql-doc-explorer")),
		chromedp.Click(chromedp.CSS(`[aria-label="Open settings dialog"]`)),
		chromedp.WaitVisible(chromedp.CSS(".graphiql-dialog")), // for which a style is made
	)
	if err != nil {
		t.Fatal(err, log.Errors())
	}
	kept, err := chromedp.Run(ctx, chromedp.Evaluate[string](`JSON.stringify(localStorage) + document.cookie`))
	if err != nil || kept != "{}" {
		t.Errorf("the browser keeps %q, %v", kept, err)
	}
	at, err := url.Parse(r.URL())
	if err != nil {
		t.Fatal(err)
	}
	if hosts := log.Hosts(); !slices.Equal(hosts, []string{at.Host}) {
		t.Errorf("the page asked %v", hosts)
	}
	if errs := log.Errors(); len(errs) > 0 {
		t.Errorf("the page reports %q", errs)
	}
}

func TestTheExplorersFilesAreKeptForGood(t *testing.T) {
	r := start(t, settings(t))
	answer, page := r.get(t, "/graphql/explorer")
	policy := answer.Header.Get("Content-Security-Policy")
	if answer.Header.Get("Cache-Control") != "no-store" || !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "http") {
		t.Errorf("the page comes with %v", answer.Header)
	}
	if _, again := r.get(t, "/graphql/explorer"); again == page {
		t.Error("the number that is used once is used twice")
	}
	files := regexp.MustCompile(`"(/graphql/explorer/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(files) != 6 {
		t.Fatalf("the page has %d files:\n%s", len(files), page)
	}
	for _, file := range files {
		sizes := map[string]int{}
		for _, coding := range []string{"gzip", "identity"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL()+file[1], nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept-Encoding", coding)
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body := io.Reader(answer.Body)
			if answer.Header.Get("Content-Encoding") == "gzip" {
				if body, err = gzip.NewReader(body); err != nil {
					t.Fatal(err)
				}
			}
			data, err := io.ReadAll(body)
			_ = answer.Body.Close()
			sizes[coding] = len(data)
			if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %s, %v, %v", file[1], answer.Status, answer.Header, err)
			}
		}
		if sizes["gzip"] != sizes["identity"] || sizes["gzip"] == 0 {
			t.Errorf("%s has %v bytes", file[1], sizes)
		}
	}
	if answer, _ := r.get(t, "/graphql/explorer/graphiql-0.js"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is none: %s", answer.Status)
	}
}
